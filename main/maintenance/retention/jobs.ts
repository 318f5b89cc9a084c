import type { Environment } from '../../../preload/contract/environments.ts';
import type {
  RetentionDraft,
  RetentionJob,
  RetentionProgress,
  RetentionRun,
} from '../../../preload/contract/maintenance-retention.ts';
import type { Clock } from '../../lib/clock.ts';
import { readTimes } from '../../lib/cron.ts';
import { fail } from '../../lib/fail.ts';
import { masked } from '../../lib/mask.ts';
import type { AuditTrail } from '../../rpc.ts';
import type { ServerPool } from '../../servers/index.ts';
import type { Store } from '../../store/index.ts';
import type { Runs } from '../runs.ts';
import { nextAt, openRetentionClock } from './clock.ts';
import { deleteRows } from './delete-rows.ts';
import { callFunction, dropPartitions } from './drop-partitions.ts';
import { type KeptJob, openJobStore } from './job-store.ts';
import type { Came, Work } from './work.ts';

export interface JobsNeeds {
  store: Store;
  runs: Runs;
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  poolIfAny(id: string): ServerPool | undefined;
  clock: Clock;
  audit: AuditTrail;
  /** For the audit log. */
  face: string;
  onEvent(id: string, kind: string, text: string): void;
  now(): number;
}

/** Rules by which old rows go, their runs, and what came of them. */
export interface Jobs {
  list(environment?: string): RetentionJob[];
  save(environment: Environment, draft: RetentionDraft, ref?: string): RetentionJob;
  remove(environment: Environment, ref: string): void;
  run(
    environment: Environment,
    ref: string,
    by: RetentionRun['by'],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<RetentionProgress, void, void>;
  history(environment: Environment, ref: string, most: number): RetentionRun[];
  forget(environment: string): void;
  /** Runs what is due, now and from now on. */
  start(): void;
  stop(): void;
}

export function openJobs(needs: JobsNeeds): Jobs {
  const store = openJobStore(needs.store.db);
  /** Names of runs under way, by the job's id. */
  const running = new Map<string, string>();
  // One console holds the data folder: whatever is noted as under way was another's, and is over.
  store.noteLost(needs.clock.now());

  const find = ({ id, name }: Environment, ref: string): KeptJob => {
    const job = store.find(ref);
    if (job?.environment === id) return job;
    throw fail('INVALID', {
      cause: 'job-unknown',
      field: 'job',
      what: `${name} has no retention job "${ref}".`,
      why: 'It was removed, or belongs to another environment.',
      next: 'howdah vacuum retention list shows their names.',
    });
  };
  const shown = ({ protection, ...job }: KeptJob): RetentionJob => ({
    ...job,
    lastRun: store.runs(job.id, 1)[0] ?? null,
    nextAt: nextAt({ protection, ...job }, needs.clock.now()),
    run: running.get(job.id) ?? null,
    trouble: trouble({ protection, ...job }),
  });
  const trouble = ({ environment, protection }: KeptJob): string | null => {
    try {
      const now = needs.findEnvironment(environment).protection;
      if (now === 'read-only') return 'Its environment is read-only.';
      return now === 'guarded' && protection !== 'guarded'
        ? 'Its environment was guarded since the job was saved: save it again, with the name typed.'
        : null;
    } catch {
      return 'Its environment was removed.';
    }
  };

  const drive = async (
    environment: Environment,
    job: KeptJob,
    by: RetentionRun['by'],
    { tell, signal }: Pick<Work, 'tell' | 'signal'>,
  ): Promise<void> => {
    const pool = needs.pool(environment.id);
    const id = store.begin(job.id, { by, startedAt: needs.clock.now() });
    let noted: Pick<Came, 'rows' | 'dropped'> = { rows: null, dropped: [] };
    const work: Work = {
      ...job,
      pool,
      signal,
      tell,
      note: (done) => {
        noted = { ...noted, ...done };
        store.note(id, done);
      },
    };
    let came: Came;
    try {
      came = await carryOut(work, job);
    } catch (error) {
      const outcome = signal.aborted ? 'stopped' : 'failed';
      came = { ...noted, outcome, said: error instanceof Error ? error.message : String(error) };
    }
    const run = store.end(id, { ...came, said: masked(came.said), endedAt: needs.clock.now() });
    needs.onEvent(environment.id, 'retention', `${job.name}: ${run.said}`);
    running.delete(job.id);
    tell({ kind: 'ended', run });
    if (run.outcome !== 'done') throw notDone(job, run);
  };

  async function* run(
    environment: Environment,
    ref: string,
    by: RetentionRun['by'],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<RetentionProgress, void, void> {
    const job = find(environment, ref);
    const why = trouble(job);
    if (by === 'schedule' && why !== null) throw notBySchedule(job.name, why);
    if (running.has(job.id)) throw underWay(job.name);
    running.set(job.id, '');
    try {
      yield* needs.runs.follow<RetentionProgress>(environment.id, signal, (tell, until, name) => {
        running.set(job.id, name);
        return drive(environment, job, by, { tell, signal: until });
      });
    } finally {
      running.delete(job.id);
    }
  }

  /** A run that the clock asks for: it stands in the audit log, where nobody's call put it. */
  const runByClock = async (environment: Environment, job: KeptJob): Promise<void> => {
    const from = Date.now();
    const entry = needs.audit.begin({
      at: from,
      who: `schedule via ${needs.face}`,
      environment: { id: environment.id, name: environment.name },
      procedure: 'maintenance.retention.run',
      risk: 'destroy',
      input: { job: job.name, target: job.target },
    });
    let said = '';
    const finish = (outcome: 'done' | 'failed'): void =>
      needs.audit.finish(entry, outcome, Date.now() - from, said);
    try {
      for await (const event of run(environment, job.id, 'schedule', undefined))
        if (event.kind === 'ended') said = event.run.said;
      finish('done');
    } catch (error) {
      said ||= masked(error instanceof Error ? error.message : String(error));
      finish('failed');
    }
  };

  const clock = openRetentionClock({
    clock: needs.clock,
    jobs: () => store.all(),
    lastBySchedule: ({ id }) => store.runs(id, 50).find(({ by }) => by === 'schedule'),
    begin: (job) => {
      if (trouble(job) !== null || running.has(job.id) || !needs.poolIfAny(job.environment)) return false;
      void runByClock(needs.findEnvironment(job.environment), job);
      return true;
    },
  });

  return {
    start: clock.start,
    stop: clock.stop,
    run,
    list: (environment) => store.all(environment).map(shown),
    save: ({ id: environment, protection, transient, name }, draft, ref) => {
      const before = ref === undefined ? undefined : find(needs.findEnvironment(environment), ref);
      if (transient)
        throw fail('INVALID', {
          cause: 'environment-passing',
          field: 'environment',
          what: 'A job needs an environment that stays.',
          why: `${name} was opened from an address for this call alone.`,
          next: 'Add it as an environment first.',
        });
      if (draft.schedule) readTimes(draft.schedule);
      const taken = store.all().find((one) => one.name.toLowerCase() === draft.name.toLowerCase());
      if (taken && taken.id !== before?.id)
        throw fail('INVALID', {
          cause: 'name-taken',
          field: 'name',
          what: `There is already a retention job named "${draft.name}".`,
          why: 'Jobs are told apart by their names, on the command line too.',
          next: 'Choose another name.',
        });
      return shown(store.save({ ...draft, environment, protection, savedAt: needs.clock.now() }, before?.id));
    },
    remove: (environment, ref) => {
      const { id, name } = find(environment, ref);
      if (running.has(id)) throw underWay(name);
      store.remove(id);
    },
    history: (environment, ref, most) => store.runs(find(environment, ref).id, most),
    forget: store.forget,
  };
}

function carryOut(work: Work, { target }: KeptJob): Promise<Came> {
  switch (target.kind) {
    case 'partitions':
      return dropPartitions(work, target);
    case 'function':
      return callFunction(work, target);
    case 'delete':
      return deleteRows(work, target);
  }
}

const notDone = ({ name }: KeptJob, { outcome, said }: RetentionRun): Error =>
  fail('SERVER_ERROR', {
    cause: outcome === 'stopped' ? 'stopped' : 'retention-failed',
    what: outcome === 'stopped' ? `The job ${name} was stopped.` : `The job ${name} could not be done.`,
    why: said,
    next: 'What is told was done and stays so. Run the job again for the rest.',
  });

const underWay = (name: string): Error =>
  fail('INVALID', {
    cause: 'job-running',
    field: 'job',
    what: `The job ${name} runs already.`,
    why: 'One run of a job at a time.',
    next: 'Wait for its end, or stop it.',
  });

const notBySchedule = (name: string, why: string): Error =>
  fail('INVALID', {
    cause: 'job-not-by-schedule',
    field: 'job',
    what: `The job ${name} does not run by a schedule.`,
    why,
    next: 'Save the job again, or run it by hand.',
  });
