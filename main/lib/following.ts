/**
 * Does some work and gives what it tells meanwhile, as it comes; in the end, what came of it. Whoever leaves early, or
 * gives the signal, stops the work, and goes on only once it has come to its end.
 */
export async function* following<E, T>(
  signal: AbortSignal | undefined,
  work: (tell: (event: E) => void, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<E, T, void> {
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const told: E[] = [];
  let wake: (() => void) | undefined;
  let isOver = false;
  const working = work((event) => {
    told.push(event);
    wake?.();
  }, both).finally(() => {
    isOver = true;
    wake?.();
  });
  // It is awaited below; until then it may fail unheard.
  working.catch(() => undefined);
  try {
    for (;;) {
      const event = told.shift();
      if (event !== undefined) yield event;
      else if (isOver) return await working;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    if (!isOver) {
      stop.abort(new Error('Nobody waits for it any more.'));
      await working.catch(() => undefined);
    }
  }
}
