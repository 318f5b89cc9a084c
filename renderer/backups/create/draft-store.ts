import { useCallback, useState } from 'react';
import { type Draft, firstDraft } from './draft.ts';

/** By environment, for as long as this window is open: closing the panel loses nothing. */
const remembered = new Map<string, Draft>();

export function useDraft(environment: string): [draft: Draft, change: (changes: Partial<Draft>) => void] {
  const [draft, setDraft] = useState<Draft>(() => remembered.get(environment) ?? firstDraft);
  const change = useCallback(
    (changes: Partial<Draft>) =>
      setDraft((before) => {
        const next = { ...before, ...changes };
        remembered.set(environment, next);
        return next;
      }),
    [environment],
  );
  return [draft, change];
}
