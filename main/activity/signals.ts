import type { BackendRef, SignalResult as Signalled } from '../../preload/contract/activity.ts';
import { sleep } from '../lib/sleep.ts';
import { type ServerPool, serverWords } from '../servers/index.ts';
import cancelSql from './cancel.sql?raw';
import stillThereSql from './still-there.sql?raw';
import terminateSql from './terminate.sql?raw';

type Result = Omit<Signalled['results'][number], 'who' | 'what'>;

/** How long to wait for the signalled backends to obey, ms. */
const patienceMs = 3000;

/** Sends a signal to each backend and looks whether it was obeyed. A refusal of one does not stop the others. */
export async function signalBackends(
  pool: ServerPool,
  signal: 'cancel' | 'terminate',
  chosen: BackendRef[],
): Promise<{ results: Result[] }> {
  const before = await stillThere(pool, chosen);
  const results: Result[] = [];
  for (const ref of chosen) results.push(await send(pool, signal, ref));
  const sent = chosen.filter((_, index) => results[index]?.outcome === 'sent');
  const obeyed = await waitFor(pool, signal, sent, before);
  return {
    results: results.map((result) =>
      obeyed.has(result.pid)
        ? {
            ...result,
            outcome: 'done',
            message: signal === 'cancel' ? 'Its statement was cancelled.' : 'Its session was ended.',
          }
        : result,
    ),
  };
}

async function send(pool: ServerPool, signal: 'cancel' | 'terminate', ref: BackendRef): Promise<Result> {
  try {
    const [row] = await pool.query<{ sent: boolean }>(signal === 'cancel' ? cancelSql : terminateSql, [
      ref.pid,
      ref.backendStart,
    ]);
    if (!row) return { pid: ref.pid, outcome: 'gone', message: 'It was gone already.' };
    return row.sent
      ? { pid: ref.pid, outcome: 'sent', message: 'The signal was sent; it has not obeyed yet.' }
      : { pid: ref.pid, outcome: 'refused', message: 'The server could not send the signal.' };
  } catch (error) {
    const words = serverWords(error);
    return {
      pid: ref.pid,
      outcome: 'refused',
      message: [words?.message, words?.hint].filter(Boolean).join(' '),
    };
  }
}

interface Presence {
  pid: number;
  backend_start: string | null;
  state: string | null;
  query_start: string | null;
}

async function stillThere(pool: ServerPool, refs: BackendRef[]): Promise<Map<number, Presence>> {
  const rows = await pool.query<Presence & Record<string, unknown>>(stillThereSql, [
    refs.map(({ pid }) => pid),
  ]);
  return new Map(rows.map((row) => [row.pid, row]));
}

/** pids whose session ended, or whose statement is no longer the one it was. */
async function waitFor(
  pool: ServerPool,
  signal: 'cancel' | 'terminate',
  sent: BackendRef[],
  before: Map<number, Presence>,
): Promise<Set<number>> {
  const obeyed = new Set<number>();
  const until = Date.now() + patienceMs;
  while (obeyed.size < sent.length) {
    const now = await stillThere(pool, sent);
    for (const { pid, backendStart } of sent) {
      const one = now.get(pid);
      const ended = !one || one.backend_start !== backendStart;
      const was = before.get(pid);
      const stopped =
        signal === 'cancel' && one && was && (one.state !== was.state || one.query_start !== was.query_start);
      if (ended || stopped) obeyed.add(pid);
    }
    if (Date.now() >= until) break;
    if (obeyed.size < sent.length) await sleep(100);
  }
  return obeyed;
}
