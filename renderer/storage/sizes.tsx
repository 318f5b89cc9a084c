import type { Parts } from '../../preload/contract/storage.ts';
import { bytes, exactBytes } from '../components/format.ts';
import styles from './parts.module.css';

/** Heap, TOAST and indexes together, bytes. */
export const totalOf = ({ heap, maps, toast, indexes }: Parts): number =>
  Number(heap) + Number(maps) + Number(toast) + Number(indexes);

/** Bytes that came or went, with their sign. */
export const signedBytes = (value: number | string): string =>
  `${Number(value) > 0 ? '+' : ''}${bytes(value)}`;

interface SizeBarProps {
  size: Parts;
  /** What the widest bar stands for, bytes. */
  largest: number;
}

/** A size with a bar of what it is made of: heap, TOAST, indexes. */
export function SizeBar({ size, largest }: SizeBarProps) {
  const total = totalOf(size);
  const parts = [
    [styles.heap, Number(size.heap) + Number(size.maps)],
    [styles.toast, Number(size.toast)],
    [styles.indexes, Number(size.indexes)],
  ] as const;
  return (
    <span className={styles.sized} title={exactBytes(total)}>
      <span className={styles.bar} aria-hidden>
        {parts.map(([part, value]) => (
          <span key={part} className={part} style={{ width: `${(value / Math.max(1, largest)) * 100}%` }} />
        ))}
      </span>
      {bytes(total)}
    </span>
  );
}

/** What the colours of the bars mean. */
export function BarLegend() {
  return (
    <span className={styles.legend}>
      <span>
        <i className={styles.heap} />
        Heap
      </span>
      <span>
        <i className={styles.toast} />
        TOAST
      </span>
      <span>
        <i className={styles.indexes} />
        Indexes
      </span>
    </span>
  );
}

/** A line of sizes without axes, from its lowest to its highest. */
export function Spark({ values }: { values: readonly number[] }) {
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const points = values
    .map(
      (value, place) =>
        `${(place / (values.length - 1)) * 100},${span === 0 ? 9 : 17 - ((value - low) / span) * 16}`,
    )
    .join(' ');
  return (
    <svg className={styles.spark} viewBox="0 0 100 18" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points} />
    </svg>
  );
}
