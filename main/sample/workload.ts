import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Client } from 'pg';
import { messageOf } from './errors.ts';
import type { SampleConnection } from './types.ts';
import { type Job, plan, type SessionName, sessions } from './workload-plan.ts';
import { Session } from './workload-session.ts';

/** How exactly the schedule is kept, in ms. */
const BEAT = 250;

export interface Workload {
  /** Resolves when all sessions have ended, within a second. */
  stop(): Promise<void>;
}

export interface WorkloadOptions {
  /** Built entry of `workload-worker.ts`; without it the workload runs in this thread. */
  worker?: URL | string;
  /** Told once of each kind of trouble that is not part of the plan. */
  onProblem?: (message: string) => void;
}

/**
 * Starts a gentle workload on the sample: some statements a second, a slow one, lock waits, idle transactions.
 * It outlives restarts of the server.
 */
export function startWorkload(server: SampleConnection, options: WorkloadOptions = {}): Workload {
  const { host, port, user, password, systems, assets } = server;
  const connection: SampleConnection = { host, port, user, password, systems, assets };
  return options.worker ? inWorker(connection, options.worker, options) : inThisThread(connection, options);
}

function inThisThread(connection: SampleConnection, options: WorkloadOptions): Workload {
  const end = new AbortController();
  const running = runWorkload(connection, { ...options, signal: end.signal }).catch((error: unknown) => {
    options.onProblem?.(messageOf(error));
  });
  return {
    stop: async () => {
      end.abort();
      await running;
    },
  };
}

function inWorker(connection: SampleConnection, entry: URL | string, options: WorkloadOptions): Workload {
  const worker = new Worker(entry, { workerData: connection });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('message', (problem: string) => options.onProblem?.(problem));
  worker.on('error', (error) => options.onProblem?.(messageOf(error)));
  return {
    stop: async () => {
      worker.postMessage('stop');
      const late = setTimeout(() => void worker.terminate(), 1500);
      await exited;
      clearTimeout(late);
    },
  };
}

/**
 * Runs the workload until `signal` fires, then ends its sessions, on the server too, within a second.
 * @throws Error when the systems' statements can't be read
 */
export async function runWorkload(
  connection: SampleConnection,
  options: { signal: AbortSignal; onProblem?: (message: string) => void },
): Promise<void> {
  const { signal } = options;
  const statements = await readStatements(connection);
  if (signal.aborted) return;
  const open = new Map<SessionName, Session>();
  for (const name of Object.keys(sessions) as SessionName[]) {
    open.set(name, new Session(connection, statements, sessions[name], signal));
  }
  const told = new Set<string>();
  const tell = (job: Job, error: unknown): void => {
    const problem = `${job.name}: ${messageOf(error)}`;
    if (signal.aborted || told.has(problem)) return;
    told.add(problem);
    options.onProblem?.(problem);
  };
  let beat = 0;
  const timer = setInterval(() => {
    for (const job of plan) {
      const turn = turnAt(job, beat * BEAT);
      if (turn !== undefined) void begin(job, turn, open).catch((error: unknown) => tell(job, error));
    }
    beat += 1;
  }, BEAT);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(timer);
  await endSessions(connection, [...open.values()]);
}

/** Which turn of a job begins at `time` (ms since the start, a multiple of the beat), if one does. */
export function turnAt(job: Pick<Job, 'every' | 'first'>, time: number): number | undefined {
  const since = time - job.first;
  return since >= 0 && since % job.every === 0 ? since / job.every : undefined;
}

async function begin(job: Job, turn: number, open: ReadonlyMap<SessionName, Session>): Promise<void> {
  const needed = job.needs.flatMap((name) => open.get(name) ?? []);
  const [first, ...others] = needed;
  if (!first || !needed.every((session) => session.isFree)) return;
  // Every session it needs is taken, from the last to the first, before the work begins.
  const taken = others.reduceRight<() => Promise<void>>(
    (inner, session) => () => session.use(inner),
    () => job.work(turn, first, ...others),
  );
  await first.use(taken);
}

/**
 * Ends the sessions on the server before closing the sockets: a backend in the middle of a statement or waiting for
 * a lock would else not notice for a while that its client has gone.
 */
async function endSessions(connection: SampleConnection, all: Session[]): Promise<void> {
  const pids = all.flatMap((session) => session.pid ?? []);
  const control = new Client({
    ...{ host: connection.host, port: connection.port, user: connection.user, password: connection.password },
    database: 'postgres',
    application_name: 'howdah sample',
    connectionTimeoutMillis: 400,
    query_timeout: 300,
  });
  control.on('error', () => undefined);
  try {
    await control.connect();
    await control.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY($1) AND application_name LIKE ANY($2)',
      [pids, [...new Set(Object.values(sessions).map((target) => target.application))]],
    );
  } catch {
    // The server is away: there is nothing to end.
  }
  await Promise.allSettled([control.end(), ...all.map((session) => session.end())]);
}

/** The statements of all systems, by `<system>/<name>`, from `<assets>/<system>/workload/<name>.sql`. */
async function readStatements({ assets, systems }: SampleConnection): Promise<Map<string, string>> {
  const statements = new Map<string, string>();
  for (const { id } of systems) {
    const folder = join(assets, id, 'workload');
    const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.sql'));
    for (const file of files) {
      statements.set(`${id}/${file.slice(0, -4)}`, (await readFile(join(folder, file), 'utf8')).trim());
    }
  }
  return statements;
}
