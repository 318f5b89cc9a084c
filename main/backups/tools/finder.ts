import { type DumpProgram, dumpPrograms, type ToolSet } from '../../../preload/contract/backups.ts';
import type { Programs } from '../types.ts';
import { ask } from './ask.ts';
import { type AddedTools, commandLines, faultIn } from './command-lines.ts';
import { findFolders, type Machine, thisMachine } from './places.ts';
import { majorOf, type Version, versionIn } from './version.ts';

/** Programs that are there and can't be used, and why, in a sentence. */
export interface ToolProblem {
  where: string;
  said: string;
}

export interface FoundTools {
  /** Newest first; of one version those of this machine first. */
  all: Programs[];
  problems: ToolProblem[];
}

/** The sets of PostgreSQL's programs that can be reached from here. */
export interface Tools {
  /** As they were found first; `again` looks anew, at what somebody has added or installed meanwhile. */
  find(again?: boolean): Promise<FoundTools>;
}

export interface ToolsOptions {
  /** Places that somebody has named. Asked for with each search. */
  added?: () => readonly AddedTools[];
  machine?: Machine;
  /** How long a program may take to tell its version, ms. */
  patience?: number;
}

/** Programs that are asked at the same time. */
const atOnce = 8;

/**
 * Finds programs in the folders that packages use, on PATH, and in the places that somebody added. Each program is asked
 * for its version once. Those of one folder that are of another version than its `pg_dump` are left out, and said.
 */
export function openTools({ added = () => [], machine = thisMachine, patience }: ToolsOptions = {}): Tools {
  let found: Promise<FoundTools> | undefined;
  const search = async (): Promise<FoundTools> => {
    const problems: ToolProblem[] = [];
    const places = [...added()].filter((one) => {
      const fault = faultIn(one);
      if (fault) problems.push({ where: one.where, said: fault });
      return !fault;
    });
    const here = places.filter(({ kind }) => kind === 'local').map(({ where }) => where);
    const folders = await findFolders(machine, here);
    for (const folder of here)
      if (!folders.some(({ path, source }) => path === folder && source === 'set by you'))
        problems.push({ where: folder, said: 'The folder has none of PostgreSQL’s programs.' });
    const asked: Asked[] = [
      ...folders.map(
        ({ path, source, programs }): Asked => ({ kind: 'local', where: path, source, programs }),
      ),
      ...places
        .filter(({ kind }) => kind !== 'local')
        .map((place): Asked => ({ ...place, source: 'set by you', programs: [...dumpPrograms] })),
    ];
    const limit = limiter(atOnce);
    const sets = await Promise.all(
      asked.map(async (place) => await askAll(place, machine, limit, patience, problems)),
    );
    const all = sets.filter((set) => set !== undefined).sort(byAge);
    return { all, problems };
  };
  return {
    find: (again = false) => {
      if (again || !found) {
        found = search();
        // What failed once is tried again.
        found.catch(() => {
          found = undefined;
        });
      }
      return found;
    },
  };
}

interface Asked extends AddedTools {
  source: string;
  programs: DumpProgram[];
}

async function askAll(
  place: Asked,
  machine: Machine,
  limit: Limit,
  patience: number | undefined,
  problems: ToolProblem[],
): Promise<Programs | undefined> {
  const { kind, where, source } = place;
  const commandOf = commandLines(place, machine);
  const answers = await Promise.all(
    place.programs.map(async (program) => {
      const answer = await limit(() => ask(commandOf(program, ['--version'], []), machine.env, patience));
      const version = 'said' in answer ? versionIn(answer.said) : undefined;
      const why = 'why' in answer ? answer.why : 'does not tell its version';
      return version ? { program, version } : { program, why };
    }),
  );
  const good = answers.filter((one): one is { program: DumpProgram; version: Version } => 'version' in one);
  const bad = answers.filter((one): one is { program: DumpProgram; why: string } => 'why' in one);
  const [first] = good;
  // Elsewhere all four are tried; that one of them is not there is nothing to tell.
  const told = kind === 'local' || !first ? bad : [];
  const reasons = new Set(told.map(({ why }) => why));
  for (const why of reasons) {
    const names = told.filter((one) => one.why === why).map(({ program }) => program);
    problems.push({ where, said: `${names.join(', ')} can’t be used: ${why}.` });
  }
  if (!first) return undefined;
  const others = good.filter(({ version }) => version.versionNum !== first.version.versionNum);
  for (const { program, version } of others)
    problems.push({
      where,
      said: `${program} is left out: it is of version ${version.version}, and ${first.program} of ${first.version.version}.`,
    });
  const about: ToolSet = {
    id: `${kind}:${where}`,
    kind,
    where,
    source,
    ...first.version,
    programs: good.filter((one) => !others.includes(one)).map(({ program }) => program),
  };
  return { about, commandOf };
}

function byAge({ about: a }: Programs, { about: b }: Programs): number {
  return (
    majorOf(b.versionNum) - majorOf(a.versionNum) ||
    b.versionNum - a.versionNum ||
    Number(b.kind === 'local') - Number(a.kind === 'local')
  );
}

type Limit = <T>(work: () => Promise<T>) => Promise<T>;

function limiter(most: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The turn is handed over as it is.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
