import styles from './progress.module.css';

interface ProgressProps {
  done: number;
  /** 0 when it is not known how much there is. */
  total: number;
  label: string;
}

/** How far a job is. */
export function Progress({ done, total, label }: ProgressProps) {
  const known = total > 0;
  return (
    <div
      className={styles.track}
      data-known={known}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      {...(known ? { 'aria-valuenow': done, 'aria-valuemax': total } : {})}
    >
      <span style={known ? { width: `${Math.min(100, (done / total) * 100)}%` } : undefined} />
    </div>
  );
}
