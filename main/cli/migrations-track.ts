import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Environment } from '../../preload/contract/environments.ts';
import { type MigrationTrack, migrationTools } from '../../preload/contract/migrations.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { withEnvironment } from './environment.ts';
import { printable } from './output.ts';
import type { PasswordOptions } from './password.ts';
import { CallProblem } from './run.ts';

export interface TrackOptions extends PasswordOptions {
  tool?: string;
  track?: string;
  dir?: string[];
  confirm?: string;
  json?: boolean;
}

/** One track of an environment, as commands act on it. */
export interface Chosen {
  environment: Environment;
  track: MigrationTrack;
  /** What every call about it begins with. */
  on: { environment: string; track: string; folders: string[] };
  /** The same with the name that was typed. */
  guarded: Chosen['on'] & { confirm?: string };
}

export type RunsClient = ConsoleClient['migrations'];

/** Options of all commands that act on one track. */
export function onTrack(command: Command): Command {
  return command
    .option('--tool <tool>', `which tool’s, where there are several (${migrationTools.join(', ')})`)
    .option('--track <key>', 'which track, by its key as status --json has it')
    .option('--dir <folder>', 'a project to look into besides the linked ones; may be given again', addFolder)
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON');
}

/** For those that change something on the server. */
export const onGuardedTrack = (command: Command): Command =>
  onTrack(command).option('--confirm <name>', 'the environment’s name, where it is guarded');

/** Connects ENV and lets the work have the track that was asked for. */
export function withTrack<T>(
  client: ConsoleClient,
  ref: string,
  options: TrackOptions,
  work: (chosen: Chosen) => Promise<T>,
): Promise<T> {
  return withEnvironment(client, ref, options, async (environment) => {
    const folders = options.dir ?? [];
    const status = await client.migrations.status({ environment: environment.id, folders });
    if (status.problem)
      throw new CallProblem(`${status.problem.what} ${status.problem.why} ${status.problem.next}`);
    const track = choose(status.tracks, options, environment.name);
    const on = { environment: environment.id, track: track.key, folders };
    const { confirm } = options;
    return await work({
      environment,
      track,
      on,
      guarded: { ...on, ...(confirm === undefined ? {} : { confirm }) },
    });
  });
}

export const addFolder = (folder: string, before: string[] | undefined): string[] => [
  ...(before ?? []),
  resolve(folder),
];

/** The id of a migration that was given by its id or its name. */
export const idOf = ({ entries }: MigrationTrack, given: string): string =>
  (entries.find(({ id }) => id === given) ?? entries.find(({ name }) => name === given))?.id ?? given;

/** @throws CallProblem unless there is exactly one */
function choose(
  tracks: readonly MigrationTrack[],
  { tool, track: key }: TrackOptions,
  name: string,
): MigrationTrack {
  const found = tracks.filter(
    (one) => (key === undefined || one.key === key) && (tool === undefined || one.tool === tool),
  );
  const [first, second] = found;
  if (first && !second) return first;
  const list = (first ? found : tracks).map((one) => `\n  ${printable(one.key)}`).join('');
  if (first) throw new CallProblem(`Say by --tool or --track which of these in ${printable(name)}:${list}`);
  if (!tracks.length)
    throw new CallProblem(
      `No migration tool has left a table in ${printable(name)}, and no linked folder holds migrations; --dir names a project.`,
    );
  throw new CallProblem(`There is no such track in ${printable(name)}. There are:${list}`);
}
