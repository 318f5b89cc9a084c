import type { Backup } from '../../../preload/contract/backups.ts';
import { bytes, dateTime, exactBytes } from '../../components/format.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from './restore.module.css';

/** Which backup it is, in a line. */
export function BackupLine({ backup }: { backup: Backup }) {
  const { at, path, format, serverVersion, isEncrypted } = backup;
  return (
    <p className={styles.backup}>
      <span>
        of {dateTime(at)} (<TimeAgo at={at} />)
      </span>
      <span>{format}</span>
      <span title={exactBytes(backup.bytes)}>{bytes(backup.bytes)}</span>
      {serverVersion && <span>PostgreSQL {serverVersion}</span>}
      {isEncrypted && <span>encrypted</span>}
      <bdi className={styles.path} title={path}>
        {path}
      </bdi>
    </p>
  );
}
