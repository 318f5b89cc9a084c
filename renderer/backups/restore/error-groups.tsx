import { IconAlertOctagon } from '@tabler/icons-react';
import { CopyButton } from '../../components/copy-button.tsx';
import { count, plural } from '../../components/format.ts';
import { visible } from '../../migrations/words.ts';
import styles from './restore.module.css';
import type { ErrorGroup } from './restore-job.ts';

/** Errors by cause, each with how often it was seen and the first one's words. They stay in sight. */
export function ErrorGroups({ errors, isRunning }: { errors: readonly ErrorGroup[]; isRunning: boolean }) {
  if (errors.length === 0) return null;
  const all = errors.reduce((sum, group) => sum + group.count, 0);
  const text = (): string =>
    errors.map(({ cause, count, first }) => `${count} × ${cause}\n${first}`).join('\n\n');
  return (
    <section className={styles.errors} aria-label="Errors">
      <div className={styles.errorsHead}>
        <h3 className={styles.errorsTitle} role={isRunning ? undefined : 'status'}>
          <IconAlertOctagon size={16} aria-hidden /> {plural(all, 'error')} of{' '}
          {plural(errors.length, 'cause')}
        </h3>
        <CopyButton text={text} label="Copy all" withLabel />
      </div>
      <ul className={styles.groups}>
        {errors.map(({ cause, count: many, first }) => (
          <li key={cause} className={styles.group}>
            <p className={styles.cause}>
              <b className={styles.times}>{count(many)} ×</b>
              <span>{visible(cause)}</span>
            </p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it. */}
            <pre className={styles.first} tabIndex={0} dir="auto">
              {first.trimEnd()}
            </pre>
          </li>
        ))}
      </ul>
    </section>
  );
}
