import { setImmediate as turn } from 'node:timers/promises';

/** A text that is sent in one go, with what is needed to say where in it something went wrong. */
export interface ReadyUnit {
  /** The text in UTF-8, as it goes to the server: large ones are never held as a string beside the worker. */
  bytes: Uint8Array;
  /** Of its first character in the file, from 1. */
  line: number;
  /** Three numbers for each of its statements, see `placeAt`: there may be very many. */
  places: Uint32Array;
}

/** Where a statement begins and ends in its unit's bytes, and its line in the file. */
export interface StatementPlace {
  start: number;
  /** Behind its last byte. */
  end: number;
  line: number;
}

/** A statement as it is shown. */
export interface ShownStatement {
  line: number;
  text: string;
}

export const placesIn = ({ places }: ReadyUnit): number => places.length / 3;

/** Undefined beyond the last. */
export function placeAt({ places }: ReadyUnit, index: number): StatementPlace | undefined {
  const [start, end, line] = places.subarray(index * 3, index * 3 + 3);
  return start === undefined || end === undefined || line === undefined ? undefined : { start, end, line };
}

/** A statement's beginning, at most so many bytes of it; undefined beyond the last. */
export function statementAt(unit: ReadyUnit, index: number, most: number): ShownStatement | undefined {
  const place = placeAt(unit, index);
  if (!place) return undefined;
  const end = Math.min(place.end, characterStart(unit.bytes, place.start + most));
  return { line: place.line, text: decoder.decode(unit.bytes.subarray(place.start, end)) };
}

/** Characters of a statement that an error quotes, about. */
const quoted = 4000;

/**
 * Where in a unit an error belongs: by the position that the server tells, in characters from 1; else (0) the statement
 * that comes after those it had carried out.
 */
export async function placeOfError(
  unit: ReadyUnit,
  position: number,
  done: number,
): Promise<{ line: number; statement: string } | undefined> {
  const offset = position > 0 ? await byteOf(unit.bytes, position - 1) : undefined;
  const index = offset === undefined ? done : indexAt(unit, offset);
  const place = placeAt(unit, index);
  const shown = statementAt(unit, index, quoted);
  if (!place || !shown) return offset === undefined ? undefined : { line: unit.line, statement: '' };
  const lines = offset === undefined || offset < place.start ? 0 : feeds(unit.bytes, place.start, offset);
  return {
    line: place.line + lines,
    statement: place.end - place.start > quoted ? `${shown.text} …` : shown.text,
  };
}

const decoder = new TextDecoder();
/** Bytes that are counted before others get their turn: some 5 ms. */
const stretch = 4 * 1024 * 1024;

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The first byte of the character that a byte belongs to. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = Math.min(at, bytes.length);
  while (start > 0 && isContinuation(bytes[start])) start -= 1;
  return start;
}

/** The server counts characters. */
async function byteOf(bytes: Uint8Array, characters: number): Promise<number> {
  let left = characters;
  for (let from = 0; from < bytes.length; from += stretch) {
    if (from) await turn();
    const to = Math.min(bytes.length, from + stretch);
    for (let at = from; at < to; at += 1) {
      if (isContinuation(bytes[at])) continue;
      if (left === 0) return at;
      left -= 1;
    }
  }
  return bytes.length;
}

/** The last statement that begins before a place. */
function indexAt(unit: ReadyUnit, offset: number): number {
  let low = 0;
  let high = placesIn(unit);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((unit.places[middle * 3] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

function feeds(bytes: Uint8Array, from: number, to: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(10, from); at >= 0 && at < to; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}
