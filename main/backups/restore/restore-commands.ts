import type { RestoreOptions } from '../../../preload/contract/backups.ts';
import { databaseArgument } from '../programs/index.ts';
import type { Programs } from '../types.ts';
import { attachedIndexes } from './attached-indexes.ts';
import type { RestoreSource } from './needs.ts';
import type { ScriptFacts } from './script-facts.ts';

/** How an archive's contents get into the database. */
export type Route =
  /** pg_restore talks to the server. */
  | 'archive'
  /** pg_restore writes a script, which goes to psql filtered. */
  | 'script'
  /** It is a script, which goes to psql filtered. */
  | 'plain';

export interface RouteChoice {
  route: Route;
  jobs: number;
  /** One transaction around everything. */
  single: boolean;
}

export interface RouteFacts {
  source: RestoreSource;
  script: ScriptFacts;
  toolVersionNum: number;
  serverVersionNum: number;
}

/**
 * pg_restore directly, unless the server would refuse a part of what it sends and the rest with it; then by a script
 * that is filtered, one session and without its parallel jobs.
 */
export function chooseRoute(options: RestoreOptions, facts: RouteFacts): RouteChoice {
  const { source, script } = facts;
  const isClean = options.mode === 'clean';
  const jobs = options.single || source.file === null || source.format === 'tar' ? 1 : (options.jobs ?? 1);
  const single = options.single || (isClean && jobs === 1);
  if (source.format === 'plain') return { route: 'plain', jobs: 1, single: options.single || isClean };
  const isRefusedTimeout = facts.toolVersionNum >= 170_000 && facts.serverVersionNum < 170_000;
  const isRefusedDrop = isClean && attachedIndexes(source.toc).size > 0;
  const needsScript =
    script.setsAttver ||
    isRefusedDrop ||
    (isRefusedTimeout && single) ||
    (isClean && options.after !== undefined);
  if (needsScript) return { route: 'script', jobs: 1, single: options.single || isClean };
  return { route: 'archive', jobs, single };
}

/** What pg_restore is told of the options, whoever takes its output. */
export function contentArguments(options: RestoreOptions, list: string | null): string[] {
  return [
    ...(options.mode === 'clean' ? ['--clean', '--if-exists'] : []),
    ...(options.owners ? [] : ['--no-owner']),
    ...(options.role === undefined ? [] : [`--role=${options.role}`]),
    ...(options.privileges ? [] : ['--no-privileges']),
    ...(list === null ? [] : [`--use-list=${list}`]),
  ];
}

/** pg_restore straight into a database. Without `-C`: that would follow the archive's own name. */
export function archiveArguments(
  options: RestoreOptions,
  { jobs, single }: RouteChoice,
  { database, list, file }: { database: string; list: string | null; file: string | null },
): string[] {
  return [
    '--verbose',
    ...contentArguments(options, list),
    ...(single ? ['--single-transaction'] : jobs > 1 ? [`--jobs=${jobs}`] : []),
    `--dbname=${databaseArgument(database)}`,
    ...(file === null ? [] : [file]),
  ];
}

/**
 * psql for a script on its standard input. Not `-1`: the end of the input would commit, also where whoever writes it
 * has died. BEGIN and COMMIT are in the script instead.
 */
export function psqlArguments(database: string): string[] {
  return [
    '--no-psqlrc',
    '--quiet',
    '--set=ON_ERROR_STOP=1',
    '--set=VERBOSITY=verbose',
    `--dbname=${databaseArgument(database)}`,
    '--file=-',
  ];
}

/** A command for a shell to look at, without secrets. */
export function shownCommand(
  programs: Programs,
  program: 'pg_restore' | 'psql',
  args: readonly string[],
): string {
  return programs.commandOf(program, args, []).map(word).join(' ');
}

const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
