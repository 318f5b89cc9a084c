import type { Command } from 'commander';
import type { BackupJob, JobRun } from '../../preload/contract/backup-jobs.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { draftCommands } from './backups-job-draft.ts';
import { jobOf } from './backups-job-ref.ts';
import { pruneCommand } from './backups-prune.ts';
import { type NoteOverlap, runJobCommand } from './backups-run-job.ts';
import { duration, printJson, printLine, printTable } from './output.ts';
import type { CommandRun } from './run.ts';

interface JsonOption {
  json?: boolean;
}

/** `howdah backups jobs …`, `run` and `prune` */
export function jobCommands(backups: Command, run: CommandRun, noteOverlap: NoteOverlap): void {
  runJobCommand(backups, run, noteOverlap);
  pruneCommand(backups, run);
  const jobs = backups
    .command('jobs')
    .description('backups and proofs by the clock, and what is kept of them');
  jobs
    .command('list')
    .option('--json', 'print JSON')
    .description('list the jobs, with their next run and what came of the last')
    .action((options: JsonOption) =>
      run(options, async (client) => {
        await printJobs(client, await client.backups.jobs.list(), options);
        return 0;
      }),
    );
  draftCommands(jobs, run, printJobs);
  jobs
    .command('remove')
    .argument('<job>', 'name or number')
    .option('--json', 'print JSON')
    .description('remove a job; the backups it made stay')
    .action((job: string, options: JsonOption) =>
      run(options, async (client) => {
        const left = await client.backups.jobs.remove({ job });
        if (options.json) printJson(left);
        else printLine(`Removed ${job}. Its backups stay.`);
        return 0;
      }),
    );
  for (const [name, isOn] of [
    ['on', true],
    ['off', false],
  ] as const)
    jobs
      .command(name)
      .argument('<job>', 'name or number')
      .option('--json', 'print JSON')
      .description(isOn ? 'run it when it is due' : 'do not run it by the clock any more')
      .action((ref: string, options: JsonOption) =>
        run(options, async (client) => {
          const job = await jobOf(client, ref);
          const changed = await client.backups.jobs.change({ job: job.id, draft: { ...job, isOn } });
          await printJobs(client, [changed], options);
          return 0;
        }),
      );
  jobs
    .command('history')
    .argument('<job>', 'name or number')
    .option('--most <number>', 'how many runs', Number, 20)
    .option('--json', 'print JSON')
    .description('what came of its runs, the newest first')
    .action((job: string, options: JsonOption & { most: number }) =>
      run(options, async (client) => {
        const runs = await client.backups.jobs.history({ job, most: options.most });
        if (options.json) printJson(runs);
        else printRuns(runs);
        return 0;
      }),
    );
  jobs
    .command('system')
    .argument('<job>', 'name or number')
    .option('--json', 'print JSON')
    .description('its schedule for the system’s own scheduler: systemd, cron, launchd, Task Scheduler')
    .action((job: string, options: JsonOption) =>
      run(options, async (client) => {
        const schedules = await client.backups.jobs.system({ job });
        if (options.json) printJson(schedules);
        else
          for (const { title, files, install, limits } of schedules) {
            printLine(`== ${title}`);
            for (const { name, text } of files)
              printLine(`${name === '' ? '' : `-- ${name}\n`}${text.trimEnd()}`);
            if (install !== '') printLine(`-- to put it in force:\n${install}`);
            for (const limit of limits) printLine(`! ${limit}`);
            printLine('');
          }
        return 0;
      }),
    );
}

async function printJobs(
  client: ConsoleClient,
  jobs: readonly BackupJob[],
  { json, one }: JsonOption & { one?: boolean },
): Promise<void> {
  if (json) return printJson(one ? jobs[0] : jobs);
  const { environments } = await client.environments.list();
  const nameOf = (id: string): string => environments.find((one) => one.id === id)?.name ?? '(removed)';
  printTable(
    [
      { title: 'ID', value: ({ id }) => id },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'ENVIRONMENT', value: ({ environment }) => nameOf(environment) },
      { title: 'WHAT', value: ({ action }) => action.kind },
      {
        title: 'WHEN',
        value: ({ schedule, isOn }) =>
          !isOn ? 'off' : schedule ? `${schedule.cron} ${schedule.timeZone}` : 'when asked',
      },
      {
        title: 'NEXT',
        value: ({ nextAt, schedule }) =>
          nextAt !== null ? instant(nextAt) : schedule?.by === 'system' ? 'by the system' : '',
      },
      {
        title: 'LAST',
        value: ({ lastRun }) => (lastRun ? `${lastRun.outcome} ${instant(lastRun.startedAt)}` : ''),
      },
      { title: '', value: ({ trouble }) => trouble ?? '' },
    ],
    [...jobs],
  );
}

function printRuns(runs: JobRun[]): void {
  printTable(
    [
      { title: 'BEGAN', value: ({ startedAt }) => instant(startedAt) },
      {
        title: 'TOOK',
        value: ({ startedAt, endedAt }) => (endedAt === null ? '' : duration(endedAt - startedAt)),
        align: 'right',
      },
      { title: 'BY', value: ({ by }) => by },
      { title: 'OUTCOME', value: ({ outcome }) => outcome },
      { title: '', value: ({ said }) => said },
    ],
    runs,
  );
}

const instant = (at: number): string => new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
