import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** What one thing took, in kB of 1024 bytes: pages are a whole number of them. `heap` is with its maps. */
export interface Kept {
  heap: number;
  toast: number;
  indexes: number;
}

/**
 * One look at a database: sizes by key. Keys below 2^32 are oids of tables (of the root where it is partitioned), those
 * from there on schemas by their number, and {@link allTables} is their sum.
 */
export interface Look {
  /** The whole database with its catalogues, kB; null where it was not told. */
  database: number | null;
  sizes: ReadonlyMap<number, Kept>;
}

const schemaKeys = 2 ** 32;
export const allTables = 2 ** 33;
export const schemaKey = (number: number): number => schemaKeys + number;
export const isTableKey = (key: number): boolean => key < schemaKeys;

/** Packs a look; with `before`, only what differs from that one. */
export function packLook(look: Look, before?: Look): Uint8Array {
  const numbers = [look.database === null ? 0 : look.database + 1];
  const changed = [...look.sizes].filter(([key, kept]) => !isSame(kept, before?.sizes.get(key)));
  const entries: [number, Kept | undefined][] = changed;
  for (const key of before?.sizes.keys() ?? []) if (!look.sizes.has(key)) entries.push([key, undefined]);
  entries.sort(([a], [b]) => a - b);
  let last = 0;
  for (const [key, kept] of entries) {
    numbers.push(key - last);
    last = key;
    if (kept) numbers.push(kept.heap + 1, kept.toast, kept.indexes);
    else numbers.push(0);
  }
  return zstdCompressSync(varints(numbers));
}

/** Reads a packed look; one that holds only differences is laid over the one before. */
export function unpackLook(packed: Uint8Array, before?: Look): Look {
  const numbers = readVarints(zstdDecompressSync(packed));
  const sizes = new Map(before?.sizes);
  let key = 0;
  for (let at = 1; at < numbers.length; ) {
    key += numbers[at] ?? 0;
    const heap = numbers[at + 1] ?? 0;
    if (heap === 0) {
      sizes.delete(key);
      at += 2;
      continue;
    }
    sizes.set(key, { heap: heap - 1, toast: numbers[at + 2] ?? 0, indexes: numbers[at + 3] ?? 0 });
    at += 4;
  }
  const database = numbers[0] ?? 0;
  return { database: database === 0 ? null : database - 1, sizes };
}

const isSame = (a: Kept, b: Kept | undefined): boolean =>
  b !== undefined && a.heap === b.heap && a.toast === b.toast && a.indexes === b.indexes;

/** Seven bits a byte, lowest first; the eighth says that more follow. Numbers up to 2^53, none negative. */
function varints(numbers: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (const number of numbers) {
    let left = number;
    while (left >= 128) {
      bytes.push((left % 128) + 128);
      left = Math.floor(left / 128);
    }
    bytes.push(left);
  }
  return Uint8Array.from(bytes);
}

function readVarints(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let number = 0;
  let scale = 1;
  for (const byte of bytes) {
    number += (byte % 128) * scale;
    scale *= 128;
    if (byte < 128) {
      numbers.push(number);
      number = 0;
      scale = 1;
    }
  }
  return numbers;
}
