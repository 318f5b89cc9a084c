import type { Command } from 'commander';
import type { Backup } from '../../preload/contract/backups.ts';
import { backupPath } from '../cli/backup-path.ts';
import { createCommand, givenPassphrase } from '../cli/backups-create.ts';
import { engineCommands } from '../cli/backups-engines.ts';
import { jobCommands } from '../cli/backups-jobs.ts';
import { keyCommands } from '../cli/backups-key.ts';
import { placeCommands } from '../cli/backups-places.ts';
import { followBackup, megabytes } from '../cli/backups-progress.ts';
import { backupRef, restoreCommands } from '../cli/backups-restore.ts';
import { swapCommands } from '../cli/backups-swaps.ts';
import { findOrOpen, withEnvironment } from '../cli/environment.ts';
import { printExplanation, printJson, printLine, printTable } from '../cli/output.ts';
import type { PasswordOptions } from '../cli/password.ts';
import { CallProblem, type CommandRun } from '../cli/run.ts';
import { untilInterrupted } from '../cli/until-interrupted.ts';
import { noteOverlapOutside } from './jobs/index.ts';

interface JsonOption {
  json?: boolean;
}

interface VerifyOptions extends JsonOption, PasswordOptions {
  restore?: boolean;
  on?: string;
  checksums?: boolean;
  confirm?: string;
}

/** `howdah backups …` */
export function backupCommands(howdah: Command, run: CommandRun): Command {
  const backups = howdah.command('backups').description('backups that were read back, and restores of them');
  createCommand(backups, run);
  jobCommands(backups, run, noteOverlapOutside);
  listCommands(backups, run);
  backups
    .command('verify')
    .argument('<file|id>', 'a path, or a number as list shows it')
    .option('--restore', 'restore it into a scratch database of the sample server, and compare')
    .option('--on <env>', 'with --restore: on the server of this environment, in a database that goes again')
    .option('--checksums', 'with --restore: compare rows by the checksums that were taken with it')
    .option('--confirm <name>', 'the environment’s name, where it is guarded')
    .option('--json', 'print JSON')
    .description('prove that a backup is whole; exit code 1 when it is not, or can’t be proven')
    .action((file: string, options: VerifyOptions) =>
      run(options, (client) =>
        untilInterrupted(async (signal) => {
          const { restore, on, confirm, checksums = false } = options;
          if (!restore && (on !== undefined || checksums))
            throw new CallProblem('--on and --checksums go with --restore.');
          const passphrase = givenPassphrase();
          const asked = {
            backup: backupRef(file),
            checksums,
            ...(passphrase === undefined ? {} : { passphrase }),
          };
          const last =
            on === undefined
              ? await followBackup(
                  await client.backups.verify(
                    { ...asked, level: restore ? 'restorable' : 'readable' },
                    { signal },
                  ),
                )
              : await withEnvironment(client, on, options, async ({ id }) =>
                  followBackup(
                    await client.backups.tryOn(
                      { ...asked, environment: id, ...(confirm === undefined ? {} : { confirm }) },
                      { signal },
                    ),
                  ),
                );
          if (last?.kind !== 'verified') {
            if (options.json) printJson(last ?? null);
            return 1;
          }
          const { verification } = last.backup;
          if (options.json) printJson(last.backup);
          else {
            printLine(`${verification.state}: ${verification.level}`);
            for (const said of verification.said) printLine(`  ${said}`);
          }
          return verification.state === 'good' ? 0 : 1;
        }),
      ),
    );
  restoreCommands(backups, run);
  swapCommands(backups, run);
  placeCommands(backups, run);
  keyCommands(backups, run);
  engineCommands(backups, run);
  backups
    .command('tools')
    .option('--again', 'look anew')
    .option('--json', 'print JSON')
    .description('list the programs of PostgreSQL that are found')
    .action((options: JsonOption & { again?: boolean }) =>
      run(options, async (client) => {
        const tools = await client.backups.tools({ again: options.again ?? false });
        if (options.json) printJson(tools);
        else
          printTable(
            [
              { title: 'VERSION', value: ({ version }) => version },
              { title: 'KIND', value: ({ kind }) => kind },
              { title: 'WHERE', value: ({ where }) => where, most: 80 },
              { title: 'FROM', value: ({ source }) => source },
              { title: 'PROGRAMS', value: ({ programs }) => programs.join(' ') },
            ],
            tools,
          );
        return 0;
      }),
    );
  return backups;
}

/** `list`, `find`, `show`, `adopt` and `forget` */
function listCommands(backups: Command, run: CommandRun): void {
  backups
    .command('list')
    .argument('[env]', 'only of this environment')
    .option('--json', 'print JSON')
    .description('list the backups that Howdah knows of')
    .action((ref: string | undefined, options: JsonOption) =>
      run(options, async (client) => {
        const found = await client.backups.list(ref === undefined ? {} : { environment: ref });
        if (options.json) printJson(found);
        else printBackups(found);
        return 0;
      }),
    );
  backups
    .command('find')
    .argument('<folder>', 'where to look')
    .option('--json', 'print JSON')
    .description('list the backups in a folder, whoever made them, by their content')
    .action((folder: string, options: JsonOption) =>
      run(options, async (client) => {
        const found = await client.backups.find({ folder: backupPath(folder) });
        if (options.json) printJson(found);
        else printBackups(found);
        return 0;
      }),
    );
  backups
    .command('show')
    .argument('<file|id>', 'a path, or a number as list shows it')
    .option('--json', 'print JSON')
    .description('say what a backup is, and what is in it')
    .action((file: string, options: JsonOption) =>
      run(options, async (client) => {
        const passphrase = givenPassphrase();
        const details = await client.backups.show({
          backup: backupRef(file),
          ...(passphrase === undefined ? {} : { passphrase }),
        });
        if (options.json) printJson(details);
        else {
          printBackups([details.backup]);
          for (const { id, kind, schema, name } of details.toc)
            printLine(`${id}  ${kind}  ${schema === null ? '' : `${schema}.`}${name}`);
          for (const unknown of details.unknown) printLine(unknown);
          if (details.problem) printExplanation(details.problem);
        }
        return details.problem ? 1 : 0;
      }),
    );
  backups
    .command('adopt')
    .argument('<env>', 'whose backup it is')
    .argument('<file>', 'its path')
    .option('--json', 'print JSON')
    .description('note a backup that others made as one of an environment')
    .action((ref: string, file: string, options: JsonOption) =>
      run(options, async (client) => {
        const { id } = await findOrOpen(client, ref, {});
        const backup = await client.backups.adopt({ environment: id, path: backupPath(file) });
        if (options.json) printJson(backup);
        else printBackups([backup]);
        return 0;
      }),
    );
  backups
    .command('forget')
    .argument('<file|id>', 'a path, or a number as list shows it')
    .option('--file', 'remove its files too')
    .option('--json', 'print JSON')
    .description('take a backup off the list')
    .action((file: string, options: JsonOption & { file?: boolean }) =>
      run(options, async (client) => {
        const left = await client.backups.remove({ backup: backupRef(file), file: options.file ?? false });
        if (options.json) printJson(left);
        return 0;
      }),
    );
}

function printBackups(found: Backup[]): void {
  printTable(
    [
      { title: 'ID', value: ({ id }) => id ?? '' },
      { title: 'MADE', value: ({ at }) => new Date(at).toISOString() },
      { title: 'DATABASE', value: ({ database }) => database ?? '' },
      { title: 'FORMAT', value: ({ format, isEncrypted }) => `${format}${isEncrypted ? ', encrypted' : ''}` },
      { title: 'SIZE', value: ({ bytes }) => megabytes(bytes) },
      {
        title: 'PROVEN',
        value: ({ verification: { level, state }, isThere }) =>
          isThere ? (level === 'none' ? state : `${level}, ${state}`) : 'not there any more',
      },
      { title: 'PATH', value: ({ path }) => path, most: 100 },
    ],
    found,
  );
}
