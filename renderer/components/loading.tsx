import { useEffect, useState } from 'react';
import styles from './loading.module.css';

interface LoadingProps {
  /** What is being fetched, for screen readers and once it takes long: "Loading activity". */
  label: string;
  /** Rows of the skeleton. */
  rows?: number;
}

/** A skeleton of rows. Nothing is drawn for the first 80 ms, so that quick answers do not flicker. */
export function Loading({ label, rows = 8 }: LoadingProps) {
  const shown = useLater(80);
  const slow = useLater(4000);
  return (
    <div className={styles.loading} role="status" aria-busy="true">
      <span className={slow ? styles.slow : 'visually-hidden'}>
        {slow ? `${label}: still waiting for an answer` : label}
      </span>
      {shown &&
        Array.from({ length: rows }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike.
          <div key={index} className={styles.row} aria-hidden>
            <span style={{ width: `${widths[index % widths.length]}%` }} />
            <span />
            <span />
          </div>
        ))}
    </div>
  );
}

const widths = [72, 54, 64, 48, 80, 58];

function useLater(ms: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return passed;
}
