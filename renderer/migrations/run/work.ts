import type { Explanation } from '../../../preload/contract/common.ts';

/** What every piece of work has come to: a run, a dry run, a tool's command, seeds. */
export interface Work {
  /** By which it is held. */
  key: string;
  phase: 'running' | 'ended';
  /** A person asked for its end. */
  isCancelled: boolean;
  /** It broke off without an outcome of its own. */
  problem: Explanation | undefined;
  /** ms of this window's clock. */
  startedAt: number;
}

export const workBegun = (key: string): Work => ({
  key,
  phase: 'running',
  isCancelled: false,
  problem: undefined,
  startedAt: Date.now(),
});
