import { duration } from '../../components/format.ts';
import { useNow } from '../../components/use-now.ts';
import styles from './run.module.css';

/** How long something has been under way, by the second. `since`: ms of this window's clock. */
export function Elapsed({ since }: { since: number }) {
  const now = useNow();
  // Read out each second it would drown everything else.
  return (
    <span className={styles.soft} aria-hidden>
      {duration(Math.max(0, Math.floor((now - since) / 1000) * 1000))}
    </span>
  );
}
