import { type LogEntry, logLevels } from '../../../preload/contract/server-log.ts';
import { masked } from '../../lib/mask.ts';

/** What is known of an entry before it is passed on. */
export interface RawEntry {
  offset: number;
  time?: string | undefined;
  at?: number | null | undefined;
  word: string;
  message: string;
  sqlstate?: string | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
  context?: string | undefined;
  statement?: string | undefined;
  pid?: number | undefined;
  user?: string | undefined;
  database?: string | undefined;
  application?: string | undefined;
  client?: string | undefined;
  backendType?: string | undefined;
}

/** A part of a file that has been parsed: entries in their order, and lines that fit nowhere. */
export interface Parsed {
  entries: RawEntry[];
  unread: number;
}

/** Longest text of an entry that is passed on, characters. */
const longest = 20_000;

const clean = (text: string | undefined): string | null =>
  text === undefined || text === ''
    ? null
    : masked(text.length > longest ? `${text.slice(0, longest)}…` : text);

/** An entry as it is shown: secrets left out, and what a statement took told apart from its text. */
export function entryOf(raw: RawEntry): LogEntry {
  const level = levelOf(raw.word);
  const slow = slowStatement(raw.message);
  return {
    offset: raw.offset,
    time: raw.time ?? null,
    at: raw.at ?? null,
    level,
    // Successful completion is no error.
    sqlstate: raw.sqlstate === '00000' ? null : (raw.sqlstate ?? null),
    message: clean(slow?.statement === undefined ? raw.message : slow.message) ?? '',
    detail: clean(raw.detail),
    hint: clean(raw.hint),
    context: clean(raw.context),
    statement: clean(slow?.statement ?? raw.statement),
    pid: raw.pid ?? null,
    user: raw.user ?? null,
    database: raw.database ?? null,
    application: raw.application ?? null,
    client: raw.client ?? null,
    backendType: raw.backendType ?? null,
    durationMs: slow?.ms ?? null,
  };
}

function levelOf(word: string): LogEntry['level'] {
  return logLevels.find((level) => word.startsWith(level)) ?? null;
}

/** `duration: 1234.567 ms  statement: …`, as log_min_duration_statement writes it. */
export function slowStatement(
  message: string,
): { ms: number; statement: string | undefined; message: string } | undefined {
  const match =
    /^duration: ([\d.]+) ms(?: {2}(statement|execute [^:]*|parse [^:]*|bind [^:]*|plan): (.*))?$/s.exec(
      message,
    );
  if (!match) return undefined;
  const [, ms, kind, statement] = match;
  return {
    ms: Number(ms),
    statement: kind === 'plan' ? undefined : statement,
    message: `duration: ${ms} ms${kind && kind !== 'statement' ? ` (${kind.split(' ')[0]})` : ''}`,
  };
}

/**
 * The instant of a time as the log has it, `2026-11-21 21:31:11.123 CET`. Abbreviations of zones are ambiguous: what is
 * not UTC is taken to be `offsetMinutes` east of it.
 */
export function instantOf(time: string | undefined, offsetMinutes: number): number | null {
  const [, day, clock, zone = ''] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ?(\S*)$/.exec(time ?? '') ?? [];
  if (day === undefined) return null;
  const numeric = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  const east = /^(?:UTC|GMT|Z)$/.test(zone)
    ? 0
    : numeric
      ? (numeric[1] === '-' ? -1 : 1) * (Number(numeric[2]) * 60 + Number(numeric[3] ?? 0))
      : offsetMinutes;
  return Date.parse(`${day}T${clock}Z`) - east * 60_000;
}
