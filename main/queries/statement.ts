import type { StatementDetail } from '../../preload/contract/queries.ts';
import { peakAt, place, width } from './counters.ts';
import { sumAt } from './measure.ts';
import type { PackedStep } from './step-store.ts';
import { binsFor, coverage, noteGap, perSecond, readSteps, spread } from './window.ts';

type Trend = Pick<StatementDetail, 'from' | 'to' | 'stepMs' | 'trend' | 'gaps'>;

/** What one statement did in a window, summed up and over time. */
export async function trendOf(
  packed: readonly PackedStep[],
  from: number,
  to: number,
  id: number | undefined,
): Promise<Trend & { row: Float64Array; known: number }> {
  const bins = binsFor(packed, from, to);
  const empty = (): (number | null)[] => Array.from({ length: bins.count }, () => null);
  const sums = { calls: empty(), execMs: empty(), rows: empty(), read: empty(), temp: empty() };
  const row = new Float64Array(width);
  const gaps: Trend['gaps'] = [];
  let known = 0;
  for await (const step of readSteps(packed, from, to)) {
    noteGap(gaps, step);
    known |= step.known;
    const entry = id === undefined ? -1 : step.ids.indexOf(id);
    if (entry < 0) continue;
    const { columns, share } = step;
    const value = (column: number): number => columns[column]?.[entry] ?? 0;
    for (let column = 0; column < peakAt; column += 1)
      row[column] = (row[column] ?? 0) + value(column) * share;
    row[peakAt] = Math.max(row[peakAt] ?? 0, value(peakAt));
    spread(sums.calls, bins, step, value(place.calls));
    spread(sums.execMs, bins, step, value(place.execUs) / 1000);
    spread(sums.rows, bins, step, value(place.rows));
    spread(sums.read, bins, step, value(place.sharedRead) + value(place.localRead));
    spread(sums.temp, bins, step, sumAt('temp', columns, entry));
  }
  const covered = coverage(packed, bins);
  return {
    from,
    to,
    stepMs: bins.stepMs,
    gaps,
    row,
    known,
    trend: {
      calls: perSecond(sums.calls, covered),
      meanMs: sums.execMs.map((ms, bin) => {
        const calls = sums.calls[bin] ?? 0;
        return ms !== null && calls > 0 ? ms / calls : null;
      }),
      execMs: perSecond(sums.execMs, covered),
      rows: perSecond(sums.rows, covered),
      read: perSecond(sums.read, covered),
      temp: perSecond(sums.temp, covered),
    },
  };
}
