import type { Backend } from '../../preload/contract/activity.ts';
import styles from './blocking.module.css';

/** Mode and target of the lock a backend waits for; its kind alone until the sample knows more. */
export function LockTarget({ backend }: { backend: Backend }) {
  const kind = backend.wait ?? 'lock';
  if (!backend.waitsFor) return <span title={`Kind of lock: ${kind}`}>{kind}</span>;
  const { mode, target } = backend.waitsFor;
  return (
    <span title={`${mode} on ${target}`}>
      <code>{target}</code> <span className={styles.mode}>{mode.replace(/Lock$/, '')}</span>
    </span>
  );
}
