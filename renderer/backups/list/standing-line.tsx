import type { Backup } from '../../../preload/contract/backups.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../migrations/words.ts';
import { baseName, proofState, proofWords, standingOf } from '../words.ts';
import styles from './list.module.css';

interface StandingLineProps {
  backups: readonly Backup[];
  onOpen: (backup: Backup) => void;
}

/** How old the newest good backup is; loud when there is none or it is old. */
export function StandingLine({ backups, onOpen }: StandingLineProps) {
  const now = useNow();
  const { severity, said, newest } = standingOf(backups, now);
  return (
    <p className={styles.standing} data-severity={severity}>
      {severity && <SeverityIcon severity={severity} size={16} />}
      {newest ? (
        <>
          <b>{said}:</b>
          <TimeAgo at={newest.at} />
          <span className={styles.soft}>{proofWords[proofState(newest)].word.toLowerCase()}</span>
          <button type="button" className={styles.link} onClick={() => onOpen(newest)}>
            <bdi>{visible(baseName(newest.path))}</bdi>
          </button>
        </>
      ) : (
        <>
          <b>{said}</b>
          <span>Make one, or verify one of these.</span>
        </>
      )}
    </p>
  );
}
