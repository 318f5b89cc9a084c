import { setImmediate as turn } from 'node:timers/promises';

/** Longest time without letting others have their turn, ms. */
const longest = 10;

/** For long work on the main thread: await it now and then, and whoever waits for the thread gets it every 10 ms. */
export function slices(): () => Promise<void> | undefined {
  let from = performance.now();
  return () => {
    if (performance.now() - from < longest) return undefined;
    return turn().then(() => {
      from = performance.now();
    });
  };
}
