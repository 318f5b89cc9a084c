import { useEffect } from 'react';
import type { AskedWork } from './asked-work.ts';
import type { Work } from './work.ts';
import { workSeen } from './work-store.ts';

/** What has ended in sight needs no mention in the status strip. */
export function useSeen(kind: AskedWork['kind'], work: Pick<Work, 'phase' | 'key'> | undefined): void {
  const ended = work?.phase === 'ended' ? work.key : undefined;
  useEffect(() => {
    if (ended !== undefined) workSeen(kind, ended);
  }, [ended, kind]);
}
