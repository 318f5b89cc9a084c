import { useSyncExternalStore } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { ImportKind, ImportPreview, ImportProblem } from '../../preload/contract/imports.ts';
import type { Corrections, RowProblems } from './row-form.ts';
import type { Source } from './sources.ts';

/** An import under way. It outlives its screen: somebody may look something up elsewhere and come back. */
export interface ImportState {
  sources: readonly Source[];
  /** Of which kind all files are; undefined: told by their names and contents. */
  kind: ImportKind | undefined;
  /** Files that this window did not send, with the reason. */
  refused: readonly ImportProblem[];
  reading: boolean;
  preview: ImportPreview | undefined;
  /** Sources that the preview was made of. */
  previewed: readonly Source[];
  chosen: ReadonlySet<string>;
  corrections: ReadonlyMap<string, Corrections>;
  /** What the console had against rows, by key. */
  told: ReadonlyMap<string, RowProblems>;
  /** Names of environments that protect the server of a row more strictly, as the console told them, by key. */
  protectors: ReadonlyMap<string, string>;
  passwords: boolean;
  connect: boolean;
  taking: boolean;
  /** Why reading or adding failed. */
  problem: { of: 'reading' | 'taking'; explanation: Explanation } | undefined;
}

const begun: ImportState = {
  sources: [],
  kind: undefined,
  refused: [],
  reading: false,
  preview: undefined,
  previewed: [],
  chosen: new Set(),
  corrections: new Map(),
  told: new Map(),
  protectors: new Map(),
  passwords: true,
  connect: true,
  taking: false,
  problem: undefined,
};

let state = begun;
const listeners = new Set<() => void>();

export function useImport(): ImportState {
  return useSyncExternalStore(subscribe, importState);
}

export function importState(): ImportState {
  return state;
}

export function changeImport(change: Partial<ImportState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

/** Forgets the files, what was found in them, and all corrections. */
export function clearImport(): void {
  changeImport(begun);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
