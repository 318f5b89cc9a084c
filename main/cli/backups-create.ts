import { type Command, InvalidArgumentError, Option } from 'commander';
import { type BackupOptions, backupFormats, Compression } from '../../preload/contract/backups.ts';
import { backupPath } from './backup-path.ts';
import { followBackup, megabytes } from './backups-progress.ts';
import { withEnvironment } from './environment.ts';
import { printJson, printLine } from './output.ts';
import type { PasswordOptions } from './password.ts';
import { CallProblem, type CommandRun } from './run.ts';
import { untilInterrupted } from './until-interrupted.ts';

export interface DumpOptions {
  format: BackupOptions['format'];
  compress?: Compression;
  jobs?: number;
  schemaOnly?: boolean;
  dataOnly?: boolean;
  globals?: boolean;
  schema?: string[];
  table?: string[];
  excludeSchema?: string[];
  excludeTable?: string[];
  excludeTableData?: string[];
  owner: boolean;
  acl: boolean;
  lockWait: number;
  countRows?: boolean;
  checksums?: boolean;
  encrypt?: boolean;
}

interface CreateOptions extends DumpOptions, PasswordOptions {
  output?: string;
  plan?: boolean;
  verbose?: boolean;
  json?: boolean;
}

/** Where the passphrase of a backup comes from: only this account can read its own variables. */
const passphraseVariable = 'HOWDAH_BACKUP_PASSPHRASE';

export const givenPassphrase = (): string | undefined => process.env[passphraseVariable] || undefined;

/** What a dump is to be made of, for whatever makes one. */
export function dumpOptions(command: Command): Command {
  const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];
  return command
    .addOption(new Option('--format <format>').choices(backupFormats).default('directory'))
    .option(
      '--compress <method[:level]>',
      'none, gzip, lz4 or zstd; the fastest there is unless given',
      readCompression,
    )
    .option('-j, --jobs <number>', 'sessions at once, for the directory format', whole)
    .option('--schema-only', 'no rows')
    .option('--data-only', 'rows only')
    .option('--globals', 'roles and tablespaces of the server')
    .option('-n, --schema <pattern>', 'only this schema; may be given again', several)
    .option('-t, --table <pattern>', 'only this table; may be given again', several)
    .option('-N, --exclude-schema <pattern>', 'not this schema; may be given again', several)
    .option('-T, --exclude-table <pattern>', 'not this table; may be given again', several)
    .option('--exclude-table-data <pattern>', 'the structure of this table only; may be given again', several)
    .option('--no-owner', 'leave owners out')
    .option('--no-acl', 'leave privileges out')
    .option('--count-rows', 'count the rows of each table in the dump’s own snapshot, for later comparisons')
    .option('--checksums', 'take a checksum of each table’s rows too')
    .option('--lock-wait <seconds>', 'how long to wait for a locked table', whole, 30)
    .option(
      '--encrypt',
      `with the key of the keychain, or with the passphrase in ${passphraseVariable} where that is set`,
    );
}

/** `howdah backups create` */
export function createCommand(backups: Command, run: CommandRun): void {
  dumpOptions(backups.command('create').argument('<env>', 'name or URL'))
    .option('-o, --output <path>', 'a file or folder that is not there yet; among Howdah’s own unless given')
    .option('--plan', 'say what would be done, and do nothing')
    .option('--verbose', 'show what the program says')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('make a backup, read it back whole, and only then give it its name')
    .action((ref: string, options: CreateOptions) =>
      run(options, (client) =>
        untilInterrupted((signal) =>
          withEnvironment(client, ref, options, async ({ id }) => {
            const { output, json } = options;
            const input = {
              environment: id,
              options: dumpAsked(options),
              ...(output === undefined ? {} : { path: backupPath(output) }),
            };
            if (options.plan) {
              const plan = await client.backups.plan(input);
              if (json) printJson(plan);
              else {
                printLine(plan.command);
                printLine(`By ${plan.tools.where}, version ${plan.tools.version}, to ${plan.path}`);
                for (const warning of plan.warnings) printLine(warning);
              }
              return 0;
            }
            const events = await client.backups.create(input, { signal });
            const last = await followBackup(events, options);
            if (json)
              printJson(
                last?.kind === 'finished'
                  ? { file: last.backup.path, backup: last.backup }
                  : { error: last?.kind === 'failed' ? last.problem : null },
              );
            else if (last?.kind === 'finished')
              printLine(`${last.backup.path} (${megabytes(last.backup.bytes)}, verified by reading it back)`);
            return last?.kind === 'finished' ? 0 : 1;
          }),
        ),
      ),
    );
}

export function dumpAsked(options: DumpOptions): BackupOptions {
  const kinds = [options.schemaOnly && 'schema', options.dataOnly && 'data', options.globals && 'globals'];
  const chosen = kinds.filter((kind) => typeof kind === 'string') as BackupOptions['contents']['what'][];
  if (chosen.length > 1)
    throw new CallProblem('Only one of --schema-only, --data-only and --globals can be given.');
  const passphrase = givenPassphrase();
  return {
    format: options.format,
    ...(options.compress ? { compression: options.compress } : {}),
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    contents: {
      what: chosen[0] ?? 'all',
      schemas: options.schema ?? [],
      tables: options.table ?? [],
      excludeSchemas: options.excludeSchema ?? [],
      excludeTables: options.excludeTable ?? [],
      excludeData: options.excludeTableData ?? [],
    },
    owners: options.owner,
    privileges: options.acl,
    counted: options.checksums ? 'checksums' : options.countRows ? 'rows' : 'none',
    lockWaitMs: options.lockWait * 1000,
    encryption: !options.encrypt
      ? { kind: 'none' }
      : passphrase === undefined
        ? { kind: 'key' }
        : { kind: 'passphrase', passphrase },
  };
}

function readCompression(text: string): Compression {
  const [method, level] = text.split(':');
  const read = Compression.safeParse({ method, ...(level === undefined ? {} : { level: Number(level) }) });
  if (!read.success)
    throw new InvalidArgumentError('It is none, gzip, lz4 or zstd, with a level as in gzip:6.');
  return read.data;
}

export function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It is a whole number.');
  return number;
}
