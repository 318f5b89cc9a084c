import { Button } from '@mantine/core';
import type { Unseen as UnseenThing } from '../../preload/contract/schema-model.ts';
import { count, plural } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { SeverityIcon } from '../components/severity-icon.tsx';
import styles from './schema.module.css';
import type { SchemaState } from './state.ts';
import type { DdlExport } from './use-ddl-export.ts';

interface ReadingProps {
  step: SchemaState['step'];
  onCancel: () => void;
  onAgain: () => void;
}

/** How far the first reading is, or that it was cancelled. */
export function Reading({ step, onCancel, onAgain }: ReadingProps) {
  if (!step) {
    return (
      <div className={styles.reading}>
        <p>The reading was cancelled before it was whole.</p>
        <Button onClick={onAgain}>Read again</Button>
      </div>
    );
  }
  return (
    <div className={styles.reading} role="status">
      <p>{stepWords(step)}</p>
      <Progress done={step.done} total={step.total} label="Reading the structure" />
      <Button onClick={onCancel}>Cancel</Button>
    </div>
  );
}

/** Counts are said only where they count something: a reading's three steps do not. */
export function stepWords({ step, done, total }: NonNullable<SchemaState['step']>): string {
  return total > 10 ? `${step}: ${count(done)} of ${count(total)}` : step;
}

/** A line above the diagram while the DDL is written. */
export function WritingDdl({
  running,
  onCancel,
}: {
  running: NonNullable<DdlExport['running']>;
  onCancel: () => void;
}) {
  return (
    <div className={styles.note} role="status">
      <span>Writing the DDL. {stepWords(running)}</span>
      <span className={styles.noteProgress}>
        <Progress done={running.done} total={running.total} label="Writing the DDL" />
      </span>
      <Button variant="subtle" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

/** What is missing for want of privileges, named one by one. */
export function Unseen({ unseen, user }: { unseen: readonly UnseenThing[]; user: string }) {
  if (unseen.length === 0) return null;
  return (
    <details className={styles.unseen}>
      <summary>
        <SeverityIcon severity="notice" /> {plural(unseen.length, 'thing')}{' '}
        {user ? <bdi>{user}</bdi> : 'this role'} can’t read
      </summary>
      <ul>
        {unseen.map(({ what, why }) => (
          <li key={`${what} ${why}`}>
            {what}: {why}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Definitions that a lock keeps back. `onAgain` is undefined while they are asked for. */
export function WaitingForLocks({
  count: waiting,
  onAgain,
}: {
  count: number;
  onAgain: (() => void) | undefined;
}) {
  if (waiting === 0) return null;
  return (
    <div className={styles.note} role="status">
      <SeverityIcon severity="notice" />
      <span>
        {plural(waiting, 'definition waits', 'definitions wait')} for a lock that another session holds. They
        are asked for again by themselves.
      </span>
      {onAgain && (
        <Button variant="subtle" onClick={onAgain}>
          Ask now
        </Button>
      )}
    </div>
  );
}
