import { type Command, InvalidArgumentError } from 'commander';
import {
  type MigrationState,
  type MigrationStatus,
  type MigrationTrack,
  migrationStates,
} from '../../preload/contract/migrations.ts';
import { withEnvironment } from '../cli/environment.ts';
import { dryRunCommand } from '../cli/migrations-dry-run.ts';
import { markCommands } from '../cli/migrations-mark.ts';
import { previewCommand } from '../cli/migrations-preview.ts';
import { runCommands } from '../cli/migrations-run.ts';
import { addFolder } from '../cli/migrations-track.ts';
import { printExplanation, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import type { CommandRun } from '../cli/run.ts';

interface StatusOptions extends PasswordOptions {
  dir?: string[];
  json?: boolean;
  failOn: Set<MigrationState>;
}

/** What makes `migrations status` bad news unless `--fail-on` says otherwise. */
const bad: MigrationState[] = ['pending', 'out-of-order', 'rolled-back', 'failed', 'missing', 'changed'];

/** `howdah migrations …` */
export function migrationCommands(howdah: Command, run: CommandRun): Command {
  const migrations = howdah
    .command('migrations')
    .description('which migration environments stand at, and runs of migrations')
    .configureOutput({ outputError: tellUsage })
    .addHelpText('after', exitCodes);

  migrations
    .command('status')
    .argument('<env...>', 'names of environments or connection URLs')
    .option('--dir <folder>', 'a project to look into besides the linked ones; may be given again', addFolder)
    .option(
      '--fail-on <states>',
      `states that exit with 1, by commas (${migrationStates.join(', ')}); none for never`,
      readStates,
      new Set(bad),
    )
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('say what is applied, pending, failed, missing and changed, tool by tool')
    .action((refs: string[], options: StatusOptions) =>
      run(options, async (client) => {
        const found: MigrationStatus[] = [];
        for (const ref of refs) {
          await withEnvironment(client, ref, options, async ({ id, name }) => {
            const status = await client.migrations.status({ environment: id, folders: options.dir ?? [] });
            found.push({ ...status, environment: name });
            return 0 as const;
          });
        }
        if (options.json)
          printJson(found.map(({ tracks, ...rest }) => ({ ...rest, tracks: tracks.map(plain) })));
        else for (const status of found) printStatus(status, found.length > 1);
        return isBad(found, options.failOn) ? 1 : 0;
      }),
    );
  runCommands(migrations, run);
  markCommands(migrations, run);
  previewCommand(migrations, run);
  dryRunCommand(migrations, run);
  return migrations;
}

const exitCodes = `
Exit codes: 0 done, or nothing bad found; 1 it failed, was cancelled, or the state is bad news (see --fail-on);
2 the call has to be another one: its words, its track, a name to confirm, a plan that has changed, a dirty version.
With --json what is printed on standard output is JSON, errors too; what is said on the way goes to standard error.`;

/** A call that could not be read; to a script that asked for JSON as any other error. */
function tellUsage(text: string, write: (text: string) => void): void {
  write(text);
  if (!process.argv.includes('--json')) return;
  const what = text.trim().replace(/^error: /, '');
  const explanation = { cause: 'usage', what, why: '', next: 'howdah migrations --help shows the commands.' };
  printJson({ error: { code: 'CALL', ...explanation } });
}

/** A track as scripts read it: its migrations under their plain name. */
const plain = ({ entries, ...track }: MigrationTrack) => ({ ...track, migrations: entries });

function isBad(found: readonly MigrationStatus[], failOn: ReadonlySet<MigrationState>): boolean {
  const tracks = found.flatMap((status) => status.tracks);
  return (
    found.some(({ problem }) => problem) ||
    tracks.some(({ problems }) => problems.some(({ severity }) => severity === 'bad')) ||
    tracks.some(({ dirty }) => dirty && failOn.has('failed')) ||
    tracks.some(({ entries }) => entries.some(({ state }) => failOn.has(state)))
  );
}

function printStatus({ environment, tracks, problem }: MigrationStatus, isNamed: boolean): void {
  if (isNamed) printLine(`${environment}:`);
  if (problem) printExplanation(problem);
  if (!tracks.length)
    printLine('No migration tool has left a table here, and no linked folder holds migrations.');
  for (const track of tracks) {
    const { title, table, folder, current, dirty, lockedBy, entries, problems } = track;
    const where = [table && `"${table.schema}"."${table.name}"`, folder].filter(Boolean).join(', ');
    const stands = current.length ? `at ${current.join(', ')}` : 'nothing applied';
    printLine(`${title} (${where}): ${stands}${dirty ? ', DIRTY' : ''}`);
    if (dirty) printLine(`  ${dirty.why}`);
    if (lockedBy) printLine(`  Migrating now: ${lockedBy}`);
    for (const one of problems) printExplanation(one);
    if (!entries.length) continue;
    printTable(
      [
        { title: 'STATE', value: ({ state }) => state },
        { title: 'MIGRATION', value: ({ name }) => name, most: 80 },
        { title: 'APPLIED', value: ({ appliedAt }) => appliedAt ?? '' },
        { title: 'NOTES', value: ({ notes }) => notes.join(' ') },
      ],
      entries,
    );
  }
}

function readStates(text: string): Set<MigrationState> {
  if (text === 'none') return new Set();
  const states = text.split(',').map((one) => one.trim());
  const unknown = states.find((one) => !migrationStates.includes(one as MigrationState));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no state "${unknown}"; they are ${migrationStates.join(', ')}.`);
  return new Set(states as MigrationState[]);
}
