/** Gives turns: one at a time for each key, and some at a time in all, in the order they were asked for. */
export interface Turns {
  /** Whether a turn would have to be waited for. */
  isBusy(key: string): boolean;
  /** Gives what ends the turn. @throws the signal's reason */
  take(key: string, signal: AbortSignal): Promise<() => void>;
}

export function openTurns(most: number): Turns {
  const taken = new Set<string>();
  const waiting: { key: string; begin: () => void }[] = [];
  const isBusy = (key: string): boolean => taken.has(key) || taken.size >= most;
  const next = (): void => {
    const at = waiting.findIndex(({ key }) => !isBusy(key));
    if (at < 0) return;
    waiting.splice(at, 1)[0]?.begin();
    next();
  };
  return {
    isBusy,
    take: async (key, signal) => {
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const one = { key, begin };
        function begin(): void {
          signal.removeEventListener('abort', leave);
          taken.add(key);
          resolve();
        }
        function leave(): void {
          waiting.splice(waiting.indexOf(one), 1);
          reject(signal.reason);
        }
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(one);
        next();
      });
      return () => {
        taken.delete(key);
        next();
      };
    },
  };
}
