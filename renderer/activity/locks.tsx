import { IconLock, IconLockOpen } from '@tabler/icons-react';
import type { BackendDetail } from '../../preload/contract/activity.ts';
import { plural } from '../components/format.ts';
import styles from './inspector.module.css';

/** The locks of a backend, those it waits for first. */
export function Locks({ detail, loading }: { detail: BackendDetail | undefined; loading: boolean }) {
  if (!detail && !loading) return null;
  const locks = detail?.locks ?? [];
  const awaited = locks.filter(({ granted }) => !granted).length;
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>
        Locks
        {locks.length > 0 && (
          <span className={styles.count}>
            {awaited > 0 && `${awaited} awaited, `}
            {locks.length >= 200 ? 'the first 200' : plural(locks.length - awaited, 'held', 'held')}
          </span>
        )}
      </h3>
      {loading && <p className={styles.soft}>Asking the server</p>}
      {detail && locks.length === 0 && <p className={styles.soft}>It holds no lock.</p>}
      {locks.length > 0 && (
        <table className={styles.locks}>
          <thead>
            <tr>
              <th scope="col">On</th>
              <th scope="col">Mode</th>
              <th scope="col">Granted</th>
            </tr>
          </thead>
          <tbody>
            {locks.map((lock) => (
              <tr
                key={`${lock.type} ${lock.relation} ${lock.target} ${lock.mode} ${lock.granted}`}
                data-granted={lock.granted}
              >
                <td>
                  <code>{lock.relation ?? lock.target ?? '–'}</code>{' '}
                  <span className={styles.soft}>{lock.type}</span>
                </td>
                <td>{lock.mode.replace(/Lock$/, '')}</td>
                <td>
                  <span className={styles.granted}>
                    {lock.granted ? (
                      <IconLock size={12} aria-hidden />
                    ) : (
                      <IconLockOpen size={12} aria-hidden />
                    )}
                    {lock.granted ? 'held' : 'awaited'}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
