import { useEffect, useRef, useState } from 'react';
import type { Oid } from '../../../preload/contract/schema-model.ts';
import type { SchemaSession } from '../session.ts';
import type { ObjectDetails } from './details/details.ts';

/**
 * What the model knows of one object: undefined until it is looked up, null when there is no such object. The last one
 * stays until the next is there. One look-up at a time: whoever walks a list fast skips those in between.
 *
 * @param version changes when there may be more to know.
 */
export function useDetails(
  session: SchemaSession,
  oid: Oid,
  version: unknown,
): ObjectDetails | null | undefined {
  const [details, setDetails] = useState<ObjectDetails | null>();
  const wanted = useRef<Oid | undefined>(undefined);
  const isBusy = useRef(false);
  const isGone = useRef(false);

  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` asks anew.
  useEffect(() => {
    wanted.current = oid;
    if (isBusy.current) return;
    const ask = async (): Promise<void> => {
      isBusy.current = true;
      while (wanted.current !== undefined && !isGone.current) {
        const asked = wanted.current;
        wanted.current = undefined;
        const found = await session.details(asked).catch(() => null);
        if (!isGone.current) setDetails(found);
      }
      isBusy.current = false;
    };
    void ask();
  }, [session, oid, version]);

  return details;
}
