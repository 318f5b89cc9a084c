import { useEffect, useState } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import { explain } from './errors.ts';

export interface Live<T> {
  /** The newest value; undefined until the first has come. */
  value: T | undefined;
  /** Why nothing new comes at present. The last value stays. */
  problem: Explanation | undefined;
}

/**
 * Follows an event iterator of the contract for as long as the component shows, and begins anew with a
 * growing pause when it breaks off. `open` must be stable for equal `key`s.
 */
export function useLive<T>(
  key: string,
  open: (options: { signal: AbortSignal }) => Promise<AsyncIterable<T>>,
): Live<T> {
  const [live, setLive] = useState<Live<T>>({ value: undefined, problem: undefined });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for `open`, which changes identity at each render.
  useEffect(() => {
    const stop = new AbortController();
    setLive({ value: undefined, problem: undefined });
    void follow(open, stop.signal, setLive);
    return () => stop.abort();
  }, [key]);

  return live;
}

async function follow<T>(
  open: (options: { signal: AbortSignal }) => Promise<AsyncIterable<T>>,
  signal: AbortSignal,
  set: (update: (before: Live<T>) => Live<T>) => void,
): Promise<void> {
  let pause = 500;
  while (!signal.aborted) {
    try {
      for await (const value of await open({ signal })) {
        if (signal.aborted) return;
        pause = 500;
        set(() => ({ value, problem: undefined }));
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = explain(error);
      set((before) => ({ ...before, problem }));
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(5000, pause * 2);
  }
}
