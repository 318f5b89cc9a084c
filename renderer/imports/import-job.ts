import type { Environment } from '../../preload/contract/environments.ts';
import type { ImportKind, ImportPlace } from '../../preload/contract/imports.ts';
import { client } from '../lib/client.ts';
import { errorField, explain } from '../lib/errors.ts';
import { changeImport, clearImport, importState } from './import-store.ts';
import { loadSources } from './load-sources.ts';
import { type Corrections, corrected, type RowField } from './row-form.ts';
import { carriedOver, choicesOf, type ImportRow } from './rows.ts';
import { admit, fileSource, mostSources, placeSource, type Source } from './sources.ts';
import { isExpired, protectorIn, rowAtFault } from './taking-problem.ts';

let running: AbortController | undefined;

/** Reads files that a person chose or dropped, together with those that are there. */
export function addFiles(files: readonly File[]): void {
  const { sources } = importState();
  const { admitted, refused } = admit(sources, files);
  changeImport({ refused });
  if (admitted.length > 0) readAll([...sources, ...admitted.map(fileSource)]);
}

let lastIncoming: readonly File[] | undefined;

/** Reads files that were dropped, once: the screen may be left and come back to. */
export function addIncoming(files: readonly File[]): void {
  if (files === lastIncoming || files.length === 0) return;
  lastIncoming = files;
  addFiles(files);
}

/** Reads files at their usual places on the console's machine. */
export function addPlaces(places: readonly Pick<ImportPlace, 'path'>[]): void {
  const { sources } = importState();
  const known = new Set(sources.map(({ id }) => id));
  const added = places.map(placeSource).filter(({ id }) => !known.has(id));
  readAll([...sources, ...added].slice(0, mostSources));
}

/** Takes a file out; the others are read again, for they may have leaned on it. */
export function removeSource(id: string): void {
  readAll(importState().sources.filter((source) => source.id !== id));
}

/** Says what kind of file all of them are, where names and contents don't tell. */
export function readAs(kind: ImportKind | undefined): void {
  changeImport({ kind });
  readAll(importState().sources);
}

export function readAgain(): void {
  readAll(importState().sources);
}

/** Breaks reading off; what was read before stays. */
export function cancelReading(): void {
  running?.abort();
  running = undefined;
  changeImport({ reading: false, sources: importState().previewed });
}

/** Forgets the import. */
export function dropImport(): void {
  running?.abort();
  running = undefined;
  clearImport();
}

/** Keeps a correction of a row. What the console had against it is to be seen again. */
export function correct(row: ImportRow, change: Corrections): void {
  const { corrections, told } = importState();
  const next = new Map(corrections);
  const mine = corrected(row.candidate, row.corrections, change);
  if (Object.keys(mine).length > 0) next.set(row.key, mine);
  else next.delete(row.key);
  const left = new Map(told);
  left.delete(row.key);
  changeImport({ corrections: next, told: left });
}

/** Gives rows new names. */
export function rename(rows: readonly ImportRow[], names: ReadonlyMap<string, string>): void {
  for (const row of rows) {
    const name = names.get(row.key);
    if (name !== undefined) correct(row, { name });
  }
}

export function dropCorrections({ key }: ImportRow): void {
  const corrections = new Map(importState().corrections);
  corrections.delete(key);
  changeImport({ corrections });
}

export function setChosen(key: string, isChosen: boolean): void {
  const chosen = new Set(importState().chosen);
  if (isChosen) chosen.add(key);
  else chosen.delete(key);
  changeImport({ chosen });
}

export type Taken =
  | { outcome: 'added'; added: readonly Environment[]; withoutPassword: readonly string[] }
  | { outcome: 'wrong'; key: string; field: RowField | 'other' }
  | { outcome: 'failed' };

/** Adds the chosen rows, all or none. A preview that is no longer kept is made again, corrections and all. */
export async function take(rows: readonly ImportRow[]): Promise<Taken> {
  const { preview, passwords, connect, taking } = importState();
  if (!preview || taking) return { outcome: 'failed' };
  changeImport({ taking: true, problem: undefined });
  try {
    const choices = choicesOf(rows, { passwords, connect });
    const { added, withoutPassword } = await client.imports.take({ preview: preview.id, choices });
    return { outcome: 'added', added, withoutPassword };
  } catch (error) {
    return refusedTaking(
      error,
      rows.filter(({ chosen }) => chosen),
    );
  } finally {
    changeImport({ taking: false });
  }
}

async function refusedTaking(error: unknown, sent: readonly ImportRow[]): Promise<Taken> {
  const explanation = explain(error);
  const field = errorField(error);
  if (isExpired(explanation, field)) {
    await readAll(importState().sources);
    const again = {
      what: 'The files were read again.',
      why: 'What is found in files is kept for a quarter of an hour, and that was over. Nothing has been added yet.',
      next: 'Your choice and your corrections are as they were. Look through the list and add them.',
      cause: 'preview-expired',
    };
    if (!importState().problem) changeImport({ problem: { of: 'taking', explanation: again } });
    return { outcome: 'failed' };
  }
  const protector = protectorIn(error);
  const fault = rowAtFault(explanation, protector === undefined ? field : 'protection', sent);
  if (!fault) {
    changeImport({ problem: { of: 'taking', explanation } });
    return { outcome: 'failed' };
  }
  if (protector !== undefined) {
    changeImport({ protectors: new Map([...importState().protectors, [fault.key, protector]]) });
  }
  const text =
    protector === undefined ? fault.text : `${explanation.what} Protect it as much, or type that name below.`;
  changeImport({ told: new Map([[fault.key, { [fault.field]: text }]]) });
  return { outcome: 'wrong', key: fault.key, field: fault.field };
}

async function readAll(sources: readonly Source[]): Promise<void> {
  running?.abort();
  const job = new AbortController();
  running = job;
  changeImport({ sources, reading: sources.length > 0, problem: undefined });
  try {
    const { loaded, problems } = await loadSources(sources);
    if (job.signal.aborted) return;
    const { kind } = importState();
    const preview =
      loaded.length > 0
        ? await client.imports.preview({ sources: loaded, ...(kind ? { kind } : {}) }, { signal: job.signal })
        : sources.length > 0
          ? { id: '', candidates: [], problems: [] }
          : undefined;
    if (job.signal.aborted) return;
    const before = importState();
    changeImport({
      preview: preview && { ...preview, problems: [...problems, ...preview.problems] },
      previewed: sources,
      told: new Map(),
      protectors: new Map(),
      ...(preview ? carriedOver(before.preview, before, preview) : {}),
    });
  } catch (error) {
    if (job.signal.aborted) return;
    changeImport({ problem: { of: 'reading', explanation: explain(error) } });
  } finally {
    if (running === job) {
      running = undefined;
      changeImport({ reading: false });
    }
  }
}
