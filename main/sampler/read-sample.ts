import type {
  ActivitySample,
  Backend,
  PreparedTransaction,
  SessionState,
} from '../../preload/contract/activity.ts';
import { conflict } from './lock-conflicts.ts';
import type { BackendRow, PreparedRow, RawSample, WaitRow } from './rows.ts';

export interface SampleContext {
  /** The console's clock when the sample arrived, ms. */
  at: number;
  intervalMs: number;
  reservedConnections: number;
  /** Whether this process holds the session of a backend. */
  isOwn: (pid: number) => boolean;
}

/** Turns the rows of one round trip into the contract's sample. */
export function readSample(raw: Omit<RawSample, 'counters'>, context: SampleContext): ActivitySample {
  const waits = new Map(raw.waits.map((wait) => [wait.pid, wait]));
  const backends = raw.backends.map((row) => readBackend(row, waits.get(row.pid), context.isOwn));
  return {
    serverNow: raw.clock.now,
    at: context.at,
    backends,
    prepared: preparedOf(backends, waits),
    maxConnections: raw.clock.max_connections,
    reservedConnections: context.reservedConnections,
    hidden: backends.filter((backend) => backend.state === 'hidden' && isClientSession(backend)).length,
    serverMs: raw.clock.server_ms,
    intervalMs: context.intervalMs,
  };
}

function readBackend(row: BackendRow, known: WaitRow | undefined, isOwn: (pid: number) => boolean): Backend {
  const state = readState(row, known);
  const waiting = row.wait_type === 'Lock' || (row.type === null && state === 'waiting');
  const wait = waiting ? known : undefined;
  return {
    pid: row.pid,
    backendStart: row.backend_start,
    database: row.database,
    user: row.user,
    application: row.application ?? '',
    client: row.client,
    type: row.type,
    state,
    waitType: waiting ? 'Lock' : row.wait_type,
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
    blockedBy: blockersOf(row, wait),
    own: row.application === 'howdah' && isOwn(row.pid),
  };
}

/**
 * Who stands in its way, each once. Processes of one parallel query never block each other, and the server names the
 * leader for all of them. It names a prepared transaction as 0: the ones meant are those that hold the same thing in a
 * mode that excludes the one that is waited for.
 */
function blockersOf(row: BackendRow, wait: WaitRow | undefined): number[] {
  const pids = new Set(row.blocked_by ?? wait?.blocked_by ?? []);
  pids.delete(row.pid);
  if (row.leader_pid !== null) pids.delete(row.leader_pid);
  const prepared = pids.has(0) && wait ? inTheWay(wait) : [];
  if (prepared.length > 0) pids.delete(0);
  for (const { transaction } of prepared) pids.add(-transaction);
  return [...pids];
}

function inTheWay({ mode, prepared }: WaitRow): PreparedRow[] {
  return (prepared ?? []).filter((held) => conflict(mode, held.mode));
}

/** The prepared transactions that these backends wait for. */
function preparedOf(
  backends: readonly Backend[],
  waits: ReadonlyMap<number, WaitRow>,
): PreparedTransaction[] {
  const found = new Map<number, PreparedTransaction>();
  for (const { pid, blockedBy } of backends) {
    if (!blockedBy.some((blocker) => blocker < 0)) continue;
    for (const row of waits.get(pid)?.prepared ?? []) {
      if (!blockedBy.includes(-row.transaction)) continue;
      found.set(-row.transaction, {
        pid: -row.transaction,
        gid: row.gid,
        owner: row.owner,
        database: row.database,
        preparedAt: row.prepared_at,
      });
    }
  }
  return [...found.values()];
}

/**
 * A role without pg_read_all_stats gets other sessions with every telling column null, `backend_type`
 * among them, and a fixed text for the query: those are `hidden`, not idle. pg_locks is everybody's, though: who
 * waits for a lock there is `waiting`, whatever else is hidden.
 */
function readState(row: BackendRow, wait: WaitRow | undefined): SessionState {
  if (row.type === null && row.state === null) return wait?.blocked_by?.length ? 'waiting' : 'hidden';
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
  if (backend.type === null) return backend.user !== null && backend.database !== null;
  return backend.type === 'client backend';
}
