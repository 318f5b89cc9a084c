import type { ConnectionCause } from '../../preload/contract/causes.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Ask } from '../../preload/contract/connection.ts';

/** Why the way to a server ended before the server: at a companion, a tunnel, a service file, a certificate's file. */
export class WayProblem extends Error {
  override name = 'WayProblem';
  readonly explanation: Explanation;
  /** What a person must answer first. */
  readonly ask: Ask | undefined;
  /** Whether trying again by itself can help and does no harm. */
  readonly retry: boolean;

  constructor(
    explanation: Explanation & { cause: ConnectionCause },
    { ask, retry = false, cause }: { ask?: Ask; retry?: boolean; cause?: unknown } = {},
  ) {
    super(explanation.what, { cause });
    this.explanation = explanation;
    this.ask = ask;
    this.retry = retry;
  }
}
