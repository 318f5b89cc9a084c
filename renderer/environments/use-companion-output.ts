import { useEffect, useState } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { appended, type NumberedLine } from './companion-lines.ts';

export interface CompanionOutputState {
  /** Undefined until the first answer. */
  lines: readonly NumberedLine[] | undefined;
  /** Why nothing new comes at present. */
  problem: Explanation | undefined;
}

/** Follows what an environment's companion prints, the last lines of it. Begins anew when it breaks off. */
export function useCompanionOutput(environment: string): CompanionOutputState {
  const [state, setState] = useState<CompanionOutputState>({ lines: undefined, problem: undefined });

  useEffect(() => {
    const stop = new AbortController();
    setState({ lines: undefined, problem: undefined });
    void follow(environment, stop.signal, setState);
    return () => stop.abort();
  }, [environment]);

  return state;
}

type Update = (change: (before: CompanionOutputState) => CompanionOutputState) => void;

async function follow(environment: string, signal: AbortSignal, update: Update): Promise<void> {
  let pause = 500;
  while (!signal.aborted) {
    try {
      let isFirst = true;
      for await (const lines of await client.environments.companionOutput({ environment }, { signal })) {
        if (signal.aborted) return;
        pause = 500;
        // The first answer repeats what was printed lately.
        const anew = isFirst;
        update(({ lines: before = [] }) => ({
          lines: appended(anew ? [] : before, lines),
          problem: undefined,
        }));
        isFirst = false;
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = explain(error);
      update((before) => ({ ...before, problem }));
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(5000, pause * 2);
  }
}
