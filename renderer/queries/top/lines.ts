import type { ServerEvent } from '../../../preload/contract/metrics.ts';
import type { StatementChart, StatementGap, StatementRow } from '../../../preload/contract/queries.ts';
import type { ChartPoint, LineDefinition } from '../../metrics/chart-data.ts';
import { statementLine } from './words.ts';

/** Colours of the biggest, in the order of the table; defined in the screen's style sheet. */
const seriesColor = (place: number): string => `var(--statement-${place + 1})`;
const restColor = 'var(--statement-rest)';

/** Longest name in the legend, characters. */
const longest = 40;

/** The lines of the chart by statement, biggest at the bottom. */
export function linesOf(chart: StatementChart, rows: readonly StatementRow[]): LineDefinition[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return chart.lines.map(({ key }, place) => {
    const row = key === null ? undefined : byKey.get(key);
    const label = row ? statementLine(row) : 'All others';
    return {
      id: key ?? 'rest',
      label: label.length > longest ? `${label.slice(0, longest - 1)}…` : label,
      color: key === null ? restColor : seriesColor(place),
    };
  });
}

/** Its points, each in the middle of its step. */
export function pointsOf(chart: StatementChart): ChartPoint[] {
  const bands = chart.lines.map(() => null);
  return (chart.lines[0]?.values ?? []).map((_, place) => ({
    at: chart.from + (place + 0.5) * chart.stepMs,
    values: chart.lines.map(({ values }) => values[place] ?? null),
    bands,
  }));
}

/** Points of one series, or of several of the same length. */
export function trendPoints(
  from: number,
  stepMs: number,
  series: readonly (readonly (number | null)[])[],
): ChartPoint[] {
  const bands = series.map(() => null);
  return (series[0] ?? []).map((_, place) => ({
    at: from + (place + 0.5) * stepMs,
    values: series.map((values) => values[place] ?? null),
    bands,
  }));
}

/** Events with the times in which nobody looked: what is drawn there is a mean. */
export function marksOf(events: readonly ServerEvent[], gaps: readonly StatementGap[]): ServerEvent[] {
  const unwatched = gaps.filter(({ kind }) => kind === 'unwatched');
  return [
    ...events,
    ...unwatched.flatMap(({ from, to }) => [
      {
        at: from,
        kind: 'unwatched',
        text: 'Nobody looked from here on: one long interval, drawn as its mean',
      },
      { at: to, kind: 'unwatched', text: 'The long interval ends' },
    ]),
  ].sort((a, b) => a.at - b.at);
}
