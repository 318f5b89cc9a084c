import { dirname, resolve } from 'node:path';
import type { ImportKind, ImportProblem, ImportSource } from '../../preload/contract/imports.ts';
import { type Beside, filesNamedIn, readCompose } from './compose.ts';
import { readDbeaver } from './dbeaver.ts';
import { readDbgate } from './dbgate.ts';
import { readEnv } from './env.ts';
import { Finds, type Found, shown } from './found.ts';
import { readHowdah } from './howdah.ts';
import { kindInWords, kindOf } from './kinds.ts';
import { readPgadminDatabase, readPgadminExport } from './pgadmin.ts';
import { readPasswordFile } from './pgpass.ts';
import { readServiceFile } from './service.ts';
import {
  decode,
  isSqlite,
  nameOf,
  type RawFile,
  readSource,
  SourceProblem,
  type TextFile,
} from './source.ts';
import { readYaml } from './yaml.ts';

/** What is in the files, in their order. */
export interface ReadFiles {
  found: (Found & { file: string })[];
  problems: ImportProblem[];
}

/** Reads files, each as the kind it is or is said to be. Whatever is wrong with one is a problem, never a throw. */
export async function readFiles(
  sources: ImportSource[],
  kind: ImportKind | undefined,
  home: string,
): Promise<ReadFiles> {
  const result: ReadFiles = { found: [], problems: [] };
  const texts: TextFile[] = [];
  const work: { name: string; file: TextFile | RawFile }[] = [];
  for (const source of sources) {
    const name = shown(nameOf(source), 200);
    try {
      const raw = await readSource(source, home);
      const file = isSqlite(raw.bytes) ? raw : decode(raw);
      if ('text' in file) texts.push(file);
      work.push({ name, file });
    } catch (error) {
      if (!(error instanceof SourceProblem)) throw error;
      result.problems.push({ file: name, line: null, text: error.message });
    }
  }
  for (const { name, file } of work) {
    const finds = new Finds();
    if ('text' in file) await readText(file, kind, texts, finds, home);
    else readDatabase(file, kind, finds);
    result.found.push(...finds.found.map((one) => ({ ...one, file: name })));
    result.problems.push(...finds.allFaults().map((fault) => ({ file: name, ...fault })));
  }
  return result;
}

function readDatabase({ path }: RawFile, kind: ImportKind | undefined, finds: Finds): void {
  if (kind !== undefined && kind !== 'pgadmin') {
    finds.fault(null, `This is an SQLite database, not ${kindInWords[kind]}.`);
  } else if (path === undefined) {
    finds.fault(
      null,
      'pgAdmin’s database is read by its path only. Give the path instead of choosing the file.',
    );
  } else {
    readPgadminDatabase(path, finds);
    tellNothing(finds, 'pgadmin');
  }
}

async function readText(
  file: TextFile,
  asked: ImportKind | undefined,
  texts: TextFile[],
  finds: Finds,
  home: string,
): Promise<void> {
  const kind = asked ?? kindOf(file);
  if (kind === undefined) {
    finds.fault(
      null,
      'Neither the name nor the content tells what kind of file this is. Say the kind, if it is one of those that are read.',
    );
    return;
  }
  const from = finds.found.length;
  if (kind === 'compose') {
    const yaml = readYaml(file.text);
    readCompose(yaml, finds, await filesBeside(filesNamedIn(yaml), file, texts, home));
  } else readers[kind](file, finds);
  if (file.guessed) {
    for (const one of finds.found.slice(from)) {
      one.notes.push({
        severity: 'notice',
        id: 'encoding-guessed',
        text: 'The file is not UTF-8 and was read as Latin-1: letters beyond ASCII may be wrong, in the password too.',
      });
    }
  }
  tellNothing(finds, kind);
}

function tellNothing(finds: Finds, kind: ImportKind): void {
  if (finds.found.length > 0 || finds.faults.length > 0) return;
  finds.fault(null, `No connection to PostgreSQL is in it, read as ${kindInWords[kind]}.`);
}

const readers: Record<Exclude<ImportKind, 'compose'>, (file: TextFile, finds: Finds) => void> = {
  env: readEnv,
  service: readServiceFile,
  pgpass: readPasswordFile,
  dbeaver: readDbeaver,
  pgadmin: readPgadminExport,
  dbgate: readDbgate,
  howdah: readHowdah,
};

/** The files that a Compose file needs: from those that came with it, else from its folder. */
async function filesBeside(
  names: string[],
  file: TextFile,
  texts: TextFile[],
  home: string,
): Promise<Beside> {
  const files = new Map<string, TextFile>();
  for (const name of names) {
    const given = cameAlong(name, file, texts);
    const one =
      given ??
      (file.path === undefined ? undefined : await readIfThere(resolve(dirname(file.path), name), home));
    if (one) files.set(name, one);
  }
  return (name) => files.get(name);
}

function cameAlong(name: string, file: TextFile, texts: TextFile[]): TextFile | undefined {
  if (file.path !== undefined) {
    const path = resolve(dirname(file.path), name);
    return texts.find((one) => one.path === path);
  }
  const last = name.split('/').at(-1);
  return texts.find((one) => one !== file && one.name === last);
}

async function readIfThere(path: string, home: string): Promise<TextFile | undefined> {
  try {
    return decode(await readSource({ path }, home));
  } catch (error) {
    if (error instanceof SourceProblem) return undefined;
    throw error;
  }
}
