import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { SampleProgress } from '../../preload/contract/sample.ts';
import { notifyDone, notifyProblem } from '../components/notify.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';

export interface SampleJob {
  /** The step under way; undefined while none runs. */
  progress: SampleProgress | undefined;
  start: () => void;
  /** Breaks the start off. */
  cancel: () => void;
  stop: () => Promise<void>;
}

const Context = createContext<SampleJob | undefined>(undefined);

/** Starts and stops the sample server; the job goes on whatever screen is in sight. */
export function SampleProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [progress, setProgress] = useState<SampleProgress>();
  const running = useRef<AbortController>(undefined);

  useEffect(() => () => running.current?.abort(), []);

  const job = useMemo<SampleJob>(() => {
    const start = async (): Promise<void> => {
      if (running.current) return;
      const stop = new AbortController();
      running.current = stop;
      setProgress({ step: 'Looking for PostgreSQL on this machine', done: 0, total: 1 });
      try {
        for await (const event of await client.sample.start({}, { signal: stop.signal })) {
          setProgress(event);
          if (event.finished)
            notifyDone('The sample server runs; its systems are in the list.', { id: 'sample' });
        }
      } catch (error) {
        if (!stop.signal.aborted) notifyProblem(explain(error), { id: 'sample' });
      } finally {
        running.current = undefined;
        setProgress(undefined);
        void cache.invalidateQueries({ queryKey: ['sample'] });
      }
    };
    return {
      progress: undefined,
      start: () => void start(),
      cancel: () => running.current?.abort(),
      stop: async () => {
        try {
          await client.sample.stop();
          notifyDone('The sample server is stopped. Its data are kept.', { id: 'sample' });
        } catch (error) {
          notifyProblem(explain(error), { id: 'sample' });
        } finally {
          void cache.invalidateQueries({ queryKey: ['sample'] });
        }
      },
    };
  }, [cache]);

  const value = useMemo(() => ({ ...job, progress }), [job, progress]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSampleJob(): SampleJob {
  const job = useContext(Context);
  if (!job) throw new Error('useSampleJob stands outside of SampleProvider.');
  return job;
}
