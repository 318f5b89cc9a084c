import type { JobProgress } from '../../../preload/contract/backup-jobs.ts';
import type { Clock } from '../../lib/clock.ts';
import { readTimes } from '../../lib/cron.ts';
import { fail } from '../../lib/fail.ts';
import { following } from '../../lib/following.ts';
import type { Implementer } from '../../rpc.ts';
import { scheduleWords } from './cron-words.ts';
import type { Jobs } from './open-jobs.ts';
import { ownCommand, systemSchedules } from './system/index.ts';

/** How many of a schedule's times are shown. */
const shownTimes = 5;

export function jobProcedures(
  os: Implementer,
  jobs: Jobs,
  { dataFolder, clock }: { dataFolder: string; clock: Clock },
) {
  const room = os.backups.jobs;
  return {
    list: room.list.handler(() => jobs.list()),
    watch: room.watch.handler(async function* ({ signal }) {
      yield* jobs.watch(signal);
    }),
    add: room.add.handler(({ input }) => jobs.add(input)),
    change: room.change.handler(({ input, context }) => {
      context.concerns(jobs.environmentOf(input.job));
      return jobs.change(input.job, input.draft);
    }),
    remove: room.remove.handler(async ({ input, context }) => {
      context.concerns(jobs.environmentOf(input.job));
      await jobs.remove(input.job);
      return jobs.list();
    }),
    run: room.run.handler(async function* ({ input, context, signal }) {
      context.concerns(jobs.environmentOf(input.job));
      const job = jobs.find(input.job);
      if (input.by === 'system' && !job.isOn) throw isOff(job.name);
      yield* following<JobProgress, void>(signal, async (tell, left) => {
        const running = jobs.begin(job, input.by, '', tell);
        await new Promise<void>((resolve, reject) => {
          const leave = (): void => (input.stays ? resolve() : running.cancel());
          left.addEventListener('abort', leave, { once: true });
          if (left.aborted) leave();
          running.done.then(() => resolve(), reject);
        });
      });
    }),
    history: room.history.handler(({ input }) => jobs.history(input.job, input.most)),
    preview: room.preview.handler(({ input }) => {
      const times = readTimes(input);
      return {
        next: times.after(clock.now(), shownTimes),
        said: scheduleWords(times.fields, times.timeZone),
      };
    }),
    system: room.system.handler(async ({ input }) => {
      const { id, name, schedule } = jobs.find(input.job);
      if (!schedule) throw noSchedule(name);
      return systemSchedules({
        id,
        name,
        schedule,
        times: readTimes(schedule),
        dataFolder,
        command: await ownCommand(),
        platform: process.platform,
        machineZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      });
    }),
    planPrune: room.planPrune.handler(({ input }) => jobs.planPrune(input)),
    prune: room.prune.handler(({ input, context }) => {
      const { of } = input;
      if ('job' in of) context.concerns(jobs.environmentOf(of.job));
      return jobs.prune(of, input.backups);
    }),
  };
}

const isOff = (name: string): Error =>
  fail('INVALID', {
    cause: 'job-off',
    field: 'job',
    what: `The job ${name} is off.`,
    why: 'The system’s scheduler wanted to run it.',
    next: 'Turn it on, or take it out of that scheduler.',
    command: `howdah backups jobs on "${name}"`,
  });

const noSchedule = (name: string): Error =>
  fail('INVALID', {
    cause: 'no-schedule',
    field: 'job',
    what: `The job ${name} has no schedule.`,
    why: 'It runs when somebody asks for it.',
    next: 'Give it one first.',
  });
