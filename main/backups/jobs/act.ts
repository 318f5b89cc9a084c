import type { EngineProgress } from '../../../preload/contract/backup-engines.ts';
import type { JobAction, JobProgress, JobRun } from '../../../preload/contract/backup-jobs.ts';
import type { Backup, Verification } from '../../../preload/contract/backups.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { Making } from '../making.ts';
import { refusing } from '../refusals.ts';
import { type VerifyNeeds, verifyBackup } from '../verifying.ts';
import type { KeptJob } from './job-store.ts';
import { type PruneNeeds, planPrune, prune } from './prune.ts';
import { type ReachNeeds, reach } from './reach.ts';
import { isEmpty } from './retention.ts';

/** How long a server that is away is tried when nobody waits for the run, ms. */
const patienceMs = 60_000;

export interface ActNeeds extends VerifyNeeds, PruneNeeds, ReachNeeds {
  making: Making;
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  /** Has an engine make a backup. */
  runEngine(
    engine: string,
    order: Pick<Extract<JobAction, { kind: 'engine' }>, 'type' | 'repository'>,
    signal: AbortSignal,
  ): AsyncGenerator<EngineProgress, void, void>;
  onEvent(id: string, kind: string, text: string): void;
  now(): number;
}

/** What came of a run. */
export type Came = Pick<JobRun, 'said' | 'backup' | 'removed'> & { outcome: 'done' | 'failed' };

export type ThisRun = Pick<JobRun, 'id' | 'by'>;

type Progress = AsyncGenerator<JobProgress, Came, void>;

const failed = (said: string, backup: string | null = null): Came => ({
  outcome: 'failed',
  said,
  backup,
  removed: [],
});

/** Does what a job is for. @throws what stands in the way, as errors of the contract */
export async function* act(needs: ActNeeds, job: KeptJob, run: ThisRun, signal: AbortSignal): Progress {
  const environment = needs.findEnvironment(job.environment);
  const { action } = job;
  if (action.kind === 'backup') return yield* backUp(needs, { ...job, run }, action, environment, signal);
  if (action.kind === 'verify') return yield* verifyNewest(needs, action, environment, signal);
  return yield* runEngine(needs, action, signal);
}

/** Makes it, proves it, and only then removes what the rules do not keep. */
async function* backUp(
  needs: ActNeeds,
  job: KeptJob & { run: ThisRun },
  { options, folder, proof }: Extract<JobAction, { kind: 'backup' }>,
  environment: Environment,
  signal: AbortSignal,
): Progress {
  yield { kind: 'phase', said: `Connecting to ${environment.name}` };
  await reach(needs, environment.id, { signal, patienceMs: job.run.by === 'hand' ? 0 : patienceMs });
  const task = await refusing('options', () =>
    needs.making.task(
      environment,
      { options, inFolder: folder ?? undefined, tag: `run${job.run.id}` },
      signal,
    ),
  );
  let made: Backup | undefined;
  for await (const event of needs.making.make({ ...task, signal }, job.id)) {
    if (event.kind === 'begun') continue;
    yield event;
    if (event.kind === 'failed') return failed(`${event.problem.what} ${event.problem.why}`);
    if (event.kind === 'finished') made = event.backup;
  }
  if (!made?.id) return failed('No backup came of it.');
  const parts = [`Backup of ${made.database ?? 'the globals'} made and read back: ${made.path}.`];
  if (proof === 'restorable') {
    const checksums = options.counted === 'checksums';
    const { state, said } = yield* proven(needs, made, { level: proof, checksums }, signal);
    if (state !== 'good')
      return failed(
        `${parts[0]} But ${state === 'bad' ? 'restoring it shows that it is damaged' : 'it could not be proven by restoring it'}: ${said.join(' ')} No older backup was removed.`,
        made.id,
      );
    parts.push('It was restored and compared.');
  }
  const removed = yield* pruned(needs, job, parts);
  return { outcome: 'done', said: parts.join(' '), backup: made.id, removed };
}

async function* pruned(
  needs: ActNeeds,
  job: KeptJob,
  parts: string[],
): AsyncGenerator<JobProgress, string[], void> {
  const { retention, environment } = job;
  if (retention === null || isEmpty(retention)) return [];
  yield { kind: 'phase', said: 'Removing what the rules do not keep' };
  const of = { job: job.id, rules: retention };
  const clock = { now: needs.now(), timeZone: job.schedule?.timeZone ?? 'UTC' };
  const going = (await planPrune(needs, of, clock)).filter(({ keeps }) => !keeps);
  const done = await prune(
    needs,
    of,
    going.map(({ backup }) => backup),
    clock,
  );
  const removed = done.filter(({ keeps }) => !keeps).map(({ path }) => path);
  if (removed.length > 0) {
    parts.push(`${removed.length} older ${removed.length === 1 ? 'one was' : 'ones were'} removed.`);
    yield { kind: 'pruned', removed };
  }
  for (const { path, why } of done.filter(({ keeps }) => keeps)) {
    parts.push(`${path} stays: ${why}`);
    needs.onEvent(environment, 'backup-job-failed', `${path} of the job ${job.name} stays: ${why}`);
  }
  return removed;
}

async function* verifyNewest(
  needs: ActNeeds,
  { level, newest }: Extract<JobAction, { kind: 'verify' }>,
  environment: Environment,
  signal: AbortSignal,
): Progress {
  const there = (await needs.catalogue.list(environment.id)).filter(({ isThere }) => isThere);
  const chosen = there.slice(0, newest);
  if (chosen.length === 0) return failed(`There is no backup of ${environment.name} to verify.`);
  const parts: string[] = [];
  let good = 0;
  for (const backup of chosen) {
    yield { kind: 'phase', said: `Verifying ${backup.path}` };
    const { state, said } = yield* proven(needs, backup, { level, checksums: false }, signal);
    if (state === 'good') good += 1;
    else parts.push(`${backup.path} is ${state === 'bad' ? 'damaged' : 'unproven'}: ${said.join(' ')}`);
    if (state === 'bad' && backup.verification.state !== 'bad')
      needs.onEvent(
        environment.id,
        'backup-bad',
        `A backup has turned bad: ${backup.path}. ${said.join(' ')}`,
      );
  }
  const summary = `${good} of ${chosen.length} proven ${level}.`;
  return {
    outcome: parts.length === 0 ? 'done' : 'failed',
    said: [summary, ...parts].join(' '),
    backup: chosen.length === 1 ? (chosen[0]?.id ?? null) : null,
    removed: [],
  };
}

/** One that can't be opened is unproven, and the others have their turn. */
async function* proven(
  needs: ActNeeds,
  backup: Backup,
  how: { level: 'readable' | 'restorable'; checksums: boolean },
  signal: AbortSignal,
): AsyncGenerator<JobProgress, Pick<Verification, 'state' | 'said'>, void> {
  try {
    const input = { backup: backup.id ?? backup.path, ...how, run: '' };
    let found: Verification | undefined;
    for await (const event of verifyBackup(needs, input, signal)) {
      if (event.kind === 'begun') continue;
      yield event;
      if (event.kind === 'verified') found = event.backup.verification;
      if (event.kind === 'failed') return { state: 'unproven', said: [event.problem.what] };
    }
    return found ?? { state: 'unproven', said: ['Nothing came of it.'] };
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'unproven', said: [error instanceof Error ? error.message : String(error)] };
  }
}

async function* runEngine(
  needs: ActNeeds,
  { engine, ...order }: Extract<JobAction, { kind: 'engine' }>,
  signal: AbortSignal,
): Progress {
  let label: string | null = null;
  for await (const event of needs.runEngine(engine, order, signal)) {
    if (event.kind === 'failed') {
      yield event;
      return failed(`${event.problem.what} ${event.problem.why}`);
    }
    if (event.kind === 'log') yield event;
    if (event.kind === 'finished') label = event.label;
  }
  const said = `The engine made ${label === null ? 'a backup' : `the backup ${label}`}.`;
  return { outcome: 'done', said, backup: null, removed: [] };
}
