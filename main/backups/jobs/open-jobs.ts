import type {
  BackupJob,
  BackupJobDraft,
  JobRun,
  PruneEntry,
  Retention,
} from '../../../preload/contract/backup-jobs.ts';
import { Broadcast } from '../../lib/broadcast.ts';
import type { Clock } from '../../lib/clock.ts';
import { readTimes } from '../../lib/cron.ts';
import { fail } from '../../lib/fail.ts';
import type { AuditTrail } from '../../rpc.ts';
import type { Store } from '../../store/index.ts';
import type { BackupRuns } from '../running.ts';
import type { ActNeeds } from './act.ts';
import { checkDraft } from './check-draft.ts';
import { environmentOf, type JobRuns, openJobRuns } from './job-runs.ts';
import { type KeptJob, openJobStore } from './job-store.ts';
import { type PruneOf, planPrune, prune } from './prune.ts';
import { nextAt, openScheduler } from './scheduler.ts';

export interface JobsNeeds extends Omit<ActNeeds, 'now'> {
  audit: AuditTrail;
  /** For the audit log. */
  face: string;
  store: Store;
  runs: BackupRuns;
  dataFolder: string;
  clock: Clock;
}

/** What is backed up and proven by the clock. */
export interface Jobs {
  list(): BackupJob[];
  watch(signal: AbortSignal | undefined): AsyncGenerator<BackupJob[], void, void>;
  /** By id or name. @throws INVALID */
  find(ref: string): KeptJob;
  /** Of a job, by id or name; undefined where either is not there. */
  environmentOf(ref: string): { id: string; name: string } | undefined;
  add(draft: BackupJobDraft): BackupJob;
  change(ref: string, draft: BackupJobDraft): BackupJob;
  /** A run that is under way is cancelled first. */
  remove(ref: string): Promise<void>;
  begin: JobRuns['begin'];
  history(ref: string, most: number): JobRun[];
  planPrune(of: PruneInput): Promise<PruneEntry[]>;
  prune(of: PruneInput, backups: readonly string[]): Promise<PruneEntry[]>;
  /** From now on what is due is run. */
  start(): void;
  close(): Promise<void>;
}

type PruneInput = { job: string } | { environment: string; retention: Retention };

export function openJobs(needs: JobsNeeds): Jobs {
  const { clock, findEnvironment } = needs;
  const store = openJobStore(needs.store.db);
  const view = new Broadcast<BackupJob[]>();
  const now = (): number => clock.now();
  let isOpen = false;
  const onChange = (): void => {
    if (isOpen && view.followers > 0) view.publish(list());
  };
  const runs = openJobRuns({ ...needs, store, now, onChange });
  const scheduler = openScheduler({
    store,
    clock,
    begin: (job, by, said) => void runs.begin(job, by, said),
    missed: runs.missed,
  });
  isOpen = true;

  const shown = (job: KeptJob): BackupJob => {
    const { handledUntil: _, ...draft } = job;
    return {
      ...draft,
      nextAt: nextAt(job, now()),
      lastRun: store.runs(job.id, 1)[0] ?? null,
      run: runs.nameOf(job.id),
      trouble: troubleOf(job),
    };
  };
  const list = (): BackupJob[] => store.all().map(shown);
  const find = (ref: string): KeptJob => {
    const job = store.find(ref);
    if (job) return job;
    throw fail('INVALID', {
      cause: 'job-unknown',
      field: 'job',
      what: `There is no job "${ref}".`,
      why: 'It was removed, or never was there.',
      next: 'howdah backups jobs list shows their names.',
    });
  };
  const troubleOf = ({ environment, schedule }: KeptJob): string | null => {
    try {
      findEnvironment(environment);
      if (schedule) readTimes(schedule);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const ofInput = (of: PruneInput): [PruneOf, string] => {
    if ('environment' in of)
      return [{ environment: findEnvironment(of.environment).id, rules: of.retention }, 'UTC'];
    const { id, retention, schedule } = find(of.job);
    return [{ job: id, rules: retention }, schedule?.timeZone ?? 'UTC'];
  };

  return {
    list,
    watch: async function* (signal) {
      // Followed first, so that nothing falls in between.
      const later = view.follow(signal, { fresh: true });
      const first = later.next();
      try {
        yield list();
        for (let next = await first; !next.done; next = await later.next()) yield next.value;
      } finally {
        void later.return();
      }
    },
    find,
    environmentOf: (ref) => {
      const job = store.find(ref);
      return job && environmentOf(needs, job);
    },
    add: (draft) => {
      const id = store.add(checkDraft(draft, store.all(), findEnvironment), now());
      scheduler.look();
      onChange();
      return shown(find(id));
    },
    change: (ref, draft) => {
      const before = find(ref);
      const others = store.all().filter(({ id }) => id !== before.id);
      const checked = checkDraft(draft, others, findEnvironment, before);
      const isSame = checked.isOn === before.isOn && sameTimes(checked, before);
      // What an older schedule has missed is not the new one's.
      store.change(before.id, checked, isSame ? before.handledUntil : now());
      scheduler.look();
      onChange();
      return shown(find(before.id));
    },
    remove: async (ref) => {
      const { id } = find(ref);
      await runs.cancel(id);
      store.remove(id);
      scheduler.look();
      onChange();
    },
    begin: runs.begin,
    history: (ref, most) => store.runs(find(ref).id, most),
    planPrune: async (input) => {
      const [of, timeZone] = ofInput(input);
      return await planPrune(needs, of, { now: now(), timeZone });
    },
    prune: async (input, backups) => {
      const [of, timeZone] = ofInput(input);
      return await prune(needs, of, backups, { now: now(), timeZone });
    },
    start: scheduler.start,
    close: async () => {
      scheduler.stop();
      await runs.close();
      view.close();
    },
  };
}

const sameTimes = (one: BackupJobDraft, other: BackupJobDraft): boolean =>
  one.schedule?.cron === other.schedule?.cron &&
  one.schedule?.timeZone === other.schedule?.timeZone &&
  one.schedule?.by === other.schedule?.by;
