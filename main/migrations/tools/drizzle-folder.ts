import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { digestsOf, overAll, textOrNothing } from './shared/content.ts';
import { asTrackProblem, FileProblem } from './shared/file-problem.ts';
import { filesIn, foldersOf, hasFile, joined, parentOf, relativeTo } from './shared/find-folders.ts';
import { sameVersion } from './shared/folder-problems.ts';
import { byNumber } from './shared/versions.ts';

/** ms since 1970 at which each migration was written, by its tag. */
export interface Journal {
  when: Record<string, string>;
}

const STAMPED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_/;

/** Folders with a journal (0.x), and those of 1.0, which has none. */
export async function drizzleFolders(folder: FolderView): Promise<ToolLocation[]> {
  const all = await foldersOf(folder);
  const found = new Map<string, ToolLocation>();
  const configs = new Map<string, { config: string; table: ToolLocation['table'] }>();
  for (const { path, entries } of all) {
    for (const { name } of filesIn(
      entries,
      /^drizzle(-[\w.-]+|\.[\w.-]+)?\.config\.[cm]?[jt]s$|^drizzle\.config\.json$/,
    )) {
      const config = joined(path, name);
      const text = await textOrNothing(folder, config);
      if (/dialect["']?\s*:\s*["'](?!postgresql)/.test(text)) continue;
      const out = /\bout["']?\s*:\s*["'`]([^"'`]+)["'`]/.exec(text)?.[1] ?? 'drizzle';
      configs.set(relativeTo(path, out), { config, table: tableOf(text) });
    }
  }
  const add = (path: string, layout: 'journal' | 'stamped'): void => {
    const { config, table } = configs.get(path) ?? { config: null, table: null };
    found.set(path, { tool: 'drizzle', folder: path, config, table, settings: { layout } });
  };
  for (const { path, entries } of all) {
    const holder = parentOf(path);
    if (/(^|\/)meta$/.test(path) && hasFile(entries, '_journal.json')) {
      const text = await textOrNothing(folder, joined(path, '_journal.json'));
      if (/"dialect"\s*:\s*"(postgresql|pg)"/.test(text)) add(holder, 'journal');
    } else if (hasFile(entries, 'migration.sql') && STAMPED.test(path.slice(path.lastIndexOf('/') + 1))) {
      // Prisma lays its files out alike; 1.0 keeps a snapshot beside each.
      if (hasFile(entries, 'snapshot.json') && !found.has(holder)) add(holder, 'stamped');
    }
  }
  for (const path of configs.keys()) if (!found.has(path)) add(path, 'journal');
  return [...found.values()];
}

export async function readJournal(folder: FolderView, location: ToolLocation): Promise<FolderReading> {
  const problems: TrackProblem[] = [];
  const path = joined(location.folder, 'meta/_journal.json');
  let entries: { tag: string; when: string }[] = [];
  try {
    entries = journalEntries(await folder.textIfAny(path, 16 * 1024 * 1024), path);
  } catch (error) {
    problems.push(asTrackProblem(error, 'bad'));
  }
  const known = new Set<string>();
  const unique = entries.filter(({ tag }) => {
    if (known.has(tag)) problems.push(sameVersion('Drizzle', tag, [path, path], 'would run the file twice.'));
    return known.size < known.add(tag).size;
  });
  const sizes = new Map((await folder.list(location.folder)).map(({ name, bytes }) => [name, bytes]));
  const migrations = await overAll(unique, async ({ tag }) => {
    const bytes = sizes.get(`${tag}.sql`);
    const file = joined(location.folder, `${tag}.sql`);
    if (bytes === undefined) problems.push(noFile(file));
    return await readFile(folder, tag, bytes === undefined ? null : { path: file, bytes }, problems);
  });
  for (const name of sizes.keys()) {
    if (name.endsWith('.sql') && !known.has(name.slice(0, -4)))
      problems.push(notInJournal(joined(location.folder, name)));
  }
  for (const [index, entry] of unique.entries()) {
    const before = unique[index - 1];
    if (before && byNumber(entry.when, before.when) <= 0) problems.push(backwards(before.tag, entry.tag));
  }
  const extra: Journal = { when: Object.fromEntries(unique.map(({ tag, when }) => [tag, when])) };
  return { migrations, problems, extra };
}

/** Drizzle 1.0: a folder a migration, named by the time it was written. */
export async function readStamped(folder: FolderView, location: ToolLocation): Promise<FolderReading> {
  const problems: TrackProblem[] = [];
  const when: Record<string, string> = {};
  const inside = (await folder.list(location.folder)).filter(
    ({ kind, name }) => kind === 'folder' && STAMPED.test(name),
  );
  const migrations = await overAll(inside, async ({ name }) => {
    const path = joined(location.folder, name);
    const script = (await folder.list(path)).find((entry) => entry.name === 'migration.sql');
    const file = joined(path, 'migration.sql');
    if (!script) problems.push(noFile(file));
    when[name] = timeOf(name);
    return await readFile(folder, name, script ? { path: file, bytes: script.bytes } : null, problems);
  });
  return { migrations, problems, extra: { when } satisfies Journal };
}

async function readFile(
  folder: FolderView,
  tag: string,
  file: { path: string; bytes: number } | null,
  problems: TrackProblem[],
): Promise<FolderMigration> {
  let checksums: string[] | null = null;
  try {
    checksums = file && (await digestsOf(folder, file, ['sha256'])).map((digest) => digest.toString('hex'));
  } catch (error) {
    problems.push(asTrackProblem(error));
  }
  return {
    id: tag,
    name: tag,
    file: file?.path ?? null,
    downFile: null,
    reversible: false,
    parents: [],
    labels: [],
    checksums,
  };
}

function journalEntries(text: string | undefined, path: string): { tag: string; when: string }[] {
  if (text === undefined) return [];
  try {
    const entries: unknown = (JSON.parse(text) as { entries?: unknown }).entries;
    if (!Array.isArray(entries)) throw new TypeError('it has no list “entries”');
    return entries.map((entry: { tag?: unknown; when?: unknown }, index) => {
      if (typeof entry?.tag !== 'string' || typeof entry.when !== 'number' || !Number.isFinite(entry.when))
        throw new TypeError(`entry ${index} has no “tag” or no “when”`);
      return { tag: entry.tag, when: String(Math.trunc(entry.when)) };
    });
  } catch (error) {
    throw new FileProblem(path, {
      what: `${path} can’t be read.`,
      why: `It is not a journal of Drizzle: ${error instanceof Error ? error.message : String(error)}.`,
      next: 'Look whether a merge left its marks in it.',
      cause: 'drizzle-journal-broken',
    });
  }
}

function timeOf(name: string): string {
  const parts = (STAMPED.exec(name) ?? []).slice(1).map(Number);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return String(Date.UTC(year, month - 1, day, hour, minute, second));
}

function tableOf(config: string): ToolLocation['table'] {
  const block = /migrations["']?\s*:\s*\{([^}]*)\}/.exec(config)?.[1] ?? '';
  const name = /\btable["']?\s*:\s*["'`]([^"'`]+)/.exec(block)?.[1];
  const schema = /\bschema["']?\s*:\s*["'`]([^"'`]+)/.exec(block)?.[1];
  return name || schema ? { schema: schema ?? 'drizzle', name: name ?? '__drizzle_migrations' } : null;
}

const noFile = (file: string): TrackProblem => ({
  severity: 'bad',
  what: `There is no file ${file}.`,
  why: 'The journal names it, and Drizzle stops when it can’t read it, even if it ran long ago.',
  next: 'Bring the file back.',
  cause: 'drizzle-file-missing',
});

const notInJournal = (file: string): TrackProblem => ({
  severity: 'warning',
  what: `${file} is not in the journal.`,
  why: 'Drizzle runs only what meta/_journal.json names.',
  next: 'Make it with `drizzle-kit generate --custom`, or move it out of the folder.',
  cause: 'drizzle-not-in-journal',
});

const backwards = (before: string, after: string): TrackProblem => ({
  severity: 'warning',
  what: `${after} is older in the journal than ${before}, which comes before it.`,
  why: 'Where the other one is applied, Drizzle passes over it without a word: it looks at the time only.',
  next: 'Generate it anew, so that it is the newest one.',
  cause: 'drizzle-journal-order',
});
