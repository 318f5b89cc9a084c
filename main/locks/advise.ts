import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Advice } from '../../preload/contract/advice.ts';
import type { LockGraph, LockParty } from '../../preload/contract/locks.ts';
import { condense } from '../../preload/contract/wait-graph.ts';
import { nameOf } from './episode-keeper.ts';

/** From when on a wait is a finding, and a grave one; ms. */
const jamMs = 30_000;
const graveMs = 5 * 60_000;
/** So many waiters are grave at once. */
const graveWaiters = 10;

/** Roots behind which somebody has waited for long. */
export function jamAdvice(graph: LockGraph): Advice[] {
  const byPid = new Map(graph.parties.map((party) => [party.pid, party]));
  const waiting = new Map(graph.parties.flatMap((one) => (one.blockedBy.length > 0 ? [[one.pid, one]] : [])));
  const chains = condense(waiting);
  return chains.topGroups().flatMap((group) => {
    const root = byPid.get(group[0] ?? 0);
    if (!root) return [];
    const waiters = [...chains.waitersOf(root.pid)].flatMap((pid) => byPid.get(pid) ?? []);
    const longest = Math.max(
      0,
      ...waiters.map(({ waitingSince }) => graph.serverNow - (waitingSince ?? graph.serverNow)),
    );
    return longest < jamMs ? [] : [jam(root, waiters, longest, graph.serverNow)];
  });
}

function jam(root: LockParty, waiters: readonly LockParty[], longest: number, serverNow: number): Advice {
  const isIdle = root.state === 'idle in transaction' || root.state === 'aborted';
  const kind = root.kind === 'prepared' ? 'lock-jam-prepared' : isIdle ? 'lock-jam-idle' : 'lock-jam';
  const targets = [...new Set(waiters.flatMap(({ waitsFor }) => waitsFor?.target ?? []))];
  const age = root.transactionAt === null ? null : serverNow - root.transactionAt;
  return {
    id: `${kind} ${root.gid ?? root.pid}`,
    kind,
    room: 'locks',
    severity: longest >= graveMs || waiters.length >= graveWaiters ? 'bad' : 'warning',
    title: `${count(waiters.length)} for a lock behind ${nameOf(root)}`,
    object: root.gid ?? `pid ${root.pid}`,
    database: root.database,
    evidence: [
      `The longest wait is ${seconds(longest)}.`,
      ...(targets.length > 0 ? [`Waited for: ${targets.slice(0, 5).join(', ')}.`] : []),
      ...(age === null
        ? []
        : [`${isIdle ? 'Its transaction sits idle, open' : 'Its transaction is open'} for ${seconds(age)}.`]),
      ...(root.query
        ? [
            `${root.state === 'active' ? 'It runs' : 'It ran last'}: ${root.query.replace(/\s+/g, ' ').trim().slice(0, 160)}`,
          ]
        : []),
    ],
    harm: 'Whoever needs the same lock waits, and so does everybody behind them: a queue that fills the connections.',
    remedy: remedies[kind],
    statement: statementFor(root),
    bytes: null,
    estimated: false,
    source: 'PostgreSQL manual, "Explicit Locking"',
  };
}

const remedies = {
  'lock-jam': 'Let it end, or cancel its statement if it may be run again later.',
  'lock-jam-idle':
    'Find out why the application keeps its transaction open; end the session if it does not go on, and set idle_in_transaction_session_timeout.',
  'lock-jam-prepared':
    'Commit or roll back the prepared transaction: its transaction manager has forgotten it.',
};

function statementFor({ kind, gid, pid, state }: LockParty): string | null {
  if (kind === 'prepared') return gid === null ? null : `ROLLBACK PREPARED ${escapeLiteral(gid)};`;
  if (kind === 'gone') return null;
  return state === 'active' ? `SELECT pg_cancel_backend(${pid});` : `SELECT pg_terminate_backend(${pid});`;
}

const count = (waiters: number): string => (waiters === 1 ? '1 session waits' : `${waiters} sessions wait`);

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** What makes everything visible to a role. */
export const grantMonitor = (user: string): string => `GRANT pg_monitor TO ${escapeIdentifier(user)};`;
