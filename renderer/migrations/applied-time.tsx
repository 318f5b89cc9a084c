import { TimeAgo } from '../components/time-ago.tsx';
import styles from './migrations.module.css';
import { instantOf } from './words.ts';

/** When a migration was applied: its age, or the server's own text where the tool keeps no time zone. */
export function AppliedTime({ at }: { at: string | null }) {
  if (at === null) return <span className={styles.none}>–</span>;
  const instant = instantOf(at);
  if (instant !== undefined) return <TimeAgo at={instant} />;
  return <span title={`${at}, as the table has it: it keeps no time zone`}>{at}</span>;
}
