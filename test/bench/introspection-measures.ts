import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { readSchema } from '../../main/schema/index.ts';
import { openKnownModels } from '../../main/schema/known-models.ts';
import type { ReadNeeds } from '../../main/schema/read-schema.ts';
import { connectClient } from '../../main/servers/index.ts';
import { parseConnectionUrl } from '../../preload/contract/connection-url.ts';

/** What is measured of one reading; each in a process of its own, so that memory can be told. Times in ms. */

export interface Measured {
  names: number;
  structure: number;
  definitions: number;
  refresh: number;
  /** The most time of the processor that the main thread took between two beats of the event loop. */
  busy: number;
  /** Most memory of the process with all its threads, MB, and what it had before. */
  memory: number;
  before: number;
}

export interface MeasuredLocked {
  names: number;
  structure: number;
  /** Definitions that were marked as waiting, and how many of those came once the lock was gone. */
  waited: number;
  filled: number;
}

export interface MeasuredCancelled {
  /** Until the server had neither a session nor a statement of it. */
  gone: number;
}

/** Sessions of this process's readings, to find them again on the server. */
const applicationName = `howdah-bench-${process.pid}`;

function needsOf(url: string): ReadNeeds {
  const { connection, password } = parseConnectionUrl(url);
  return {
    openSession: async (signal) => {
      const { client, way } = await connectClient(
        { connection, password },
        { applicationName, statementTimeoutMs: 15_000, lockTimeoutMs: 500, signal },
      );
      return { client, pooled: way.pooled };
    },
    stop: async (pid) => {
      const beside = await connect(url);
      await beside.query('SELECT pg_cancel_backend($1)', [pid]);
      await beside.end();
    },
  };
}

/** A whole reading, kept as the console keeps it; then a refresh when nothing has changed. */
export async function measure(url: string): Promise<Measured> {
  const kept = openKnownModels().begin('x');
  const before = process.memoryUsage.rss() / 1e6;
  const busy = watchThread();
  const since = stopwatch();
  const at = { names: 0, structure: 0, definitions: 0 };
  for await (const event of readSchema(needsOf(url), { definitions: true, keep: kept.keeper })) {
    if (event.kind === 'names') at.names = since();
    if (event.kind === 'part' && event.last) at.structure = since();
    if (event.kind === 'definitions' && event.last) at.definitions = since();
  }
  const longest = busy.stop();
  const memory = process.resourceUsage().maxRSS / 1e3;
  const again = stopwatch();
  let isUnchanged = false;
  for await (const event of readSchema(needsOf(url), {
    definitions: true,
    known: kept.model()?.fingerprint,
  })) {
    isUnchanged = event.kind === 'step' && event.step === 'Nothing has changed';
  }
  if (!isUnchanged) throw new Error('The refresh found something changed, and nothing was.');
  return { ...at, refresh: again(), busy: longest, memory, before };
}

/** A reading while somebody holds a table under ACCESS EXCLUSIVE, until its definitions have been marked as waiting. */
export async function measureLocked(url: string, table: string): Promise<MeasuredLocked> {
  const holder = await connect(url);
  await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const since = stopwatch();
  const at = { names: 0, structure: 0 };
  const waiting = new Set<string>();
  let waited = 0;
  for await (const event of readSchema(needsOf(url), { definitions: true })) {
    if (event.kind === 'names') at.names = since();
    if (event.kind === 'part' && event.last) at.structure = since();
    if (event.kind !== 'definitions') continue;
    for (const [key, { state }] of Object.entries(event.definitions)) {
      if (state === 'waiting') waiting.add(key);
      else waiting.delete(key);
    }
    if (waited > 0 || waiting.size === 0) continue;
    waited = waiting.size;
    await holder.query('ROLLBACK');
  }
  await holder.end();
  return { ...at, waited, filled: waited - waiting.size };
}

/** Leaves a reading in the middle of its structure. */
export async function measureCancelled(url: string): Promise<MeasuredCancelled> {
  const watcher = await connect(url);
  const stop = new AbortController();
  try {
    for await (const event of readSchema(needsOf(url), { definitions: true, signal: stop.signal }))
      if (event.kind === 'names') stop.abort();
    throw new Error('The reading went on to its end.');
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  const since = stopwatch();
  for (;;) {
    const { rows } = await watcher.query(
      'SELECT count(*)::int AS left_over FROM pg_stat_activity WHERE application_name = $1',
      [applicationName],
    );
    if (rows[0]?.left_over === 0) break;
    if (since() > 10_000) throw new Error('A cancelled reading left a session behind.');
    await pause(5);
  }
  const gone = since();
  await watcher.end();
  return { gone };
}

const connect = async (connectionString: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
};

function stopwatch(): () => number {
  const from = performance.now();
  return () => performance.now() - from;
}

function watchThread(): { stop(): number } {
  const now = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = now();
  let longest = 0;
  const timer = setInterval(() => {
    const at = now();
    longest = Math.max(longest, at - last);
    last = at;
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return longest;
    },
  };
}
