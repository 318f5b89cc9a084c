import styles from './overview.module.css';

/** Frames of the charts to come. */
export function ChartsLoading() {
  return (
    <div className={styles.grid} role="status" aria-busy="true">
      <span className="visually-hidden">Loading charts</span>
      {Array.from({ length: 9 }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the frames are all alike.
        <div key={place} className={styles.frame} aria-hidden />
      ))}
    </div>
  );
}
