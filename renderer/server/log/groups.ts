import type { LogEntry } from '../../../preload/contract/server-log.ts';

/** Errors that are the same but for their values. */
export interface ErrorGroup {
  key: string;
  level: NonNullable<LogEntry['level']>;
  sqlstate: string | null;
  message: string;
  count: number;
  lastAt: number | null;
  /** The newest of them. */
  example: LogEntry;
}

/** Statements that were slow and are the same but for their values. */
export interface SlowGroup {
  key: string;
  statement: string;
  count: number;
  totalMs: number;
  meanMs: number;
  mostMs: number;
  lastAt: number | null;
  /** The slowest of them. */
  example: LogEntry;
}

/** A statement without its values, comments and spare blanks, so that alike ones are one. */
export function normalise(sql: string): string {
  return sql
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--[^\n]*/g, ' ')
    .replace(/\bE'(?:''|\\.|[^'\\])*'|'(?:''|[^'])*'/gi, '?')
    .replace(/(?<![\w$.])\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/gi, '?')
    .replace(/\?(?:\s*,\s*\?)+/g, '?, …')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A message without its values: numbers, and what stands in parentheses after `=`. Names in quotes stay. */
function messageShape(message: string): string {
  return message
    .replace(/=\([^)]*\)/g, '=(?)')
    .replace(/(?<![\w$])\d+(?:\.\d+)?/g, '?')
    .replace(/\s+/g, ' ')
    .trim();
}

const isError = ({ level }: LogEntry): boolean => level === 'ERROR' || level === 'FATAL' || level === 'PANIC';

const later = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** Errors by SQLSTATE and message, most frequent first. */
export function groupErrors(entries: readonly LogEntry[]): ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  for (const entry of entries) {
    if (!isError(entry) || !entry.level) continue;
    const message = messageShape(entry.message);
    const key = `${entry.level} ${entry.sqlstate ?? ''} ${message}`;
    const group = groups.get(key);
    if (group) {
      group.count += 1;
      group.lastAt = later(group.lastAt, entry.at);
      group.example = entry;
    } else
      groups.set(key, {
        key,
        level: entry.level,
        sqlstate: entry.sqlstate,
        message,
        count: 1,
        lastAt: entry.at,
        example: entry,
      });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** Slow statements by what they do, those that took most together first. */
export function groupSlow(entries: readonly LogEntry[]): SlowGroup[] {
  const groups = new Map<string, SlowGroup>();
  for (const entry of entries) {
    if (entry.durationMs === null || entry.statement === null) continue;
    const statement = normalise(entry.statement);
    const ms = entry.durationMs;
    const group = groups.get(statement);
    if (group) {
      group.count += 1;
      group.totalMs += ms;
      group.meanMs = group.totalMs / group.count;
      if (ms > group.mostMs) group.example = entry;
      group.mostMs = Math.max(group.mostMs, ms);
      group.lastAt = later(group.lastAt, entry.at);
    } else
      groups.set(statement, {
        key: statement,
        statement,
        count: 1,
        totalMs: ms,
        meanMs: ms,
        mostMs: ms,
        lastAt: entry.at,
        example: entry,
      });
  }
  return [...groups.values()].sort((a, b) => b.totalMs - a.totalMs);
}
