import type { Regression } from '../../preload/contract/queries.ts';
import { place } from './counters.ts';
import type { PackedStep } from './step-store.ts';
import { readSteps, sumWindow } from './window.ts';

/** A statement whose calls take longer now than in the time before. */
export type Slower = Pick<
  Regression,
  'factor' | 'beforeMeanMs' | 'beforeCalls' | 'extraMs' | 'aboveShare' | 'evidence'
> & { id: number; row: Float64Array };

const hour = 3_600_000;
/** Calls in both times below which a mean says nothing. */
const leastCalls = { now: 10, before: 50 };
/** Distinct hours with calls that the earlier time must have. */
const leastHours = 3;
const leastFactor = 1.5;
/** Part of those hours in which it must have been faster than now: what happens each night is no news. */
const leastAbove = 0.98;
/** Of all time in the window the part that the slowness must cost, and how long at least, ms. */
const leastExtra = { share: 0.002, ms: 100 };

/** Hourly means of one statement in the earlier time. */
interface Earlier {
  calls: number;
  execUs: number;
  hours: Map<number, { calls: number; execUs: number }>;
}

/**
 * Finds statements whose mean is well above what it was, and above nearly every single hour of the time before: one
 * that is slow each night, or that varies as much as that, is not among them.
 */
export async function findSlower(
  nowSteps: readonly PackedStep[],
  beforeSteps: readonly PackedStep[],
  now: { from: number; to: number },
  before: { from: number; to: number },
): Promise<{ slower: Slower[]; compared: number; beforeCoveredMs: number; known: number; totalUs: number }> {
  const current = await sumWindow(nowSteps, now.from, now.to);
  const candidates = new Map<number, Earlier>();
  current.ids.forEach((id, index) => {
    const calls = current.rows[index]?.[place.calls] ?? 0;
    if (id !== 0 && calls >= leastCalls.now) candidates.set(id, { calls: 0, execUs: 0, hours: new Map() });
  });
  let beforeCoveredMs = 0;
  for await (const step of readSteps(beforeSteps, before.from, before.to)) {
    beforeCoveredMs += (step.to - step.from) * step.share;
    const at = Math.floor((step.to - 1) / hour);
    for (let entry = 0; entry < step.ids.length; entry += 1) {
      const earlier = candidates.get(step.ids[entry] ?? 0);
      if (!earlier) continue;
      const calls = step.columns[place.calls]?.[entry] ?? 0;
      const execUs = step.columns[place.execUs]?.[entry] ?? 0;
      earlier.calls += calls;
      earlier.execUs += execUs;
      const inHour = earlier.hours.get(at) ?? { calls: 0, execUs: 0 };
      earlier.hours.set(at, { calls: inHour.calls + calls, execUs: inHour.execUs + execUs });
    }
  }
  const totalUs = current.total[place.execUs] ?? 0;
  const slower: Slower[] = [];
  let compared = 0;
  current.ids.forEach((id, index) => {
    const row = current.rows[index];
    const earlier = candidates.get(id);
    if (!row || !earlier || earlier.calls < leastCalls.before || earlier.hours.size < leastHours) return;
    compared += 1;
    const found = compare(row, earlier);
    const extraUs = found.extraMs * 1000;
    if (found.factor < leastFactor || found.aboveShare < leastAbove) return;
    if (found.extraMs < leastExtra.ms || extraUs < totalUs * leastExtra.share) return;
    slower.push({ id, row, ...found });
  });
  slower.sort((a, b) => b.extraMs - a.extraMs);
  return { slower, compared, beforeCoveredMs, known: current.knownSome, totalUs };
}

function compare(row: Float64Array, earlier: Earlier): Omit<Slower, 'id' | 'row'> {
  const calls = row[place.calls] ?? 0;
  const meanUs = (row[place.execUs] ?? 0) / calls;
  const beforeUs = earlier.execUs / earlier.calls;
  const hourly = [...earlier.hours.values()]
    .filter((one) => one.calls > 0)
    .map((one) => one.execUs / one.calls);
  const above = hourly.filter((mean) => mean < meanUs).length;
  const factor = beforeUs > 0 ? meanUs / beforeUs : Number.POSITIVE_INFINITY;
  const slowest = Math.max(0, ...hourly);
  return {
    factor: Math.min(factor, 1e6),
    beforeMeanMs: beforeUs / 1000,
    beforeCalls: Math.round(earlier.calls),
    extraMs: ((meanUs - beforeUs) * calls) / 1000,
    aboveShare: hourly.length === 0 ? 0 : above / hourly.length,
    evidence: [
      `A call takes ${ms(meanUs)} on average over ${Math.round(calls)} calls; in the week before it took ${ms(beforeUs)} over ${Math.round(earlier.calls)} calls: ${times(factor)} slower.`,
      `In ${above} of ${hourly.length} hours with calls its mean was below that; the slowest of them had ${ms(slowest)}.`,
    ],
  };
}

/** `3.1×`. */
export const times = (factor: number): string => `${factor < 10 ? factor.toFixed(1) : Math.round(factor)}×`;

const ms = (us: number): string =>
  us < 1000
    ? `${(us / 1000).toFixed(2)} ms`
    : us < 100_000
      ? `${(us / 1000).toFixed(1)} ms`
      : `${Math.round(us / 1000)} ms`;
