import { closeSync, openSync, readSync } from 'node:fs';
import type { Arrangement, ResultColumn } from '../../../preload/contract/sql.ts';
import { parseBlock, type TextRow } from './spool.ts';

export interface OrderTask {
  file: string;
  offsets: number[];
  bytes: number;
  arrangement: Arrangement;
  kinds: ResultColumn['kind'][];
}

type Key = number | string | null;

/**
 * The numbers of the rows that pass the filters, in the order asked for. Numbers sort by value (beyond 2^53 by their
 * double, then by text), everything else by its text; NULL comes last ascending, as PostgreSQL has it.
 */
export function orderRows({ file, offsets, bytes, arrangement, kinds }: OrderTask): Uint32Array {
  const { sort, filters } = arrangement;
  const wanted = filters.map(({ column, text }) => ({ column, text: text.toLowerCase() }));
  const passed: number[] = [];
  const keys: Key[][] = sort.map(() => []);
  const fd = openSync(file, 'r');
  try {
    let nth = 0;
    for (let block = 0; block < offsets.length; block += 1) {
      const from = offsets[block] ?? 0;
      const buffer = Buffer.allocUnsafe((offsets[block + 1] ?? bytes) - from);
      readSync(fd, buffer, 0, buffer.length, from);
      for (const row of parseBlock(buffer)) {
        if (wanted.every((filter) => passes(row, filter))) {
          passed.push(nth);
          sort.forEach(({ column }, at) => {
            keys[at]?.push(keyOf(row[column] ?? null, kinds[column]));
          });
        }
        nth += 1;
      }
    }
  } finally {
    closeSync(fd);
  }
  if (sort.length === 0) return Uint32Array.from(passed);
  const order = Uint32Array.from(passed.keys());
  order.sort((one, other) => {
    for (let at = 0; at < sort.length; at += 1) {
      const by = compare(keys[at]?.[one] ?? null, keys[at]?.[other] ?? null);
      if (by !== 0) return sort[at]?.descending ? -by : by;
    }
    return one - other;
  });
  return order.map((place) => passed[place] ?? 0);
}

function passes(row: TextRow, { column, text }: { column: number | null; text: string }): boolean {
  if (column !== null) return (row[column] ?? null)?.toLowerCase().includes(text) ?? false;
  return row.some((cell) => cell?.toLowerCase().includes(text));
}

function keyOf(cell: string | null, kind: ResultColumn['kind'] | undefined): Key {
  if (cell === null) return null;
  if (kind !== 'number') return cell.length > 1000 ? cell.slice(0, 1000) : cell;
  const value = Number(cell);
  // NaN sorts above every number, as in PostgreSQL; money and the like stay text.
  return Number.isNaN(value) ? (cell === 'NaN' ? Number.POSITIVE_INFINITY : cell) : value;
}

function compare(one: Key, other: Key): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  if (one === other) return 0;
  if (typeof one === typeof other) return one < other ? -1 : 1;
  return typeof one === 'number' ? -1 : 1;
}
