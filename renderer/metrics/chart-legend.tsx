import { type ChartDefinition, type ChartPoint, legendValues } from './chart-data.ts';
import styles from './charts.module.css';
import { type Crosshair, usePointing } from './crosshair.ts';
import type { LivePoint } from './live-history.ts';

type Chart = Omit<ChartDefinition, 'convert'>;

interface ChartLegendProps {
  chart: Chart;
  points: readonly ChartPoint[];
  /** The newest live sample; undefined while there is none, as without a connection. */
  live: LivePoint | undefined;
  /** ms that one point stands for. */
  stepMs: number;
  crosshair: Crosshair;
}

/** From this length of a step on, its mean is called one, ms. */
const longStep = 60_000;

/** Names the lines with their values: under the crosshair while there is one, else of now. */
export function ChartLegend({ chart, points, live, stepMs, crosshair }: ChartLegendProps) {
  const { at } = usePointing(crosshair);
  const values = legendValues(chart, points, at, live);
  const isMean = at !== null && chart.legend === 'live' && stepMs >= longStep;
  const drawn = chart.lines.map(
    ({ metric }, line) =>
      points.some(({ values: all }) => (all[line] ?? 0) > 0) || ((metric && live?.values[metric]) ?? 0) > 0,
  );
  return (
    <ul className={styles.legend} data-tall={chart.shape === 'stack' || undefined}>
      {chart.lines.map((line, place) => {
        // A state that nobody was in need not take up room.
        if (chart.shape === 'stack' && !drawn[place]) return null;
        const value = say(chart, values[place]);
        return (
          <li key={line.id} title={`${line.label} ${value}`}>
            <span className={styles.swatch} style={{ background: line.color }} aria-hidden />
            {line.label} {isMean && 'avg '}
            <span className={styles.value}>{value}</span>
            {chart.legend === 'sum' && at === null && ' in this window'}
          </li>
        );
      })}
    </ul>
  );
}

/** The values of a chart in words. */
export function reading(
  chart: Chart,
  points: readonly ChartPoint[],
  at: number | null,
  live: LivePoint | undefined,
): string {
  const values = legendValues(chart, points, at, live);
  const whole = chart.legend === 'sum' && at === null ? ' in this window' : '';
  return chart.lines.map((line, place) => `${line.label} ${say(chart, values[place])}${whole}`).join(', ');
}

function say(chart: Chart, value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : chart.format(value);
}
