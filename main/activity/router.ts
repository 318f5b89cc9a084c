import type { ActivitySample, BackendDetail, BackendRef } from '../../preload/contract/activity.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import type { ServerPool } from '../servers/index.ts';
import backendSql from './backend.sql?raw';
import { impactOf, isSame } from './impact.ts';
import locksSql from './locks.sql?raw';
import { signalBackends } from './signals.ts';

export interface ActivityNeeds {
  findEnvironment(ref: string): Environment;
  current(id: string): Promise<ActivitySample>;
  watch(id: string, signal: AbortSignal | undefined): AsyncGenerator<ActivitySample, void, void>;
  pool(id: string): ServerPool;
  onEvent(id: string, kind: string, text: string): void;
  /** These sessions obeyed a signal, or are about to. */
  onSignal(id: string, kind: 'cancel' | 'terminate', pids: readonly number[]): void;
  /** Takes the next sample at once. */
  hurry(id: string): void;
}

export function activityRouter(os: Implementer, needs: ActivityNeeds) {
  const { findEnvironment, current, pool } = needs;

  const signal = async (kind: 'cancel' | 'terminate', ref: string, backends: BackendRef[]) => {
    const { id } = findEnvironment(ref);
    const impact = impactOf(await current(id), kind, backends);
    const { results } = await signalBackends(pool(id), kind, backends);
    const result = {
      results: results.map((one, index) => {
        const { who = '', what = '' } = impact.backends[index] ?? {};
        return { ...one, who, what };
      }),
    };
    const hit = result.results.filter(({ outcome }) => outcome === 'done' || outcome === 'sent');
    if (hit.length > 0) {
      const pids = hit.map(({ pid }) => pid);
      needs.onSignal(id, kind, pids);
      needs.onEvent(id, kind === 'cancel' ? 'cancelled' : 'terminated', signalWords(kind, pids));
    }
    needs.hurry(id);
    return result;
  };

  return os.activity.router({
    show: os.activity.show.handler(({ input }) => current(findEnvironment(input.environment).id)),
    watch: os.activity.watch.handler(async function* ({ input, signal: gone }) {
      yield* needs.watch(findEnvironment(input.environment).id, gone);
    }),
    detail: os.activity.detail.handler(async ({ input }) => {
      const { id } = findEnvironment(input.environment);
      return readDetail(await current(id), pool(id), input.backend);
    }),
    impact: os.activity.impact.handler(async ({ input }) => {
      const { id } = findEnvironment(input.environment);
      return impactOf(await current(id), input.signal, input.backends);
    }),
    cancel: os.activity.cancel.handler(({ input }) => signal('cancel', input.environment, input.backends)),
    terminate: os.activity.terminate.handler(({ input }) =>
      signal('terminate', input.environment, input.backends),
    ),
  });
}

function signalWords(kind: 'cancel' | 'terminate', pids: readonly number[]): string {
  const many = `${pids.length} backends (${pids.slice(0, 5).join(', ')}${pids.length > 5 ? ', …' : ''})`;
  const whom = pids.length === 1 ? `backend ${pids[0]}` : many;
  return kind === 'cancel' ? `Cancelled the statement of ${whom}` : `Terminated ${whom}`;
}

interface DetailRow extends Record<string, unknown> {
  query: string | null;
  query_bytes: number | null;
  track_size: string;
  ssl: string | null;
}

type LockRow = BackendDetail['locks'][number] & Record<string, unknown>;

async function readDetail(sample: ActivitySample, pool: ServerPool, ref: BackendRef): Promise<BackendDetail> {
  const backend = sample.backends.find((one) => isSame(one, ref));
  const [row] = await pool.query<DetailRow>(backendSql, [ref.pid, ref.backendStart]);
  if (!backend || !row) {
    throw fail('INVALID', {
      cause: 'backend-gone',
      field: 'backend',
      what: `Backend ${ref.pid} is gone.`,
      why: 'Its session ended since the list was drawn.',
      next: 'Choose another one.',
    });
  }
  const trackActivityQuerySize = bytesOf(row.track_size);
  return {
    backend,
    query: row.query,
    // The server cuts at one byte less than the setting, at a character's border.
    truncatedByServer: (row.query_bytes ?? 0) >= trackActivityQuerySize - 4,
    trackActivityQuerySize,
    ssl: row.ssl,
    locks: await pool.query<LockRow>(locksSql, [ref.pid]),
  };
}

/** A memory setting as SHOW prints it ("1kB", "4096B") in bytes. */
function bytesOf(setting: string): number {
  const [, number = '0', unit = 'B'] = /^(\d+)\s*(B|kB|MB)?$/.exec(setting) ?? [];
  return Number(number) * ({ B: 1, kB: 1024, MB: 1024 * 1024 }[unit] ?? 1);
}
