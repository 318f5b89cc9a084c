import { stat } from 'node:fs/promises';
import type { Companion } from '../../preload/contract/connection.ts';
import type { CompanionStatus } from '../../preload/contract/environments.ts';
import { sleep } from '../lib/sleep.ts';
import type { WayProblem } from '../lib/way-problem.ts';
import { accepts, describeTarget, type Target } from './address.ts';
import {
  closing,
  describeExit,
  endedWell,
  messageOf,
  notReady,
  notStarted,
  problemOfExit,
} from './companion-words.ts';
import { createOutputLog, type OutputLog } from './output.ts';
import { type Exit, type ProcessTree, runToEnd, startTree } from './process.ts';

/** Times in ms. */
const pollEvery = 200;
/** How long the process goes on without anybody who uses it, so that a reconnect does not restart it. */
const linger = 1000;
const firstBackoff = 1000;
const longestBackoff = 15_000;
/** After so long without dying, the next death is taken as the first. */
const healthyAfter = 60_000;
/** How long a process must stay alive where something else answered at its address before it was started. */
const strangerGrace = 2000;
/** How long an address may take to answer again after the command has ended well. */
const doneGrace = 1000;
const stopLimit = 30_000;

export interface User {
  target: Target;
  onLost: ((problem: WayProblem) => void) | undefined;
}

export interface UseOptions {
  target: Target;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** A command to run once the last user is gone. */
  stop?: string | undefined;
  onLost?: ((problem: WayProblem) => void) | undefined;
}

/** One command in one folder, for all who need it. */
export interface SharedCompanion {
  readonly status: CompanionStatus | undefined;
  readonly log: OutputLog;
  /** Nobody uses it, nothing of it runs, and nobody reads its output. */
  readonly idle: boolean;
  /** @throws WayProblem, or the signal's reason */
  use(options: UseOptions): Promise<{ release(): Promise<void> }>;
  /** Ends it whoever uses it, for good. */
  close(): Promise<void>;
}

export function shareCompanion(
  { command }: Pick<Companion, 'command'>,
  folder: string,
  onChange: () => void,
): SharedCompanion {
  const log = createOutputLog();
  const leases = new Set<User>();
  /** How many wait for it to be ready. */
  let waiting = 0;
  let status: CompanionStatus | undefined;
  let tree: ProcessTree | undefined;
  /** How the command ended, when it has. */
  let exit: Exit | undefined;
  /** Whether something answered at the address before the command was started. */
  let strangerThere = false;
  /** The last problem that ended an attempt, and how many there were: who waits looks for a higher number. */
  let failure: { number: number; problem: WayProblem } | undefined;
  /** Deaths in a row, for the backoff. */
  let deaths = 0;
  /** It has died since it was last ended on purpose: the next start is a restart. */
  let hasDied = false;
  let restarting: AbortController | undefined;
  let lingering: NodeJS.Timeout | undefined;
  let ending: Promise<void> | undefined;
  let starting: Promise<void> | undefined;
  /** What a dead one has left behind is being ended. */
  let clearing: Promise<void> | undefined;
  /** The command was run since nobody needed it last: there may be something to undo. */
  let hasRun = false;
  /** How long it may take to be ready, in ms, as asked for last. */
  let readyWithin = 0;
  let closed = false;
  const stops = new Set<string>();

  const enter = (state: CompanionStatus['state']): void => {
    const restarts = status?.restarts ?? 0;
    if (status?.state !== state) status = { state, since: Date.now(), restarts };
    onChange();
  };
  const inUse = (): boolean => waiting > 0 || leases.size > 0;
  const say = (text: string): void => log.add('howdah', text);

  /** Whether it runs, or has done what it was to do. */
  const isUp = (): boolean => tree !== undefined && (exit === undefined || endedWell(exit));

  const fail = (problem: WayProblem): void => {
    failure = { number: (failure?.number ?? 0) + 1, problem };
  };

  const start = async (target: Target): Promise<void> => {
    const previous = tree;
    tree = undefined;
    exit = undefined;
    // What a command that ended well has left in the background would stand in its own way.
    await previous?.end();
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) {
      enter('failed');
      fail(notStarted(`The folder ${folder} is not there.`, 'Correct the folder in the connection.'));
      return;
    }
    strangerThere = await accepts(target);
    if (closed || !inUse()) return;
    if (strangerThere) {
      say(`Something accepts connections at ${describeTarget(target)} already, before the start.`);
    }
    if (hasDied && status) status = { ...status, restarts: status.restarts + 1 };
    hasDied = false;
    say(`Started: ${command}`);
    try {
      const started = startTree(command, { folder, stop: [...stops].join('\n') });
      tree = started;
      hasRun = true;
      log.read(started.streams.out, 'out');
      log.read(started.streams.error, 'error');
      void started.exit.then((how) => onExit(started, how, target));
    } catch (error) {
      enter('failed');
      fail(notStarted(messageOf(error), 'Try the command in a terminal.', error));
    }
  };

  const onExit = async (ended: ProcessTree, how: Exit, target: Target): Promise<void> => {
    if (tree !== ended || ending) return;
    exit = how;
    say(`${describeExit(how)}.`);
    if (endedWell(how)) {
      // Before it was ready: what it has started may still come up. After: a proxy may end well, too, and be gone.
      const wasReady = status?.state === 'ready';
      if (!wasReady || (await comesBack(target, doneGrace))) {
        if (tree === ended && !ending) enter('done');
        return;
      }
      if (tree !== ended || ending) return;
    }
    const wasReady = status?.state === 'ready' || status?.state === 'done';
    await abandon(ended, problemOfExit(ended, how, { wasReady, log }), target);
  };

  /** Ends what is left of it, then tells that it is gone. */
  const abandon = async (left: ProcessTree, problem: WayProblem, target: Target): Promise<void> => {
    tree = undefined;
    clearing = left.end();
    await clearing;
    clearing = undefined;
    if (!ending) lost(problem, target);
  };

  /** The process is gone though it is needed. */
  const lost = (problem: WayProblem, target: Target): void => {
    deaths = Date.now() - (status?.since ?? 0) > healthyAfter && status?.state === 'ready' ? 1 : deaths + 1;
    hasDied = true;
    fail(problem);
    const users = [...leases];
    // What can't be started at all is not tried again by itself.
    if (users.length > 0 && problem.retry && !closed) restartLater(target);
    else enter('failed');
    for (const { onLost } of users) callSafely(onLost, problem);
  };

  const restartLater = (target: Target): void => {
    enter('restarting');
    const cancelled = new AbortController();
    restarting = cancelled;
    const ceiling = Math.min(firstBackoff * 2 ** (deaths - 1), longestBackoff);
    const wait = Math.round(ceiling * (0.75 + Math.random() * 0.5));
    say(`Starting again in ${(wait / 1000).toFixed(1)} s.`);
    void (async () => {
      await sleep(Math.min(wait, longestBackoff), cancelled.signal);
      if (cancelled.signal.aborted || closed || !inUse()) return;
      restarting = undefined;
      await begin(target);
      await becomeReady(target, cancelled.signal);
    })();
  };

  /** After a restart nobody may be waiting: then the companion itself looks when it is ready again. */
  const becomeReady = async (target: Target, signal: AbortSignal): Promise<void> => {
    const mine = tree;
    while (mine && tree === mine && !ending && !signal.aborted && status?.state === 'restarting') {
      if (exit === undefined && (await accepts(target)) && readyNow(mine)) return void enter('ready');
      if (Date.now() - mine.startedAt > readyWithin) {
        return await abandon(
          mine,
          notReady({ target, timeoutMs: readyWithin, since: mine.startedAt }, exit, log),
          target,
        );
      }
      await sleep(pollEvery, signal);
    }
  };

  const begin = (target: Target): Promise<void> => {
    starting ??= start(target).finally(() => {
      starting = undefined;
    });
    return starting;
  };

  /** Where something else answered before the start, an answer says little about a process that has just begun. */
  const readyNow = (mine: ProcessTree): boolean =>
    tree === mine &&
    isUp() &&
    (!strangerThere || exit !== undefined || Date.now() - mine.startedAt > strangerGrace);

  const waitUntilReady = async ({ target, timeoutMs, signal }: UseOptions): Promise<void> => {
    clearTimeout(lingering);
    await unlessAborted(ending, signal);
    await unlessAborted(clearing, signal);
    readyWithin = timeoutMs;
    const from = Date.now();
    const seen = failure?.number ?? 0;
    const needsStart = !isUp() || (exit !== undefined && !(await accepts(target)));
    if (needsStart && !restarting && !starting) {
      if (status?.state !== 'restarting') enter('starting');
      await begin(target);
    } else {
      await starting;
    }
    for (;;) {
      signal?.throwIfAborted();
      if (closed) throw closing();
      if (failure && failure.number > seen) throw failure.problem;
      const mine = tree;
      if (mine && isUp() && (await accepts(target)) && readyNow(mine)) {
        const state = exit === undefined ? 'ready' : 'done';
        if (status?.state !== state) say(`${describeTarget(target)} accepts connections.`);
        enter(state);
        return;
      }
      // The time until a restart is not its own.
      const since = Math.max(from, mine?.startedAt ?? Date.now());
      if (Date.now() - since > timeoutMs) {
        const problem = notReady({ target, timeoutMs, since: mine?.startedAt ?? from }, exit, log);
        if (mine && tree === mine && !(await servesAnyone())) void abandon(mine, problem, target);
        throw problem;
      }
      await sleep(pollEvery, signal);
    }
  };

  /** Whether it is of use to somebody, be it at another address. */
  const servesAnyone = async (): Promise<boolean> =>
    (await Promise.all([...leases].map(({ target }) => accepts(target)))).some(Boolean);

  const end = (): Promise<void> => {
    clearTimeout(lingering);
    restarting?.abort();
    restarting = undefined;
    ending ??= (async () => {
      await starting?.catch(() => undefined);
      // Whoever comes from now on brings a stop command for the next time.
      const due = hasRun ? [...stops] : [];
      stops.clear();
      hasRun = false;
      if (tree && exit === undefined) say('Stopping.');
      await tree?.end();
      await clearing;
      tree = undefined;
      exit = undefined;
      deaths = 0;
      for (const stop of due) await runStop(stop);
      // Why it failed stays in sight until it is tried again.
      if (status?.state !== 'failed') {
        status = undefined;
        hasDied = false;
      }
      onChange();
    })().finally(() => {
      ending = undefined;
    });
    return ending;
  };

  const runStop = async (stop: string): Promise<void> => {
    say(`Stop command: ${stop}`);
    try {
      const outcome = await runToEnd(stop, {
        folder,
        limit: stopLimit,
        onStreams: ({ out, error }) => {
          log.read(out, 'out');
          log.read(error, 'error');
        },
      });
      const text = outcome === 'too long' ? `Ended after ${stopLimit / 1000} s` : describeExit(outcome);
      say(`Stop command: ${text}.`);
    } catch (error) {
      say(`Stop command: ${messageOf(error)}.`);
    }
  };

  const leave = async (lingerMs: number): Promise<void> => {
    if (inUse() || closed) return;
    clearTimeout(lingering);
    if (lingerMs === 0) return await end();
    lingering = setTimeout(() => {
      if (!inUse()) void end();
    }, lingerMs);
  };

  return {
    get status() {
      return status && { ...status };
    },
    log,
    get idle() {
      return !inUse() && !tree && !ending && log.followers === 0;
    },
    use: async (options) => {
      if (closed) throw closing();
      options.signal?.throwIfAborted();
      waiting += 1;
      if (options.stop !== undefined) stops.add(options.stop);
      const user: User = { target: options.target, onLost: options.onLost };
      try {
        await waitUntilReady(options);
        leases.add(user);
      } finally {
        waiting -= 1;
        if (!leases.has(user)) {
          const failed = !options.signal?.aborted;
          if (!inUse() && failed) enter('failed');
          await leave(0);
        }
      }
      return {
        release: async () => {
          if (leases.delete(user)) await leave(linger);
        },
      };
    },
    close: async () => {
      closed = true;
      await ending;
      await end();
    },
  };
}

/** Waits for something, but no longer than until the signal. */
async function unlessAborted(
  work: Promise<unknown> | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!work) return;
  const over = new AbortController();
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  await Promise.race([
    work,
    new Promise<void>((resolve) => either.addEventListener('abort', () => resolve())),
  ]);
  over.abort();
  signal?.throwIfAborted();
}

async function comesBack(target: Target, within: number): Promise<boolean> {
  const until = Date.now() + within;
  for (;;) {
    if (await accepts(target)) return true;
    if (Date.now() > until) return false;
    await sleep(pollEvery);
  }
}

function callSafely(onLost: User['onLost'], problem: WayProblem): void {
  try {
    onLost?.(problem);
  } catch {
    // One who can't be told must not keep the others from being told.
  }
}
