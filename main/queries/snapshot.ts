import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { counters, peakAt, width } from './counters.ts';
import { VarintReader, VarintWriter } from './varints.ts';

/** What goes for a whole snapshot. Kept as JSON beside its counters. */
export interface SnapshotFacts {
  /** The server's clock, start and reset of all counters, µs since 1970; the reset is null where the extension can't tell. */
  serverAt: number;
  startedAt: number;
  resetAt: number | null;
  /** How often the server gave up entries since; null where the extension can't tell. */
  dealloc: number | null;
  /** Bits of the counters that mean something here. */
  known: number;
  /** Statements at top level and nested ones are told apart. */
  levels: boolean;
  /** As whom it was read, whether that role sees all, and at which address of the server. */
  role: string;
  seesAll: boolean;
  place: string | null;
}

/** All counters of a server at one time, an entry a statement. */
export interface Snapshot extends SnapshotFacts {
  /** The console's clock, ms since 1970. */
  at: number;
  keys: readonly string[];
  /** Counters and peak, a column each. */
  columns: readonly Float64Array[];
  /** When each entry was made, µs since 1970, where the extension tells (1.11 and later). */
  since: Float64Array | null;
  /** Entries of the server, and those of them that this role may not tell apart. */
  entries: number;
  hidden: number;
}

/** The arrays that snapshot.sql answers with, as the server prints them; null when there are no entries. */
export type SnapshotRow = Record<string, string | null>;

/** Puts the server's arrays together. Entries that can't be told apart, as those hidden from this role, become one. */
export function parseSnapshot(row: SnapshotRow, at: number, facts: SnapshotFacts): Snapshot {
  const users = elements(row.users);
  const databases = elements(row.databases);
  const ids = elements(row.ids);
  const levels = elements(row.levels);
  const numbers = [...counters, 'peakUs'].map((name) => elements(row[name]));
  const sinceTexts = elements(row.since);
  const hasSince = sinceTexts.some((text) => text !== 'NULL');

  const places = new Map<string, number>();
  const target = new Int32Array(ids.length);
  let hidden = 0;
  for (let entry = 0; entry < ids.length; entry += 1) {
    const id = ids[entry];
    if (id === 'NULL') hidden += 1;
    const key =
      id === 'NULL'
        ? `${users[entry]}.${databases[entry]}.hidden`
        : `${users[entry]}.${databases[entry]}.${id}.${levels[entry] === 'f' ? 'n' : 't'}`;
    const known = places.get(key);
    target[entry] = known ?? places.size;
    if (known === undefined) places.set(key, places.size);
  }
  const columns = numbers.map((texts, column) => {
    const values = new Float64Array(places.size);
    for (let entry = 0; entry < texts.length; entry += 1) {
      const value = Number(texts[entry]) || 0;
      const to = target[entry] ?? 0;
      values[to] = column === peakAt ? Math.max(values[to] ?? 0, value) : (values[to] ?? 0) + value;
    }
    return values;
  });
  const since = hasSince ? new Float64Array(places.size) : null;
  if (since) {
    sinceTexts.forEach((text, entry) => {
      since[target[entry] ?? 0] = Number(text) || 0;
    });
  }
  return { ...facts, at, keys: [...places.keys()], columns, since, entries: ids.length, hidden };
}

/** An array of plain values as the server prints it: nothing in them needs quotes. */
function elements(text: string | null | undefined): string[] {
  return text && text.length > 2 ? text.slice(1, -1).split(',') : [];
}

/** The same entries as one knows them who can't tell levels apart. */
export function withoutLevels(snapshot: Snapshot): Snapshot {
  const places = new Map<string, number>();
  const target = snapshot.keys.map((key) => {
    const top = key.endsWith('.n') ? `${key.slice(0, -1)}t` : key;
    const known = places.get(top);
    if (known !== undefined) return known;
    places.set(top, places.size);
    return places.size - 1;
  });
  const columns = snapshot.columns.map((values, column) => {
    const joined = new Float64Array(places.size);
    target.forEach((to, entry) => {
      const value = values[entry] ?? 0;
      joined[to] = column === peakAt ? Math.max(joined[to] ?? 0, value) : (joined[to] ?? 0) + value;
    });
    return joined;
  });
  return { ...snapshot, levels: false, since: null, keys: [...places.keys()], columns };
}

/** A snapshot's entries for the store. */
export function packSnapshot(snapshot: Snapshot): Uint8Array {
  const { keys, columns, since, entries, hidden } = snapshot;
  const writer = new VarintWriter();
  writer.add(keys.length);
  writer.add(entries);
  writer.add(hidden);
  for (const values of columns) writer.column(values);
  writer.add(since ? 1 : 0);
  if (since) writer.column(since);
  const names = new TextEncoder().encode(keys.join('\n'));
  const numbers = writer.bytes();
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, names.length);
  return zstdCompressSync(Buffer.concat([head, names, numbers]));
}

/** @throws when the bytes are not a snapshot */
export function unpackSnapshot(packed: Uint8Array, at: number, facts: SnapshotFacts): Snapshot {
  const bytes = zstdDecompressSync(packed);
  const length = bytes.readUInt32BE(0);
  const names = bytes.toString('utf8', 4, 4 + length);
  const reader = new VarintReader(bytes.subarray(4 + length));
  const count = reader.next();
  const entries = reader.next();
  const hidden = reader.next();
  const columns = Array.from({ length: width }, () => reader.column(count));
  const since = reader.next() === 1 ? reader.column(count) : null;
  return { ...facts, at, keys: names === '' ? [] : names.split('\n'), columns, since, entries, hidden };
}
