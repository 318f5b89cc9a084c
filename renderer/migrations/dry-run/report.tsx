import { IconCheck, IconInfoCircle, IconLock, IconLockExclamation } from '@tabler/icons-react';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { duration, milliseconds, plural } from '../../components/format.ts';
import runStyles from '../run/run.module.css';
import { visible } from '../words.ts';
import { Differences } from './differences.tsx';
import styles from './dry-run.module.css';
import type { Report } from './dry-run-job.ts';
import { strongestFirst } from './locks.ts';

/** What migrations did on the copy: whether they went through, how long each took, what it locked, what it changed. */
export function ReportView({ report, track }: { report: Report; track: MigrationTrack }) {
  const { steps, copyOf, unlike, differences, problem } = report;
  const total = steps.reduce((sum, { ms }) => sum + ms, 0);
  const names = new Map(track.entries.map(({ id, name }) => [id, name]));
  return (
    <>
      {problem ? (
        <Explanation explanation={problem} />
      ) : (
        <p className={runStyles.done} role="status">
          <IconCheck size={16} aria-hidden />
          {steps.length === 0
            ? 'It went through on the copy.'
            : `${plural(steps.length, 'migration')} went through on the copy in ${duration(total)}.`}
        </p>
      )}
      <section className={styles.section}>
        <h3 className={styles.heading}>The copy</h3>
        <p className={styles.said}>{visible(copyOf)}</p>
        {unlike.length > 0 && (
          <ul className={styles.unlike} aria-label="What is not as it is on the server">
            {unlike.map((one) => (
              <li key={one}>
                <IconInfoCircle size={14} aria-hidden /> {visible(one)}
              </li>
            ))}
          </ul>
        )}
      </section>
      {steps.length > 0 && (
        <section className={styles.section}>
          <h3 className={styles.heading}>Time and locks</h3>
          <ol className={styles.steps}>
            {steps.map(({ id, ms, locks }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: redoing has one migration twice.
              <li key={at} className={styles.step}>
                <p className={styles.stepHead}>
                  <bdi className={styles.name}>{visible(names.get(id) ?? id)}</bdi>
                  <span title={`${ms} ms`}>{ms < 1000 ? milliseconds(ms) : duration(ms)}</span>
                </p>
                <Locks locks={locks} />
              </li>
            ))}
          </ol>
        </section>
      )}
      <section className={styles.section}>
        <h3 className={styles.heading}>What it changes</h3>
        <Differences differences={differences} />
      </section>
    </>
  );
}

function Locks({ locks }: { locks: Report['steps'][number]['locks'] }) {
  if (locks.length === 0) return <p className={styles.soft}>No table’s lock was seen.</p>;
  return (
    <ul className={styles.locks} aria-label="Locks">
      {strongestFirst(locks).map(({ mode, on }) => {
        const isStrongest = mode === 'ACCESS EXCLUSIVE';
        const Icon = isStrongest ? IconLockExclamation : IconLock;
        return (
          <li key={`${mode} ${on}`} data-strong={isStrongest || undefined}>
            <Icon size={14} aria-hidden />
            <span className={styles.mode}>{mode}</span>
            <bdi className={styles.name}>{visible(on)}</bdi>
            {isStrongest && <span className={styles.stops}>stops readers and writers</span>}
          </li>
        );
      })}
    </ul>
  );
}
