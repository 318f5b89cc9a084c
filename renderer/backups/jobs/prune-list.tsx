import { IconCheck, IconTrash } from '@tabler/icons-react';
import type { PruneEntry } from '../../../preload/contract/backup-jobs.ts';
import { bytes, dateTime, exactBytes, plural } from '../../components/format.ts';
import { visible } from '../../migrations/words.ts';
import styles from './jobs.module.css';

/** Lines that are drawn; what goes comes first, because that is what is looked for. */
const drawn = 200;

/** What rules make of backups: which stay, which go, and why. */
export function PruneList({ entries }: { entries: readonly PruneEntry[] }) {
  if (entries.length === 0) return <p className={styles.soft}>There is no backup that the rules speak of.</p>;
  const going = entries.filter(({ keeps }) => !keeps);
  const staying = entries.filter(({ keeps }) => keeps);
  const freed = going.reduce((sum, one) => sum + one.bytes, 0);
  const ordered = [...going, ...staying];
  return (
    <>
      <p role="status">
        {going.length === 0
          ? staying.length === 1
            ? 'The one backup stays.'
            : `All ${plural(staying.length, 'backup')} stay.`
          : `${plural(going.length, 'backup')} would go (${bytes(freed)}), ${staying.length} would stay.`}
      </p>
      <ul className={styles.prune} aria-label="Backups under these rules">
        {ordered.slice(0, drawn).map(({ backup, path, at, bytes: size, keeps, why }) => (
          <li key={backup} className={styles.pruned} data-goes={!keeps || undefined}>
            {keeps ? (
              <IconCheck size={14} role="img" aria-label="Stays" />
            ) : (
              <IconTrash size={14} role="img" aria-label="Goes" />
            )}
            <span className={styles.prunedAt} title={path}>
              {dateTime(at)}
            </span>
            <span className={styles.prunedSize} title={exactBytes(size)}>
              {bytes(size)}
            </span>
            <span className={styles.why}>{visible(why)}</span>
          </li>
        ))}
      </ul>
      {ordered.length > drawn && (
        <p className={styles.soft}>
          and {plural(ordered.length - drawn, 'more backup')}, which stay or go likewise.
        </p>
      )}
    </>
  );
}
