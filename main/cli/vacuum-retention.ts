import type { Command } from 'commander';
import type {
  RetentionPreview,
  RetentionProgress,
  RetentionTarget,
} from '../../preload/contract/maintenance-retention.ts';
import { withEnvironment } from './environment.ts';
import { printable, printJson, printLine, printTable } from './output.ts';
import type { PasswordOptions } from './password.ts';
import type { CommandRun } from './run.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface Options extends PasswordOptions {
  json?: boolean;
  confirm?: string;
  scheduled?: boolean;
}

/** `howdah vacuum retention …` */
export function vacuumRetentionCommands(vacuum: Command, run: CommandRun): void {
  const retention = vacuum.command('retention').description('rules by which old rows go');
  const common = (command: Command): Command =>
    command
      .option('--password-stdin', 'read the password from standard input')
      .option('--json', 'print JSON');

  common(
    retention
      .command('list')
      .argument('[env]', 'name; all environments where none is given')
      .description('list the jobs and what came of their last run'),
  ).action((ref: string | undefined, options: Options) =>
    run(options, async (client) => {
      const jobs = await client.maintenance.retention.list({ environment: ref });
      if (options.json) printJson(jobs);
      else
        printTable(
          [
            { title: 'job', value: ({ name }) => name, most: 40 },
            { title: 'what', value: ({ target }) => targetWords(target), most: 70 },
            { title: 'last run', value: ({ lastRun }) => lastRun?.outcome ?? 'never' },
            { title: 'said', value: ({ lastRun, trouble }) => trouble ?? lastRun?.said ?? '', most: 100 },
          ],
          jobs,
        );
      return 0;
    }),
  );

  common(
    retention
      .command('preview')
      .argument('<env>', 'name')
      .argument('<job>', 'name or number')
      .description('what a run of a job would do now'),
  ).action((ref: string, name: string, options: Options) =>
    run(options, (client) =>
      withEnvironment(client, ref, options, async ({ id }) => {
        const jobs = await client.maintenance.retention.list({ environment: id });
        const job = jobs.find((one) => one.name === name || one.id === name);
        // The console says it as it says it everywhere.
        if (!job) await client.maintenance.retention.history({ environment: id, job: name });
        if (!job) return 1;
        const found = await client.maintenance.retention.preview({ environment: id, target: job.target });
        if (options.json) printJson(found);
        else printPreview(found);
        return found.refused.length > 0 ? 1 : 0;
      }),
    ),
  );

  common(
    retention
      .command('run')
      .argument('<env>', 'name')
      .argument('<job>', 'name or number')
      .option('--confirm <name>', 'the environment’s name, where it is guarded')
      .option('--scheduled', 'for cron: runs what was saved under the protection that the environment has')
      .description(
        'run a job now; Ctrl-C stops it after the batch under way; exit code 1 when not all was done',
      ),
  ).action((ref: string, job: string, options: Options) =>
    run(options, (client) =>
      untilInterrupted((signal) =>
        withEnvironment(client, ref, options, async ({ id: environment }) => {
          const { retention: room } = client.maintenance;
          const events = options.scheduled
            ? room.runScheduled({ environment, job }, { signal })
            : room.run({ environment, job, confirm: options.confirm }, { signal });
          let ended: Extract<RetentionProgress, { kind: 'ended' }> | undefined;
          try {
            for await (const event of await events) {
              if (event.kind === 'log') tell(event.text);
              if (event.kind === 'ended') ended = event;
            }
          } finally {
            if (ended && options.json) printJson(ended.run);
            else if (ended) printLine(`${ended.run.outcome}: ${ended.run.said}`);
          }
          return ended?.run.outcome === 'done' ? 0 : 1;
        }),
      ),
    ),
  );
}

const tell = (line: string): void => void process.stderr.write(`${printable(line)}\n`);

function targetWords(target: RetentionTarget): string {
  if (target.kind === 'function') return `${target.schema}.${target.name}('${target.table}', ${target.days})`;
  const age = `${target.keep.count} ${target.keep.unit}`;
  const table = `${target.schema}.${target.table}`;
  return target.kind === 'partitions'
    ? `partitions of ${table} older than ${age}`
    : `rows of ${table} with ${target.column} older than ${age}`;
}

function printPreview({
  cutoff,
  partitions,
  rows,
  exact,
  bytes,
  statements,
  refused,
  warnings,
}: RetentionPreview): void {
  printLine(`What is older than ${new Date(cutoff).toISOString()} goes.`);
  if (partitions.length > 0)
    printTable(
      [
        { title: 'partition', value: ({ schema, name }) => `${schema}.${name}`, most: 60 },
        { title: 'ends', value: ({ endsAt }) => (endsAt === null ? '' : new Date(endsAt).toISOString()) },
        {
          title: 'rows',
          value: ({ rows }) => (rows === null ? '' : String(Math.round(rows))),
          align: 'right',
        },
        { title: 'goes', value: ({ goes }) => (goes ? 'goes' : 'stays') },
        { title: 'why', value: ({ why }) => why, most: 60 },
      ],
      partitions,
    );
  if (rows !== null) printLine(`${exact ? '' : 'about '}${Math.round(rows).toLocaleString('en-US')} rows`);
  if (bytes !== null) printLine(`${(bytes / 1e6).toFixed(1)} MB`);
  for (const statement of statements) printLine(printable(statement));
  for (const line of [...warnings, ...refused]) tell(line);
}
