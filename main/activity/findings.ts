import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Advice } from '../../preload/contract/advice.ts';
import { isClientSession, limits } from '../sampler/index.ts';
import type { Traffic } from './traffic.ts';

const hour = 3_600_000;

/** Transactions open for longer than this are told, ms. */
export const longTransaction = hour;
/** Share of transactions rolled back from which it is worth asking why, and how many make it worth counting. */
const rollbackShare = 0.05;
const leastTransactions = 1000;
/** Shares of blocks found in shared buffers. */
const hitLimits = { notice: 0.9, warning: 0.75 };
/** Deadlocks within a day that are no accident any more. */
const manyDeadlocks = 10;

/** A row of open-transactions.sql; times in ms, null where this role may not see them. */
export interface OpenTransaction extends Record<string, unknown> {
  pid: number;
  user: string | null;
  database: string | null;
  application: string;
  state: string | null;
  transaction_ms: number | null;
  idle_ms: number | null;
  has_written: boolean;
  holds_snapshot: boolean;
  xid_age: number | null;
}

const nothing = { bytes: null, statement: null, estimated: false, database: null } as const;

/** Connections near the limit. */
export function connectionAdvice(sample: ActivitySample): Advice[] {
  const clients = sample.backends.filter(isClientSession);
  const usable = Math.max(1, sample.maxConnections - sample.reservedConnections);
  const share = clients.length / usable;
  if (share < limits.connections.warning) return [];
  const byApplication = [...Map.groupBy(clients, ({ application }) => application || 'no application name')]
    .map(([name, all]) => ({ name, count: all.length }))
    .sort((a, b) => b.count - a.count);
  const idle = clients.filter(({ state }) => state === 'idle').length;
  return [
    {
      ...nothing,
      id: 'connections-near-limit',
      kind: 'connections-near-limit',
      room: 'activity',
      severity: share >= limits.connections.bad ? 'bad' : 'warning',
      title: `${clients.length} of ${usable} usable connections are taken`,
      object: 'max_connections',
      evidence: [
        `${Math.round(share * 100)} % of what roles without reserved connections can take; ${idle} of the sessions are idle.`,
        `Most are held by ${byApplication
          .slice(0, 3)
          .map(({ name, count }) => `${name} (${count})`)
          .join(', ')}.`,
      ],
      harm: 'Once all are taken the server refuses every new connection, those of applications that restart too.',
      remedy:
        'Give the applications smaller pools, or put a pooler such as PgBouncer in front; raise max_connections only where memory allows it.',
      source: 'PostgreSQL manual, 19.3 Connections and Authentication',
    },
  ];
}

/** Sessions idle in a transaction, and transactions that have been open for very long. */
export function transactionAdvice(rows: readonly OpenTransaction[]): Advice[] {
  return rows.flatMap((row) => {
    const isIdle = row.idle_ms !== null && row.idle_ms >= limits.idleInTransaction.warning;
    // Without a transaction id or snapshot it holds neither row versions nor locks on rows: it only waits.
    if (isIdle && (row.has_written || row.holds_snapshot || isLong(row))) return [idleAdvice(row)];
    return isLong(row) && row.idle_ms === null ? [longAdvice(row)] : [];
  });
}

const isLong = ({ transaction_ms: ms }: OpenTransaction): boolean => ms !== null && ms >= longTransaction;

function idleAdvice(row: OpenTransaction): Advice {
  const idle = row.idle_ms ?? 0;
  return {
    ...nothing,
    id: `idle-in-transaction ${row.pid}`,
    kind: 'idle-in-transaction',
    room: 'activity',
    severity: idle >= limits.idleInTransaction.bad ? 'bad' : 'warning',
    title: `Session ${row.pid} has been idle in its transaction for ${span(idle)}`,
    object: `session ${row.pid}`,
    database: row.database,
    evidence: [who(row), ...held(row)],
    harm: 'VACUUM can’t remove row versions that its snapshot may still see, and whoever wants its locks waits.',
    remedy:
      'Find out why the application does not end its transaction; end the session if nobody does. ' +
      'idle_in_transaction_session_timeout does so by itself.',
    statement: `SELECT pg_terminate_backend(${row.pid});`,
    source: 'PostgreSQL manual, 24.1 Routine Vacuuming; 19.11 Client Connection Defaults',
  };
}

function longAdvice(row: OpenTransaction): Advice {
  const open = row.transaction_ms ?? 0;
  return {
    ...nothing,
    id: `long-transaction ${row.pid}`,
    kind: 'long-transaction',
    room: 'activity',
    severity: 'warning',
    title: `The transaction of session ${row.pid} has been open for ${span(open)}`,
    object: `session ${row.pid}`,
    database: row.database,
    evidence: [who(row), ...held(row)],
    harm: 'VACUUM can’t remove row versions that it may still see, in any table of the database: they pile up as bloat.',
    remedy: 'Let it end if it is a dump or a report that has to be; split it otherwise, or cancel it.',
    statement: `SELECT pg_cancel_backend(${row.pid});`,
    source: 'PostgreSQL manual, 24.1 Routine Vacuuming',
  };
}

function who({ user, application, database, transaction_ms: ms }: OpenTransaction): string {
  const open = ms === null ? '' : `; its transaction was begun ${span(ms)} ago`;
  return `${user ?? 'unknown role'}${application ? ` (${application})` : ''} on ${database ?? 'no database'}${open}.`;
}

function held({ has_written: wrote, xid_age: age }: OpenTransaction): string[] {
  return [
    ...(wrote ? ['It has written: its rows stay locked.'] : []),
    ...(age === null
      ? []
      : [`It holds back row versions of the last ${age.toLocaleString('en-US')} transactions.`]),
  ];
}

/** Deadlocks of a day. */
export function deadlockAdvice({ deadlocks, during }: Traffic, database: string): Advice[] {
  // Kept as a rate: what it comes to is rounded.
  const count = Math.round(deadlocks ?? 0);
  if (count === 0) return [];
  return [
    {
      ...nothing,
      id: `deadlocks ${database}`,
      kind: 'deadlocks',
      room: 'activity',
      severity: count >= manyDeadlocks ? 'warning' : 'notice',
      title: `${count === 1 ? '1 deadlock' : `${count} deadlocks`} ${during}`,
      object: database,
      database,
      evidence: [`pg_stat_database counts ${count} in ${database} ${during}.`],
      harm: 'The server ends one of the transactions with 40P01; an application that does not repeat it loses its work.',
      remedy:
        'The server’s log names both statements of each. Take rows in the same order everywhere, keep transactions short, and repeat those that end with 40P01.',
      source: 'PostgreSQL manual, 13.3.4 Deadlocks',
    },
  ];
}

/** Many transactions rolled back. */
export function rollbackAdvice({ commits, rollbacks, during }: Traffic, database: string): Advice[] {
  if (commits === null || rollbacks === null || commits + rollbacks < leastTransactions) return [];
  const share = rollbacks / (commits + rollbacks);
  if (share < rollbackShare) return [];
  return [
    {
      ...nothing,
      id: `rollbacks ${database}`,
      kind: 'rollbacks',
      room: 'activity',
      severity: 'notice',
      title: `${(share * 100).toFixed(0)} % of the transactions were rolled back`,
      object: database,
      database,
      evidence: [
        `About ${Math.round(rollbacks).toLocaleString('en-US')} of ${Math.round(commits + rollbacks).toLocaleString('en-US')} transactions ${during}.`,
      ],
      harm: 'What a rolled back transaction did was in vain, and its row versions are left for VACUUM.',
      remedy:
        'Look for errors in the server’s log and the application’s. Some frameworks roll back after mere reading, which does no harm.',
      source: 'PostgreSQL manual, 27.2 The Cumulative Statistics System',
    },
  ];
}

/** Much is read from outside of shared buffers. */
export function cacheAdvice({ hit, during }: Traffic, database: string): Advice[] {
  if (hit === null || hit >= hitLimits.notice) return [];
  return [
    {
      ...nothing,
      id: `cache-hit-low ${database}`,
      kind: 'cache-hit-low',
      room: 'activity',
      severity: hit < hitLimits.warning ? 'warning' : 'notice',
      title: `Only ${(hit * 100).toFixed(0)} % of the blocks were found in shared buffers`,
      object: database,
      database,
      evidence: [
        `Of ${database} ${during}. What the operating system kept in its own cache counts as not found.`,
      ],
      harm: 'What is not in shared buffers is copied from the operating system, or read from the disk.',
      remedy:
        'Look for statements that read whole tables first; then at shared_buffers, a quarter of the memory as a start.',
      source: 'PostgreSQL manual, 19.4 Resource Consumption',
    },
  ];
}

/** ms as a person says it. */
function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
}
