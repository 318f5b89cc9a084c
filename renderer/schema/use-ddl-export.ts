import { useEffect, useRef, useState } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { notifyDone, notifyProblem } from '../components/notify.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { fileName, saveBlob } from './save-blob.ts';

export interface DdlExport {
  /** How far it is; undefined while none is written. */
  running: { step: string; done: number; total: number } | undefined;
  /** How many schemas it takes in; undefined for all. */
  schemas: number | undefined;
  start: () => void;
  cancel: () => void;
}

/** The structure as SQL, of those schemas that are not filtered out. */
export function useDdlExport(
  environment: Environment,
  schemas: readonly string[] | undefined,
  hidden: readonly string[],
): DdlExport {
  const [running, setRunning] = useState<DdlExport['running']>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const wanted = hidden.length === 0 ? [] : (schemas ?? []).filter((schema) => !hidden.includes(schema));

  const start = async (): Promise<void> => {
    stop.current?.abort();
    const made = new AbortController();
    stop.current = made;
    const { signal } = made;
    setRunning({ step: 'Reading the structure', done: 0, total: 0 });
    try {
      const pieces: string[] = [];
      let name = fileName(environment.connection.database, 'sql');
      const events = await client.schema.export(
        { source: { kind: 'environment', environment: environment.id }, format: 'ddl', schemas: wanted },
        { signal },
      );
      for await (const event of events) {
        if (signal.aborted) return;
        if (event.kind === 'step') setRunning(event);
        else {
          pieces.push(event.text);
          name = event.name;
        }
      }
      if (signal.aborted) return;
      saveBlob(name, new Blob(pieces, { type: 'application/sql' }));
      notifyDone(`Wrote the DDL of ${wordsFor(wanted)} to ${name}.`);
    } catch (error) {
      if (!signal.aborted) notifyProblem(explain(error), { environment });
    } finally {
      if (stop.current === made) setRunning(undefined);
    }
  };
  return {
    running,
    schemas: hidden.length === 0 ? undefined : wanted.length,
    start: () => void start(),
    cancel: () => {
      stop.current?.abort();
      setRunning(undefined);
    },
  };
}

function wordsFor(schemas: readonly string[]): string {
  if (schemas.length === 0) return 'the whole database';
  return schemas.length === 1 ? `schema ${schemas[0]}` : `${schemas.length} schemas`;
}
