/** A call that runs at once when it has been quiet, and otherwise once at the end of each `ms`. */
export interface Throttled {
  (): void;
  /** Drops a call that is still due. */
  stop(): void;
}

export function throttle(ms: number, work: () => void): Throttled {
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    timer = undefined;
    last = performance.now();
    work();
  };
  const call = (): void => {
    if (timer) return;
    const wait = last + ms - performance.now();
    if (wait <= 0) run();
    else timer = setTimeout(run, wait);
  };
  return Object.assign(call, { stop: () => clearTimeout(timer) });
}
