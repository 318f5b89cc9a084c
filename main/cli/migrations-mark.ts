import type { Command } from 'commander';
import type { MigrationStatus } from '../../preload/contract/migrations.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { driveAction } from './migrations-drive.ts';
import {
  type Chosen,
  idOf,
  onGuardedTrack,
  onTrack,
  type TrackOptions,
  withTrack,
} from './migrations-track.ts';
import { printable, printJson, printLine } from './output.ts';
import { CallProblem, type CommandRun } from './run.ts';
import { untilInterrupted } from './until-interrupted.ts';

type Mark =
  | { kind: 'force'; version: string }
  | { kind: 'applied'; id: string }
  | { kind: 'unmark'; id: string };

/** `force`, `mark-applied`, `unmark` and `create`: what writes the tool's state or files, and runs nothing. */
export function markCommands(migrations: Command, run: CommandRun): void {
  const add = (
    name: string,
    argument: [string, string],
    description: string,
    markOf: (id: string) => Mark,
  ): void => {
    onGuardedTrack(
      migrations
        .command(name)
        .argument('<env>', 'name or URL')
        .argument(...argument)
        .description(description),
    ).action((ref: string, id: string, options: TrackOptions) =>
      run(options, (client) =>
        untilInterrupted((signal) =>
          withTrack(client, ref, options, async (chosen) => {
            const mark = markOf(name === 'force' ? id : idOf(chosen.track, id));
            if (chosen.track.runner === 'driven')
              return await markDriven(client, chosen, mark, options, signal);
            const status = await client.migrations.mark({ ...chosen.guarded, mark }, { signal });
            return tellStatus(status, chosen, options);
          }),
        ),
      ),
    );
  };
  const id: [string, string] = ['<migration>', 'its id as status --json has it, or its name'];
  add(
    'force',
    ['<version>', 'the version that is true; none for no version'],
    'set the version and clear “dirty”; nothing is run',
    (version) => ({
      kind: 'force',
      version: version === 'none' ? '-1' : version,
    }),
  );
  add('mark-applied', id, 'record one as applied without running it', (one) => ({
    kind: 'applied',
    id: one,
  }));
  add('unmark', id, 'record one as not applied without taking it back', (one) => ({
    kind: 'unmark',
    id: one,
  }));

  onTrack(
    migrations
      .command('create')
      .argument('<env>', 'name or URL')
      .argument('<name>', 'what it is to do, in a few words')
      .description('make the files of a new migration as the tool names them'),
  ).action((ref: string, name: string, options: TrackOptions) =>
    run(options, (client) =>
      withTrack(client, ref, options, async ({ on, track }) => {
        const { files } = await client.migrations.create({ ...on, name });
        if (options.json) printJson({ track: track.key, project: track.project, files });
        else for (const file of files) printLine(printable(`${track.project ?? ''}/${file}`));
        return 0 as const;
      }),
    ),
  );
}

/** A driven tool marks only what comes next, by its own command. */
async function markDriven(
  client: ConsoleClient,
  chosen: Chosen,
  mark: Mark,
  options: TrackOptions,
  signal: AbortSignal,
): Promise<0 | 1> {
  const { track } = chosen;
  const next = track.entries.find(({ state }) => state === 'pending' || state === 'out-of-order');
  if (mark.kind !== 'applied')
    throw new CallProblem(
      `${track.title} is run by its own commands, and none of them does that. Run it yourself.`,
    );
  if (next?.id !== mark.id)
    throw new CallProblem(
      `${track.title} is run by its own command, which marks the next one${next ? `, ${next.name}` : '; nothing is pending'}.`,
    );
  return await driveAction(client.migrations, chosen, 'mark', options, signal);
}

function tellStatus(status: MigrationStatus, { track: { key } }: Chosen, { json }: TrackOptions): 0 {
  // A first mark makes the table, and with it another key.
  const track = status.tracks.find((one) => one.key === key) ?? status.tracks[0];
  if (!track) return 0;
  const { entries, ...rest } = track;
  if (json) printJson({ ...rest, migrations: entries });
  else
    printLine(
      `${printable(track.title)}: ${track.current.length ? `at ${printable(track.current.join(', '))}` : 'nothing applied'}${track.dirty ? ', DIRTY' : ''}`,
    );
  return 0;
}
