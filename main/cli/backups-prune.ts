import { type Command, InvalidArgumentError } from 'commander';
import { type PruneEntry, Retention } from '../../preload/contract/backup-jobs.ts';
import { whole } from './backups-create.ts';
import { megabytes } from './backups-progress.ts';
import { findOrOpen } from './environment.ts';
import { printJson, printTable } from './output.ts';
import { CallProblem, type CommandRun } from './run.ts';

export interface RuleOptions {
  newest?: number;
  days?: number;
  daily?: number;
  weekly?: number;
  monthly?: number;
  yearly?: number;
}

interface PruneOptions extends RuleOptions {
  job?: string;
  environment?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** The rules of retention, as options. */
export const ruleOptions = (command: Command): Command =>
  command
    .option('--newest <n>', 'keep the newest n', whole)
    .option('--days <n>', 'keep those younger than n days', number)
    .option('--daily <n>', 'keep the newest of each of n days', whole)
    .option('--weekly <n>', 'keep the newest of each of n weeks', whole)
    .option('--monthly <n>', 'keep the newest of each of n months', whole)
    .option('--yearly <n>', 'keep the newest of each of n years', whole);

/** Undefined: none was given. */
export function rulesAsked({
  newest,
  days,
  daily,
  weekly,
  monthly,
  yearly,
}: RuleOptions): Retention | undefined {
  const given = { newest, days, daily, weekly, monthly, yearly };
  if (Object.values(given).every((value) => value === undefined)) return undefined;
  return Retention.parse(given);
}

/** `howdah backups prune` */
export function pruneCommand(backups: Command, run: CommandRun): void {
  ruleOptions(
    backups
      .command('prune')
      .option('--job <job>', 'backups that this job made, by its own rules')
      .option('--environment <env>', 'all of this environment that Howdah made, by the rules given'),
  )
    .option('--dry-run', 'say what would go, and why, and remove nothing')
    .option('--json', 'print JSON')
    .description('remove old backups; the newest one that was verified as good stays, whatever the rules say')
    .action((options: PruneOptions) =>
      run(options, async (client) => {
        const { job, environment, dryRun, json } = options;
        const rules = rulesAsked(options);
        if ((job === undefined) === (environment === undefined))
          throw new CallProblem('Give either --job or --environment.');
        if (job !== undefined && rules)
          throw new CallProblem('A job has rules of its own: howdah backups jobs change changes them.');
        if (environment !== undefined && !rules)
          throw new CallProblem('With --environment give a rule, such as --newest 5.');
        const of =
          job === undefined
            ? {
                environment: (await findOrOpen(client, environment ?? '', {})).id,
                retention: rules ?? Retention.parse({}),
              }
            : { job };
        const plan = await client.backups.jobs.planPrune(of);
        const going = plan.filter(({ keeps }) => !keeps);
        if (dryRun) {
          if (json) printJson(plan);
          else printEntries(plan, 'goes');
          return 0;
        }
        const backups = going.map(({ backup }) => backup);
        const done = backups.length === 0 ? [] : await client.backups.jobs.prune({ of, backups });
        if (json) printJson(done);
        else printEntries(done, 'removed');
        return done.every(({ keeps }) => !keeps) ? 0 : 1;
      }),
    );
}

function printEntries(entries: PruneEntry[], gone: string): void {
  printTable(
    [
      { title: 'ID', value: ({ backup }) => backup },
      { title: 'MADE', value: ({ at }) => new Date(at).toISOString() },
      { title: 'SIZE', value: ({ bytes }) => megabytes(bytes), align: 'right' },
      { title: '', value: ({ keeps }) => (keeps ? 'stays' : gone) },
      { title: 'WHY', value: ({ why }) => why },
      { title: 'PATH', value: ({ path }) => path, most: 100 },
    ],
    entries,
  );
}

function number(text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError('It is a number.');
  return value;
}
