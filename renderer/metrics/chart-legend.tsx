import { type ChartDefinition, type ChartPoint, pointAt } from './chart-data.ts';
import styles from './charts.module.css';
import { type Crosshair, usePointing } from './crosshair.ts';

type Chart = Omit<ChartDefinition, 'convert'>;

interface ChartLegendProps {
  chart: Chart;
  points: readonly ChartPoint[];
  crosshair: Crosshair;
}

/** Names the lines with their values: under the crosshair while there is one, else the newest. */
export function ChartLegend({ chart, points, crosshair }: ChartLegendProps) {
  const { at } = usePointing(crosshair);
  const values = valuesAt(chart, points, at);
  const drawn = chart.lines.map((_, line) => points.some(({ values: all }) => (all[line] ?? 0) > 0));
  return (
    <ul className={styles.legend}>
      {chart.lines.map(
        (line, place) =>
          // A state that nobody was in need not take up room.
          (chart.shape !== 'stack' || drawn[place]) && (
            <li key={line.id}>
              <span className={styles.swatch} style={{ background: line.color }} aria-hidden />
              {line.label} <span className={styles.value}>{say(chart, values[place])}</span>
            </li>
          ),
      )}
    </ul>
  );
}

/** The values of a chart in words. */
export function reading(chart: Chart, points: readonly ChartPoint[], at: number | null): string {
  const values = valuesAt(chart, points, at);
  return chart.lines.map((line, place) => `${line.label} ${say(chart, values[place])}`).join(', ');
}

function say(chart: Chart, value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : chart.format(value);
}

function valuesAt(
  chart: Chart,
  points: readonly ChartPoint[],
  at: number | null,
): readonly (number | null)[] {
  if (at !== null) return points[pointAt(points, at)]?.values ?? [];
  if (chart.legend === 'sum') {
    return chart.lines.map((_, line) => points.reduce((sum, { values }) => sum + (values[line] ?? 0), 0));
  }
  // The last step may not have been measured yet; older than a few steps is not "now" any more.
  for (let place = points.length - 1; place >= Math.max(0, points.length - 4); place -= 1) {
    const values = points[place]?.values;
    if (values?.some((value) => value !== null)) return values;
  }
  return [];
}
