import { ORPCError } from '@orpc/server';
import type { JobProgress, JobRun } from '../../../preload/contract/backup-jobs.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { explanationIn } from '../../../preload/contract/error-data.ts';
import { masked } from '../../lib/mask.ts';
import type { AuditTrail } from '../../rpc.ts';
import type { BackupRuns } from '../running.ts';
import { type ActNeeds, act, type Came, type ThisRun } from './act.ts';
import type { JobStore, KeptJob } from './job-store.ts';
import { takeJobLock } from './lock.ts';
import { openTurns } from './turns.ts';

export interface Running {
  /** Comes with the run's end. @throws only what keeping its history throws */
  done: Promise<JobRun>;
  cancel(): void;
}

export interface JobRuns {
  /** Begins a run, or notes that another one of the job is under way. */
  begin(job: KeptJob, by: JobRun['by'], said: string, tell?: (event: JobProgress) => void): Running;
  /** Notes a time that passed without a run. */
  missed(job: KeptJob, said: string): void;
  /** Name of a job's run that is under way, to cancel it. */
  nameOf(job: string): string | null;
  /** Cancels what is under way of a job, and waits for its end. */
  cancel(job: string): Promise<void>;
  /** Ends what is under way, as lost. */
  close(): Promise<void>;
}

export interface JobRunNeeds extends ActNeeds {
  audit: AuditTrail;
  /** For the audit log. */
  face: string;
  store: JobStore;
  runs: BackupRuns;
  dataFolder: string;
  onChange(): void;
}

interface UnderWay {
  job: string;
  stop: AbortController;
  done: Promise<JobRun> | undefined;
}

/** Jobs at work at once; of one environment always one alone. */
const mostAtOnce = 3;

export function openJobRuns(needs: JobRunNeeds): JobRuns {
  const { store, now, onChange } = needs;
  const turns = openTurns(mostAtOnce);
  const names = new Map<string, string>();
  const underWay = new Set<UnderWay>();
  let isClosed = false;
  noteLost(needs);

  /** What a run does and tells; `came` is told once there is something to tell. */
  async function* work(
    job: KeptJob,
    {
      about,
      signal,
      run,
      came,
    }: { about: ThisRun; signal: AbortSignal; run: string; came(came: Came): void },
  ): AsyncGenerator<JobProgress, void, void> {
    names.set(job.id, run);
    onChange();
    yield { kind: 'begun', run };
    if (turns.isBusy(job.environment)) yield { kind: 'phase', said: 'Waiting for other jobs to end' };
    const end = await turns.take(job.environment, signal);
    try {
      came(yield* act(needs, job, about, signal));
    } finally {
      end();
    }
  }

  /** Never fails: what went wrong is what came of it. */
  async function drive(
    job: KeptJob,
    about: ThisRun,
    stop: AbortController,
    tell: (event: JobProgress) => void,
  ): Promise<Pick<JobRun, 'outcome' | 'said' | 'backup' | 'removed'>> {
    let came: Came = { outcome: 'failed', said: 'Nothing came of it.', backup: null, removed: [] };
    let signal = stop.signal;
    try {
      const events = needs.runs.follow(stop.signal, (until, run) => {
        signal = until;
        return work(job, { about, signal: until, run, came: (one) => (came = one) });
      });
      for await (const event of events) tell(event);
    } catch (error) {
      const problem = problemOf(error);
      came = { ...came, said: `${problem.what} ${problem.why}`.trim() };
      tell({ kind: 'failed', problem, state: '', cancelled: signal.aborted });
    }
    if (!signal.aborted || came.outcome === 'done') return came;
    return isClosed
      ? { ...came, outcome: 'lost', said: 'Howdah was closed before the run ended.' }
      : { ...came, outcome: 'cancelled', said: 'Somebody cancelled it.' };
  }

  const begin: JobRuns['begin'] = (job, by, said, tell = () => undefined) => {
    const startedAt = now();
    const lock = isClosed ? undefined : takeJobLock(needs.dataFolder, job.id);
    const log = auditRun(needs, job, by);
    if (!lock) {
      const run = noteOverlap(store, job, by, startedAt);
      log(run);
      tellEvent(needs, job, run);
      onChange();
      tell({ kind: 'ended', run });
      return { done: Promise.resolve(run), cancel: () => undefined };
    }
    const stop = new AbortController();
    let id: string;
    try {
      id = store.begin(job.id, { by, said: said || 'Begun.', startedAt });
    } catch (error) {
      lock.release();
      throw error;
    }
    const one: UnderWay = { job: job.id, stop, done: undefined };
    underWay.add(one);
    const done = (async () => {
      const came = await drive(job, { id, by }, stop, tell);
      try {
        const parts = [came.said, said].filter((part) => part !== '');
        return store.end(id, { ...came, said: masked(parts.join(' ')), endedAt: now() });
      } finally {
        lock.release();
        names.delete(job.id);
        underWay.delete(one);
      }
    })().then((run) => {
      log(run);
      tellEvent(needs, job, run);
      onChange();
      tell({ kind: 'ended', run });
      return run;
    });
    one.done = done;
    return { done, cancel: () => stop.abort(new Error('Cancelled.')) };
  };

  return {
    begin,
    missed: (job, said) => {
      const at = now();
      tellEvent(needs, job, store.note(job.id, { by: 'schedule', outcome: 'missed', startedAt: at }, said));
      onChange();
    },
    nameOf: (job) => names.get(job) ?? null,
    cancel: async (job) => {
      for (const one of [...underWay].filter((one) => one.job === job)) {
        one.stop.abort(new Error('Cancelled.'));
        await one.done;
      }
    },
    close: async () => {
      isClosed = true;
      for (const { stop } of underWay) stop.abort(new Error('Howdah is closing.'));
      await Promise.allSettled([...underWay].map(({ done }) => done));
    },
  };
}

/** What somebody asks for is in the audit log by the call itself; what the clock asks for is written there here. */
function auditRun(needs: JobRunNeeds, job: KeptJob, by: JobRun['by']): (ended: JobRun) => void {
  if (by !== 'schedule' && by !== 'catch-up') return () => undefined;
  const from = Date.now();
  const environment = environmentOf(needs, job);
  const id = needs.audit.begin({
    at: from,
    who: `schedule via ${needs.face}`,
    ...(environment ? { environment } : {}),
    procedure: 'backups.jobs.run',
    risk: 'change',
    input: { job: job.name, by },
  });
  return ({ outcome, said }) =>
    needs.audit.finish(
      id,
      outcome === 'done' ? 'done' : outcome === 'overlapped' ? 'refused' : 'failed',
      Date.now() - from,
      `${outcome}: ${said}`,
    );
}

/** For the audit log. Undefined: there is none of that id any more. */
export function environmentOf(
  { findEnvironment }: Pick<JobRunNeeds, 'findEnvironment'>,
  job: Pick<KeptJob, 'environment'>,
): { id: string; name: string } | undefined {
  try {
    const { id, name } = findEnvironment(job.environment);
    return { id, name };
  } catch {
    return undefined;
  }
}

/** Errors of the contract carry their explanation, those of this room too; any other is told as it is. */
function problemOf(error: unknown): Explanation {
  const told =
    error instanceof ORPCError ? error.data : error instanceof Error && 'problem' in error && error.problem;
  return (
    explanationIn(told) ?? {
      cause: 'unexpected',
      what: error instanceof Error ? error.message : String(error),
      why: '',
      next: 'Look at the environment, then run the job again.',
    }
  );
}

/** A run that was refused because of another one. */
export const noteOverlap = (store: JobStore, job: KeptJob, by: JobRun['by'], at: number): JobRun =>
  store.note(
    job.id,
    { by, outcome: 'overlapped', startedAt: at },
    'Not begun: another run of this job was under way.',
  );

/** Of runs that are noted as under way, those that nobody does any more. */
function noteLost(needs: JobRunNeeds): void {
  for (const { job, run } of needs.store.underWay()) {
    const lock = takeJobLock(needs.dataFolder, job);
    if (!lock) continue;
    try {
      const said = `Howdah ended before the run did. ${run.said === 'Begun.' ? '' : run.said}`.trim();
      const ended = needs.store.end(run.id, { ...run, outcome: 'lost', said, endedAt: needs.now() });
      const kept = needs.store.find(job);
      if (kept) tellEvent(needs, kept, ended);
    } finally {
      lock.release();
    }
  }
}

/** Failures are seen where the environment is looked at. */
function tellEvent({ onEvent }: JobRunNeeds, job: KeptJob, { outcome, said }: JobRun): void {
  const how = { done: 'done', failed: 'failed', cancelled: 'was cancelled', missed: 'was missed' };
  const others = { overlapped: 'was not begun', lost: 'was lost', running: 'runs' };
  const kind = outcome === 'done' || outcome === 'cancelled' ? 'backup-job' : 'backup-job-failed';
  onEvent(job.environment, kind, `Job ${job.name} ${{ ...how, ...others }[outcome]}: ${said}`);
}
