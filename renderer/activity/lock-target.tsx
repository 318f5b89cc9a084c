import { useQuery } from '@tanstack/react-query';
import type { Backend, BackendDetail } from '../../preload/contract/activity.ts';
import { client } from '../lib/client.ts';
import { useServerNow } from './age.tsx';
import styles from './blocking.module.css';
import { backendKey } from './share.ts';

/** Waits shorter than this come and go; they are not asked about, ms. */
const worthAsking = 2000;

/** Mode and target of the lock a backend waits for. Asked once a wait, and only for rows in sight. */
export function LockTarget({ environment, backend }: { environment: string; backend: Backend }) {
  const now = useServerNow();
  const since = backend.waitingSince;
  const detail = useQuery({
    queryKey: ['activity', environment, 'awaited', backendKey(backend), since],
    queryFn: () =>
      client.activity.detail({
        environment,
        backend: { pid: backend.pid, backendStart: backend.backendStart },
      }),
    select: awaited,
    enabled: since !== null && now - since >= worthAsking,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
  const kind = backend.wait ?? 'lock';
  if (!detail.data) return <span title={`Kind of lock: ${kind}`}>{kind}</span>;
  const { mode, name } = detail.data;
  return (
    <span title={`${mode} on ${name ?? kind}`}>
      <code>{name ?? kind}</code> <span className={styles.mode}>{mode.replace(/Lock$/, '')}</span>
    </span>
  );
}

function awaited({ locks }: BackendDetail): { mode: string; name: string | null } | null {
  const lock = locks.find(({ granted }) => !granted);
  return lock ? { mode: lock.mode, name: lock.relation ?? lock.target } : null;
}
