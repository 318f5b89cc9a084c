import type { ActivitySample, Backend, SessionState } from '../../preload/contract/activity.ts';
import type { BackendRow, RawSample, WaitRow } from './rows.ts';

export interface SampleContext {
  /** The console's clock when the sample arrived, ms. */
  at: number;
  intervalMs: number;
  reservedConnections: number;
  /** Whether this process holds the session of a backend. */
  isOwn: (pid: number) => boolean;
}

/** Turns the rows of one round trip into the contract's sample. */
export function readSample(raw: RawSample, context: SampleContext): ActivitySample {
  const waits = new Map(raw.waits.map((wait) => [wait.pid, wait]));
  const backends = raw.backends.map((row) => readBackend(row, waits, context.isOwn));
  return {
    serverNow: raw.clock.now,
    at: context.at,
    backends,
    maxConnections: raw.clock.max_connections,
    reservedConnections: context.reservedConnections,
    hidden: backends.filter((backend) => backend.state === 'hidden' && isClientSession(backend)).length,
    serverMs: raw.clock.server_ms,
    intervalMs: context.intervalMs,
  };
}

function readBackend(row: BackendRow, waits: Map<number, WaitRow>, isOwn: (pid: number) => boolean): Backend {
  const blockedBy = [...new Set(row.blocked_by ?? [])].filter((pid) => pid !== row.pid);
  const waiting = row.wait_type === 'Lock';
  const wait = waiting ? waits.get(row.pid) : undefined;
  return {
    pid: row.pid,
    backendStart: row.backend_start,
    database: row.database,
    user: row.user,
    application: row.application ?? '',
    client: row.client,
    type: row.type,
    state: readState(row),
    waitType: row.wait_type,
    wait: row.wait,
    connectedAt: row.connected_at,
    transactionAt: row.transaction_at,
    queryAt: row.query_at,
    stateAt: row.state_at,
    waitingSince: waiting ? (wait?.waiting_since ?? row.state_at ?? row.query_at) : null,
    waitsFor: wait ? { mode: wait.mode, target: wait.relation ?? wait.target } : null,
    leaderPid: row.leader_pid,
    queryId: row.query_id,
    query: row.query,
    queryCut: row.query_cut ?? false,
    blockedBy,
    own: row.application === 'howdah' && isOwn(row.pid),
  };
}

/**
 * A role without pg_read_all_stats gets other sessions with every telling column null, `backend_type`
 * among them, and a fixed text for the query: those are `hidden`, not idle.
 */
function readState(row: BackendRow): SessionState {
  if (row.type === null && row.state === null) return 'hidden';
  if (row.wait_type === 'Lock' && row.state !== 'idle') return 'waiting';
  switch (row.state) {
    case 'active':
    case 'fastpath function call':
      return 'active';
    case 'idle':
      return 'idle';
    case 'idle in transaction':
      return 'idle in transaction';
    case 'idle in transaction (aborted)':
      return 'aborted';
    default:
      return 'other';
  }
}

/**
 * Sessions of clients: what counts against max_connections, as far as this role may see. Of a hidden backend
 * only role and database are known; a background process has not both.
 */
export function isClientSession(backend: Backend): boolean {
  if (backend.state === 'hidden') return backend.user !== null && backend.database !== null;
  return backend.type === 'client backend';
}
