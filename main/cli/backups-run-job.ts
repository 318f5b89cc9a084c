import type { Command } from 'commander';
import type { JobProgress, JobRun } from '../../preload/contract/backup-jobs.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { jobOf } from './backups-job-ref.ts';
import { followBackup } from './backups-progress.ts';
import { printable, printJson, printLine } from './output.ts';
import { givenPassword, type PasswordOptions } from './password.ts';
import type { CommandRun } from './run.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface RunJobOptions extends PasswordOptions {
  scheduled?: boolean;
  verbose?: boolean;
  json?: boolean;
}

/** Notes from outside that a run is refused, when another command is just at a run of the same job. */
export type NoteOverlap = (dataFolder: string, job: string, by: JobRun['by']) => JobRun | undefined;

/** How often it is looked whether another command, which has the data folder, runs the same job, ms. */
const lookMs = 1000;

/** `howdah backups run` */
export function runJobCommand(backups: Command, run: CommandRun, noteOverlap: NoteOverlap): void {
  backups
    .command('run')
    .argument('<job>', 'name or number')
    .option('--scheduled', 'the system’s scheduler runs it; nothing is run when the job is off')
    .option('--verbose', 'show what the program says')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .description('run a job now; exit code 1 when it was not done')
    .action((ref: string, options: RunJobOptions) => {
      const by = options.scheduled ? ('system' as const) : ('hand' as const);
      let lookedAt = 0;
      return run(
        options,
        (client) =>
          untilInterrupted(async (signal) => {
            const job = await jobOf(client, ref);
            await offerPassword(client, job.environment, options);
            const events = await client.backups.jobs.run({ job: job.id, by, stays: false }, { signal });
            let ended: JobRun | undefined;
            await followBackup(
              told(events, (run) => {
                ended = run;
              }),
              options,
            );
            return say(ended, options);
          }),
        (folder) => {
          if (Date.now() - lookedAt < lookMs) return undefined;
          lookedAt = Date.now();
          const refused = noteOverlap(folder, ref, by);
          return refused && say(refused, options);
        },
      );
    });
}

/** A password that is given with the call is for an environment that has none of its own. */
async function offerPassword(client: ConsoleClient, id: string, options: PasswordOptions): Promise<void> {
  const { environments } = await client.environments.list();
  const environment = environments.find((one) => one.id === id);
  if (environment?.password !== 'none') return;
  const password = await givenPassword(options);
  if (password === undefined) return;
  // What comes of it is told by the run.
  await client.environments.connect({
    environment: id,
    keep: false,
    password: { password, remember: false },
  });
}

/** What is like a backup's own progress; the rest is said here. */
async function* told(
  events: AsyncIterable<JobProgress>,
  onEnd: (run: JobRun) => void,
): AsyncGenerator<Exclude<JobProgress, { kind: 'pruned' | 'ended' }>, void, void> {
  for await (const event of events) {
    if (event.kind === 'ended') onEnd(event.run);
    else if (event.kind === 'pruned')
      for (const path of event.removed) process.stderr.write(`Removed ${printable(path)}\n`);
    else yield event;
  }
}

function say(ended: JobRun | undefined, { json }: { json?: boolean }): 0 | 1 {
  if (json) printJson(ended ?? null);
  else if (ended) printLine(`${ended.outcome}: ${ended.said}`);
  return ended?.outcome === 'done' ? 0 : 1;
}
