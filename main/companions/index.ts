import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Companion, HostPort } from '../../preload/contract/connection.ts';
import type { CompanionLine, CompanionStatus } from '../../preload/contract/environments.ts';
import { WayProblem } from '../lib/way-problem.ts';
import { expandHome, parseTarget, type Target, targetOf } from './address.ts';
import { type SharedCompanion, shareCompanion } from './companion.ts';

export { longestLine, printable } from './printable.ts';
export { companionEnvironment, type Exit, startTree } from './process.ts';

/** The processes that must run while environments are connected. */
export interface Companions {
  /**
   * Starts the process, or joins the one that runs already for the same command and folder, and comes back when its
   * address accepts connections. Of one that has ended well the command is run again, unless the address still answers.
   *
   * @throws WayProblem `companion-not-started`, `companion-died` or `companion-not-ready`; or the signal's reason
   */
  use(companion: Companion, address: HostPort, options?: UseOptions): Promise<CompanionLease>;
  /** Undefined when it was never needed, or was ended because nobody needs it. */
  status(companion: Companion): CompanionStatus | undefined;
  /** What was printed lately as one batch, then each new batch of lines, until the signal. */
  output(companion: Companion, signal: AbortSignal | undefined): AsyncGenerator<CompanionLine[], void, void>;
  /** Ends all of them and waits for it. */
  close(): Promise<void>;
}

export interface UseOptions {
  signal?: AbortSignal | undefined;
  /** Replaced in its output, in errors and wherever else it is quoted. */
  secrets?: string[];
  /** The process has died after it was ready. It is being restarted; whatever went over it is to be tried anew. */
  onLost?: (problem: WayProblem) => void;
}

export interface CompanionLease {
  /** The process ends a second after the last one is given back. */
  release(): Promise<void>;
}

/** How many companions that are not needed any more are remembered for their output. */
const remembered = 50;

export function openCompanions({ onChange }: { onChange?: () => void } = {}): Companions {
  const all = new Map<string, SharedCompanion>();
  let closed = false;

  const find = (companion: Companion): SharedCompanion | undefined => all.get(keyOf(companion));
  const get = (companion: Companion): SharedCompanion => {
    const key = keyOf(companion);
    const made = all.get(key) ?? shareCompanion(companion, folderOf(companion), () => onChange?.());
    // The one asked for last is forgotten last.
    all.delete(key);
    all.set(key, made);
    for (const [old, { idle }] of all) {
      if (all.size <= remembered) break;
      if (idle && old !== key) all.delete(old);
    }
    return made;
  };

  return {
    use: async (companion, address, { signal, secrets = [], onLost } = {}) => {
      const target = targetFor(companion, address);
      const shared = get(companion);
      if (closed) await shared.close();
      shared.log.hide(secrets);
      const lease = await shared.use({
        target,
        timeoutMs: companion.timeoutSeconds * 1000,
        signal,
        stop: companion.stop,
        onLost,
      });
      return { release: () => lease.release() };
    },
    status: (companion) => find(companion)?.status,
    output: (companion, signal) => get(companion).log.follow(signal),
    close: async () => {
      closed = true;
      await Promise.all([...all.values()].map((one) => one.close()));
    },
  };
}

function keyOf(companion: Companion): string {
  return JSON.stringify([companion.command, folderOf(companion)]);
}

function folderOf({ folder }: Companion): string {
  return folder === undefined ? homedir() : resolve(expandHome(folder));
}

function targetFor({ waitFor }: Companion, address: HostPort): Target {
  const target = waitFor === undefined ? targetOf(address) : parseTarget(waitFor);
  if (target) return target;
  throw new WayProblem({
    cause: 'companion-not-started',
    what: 'The companion command was not started.',
    why: `"${waitFor?.slice(0, 100)}" is no address to wait for.`,
    next: 'Give it as host:port, as [::1]:5432, or as the path of a socket.',
  });
}
