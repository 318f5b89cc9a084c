import { count, shortCount } from '../components/format.ts';
import styles from './sessions-bar.module.css';

interface SessionsBarProps {
  sessions: number;
  max: number;
  reserved: number;
}

/** Sessions of max_connections in figures, with a bar below. Nearly full, it wears the meaning. */
export function SessionsBar({ sessions, max, reserved }: SessionsBarProps) {
  const share = max > 0 ? sessions / max : 0;
  const used = sessions / Math.max(1, max - reserved);
  const level = used >= 0.95 ? 'bad' : used >= 0.8 ? 'warning' : 'fine';
  return (
    <span
      className={styles.sessions}
      title={`${count(sessions)} sessions of max_connections ${count(max)}, ${count(reserved)} of them reserved`}
    >
      <span className={styles.figures} data-level={level}>
        {shortCount(sessions)}
        <span className={styles.max}>/{shortCount(max)}</span>
      </span>
      <span className={styles.track} aria-hidden>
        <span className={styles.bar} data-level={level} style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
    </span>
  );
}
