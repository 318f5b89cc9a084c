import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { BackupJob, BackupJobDraft, JobSchedule } from '../../preload/contract/backup-jobs.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { type DumpOptions, dumpAsked, dumpOptions, whole } from './backups-create.ts';
import { jobOf } from './backups-job-ref.ts';
import { type RuleOptions, ruleOptions, rulesAsked } from './backups-prune.ts';
import { findOrOpen } from './environment.ts';
import { CallProblem, type CommandRun } from './run.ts';

interface DraftOptions extends DumpOptions, RuleOptions {
  name?: string;
  environment?: string;
  cron?: string | false;
  timeZone?: string;
  by?: JobSchedule['by'];
  missed?: JobSchedule['missed'];
  folder?: string;
  proof?: 'readable' | 'restorable';
  verify?: number;
  level?: 'readable' | 'restorable';
  engine?: string;
  type?: 'full' | 'differential' | 'incremental';
  repository?: number;
  keepAll?: boolean;
  off?: boolean;
  json?: boolean;
}

type Print = (
  client: ConsoleClient,
  jobs: BackupJob[],
  options: { json?: boolean; one: true },
) => Promise<void>;

/** `howdah backups jobs add` and `change` */
export function draftCommands(jobs: Command, run: CommandRun, print: Print): void {
  withOptions(
    jobs.command('add').argument('<name>', 'how it is called').argument('<env>', 'name of the environment'),
  )
    .option('--off', 'do not run it by the clock yet')
    .description('add a job: a backup, unless --verify or --engine says otherwise')
    .action((name: string, ref: string, options: DraftOptions, command: Command) =>
      run(options, async (client) => {
        const { id } = await findOrOpen(client, ref, {});
        const draft: BackupJobDraft = {
          name,
          environment: id,
          action: actionOf(undefined, options, command),
          schedule: scheduleOf(null, options),
          retention: options.keepAll ? null : (rulesAsked(options) ?? null),
          isOn: !options.off,
        };
        await print(client, [await client.backups.jobs.add(draft)], { ...options, one: true });
        return 0;
      }),
    );
  withOptions(jobs.command('change').argument('<job>', 'name or number'))
    .option('--name <name>', 'how it is called from now on')
    .option('--environment <env>', 'the environment it is for from now on')
    .option('--no-cron', 'it runs when somebody asks for it')
    .option('--keep-all', 'remove no backup any more')
    .description('change what is given of a job; options of the dump replace all that were given before')
    .action((ref: string, options: DraftOptions, command: Command) =>
      run(options, async (client) => {
        const job = await jobOf(client, ref);
        const { name = job.name, environment } = options;
        const draft: BackupJobDraft = {
          name,
          environment:
            environment === undefined ? job.environment : (await findOrOpen(client, environment, {})).id,
          action: actionOf(job.action, options, command),
          schedule: scheduleOf(job.schedule, options),
          retention: options.keepAll ? null : (rulesAsked(options) ?? job.retention),
          isOn: job.isOn,
        };
        await print(client, [await client.backups.jobs.change({ job: job.id, draft })], {
          ...options,
          one: true,
        });
        return 0;
      }),
    );
}

const withOptions = (command: Command): Command =>
  ruleOptions(
    dumpOptions(
      command
        .option('--cron <fields>', 'when: minute hour day month weekday, such as "30 2 * * *"')
        .option(
          '--time-zone <zone>',
          'whose clock counts, such as Europe/Berlin; this machine’s unless given',
        )
        .addOption(
          new Option('--by <who>', 'who runs it: Howdah, or the system’s scheduler').choices([
            'howdah',
            'system',
          ]),
        )
        .addOption(
          new Option('--missed <what>', 'what becomes of a missed time').choices(['catch-up', 'tell']),
        )
        .option('--folder <folder>', 'where its backups go: a folder, or s3://PLACE/prefix')
        .addOption(
          new Option('--proof <level>', 'what is proven of each backup').choices(['readable', 'restorable']),
        )
        .option('--verify <n>', 'prove the newest n backups anew, instead of making one', whole)
        .addOption(new Option('--level <level>', 'with --verify').choices(['readable', 'restorable']))
        .option('--engine <id>', 'have this engine make a backup')
        .addOption(
          new Option('--type <type>', 'with --engine').choices(['full', 'differential', 'incremental']),
        )
        .option('--repository <n>', 'with --engine: which of several repositories of pgBackRest', whole),
    ),
  ).option('--json', 'print JSON');

const dumpNames: (keyof DumpOptions)[] = [
  'format',
  'compress',
  'jobs',
  'schemaOnly',
  'dataOnly',
  'globals',
  'schema',
  'table',
  'excludeSchema',
  'excludeTable',
  'excludeTableData',
  'owner',
  'acl',
  'lockWait',
  'countRows',
  'checksums',
  'encrypt',
];

function actionOf(
  before: BackupJobDraft['action'] | undefined,
  options: DraftOptions,
  command: Command,
): BackupJobDraft['action'] {
  const { verify, engine, level, type, repository, proof, folder } = options;
  if (verify !== undefined && engine !== undefined)
    throw new CallProblem('Only one of --verify and --engine can be given.');
  const [verifies, runs] = [before?.kind === 'verify' && before, before?.kind === 'engine' && before];
  if (verify !== undefined || (verifies && engine === undefined)) {
    const known = verifies || { level: 'restorable' as const, newest: 1 };
    return { kind: 'verify', newest: verify ?? known.newest, level: level ?? known.level };
  }
  if (engine !== undefined || runs) {
    const known = runs || { engine: '', type: 'full' as const, repository: null };
    return {
      kind: 'engine',
      engine: engine ?? known.engine,
      type: type ?? known.type,
      repository: repository ?? known.repository,
    };
  }
  const known = before?.kind === 'backup' ? before : undefined;
  const isGiven = dumpNames.some((name) => command.getOptionValueSource(name) === 'cli');
  return {
    kind: 'backup',
    options: known && !isGiven ? known.options : dumpAsked(options),
    folder: folder === undefined ? (known?.folder ?? null) : wholeFolder(folder),
    proof: proof ?? known?.proof ?? 'readable',
  };
}

function scheduleOf(
  before: JobSchedule | null,
  { cron, timeZone, by, missed }: DraftOptions,
): JobSchedule | null {
  if (cron === false) return null;
  if (typeof cron !== 'string' && !before) {
    if (timeZone ?? by ?? missed) throw new CallProblem('Give --cron too: when it is to run.');
    return null;
  }
  return {
    cron: typeof cron === 'string' ? cron : (before?.cron ?? ''),
    timeZone: timeZone ?? before?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    by: by ?? before?.by ?? 'howdah',
    missed: missed ?? before?.missed ?? 'catch-up',
  };
}

const wholeFolder = (folder: string): string => (folder.startsWith('s3://') ? folder : resolve(folder));
