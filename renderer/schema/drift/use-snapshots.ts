import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { SchemaSource, SnapshotInfo } from '../../../preload/contract/schema.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { saveBlob } from '../save-blob.ts';
import type { Step } from './run.ts';

const key = ['schema', 'snapshots'] as const;

/** All snapshots in the own store, newest first, and those of one environment's present database. */
export function useSnapshots(environment: string) {
  const all = useQuery({ queryKey: [...key, 'all'], queryFn: () => client.schema.snapshots({}) });
  const own = useQuery({
    queryKey: [...key, environment],
    queryFn: () => client.schema.snapshots({ environment }),
  });
  const cache = useQueryClient();
  const refresh = useCallback(() => cache.invalidateQueries({ queryKey: key }), [cache]);
  return {
    all: all.data ?? none,
    own: own.data,
    problem: own.error ? explain(own.error) : undefined,
    refresh,
  };
}

const none: readonly SnapshotInfo[] = [];

export interface Taking {
  step: Step | undefined;
  problem: Explanation | undefined;
  isRunning: boolean;
  take: (name: string) => void;
  cancel: () => void;
}

/** Takes a snapshot of an environment as it is now. Given up when the page goes. */
export function useTakeSnapshot(environment: string, onTaken: (snapshot: SnapshotInfo) => void): Taking {
  const [step, setStep] = useState<Step>();
  const [problem, setProblem] = useState<Explanation>();
  const [isRunning, setRunning] = useState(false);
  const stop = useRef<AbortController>(undefined);
  const taken = useRef(onTaken);
  taken.current = onTaken;
  useEffect(() => () => stop.current?.abort(), []);

  const take = async (name: string): Promise<void> => {
    const mine = new AbortController();
    stop.current?.abort();
    stop.current = mine;
    setRunning(true);
    setProblem(undefined);
    setStep(undefined);
    try {
      const input = name.trim() ? { environment, name: name.trim() } : { environment };
      for await (const event of await client.schema.takeSnapshot(input, { signal: mine.signal })) {
        if (mine.signal.aborted) return;
        if (event.kind === 'step') setStep({ step: event.step, done: event.done, total: event.total });
        else taken.current(event.snapshot);
      }
    } catch (error) {
      if (!mine.signal.aborted) setProblem(explain(error));
    } finally {
      if (stop.current === mine) setRunning(false);
    }
  };
  return {
    step,
    problem,
    isRunning,
    take: (name) => void take(name),
    cancel: () => stop.current?.abort(),
  };
}

/** Hands a structure over as a file that a comparison takes in again. */
export async function saveSnapshotFile(source: SchemaSource): Promise<string> {
  let name = 'snapshot.json';
  const pieces: string[] = [];
  for await (const event of await client.schema.snapshotFile({ source })) {
    if (event.kind !== 'text') continue;
    name = event.name;
    pieces.push(event.text);
  }
  saveBlob(name, new Blob(pieces, { type: 'application/json' }));
  return name;
}
