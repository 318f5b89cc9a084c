import { memo } from 'react';
import { sparkline } from './spark-path.ts';

interface SparklineProps {
  points: readonly (number | null)[];
  /** Said to those who don't see it. */
  label: string;
  width?: number;
  height?: number;
}

/** A line of the last half hour, from zero up. A gap in the data is a gap. */
export const Sparkline = memo(function Sparkline({
  points,
  label,
  width = 104,
  height = 20,
}: SparklineProps) {
  const { line, area, top } = sparkline(points, width, height);
  if (!line) return <span aria-hidden>–</span>;
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={`${label}: up to ${top}`}
      style={{ display: 'block' }}
    >
      <title>{`${label}, last 30 minutes: up to ${top}`}</title>
      <path d={area} style={{ fill: 'var(--spark-area)' }} />
      <path
        d={line}
        fill="none"
        strokeWidth="1.25"
        strokeLinejoin="round"
        style={{ stroke: 'var(--spark-line)' }}
      />
    </svg>
  );
});
