/** One row of backends.sql. */
export interface BackendRow {
  pid: number;
  backend_start: string | null;
  database: string | null;
  user: string | null;
  application: string | null;
  client: string | null;
  type: string | null;
  state: string | null;
  wait_type: string | null;
  wait: string | null;
  connected_at: number | null;
  transaction_at: number | null;
  query_at: number | null;
  state_at: number | null;
  leader_pid: number | null;
  query_id: string | null;
  query: string | null;
  query_cut: boolean | null;
  blocked_by: number[] | null;
}

/** One row of waits.sql. */
export interface WaitRow {
  pid: number;
  mode: string;
  waiting_since: number | null;
  relation: string | null;
  target: string;
  /** pg_blocking_pids, where this role may not see what others wait for. */
  blocked_by: number[] | null;
  /** Prepared transactions that hold the same thing, in whichever mode; null for none. */
  prepared: PreparedRow[] | null;
}

/** A prepared transaction with one lock of it. */
export interface PreparedRow {
  transaction: number;
  gid: string;
  owner: string;
  database: string;
  prepared_at: number;
  mode: string;
}

/** One row of counters.sql: totals since `reset_at`. */
export interface CounterRow {
  own: boolean;
  commits: number;
  rollbacks: number;
  blocks_hit: number;
  blocks_read: number;
  tuples_read: number;
  tuples_written: number;
  temp_bytes: number;
  deadlocks: number;
  reset_at: number | null;
}

/** The row of clock.sql. */
export interface ClockRow {
  now: number;
  server_ms: number;
  standby: boolean;
  max_connections: number;
}

/** What one round trip brings. */
export interface RawSample {
  backends: BackendRow[];
  waits: WaitRow[];
  counters: CounterRow[];
  clock: ClockRow;
}
