import type { GraphRow } from './graph.ts';
import styles from './migrations.module.css';

const laneWidth = 12;
const height = 28;
const middle = height / 2;
/** More lanes than this are cut off: nobody follows them by eye. */
export const mostLanes = 12;

/** px that the gutter takes for so many lanes. */
export const gutterWidth = (lanes: number): number => Math.min(lanes, mostLanes) * laneWidth + 4;

/** One row's part of the lines beside the list. Told in words by the parents that the inspector lists. */
export function GraphGutter({ row, lanes }: { row: GraphRow; lanes: number }) {
  const width = gutterWidth(lanes);
  const x = (lane: number): number => lane * laneWidth + 8;
  const own = x(row.lane);
  return (
    <svg className={styles.gutter} width={width} height={height} aria-hidden>
      {row.passes.map((lane) => (
        <path key={`p${lane}`} d={`M${x(lane)} 0V${height}`} />
      ))}
      {row.from.map((lane) => (
        <path key={`f${lane}`} d={curve(x(lane), 0, own, middle)} />
      ))}
      {row.to.map((lane) => (
        <path key={`t${lane}`} d={curve(own, middle, x(lane), height)} />
      ))}
      <circle cx={own} cy={middle} r={row.isHead ? 4 : 3} data-head={row.isHead || undefined} />
    </svg>
  );
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  if (x1 === x2) return `M${x1} ${y1}V${y2}`;
  const half = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${half} ${x2} ${half} ${x2} ${y2}`;
}
