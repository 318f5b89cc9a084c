import type { LogFormat } from '../../../preload/contract/server-log.ts';
import type { Parsed } from './entry.ts';
import { parseCsv } from './parse-csv.ts';
import { parseJson } from './parse-json.ts';
import { parseStderr } from './parse-stderr.ts';

export interface Reading {
  format: LogFormat;
  prefix: string | null;
  /** Where the bytes begin in their file. */
  offset: number;
  /** log_timezone, minutes east of UTC. */
  zoneMinutes: number;
  /** The bytes begin within the file, maybe in the middle of an entry. */
  isCut: boolean;
}

/** Entries of a piece of a file, and where it begins and ends as far as whole lines go, bytes. */
export interface Piece extends Parsed {
  from: number;
  to: number;
}

/** Parses a piece of a log file that may have been cut anywhere, within a character too. */
export function parseLog(bytes: Buffer, reading: Reading): Piece {
  const newline = 0x0a;
  // What follows the last line end is not written to its end yet; what precedes the first belongs to the part before.
  const end = bytes.lastIndexOf(newline) + 1;
  const start = reading.isCut ? bytes.indexOf(newline) + 1 : 0;
  if (end <= start)
    return { entries: [], unread: 0, from: reading.offset + start, to: reading.offset + start };
  const text = new TextDecoder().decode(bytes.subarray(start, end));
  const from = reading.offset + start;
  const parsed = parseBy(reading, text, from);
  const first = parsed.entries[0]?.offset ?? from;
  // Lines before the first entry belong to one that began before the cut.
  return {
    ...parsed,
    unread: reading.isCut ? parsed.unread - linesBetween(text, first - from) : parsed.unread,
    from: reading.isCut ? first : from,
    to: reading.offset + end,
  };
}

function parseBy({ format, prefix, zoneMinutes }: Reading, text: string, offset: number): Parsed {
  if (format === 'csvlog') return parseCsv(text, { offset, zoneMinutes });
  if (format === 'jsonlog') return parseJson(text, { offset, zoneMinutes });
  return parseStderr(text, { prefix, offset, zoneMinutes });
}

/** Whole lines within the first bytes of a text. */
function linesBetween(text: string, bytes: number): number {
  return Buffer.from(text).subarray(0, bytes).toString('latin1').split('\n').length - 1;
}

/** The format of a file, by its name, else by how it begins. */
export function formatOf(name: string, beginning = ''): LogFormat {
  if (name.endsWith('.csv')) return 'csvlog';
  if (name.endsWith('.json')) return 'jsonlog';
  if (/^\{"timestamp":/m.test(beginning)) return 'jsonlog';
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^,\s]+,("[^"]*")?,/m.test(beginning) ? 'csvlog' : 'stderr';
}
