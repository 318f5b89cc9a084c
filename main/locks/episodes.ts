import type { ActivitySample, Backend } from '../../preload/contract/activity.ts';
import type { AwaitedLock, EpisodeEnd, LockGraph, LockParty } from '../../preload/contract/locks.ts';
import { condense } from '../../preload/contract/wait-graph.ts';
import { EpisodeWaits } from './episode-waits.ts';
import { graphBehind, lockGraphOf, lockKey } from './lock-graph.ts';

/** A blocking episode as it is kept, while it goes on and after. Times are the console's, ms. */
export interface EpisodeRecord {
  /** Its row in the store, once it has one. */
  id: number | undefined;
  rootKey: string;
  root: LockParty;
  began: number;
  ended: number | null;
  end: EpisodeEnd | null;
  lastSeen: number;
  samples: number;
  mostWaiters: number;
  longestWaitMs: number;
  waitedMs: number;
  locks: AwaitedLock[];
  worst: LockGraph;
}

interface Open {
  record: EpisodeRecord;
  waits: EpisodeWaits;
  /** What this console did to the root since it was last seen. */
  signal: 'cancelled-here' | 'terminated-here' | undefined;
}

const unnamed = 'prepared 0';
/** Most parties and locks that are kept of an episode. */
const mostParties = 200;
const mostLocks = 20;
/** Samples further apart than this tell nothing about how something ended in between, ms. */
const longestGapMs = 30_000;

/** Follows the blocking episodes of one environment from sample to sample. */
export class EpisodeWatch {
  readonly #open = new Map<string, Open>();
  #before: { serverNow: number; waiting: ReadonlySet<number> } | undefined;

  /** @param unfinished what was going on when the console was last closed. */
  constructor(unfinished: readonly EpisodeRecord[] = []) {
    for (const record of unfinished) {
      const { waitedMs, longestWaitMs } = record;
      const waits = new EpisodeWaits({ waitedMs, longestMs: longestWaitMs });
      this.#open.set(record.rootKey, { record, waits, signal: undefined });
    }
  }

  get open(): readonly EpisodeRecord[] {
    return [...this.#open.values()].map(({ record }) => record);
  }

  /** A signal of this console's own was obeyed. */
  noteSignal(kind: 'cancel' | 'terminate', pids: readonly number[]): void {
    for (const one of this.#open.values()) {
      if (pids.includes(one.record.root.pid))
        one.signal = kind === 'cancel' ? 'cancelled-here' : 'terminated-here';
    }
  }

  /**
   * Takes up a sample.
   *
   * @param restartedSince whether the server was restarted between then and the sample.
   * @returns the episodes that ended, and those that go on.
   */
  see(
    sample: ActivitySample,
    restartedSince: (at: number) => boolean,
  ): { ended: EpisodeRecord[]; going: EpisodeRecord[] } {
    const isCalm = !sample.backends.some(({ blockedBy }) => blockedBy.length > 0);
    if (isCalm && this.#open.size === 0) {
      this.#before = undefined;
      return { ended: [], going: [] };
    }
    const graph = lockGraphOf(sample);
    const roots = rootsOf(graph);
    this.#nameUnknown([...roots.keys()]);
    for (const [key, members] of roots) this.#goOn(key, members, graph, sample);
    const ended: EpisodeRecord[] = [];
    for (const [key, open] of this.#open) {
      if (roots.has(key)) continue;
      this.#open.delete(key);
      ended.push(finish(open, sample, restartedSince(open.record.lastSeen)));
    }
    this.#before = {
      serverNow: sample.serverNow,
      waiting: new Set(graph.parties.flatMap(({ pid, blockedBy }) => (blockedBy.length > 0 ? [pid] : []))),
    };
    return { ended, going: [...this.#open.values()].map(({ record }) => record) };
  }

  /** The first sample that sees a prepared transaction in the way does not know yet which one it is. */
  #nameUnknown(keys: readonly string[]): void {
    const unknown = this.#open.get(unnamed);
    const name = keys.find((key) => key.startsWith('prepared ') && !this.#open.has(key));
    if (!unknown || keys.includes(unnamed) || !name) return;
    this.#open.delete(unnamed);
    unknown.record.rootKey = name;
    this.#open.set(name, unknown);
  }

  /**
   * The earliest that somebody can have begun to wait behind this root, by the server's clock: who waited behind another
   * one at the last look has since then, and of what was going on when the console was closed the rest is counted.
   */
  #behindSince(pid: number, known: Open | undefined, { at, serverNow }: ActivitySample): number | undefined {
    if (this.#before) return this.#before.waiting.has(pid) ? this.#before.serverNow : undefined;
    return known && known.record.lastSeen - at + serverNow;
  }

  #goOn(key: string, members: Members, graph: LockGraph, sample: ActivitySample): void {
    const { root, waiters } = members;
    const known = this.#open.get(key);
    const { at, serverNow } = sample;
    const since = new Map<number, number>();
    for (const { pid, waitingSince } of waiters) {
      const earliest = known?.waits.has(pid) ? undefined : this.#behindSince(pid, known, sample);
      since.set(pid, Math.max(waitingSince ?? serverNow, earliest ?? Number.NEGATIVE_INFINITY));
    }
    const behind = graphBehind(graph, new Set([root.pid, ...waiters.map(({ pid }) => pid)]));
    const open = known ?? {
      record: begin(key, root, behind, since, sample),
      waits: new EpisodeWaits(),
      signal: undefined,
    };
    // A statement that was cancelled and is in the way again is not the one that was cancelled.
    if (open.signal === 'cancelled-here') open.signal = undefined;
    if (!known) this.#open.set(key, open);
    const { record, waits } = open;
    waits.see(serverNow, since);
    record.root = root;
    record.lastSeen = at;
    record.samples += 1;
    record.longestWaitMs = waits.longestMs;
    record.waitedMs = waits.waitedMs;
    record.locks = mostOf(record.locks, behind.locks);
    if (waiters.length >= record.mostWaiters) {
      record.mostWaiters = waiters.length;
      record.worst = behind;
    }
  }
}

/** At most so many of its parties: what is left out is told from the counts. */
export function cutGraph(graph: LockGraph): LockGraph {
  return graph.parties.length <= mostParties
    ? graph
    : { ...graph, parties: graph.parties.slice(0, mostParties) };
}

interface Members {
  root: LockParty;
  waiters: LockParty[];
}

function rootsOf(graph: LockGraph): Map<string, Members> {
  const byPid = new Map(graph.parties.map((party) => [party.pid, party]));
  const waiting = new Map(graph.parties.flatMap((one) => (one.blockedBy.length > 0 ? [[one.pid, one]] : [])));
  const chains = condense(waiting);
  const found = new Map<string, Members>();
  for (const group of chains.topGroups()) {
    // Of a ring the one that waits longest stands for it, as at the top of the tree.
    const root = group
      .flatMap((pid) => byPid.get(pid) ?? [])
      .sort((a, b) => (a.waitingSince ?? 0) - (b.waitingSince ?? 0) || a.pid - b.pid)[0];
    if (!root || root.kind === 'gone') continue;
    const waiters = [...chains.waitersOf(root.pid)].flatMap((pid) => byPid.get(pid) ?? []);
    if (waiters.length > 0) found.set(keyOf(root), { root, waiters });
  }
  return found;
}

function keyOf({ kind, pid, backendStart }: LockParty): string {
  return kind === 'prepared' ? `prepared ${-pid}` : `${pid} ${backendStart ?? ''}`;
}

function begin(
  rootKey: string,
  root: LockParty,
  worst: LockGraph,
  since: ReadonlyMap<number, number>,
  { at, serverNow }: ActivitySample,
): EpisodeRecord {
  return {
    id: undefined,
    rootKey,
    root,
    began: Math.min(at, ...[...since.values()].map((one) => one - serverNow + at)),
    ended: null,
    end: null,
    lastSeen: at,
    samples: 0,
    mostWaiters: 0,
    longestWaitMs: 0,
    waitedMs: 0,
    locks: [],
    worst,
  };
}

function finish({ record, signal }: Open, sample: ActivitySample, restarted: boolean): EpisodeRecord {
  const watched = sample.at - record.lastSeen <= Math.max(longestGapMs, 3 * sample.intervalMs);
  const end = restarted ? 'server-restarted' : watched ? endOf(record.root, signal, sample) : 'unknown';
  return { ...record, end, ended: watched && !restarted ? sample.at : record.lastSeen };
}

/** What became of a root that nobody waits for any more. */
function endOf(root: LockParty, signal: Open['signal'], { backends }: ActivitySample): EpisodeEnd {
  // Whether it was committed or rolled back, or nobody wants anything of it any more: the sample does not tell.
  if (root.kind === 'prepared') return 'unknown';
  const now = backends.find((one) => one.pid === root.pid && one.backendStart === root.backendStart);
  if (!now) return signal ?? 'session-ended';
  if (signal === 'cancelled-here' && !isSameStatement(now, root)) return signal;
  if (now.type === null) return 'unknown';
  return now.transactionAt !== null && now.transactionAt === root.transactionAt
    ? 'waiters-left'
    : 'transaction-ended';
}

const isSameStatement = (now: Backend, root: LockParty): boolean =>
  now.queryAt === root.queryAt && now.state === root.state;

function mostOf(before: readonly AwaitedLock[], now: readonly AwaitedLock[]): AwaitedLock[] {
  const most = new Map(before.map((lock) => [lockKey(lock), lock]));
  for (const lock of now) {
    const known = most.get(lockKey(lock));
    if (!known || known.waiters < lock.waiters) most.set(lockKey(lock), lock);
  }
  return [...most.values()].sort((a, b) => b.waiters - a.waiters).slice(0, mostLocks);
}
