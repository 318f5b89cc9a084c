import type { TableFacts } from '../../../preload/contract/schema.ts';

/**
 * An instant as the server prints it (ISO style, `2026-01-12 14:03:22.5+00`), in ms since 1970; undefined when it is
 * printed otherwise.
 */
export function instantOf(text: string | null): number | undefined {
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(?::?(\d\d))?/.exec(text ?? '');
  if (!found) return undefined;
  const [, date, time, hours, minutes = '00'] = found;
  const at = Date.parse(`${date}T${time}${hours}:${minutes}`);
  return Number.isNaN(at) ? undefined : at;
}

/** The later of two instants and which of them it was. */
export function laterOf(
  byHand: string | null,
  automatic: string | null,
): { at: number | undefined; text: string; automatic: boolean } | null {
  const [hand, auto] = [instantOf(byHand), instantOf(automatic)];
  if (byHand === null && automatic === null) return null;
  const isAutomatic = byHand === null || (automatic !== null && (auto ?? 0) > (hand ?? 0));
  return {
    at: isAutomatic ? auto : hand,
    text: (isAutomatic ? automatic : byHand) ?? '',
    automatic: isAutomatic,
  };
}

/** A share of two int8 texts, `part` of `part + rest`; undefined while both are zero or unknown. */
export function shareOf(part: string | null, rest: string | null): number | undefined {
  if (part === null || rest === null) return undefined;
  const whole = Number(part) + Number(rest);
  return whole === 0 ? undefined : Number(part) / whole;
}

/** From this share on, and from so many rows on, dead rows are worth a word: autovacuum's own default is 0.2. */
const deadShare = 0.2;
const deadRows = 1000;

export function hasManyDead({ liveRows, deadRows: dead }: NonNullable<TableFacts['use']>): boolean {
  const share = shareOf(dead, liveRows);
  return share !== undefined && share > deadShare && Number(dead) >= deadRows;
}

export type IndexUse = TableFacts['indexes'][number];

/** No query has used it since the counters began. Null scans are not known. */
export const isUnused = ({ scans }: Pick<IndexUse, 'scans'>): boolean => scans === '0';
