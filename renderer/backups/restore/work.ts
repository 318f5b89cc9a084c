import type { Explanation } from '../../../preload/contract/common.ts';

/** What a piece of work of the console has come to: a restore, a job's run, an engine's backup. */
export interface Work {
  /** By which it is held. */
  key: string;
  phase: 'running' | 'ended';
  /** The name by which the console can end it, once it is known. */
  run: string | undefined;
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
  run: undefined,
  isCancelled: false,
  problem: undefined,
  startedAt: Date.now(),
});
