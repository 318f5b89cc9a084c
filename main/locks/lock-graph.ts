import type { ActivitySample, Backend, PreparedTransaction } from '../../preload/contract/activity.ts';
import { blockingTree } from '../../preload/contract/blocking-tree.ts';
import type { AwaitedLock, LockGraph, LockParty } from '../../preload/contract/locks.ts';

/** Who waits for whom in a sample: everybody who waits for a lock, and everybody in the way of one who does. */
export function lockGraphOf(sample: ActivitySample): LockGraph {
  const { backends, prepared, serverNow, at } = sample;
  const waiting = backends.filter(({ blockedBy }) => blockedBy.length > 0);
  if (waiting.length === 0) return graphOf([], at, serverNow);
  const byPid = new Map(backends.map((backend) => [backend.pid, backend]));
  const leader = ({ pid, leaderPid }: Backend): number =>
    leaderPid !== null && byPid.has(leaderPid) ? leaderPid : pid;

  const parties = new Map<number, LockParty>();
  for (const [pid, group] of Map.groupBy(waiting, leader)) {
    const own = byPid.get(pid) as Backend;
    const first = group.includes(own) ? own : (group[0] as Backend);
    const since = group.flatMap(({ waitingSince }) => waitingSince ?? []);
    const blockedBy = new Set(group.flatMap((one) => one.blockedBy));
    blockedBy.delete(pid);
    parties.set(pid, {
      ...sessionParty(own),
      waitingSince: since.length > 0 ? Math.min(...since) : null,
      waitsFor: first.waitsFor,
      blockedBy: [...blockedBy],
      workers: group.filter((one) => one !== own).length,
    });
  }
  for (const pid of new Set([...parties.values()].flatMap(({ blockedBy }) => blockedBy))) {
    if (parties.has(pid)) continue;
    const backend = byPid.get(pid);
    parties.set(pid, backend ? sessionParty(backend) : partyWithoutSession(pid, prepared));
  }
  return graphOf([...parties.values()], at, serverNow);
}

/** The part of a graph that one root makes: who waits behind it, and who else stands in the way of those. */
export function graphBehind(graph: LockGraph, members: ReadonlySet<number>): LockGraph {
  const named = new Set(
    graph.parties.flatMap(({ pid, blockedBy }) => (members.has(pid) ? [pid, ...blockedBy] : [])),
  );
  // Of the others in the way it is enough that they are.
  const parties = graph.parties
    .filter(({ pid }) => named.has(pid))
    .map((party) => (members.has(party.pid) ? party : { ...party, blockedBy: [] }));
  return graphOf(parties, graph.at, graph.serverNow);
}

/** Puts parties into the order in which their tree is drawn, and counts them. */
export function graphOf(parties: readonly LockParty[], at: number, serverNow: number): LockGraph {
  const byPid = new Map(parties.map((party) => [party.pid, party]));
  const { lines, waiting, roots } = blockingTree(parties);
  const waits = parties.flatMap(({ blockedBy, waitingSince }) =>
    blockedBy.length > 0 && waitingSince !== null ? [Math.max(0, serverNow - waitingSince)] : [],
  );
  return {
    at,
    serverNow,
    parties: lines.flatMap(({ pid, repeated }) => (repeated ? [] : (byPid.get(pid) ?? []))),
    waiting,
    roots,
    longestWaitMs: waits.length > 0 ? Math.max(...waits) : null,
    waitedMs: waits.reduce((sum, ms) => sum + ms, 0),
    locks: awaitedLocks(parties),
  };
}

function awaitedLocks(parties: readonly LockParty[]): AwaitedLock[] {
  const found = new Map<string, AwaitedLock>();
  for (const { waitsFor } of parties) {
    if (!waitsFor) continue;
    const key = lockKey(waitsFor);
    const known = found.get(key);
    if (known) known.waiters += 1;
    else found.set(key, { ...waitsFor, waiters: 1 });
  }
  return [...found.values()].sort((a, b) => b.waiters - a.waiters);
}

export const lockKey = ({ target, mode }: { target: string; mode: string }): string => `${mode} ${target}`;

function sessionParty(backend: Backend): LockParty {
  return {
    pid: backend.pid,
    kind: 'session',
    backendStart: backend.backendStart,
    user: backend.user,
    database: backend.database,
    application: backend.application,
    client: backend.client,
    type: backend.type,
    state: backend.state,
    gid: null,
    // Of a hidden session the server gives a fixed text in its place.
    query: backend.type === null ? null : backend.query,
    queryCut: backend.queryCut,
    queryId: backend.queryId,
    transactionAt: backend.transactionAt,
    queryAt: backend.queryAt,
    stateAt: backend.stateAt,
    waitingSince: null,
    waitsFor: null,
    blockedBy: [],
    workers: 0,
  };
}

function partyWithoutSession(pid: number, prepared: readonly PreparedTransaction[]): LockParty {
  const known = prepared.find((one) => one.pid === pid);
  return {
    pid,
    kind: pid > 0 ? 'gone' : 'prepared',
    backendStart: null,
    user: known?.owner ?? null,
    database: known?.database ?? null,
    application: '',
    client: null,
    type: null,
    state: null,
    gid: known?.gid ?? null,
    query: null,
    queryCut: false,
    queryId: null,
    transactionAt: known?.preparedAt ?? null,
    queryAt: null,
    stateAt: null,
    waitingSince: null,
    waitsFor: null,
    blockedBy: [],
    workers: 0,
  };
}
