/** The paths of a sparkline and the largest value in it. */
export interface SparkPath {
  /** Empty when there is no value at all. */
  line: string;
  area: string;
  top: number;
}

/**
 * Draws values at equal steps, the last at the right edge, zero at the bottom. Runs between gaps are drawn
 * apart; a run of one point is a short dash.
 */
export function sparkline(points: readonly (number | null)[], width: number, height: number): SparkPath {
  const top = Math.max(0, ...points.map((point) => point ?? 0));
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  const inset = 1;
  const x = (index: number): string => (points.length > 1 ? index * step : width).toFixed(1);
  const y = (value: number): string =>
    (height - inset - (top === 0 ? 0 : (value / top) * (height - 2 * inset))).toFixed(1);

  let line = '';
  let area = '';
  for (const run of runs(points)) {
    const first = run.from;
    const last = run.from + run.values.length - 1;
    const path = run.values.map((value, index) => `${x(first + index)} ${y(value)}`).join('L');
    line += run.values.length === 1 ? `M${path}h-2` : `M${path}`;
    area += `M${x(first)} ${height}L${path}L${x(last)} ${height}Z`;
  }
  return { line, area, top };
}

function runs(points: readonly (number | null)[]): { from: number; values: number[] }[] {
  const found: { from: number; values: number[] }[] = [];
  let open: { from: number; values: number[] } | undefined;
  points.forEach((point, index) => {
    if (point === null) {
      open = undefined;
      return;
    }
    if (!open) {
      open = { from: index, values: [] };
      found.push(open);
    }
    open.values.push(point);
  });
  return found;
}
