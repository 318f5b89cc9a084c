import type { Impact, SignalResult, signals } from '../../preload/contract/activity.ts';
import type { Selection } from '../components/table/selection.ts';
import { pidOfKey } from './share.ts';

export type Signal = (typeof signals)[number];

interface SignalWords {
  /** The act with how many it hits. */
  act: (backends: number) => string;
  button: string;
  /** Whether it can be undone. */
  undo: string;
  /** What was done, for the notice afterwards. */
  done: (backends: number) => string;
}

/** How the two signals are spoken of. */
export const signalWords: Record<Signal, SignalWords> = {
  cancel: {
    act: (backends) => (backends === 1 ? 'Cancel 1 statement' : `Cancel ${backends} statements`),
    button: 'Cancel statement',
    undo: 'Ends the running statement; the session stays, and so does an open transaction. The statement can be run again.',
    done: (backends) => (backends === 1 ? '1 statement cancelled' : `${backends} statements cancelled`),
  },
  terminate: {
    act: (backends) => (backends === 1 ? 'Terminate 1 backend' : `Terminate ${backends} backends`),
    button: 'Terminate',
    undo: 'Ends the session and rolls its open transaction back. This cannot be undone.',
    done: (backends) => (backends === 1 ? '1 backend terminated' : `${backends} backends terminated`),
  },
};

/** pids that wait behind any of the backends and are not themselves hit, ascending, each once. */
export function freesTogether(impact: Impact): number[] {
  const hit = new Set(impact.backends.map(({ pid }) => pid));
  const free = new Set(impact.backends.flatMap(({ unblocks }) => unblocks).filter((pid) => !hit.has(pid)));
  return [...free].sort((a, b) => a - b);
}

/** Whether there is nothing in a result that a person has to read. */
export function wentWell(result: SignalResult): boolean {
  return result.results.every(({ outcome }) => outcome === 'done');
}

/** pids that are no more after a signal: the ended ones, and those that were gone before. */
export function endedBy(
  signal: Signal,
  result: { results: readonly Pick<SignalResult['results'][number], 'pid' | 'outcome'>[] },
): ReadonlySet<number> {
  const ended = result.results.filter(
    ({ outcome }) => outcome === 'gone' || (signal === 'terminate' && outcome === 'done'),
  );
  return new Set(ended.map(({ pid }) => pid));
}

/** Takes the backends with these pids out of a selection of either view. The same object when none is in it. */
export function deselect(selection: Selection, pids: ReadonlySet<number>): Selection {
  const keys = [...selection.keys].filter((key) => !pids.has(pidOfKey(key)));
  return keys.length === selection.keys.size ? selection : { keys: new Set(keys), anchor: null };
}
