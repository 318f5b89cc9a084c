import {
  others,
  type WaitDimension,
  type WaitFilter,
  type WaitHistory,
  type WaitShare,
  type WaitTop,
} from '../../preload/contract/waits.ts';
import type { Part } from './step.ts';
import type { PlacedStep } from './wait-store.ts';
import type { Word } from './words.ts';

/** The most points of one series that reach a screen. */
const mostPoints = 300;
/** The most series of a chart, and rows of a list, the others not counted. */
const mostSeries = 12;
const mostShares = 50;

export interface Choice {
  from: number;
  to: number;
  by: WaitDimension;
  of: 'clients' | 'workers';
  filter: WaitFilter;
}

/** What keys stand for on a screen. */
export type LabelOf = (keys: readonly string[]) => (key: string) => string;

/** Average active sessions in at most 300 equal steps. `grainMs` is the usual length of the stored steps. */
export function waitHistory(
  steps: readonly PlacedStep[],
  words: readonly Word[],
  choice: Choice,
  grainMs: number,
  labelOf: LabelOf,
): WaitHistory {
  const { from, to } = choice;
  const stepMs = Math.max((to - from) / mostPoints, grainMs);
  const count = Math.max(1, Math.ceil((to - from) / stepMs));
  const covered = new Float64Array(count);
  const hidden = new Float64Array(count);
  const sums = new Map<string, Float64Array>();
  const keyOf = keysOf(words);
  const match = matcher(keyOf, typesOf(keyOf), choice);
  for (const step of steps) {
    const place = Math.floor((step.at + step.ms / 2 - from) / stepMs);
    const bucket = Math.min(count - 1, Math.max(0, place));
    covered[bucket] = (covered[bucket] ?? 0) + step.coveredMs;
    hidden[bucket] = (hidden[bucket] ?? 0) + step.hiddenMs;
    for (const part of step.parts) {
      const key = match(part);
      if (key === undefined) continue;
      let sum = sums.get(key);
      if (!sum) {
        sum = new Float64Array(count);
        sums.set(key, sum);
      }
      sum[bucket] = (sum[bucket] as number) + part.ms;
    }
  }
  const totals = new Map([...sums].map(([key, sum]) => [key, sum.reduce((all, ms) => all + ms, 0)]));
  const { kept, rest } = largestKeys(totals, mostSeries);
  const label = labelOf(kept);
  const mean = (sum: Float64Array): (number | null)[] =>
    Array.from(sum, (ms, bucket) => {
      const known = covered[bucket] ?? 0;
      return known === 0 ? null : ms / known;
    });
  const series = kept.map((key) => ({
    key,
    label: label(key),
    mean: mean(sums.get(key) ?? new Float64Array(count)),
  }));
  if (rest.length > 0) {
    const sum = new Float64Array(count);
    for (const key of rest)
      for (const [bucket, ms] of (sums.get(key) ?? []).entries()) sum[bucket] = (sum[bucket] ?? 0) + ms;
    series.push({ key: others, label: otherWords, mean: mean(sum) });
  }
  return {
    from,
    to,
    stepMs,
    series,
    hidden: mean(hidden),
    coveredMs: covered.reduce((sum, ms) => sum + ms, 0),
  };
}

/** Who made up a span, largest first. */
export function waitTop(
  steps: readonly PlacedStep[],
  words: readonly Word[],
  choice: Choice,
  labelOf: LabelOf,
): WaitTop {
  const { from, to, by } = choice;
  const found = new Map<string, Map<string, number>>();
  const keyOf = keysOf(words);
  const typeOf = typesOf(keyOf);
  const match = matcher(keyOf, typeOf, choice);
  const add = (into: Map<string, Map<string, number>>, key: string, type: string, ms: number): void => {
    const types = into.get(key) ?? new Map<string, number>();
    types.set(type, (types.get(type) ?? 0) + ms);
    into.set(key, types);
  };
  let coveredMs = 0;
  for (const step of steps) {
    coveredMs += step.coveredMs;
    for (const part of step.parts) {
      const key = match(part);
      if (key !== undefined) add(found, key, typeOf(part.wait), part.ms);
    }
  }
  const sumOf = (types: ReadonlyMap<string, number>): number =>
    [...types.values()].reduce((sum, ms) => sum + ms, 0);
  const { kept, rest } = largestKeys(
    new Map([...found].map(([key, types]) => [key, sumOf(types)])),
    mostShares,
  );
  for (const key of rest)
    for (const [type, ms] of found.get(key) ?? []) if (key !== others) add(found, others, type, ms);
  const label = labelOf(kept);
  const shares = [...kept, ...(rest.length > 0 ? [others] : [])].map((key): WaitShare => {
    const types = found.get(key) ?? new Map<string, number>();
    return {
      key,
      label: key === others ? otherWords : label(key),
      queryId: by === 'statement' && /^-?\d+$/.test(key) ? key : null,
      ms: sumOf(types),
      byType: Object.fromEntries(types),
    };
  });
  return { from, to, shares, totalMs: shares.reduce((sum, { ms }) => sum + ms, 0), coveredMs };
}

const otherWords = 'All others';

/** Those with the most, and the rest: what is not told apart in the steps is always among it. */
function largestKeys(totals: ReadonlyMap<string, number>, most: number): { kept: string[]; rest: string[] } {
  const sorted = [...totals]
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([key]) => key);
  const named = sorted.filter((key) => key !== others);
  const rest = named.slice(most);
  return { kept: named.slice(0, most), rest: totals.has(others) ? [...rest, others] : rest };
}

type KeyOf = (id: number) => string;

function keysOf(words: readonly Word[]): KeyOf {
  const keys = new Map(words.map(({ id, key }) => [id, key]));
  return (id) => keys.get(id) ?? others;
}

/** The wait type of a wait event. */
function typesOf(keyOf: KeyOf): KeyOf {
  const types = new Map<number, string>();
  return (wait) => {
    const known = types.get(wait);
    if (known !== undefined) return known;
    const [type = ''] = keyOf(wait).split(':');
    types.set(wait, type);
    return type;
  };
}

/** Tells of a part which key it has in the chosen dimension; undefined where it is not among the chosen ones. */
function matcher(
  keyOf: KeyOf,
  typeOf: KeyOf,
  { by, of, filter }: Choice,
): (part: Part) => string | undefined {
  const keyBy: Record<WaitDimension, (part: Part) => string> = {
    type: ({ wait }) => typeOf(wait),
    event: ({ wait }) => keyOf(wait),
    statement: ({ statement }) => keyOf(statement),
    user: ({ user }) => keyOf(user),
    application: ({ application }) => keyOf(application),
    database: ({ database }) => keyOf(database),
  };
  const wanted = (Object.entries(filter) as [WaitDimension, string][]).map(
    ([dimension, key]) => [keyBy[dimension], key] as const,
  );
  const value = keyBy[by];
  const group = of === 'clients' ? 0 : 1;
  return (part) => {
    if (part.of !== group || wanted.some(([of, key]) => of(part) !== key)) return undefined;
    return value(part);
  };
}
