import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RunProgress, WayOut } from '../../../preload/contract/migration-runs.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { visible } from '../words.ts';
import styles from './run.module.css';
import { versionWords } from './run-words.ts';

/** What can be done about a failure, as the program understands it. */
export type Act = Exclude<NonNullable<WayOut['act']>, { kind: 'statement' }>;

interface FailedProps {
  failed: Extract<RunProgress, { kind: 'failed' }>;
  /** Whether an act can be done from here. */
  canAct: (act: Act) => boolean;
  onAct: (act: Act) => void;
  /** Buttons that are there in any case. */
  more?: ReactNode;
}

/** What failed and where, the state that it left behind, and the ways out; those that can be gone from here as buttons. */
export function Failed({ failed, canAct, onAct, more }: FailedProps) {
  const { problem, file, line, statement, state, waysOut } = failed;
  return (
    <Explanation
      explanation={problem}
      severity={problem.cause === 'cancelled' ? 'warning' : 'bad'}
      actions={
        <div className={styles.failure}>
          {file !== '' && (
            <p>
              <bdi className="mono">{visible(file)}</bdi>
              {line !== null && `, line ${line}`}
            </p>
          )}
          {statement !== null && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it.
            <pre className={styles.text} tabIndex={0}>
              {statement}
            </pre>
          )}
          <p className={styles.state}>{visible(state)}</p>
          {waysOut.length > 0 && (
            <ul className={styles.ways} aria-label="Ways out">
              {waysOut.map(({ said, act }) => (
                <li key={`${said} ${JSON.stringify(act)}`} className={styles.wayOut}>
                  <span>{visible(said)}</span>
                  {act?.kind === 'statement' ? (
                    <Statement sql={act.sql} />
                  ) : (
                    act && canAct(act) && <Button onClick={() => onAct(act)}>{visible(actWords(act))}</Button>
                  )}
                </li>
              ))}
            </ul>
          )}
          {more && <div className={styles.choices}>{more}</div>}
        </div>
      }
    />
  );
}

function Statement({ sql }: { sql: string }) {
  return (
    <span className={styles.byHand}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it. */}
      <pre className={styles.text} tabIndex={0}>
        {sql}
      </pre>
      <CopyButton text={sql} label="Copy the statement" />
    </span>
  );
}

function actWords(act: Act): string {
  switch (act.kind) {
    case 'inspect':
      return `Inspect ${act.id}`;
    case 'force':
      return `Force ${versionWords(act.version)}…`;
    case 'mark':
      return 'Mark as applied…';
    case 'unmark':
      return 'Mark as not applied…';
    case 'again':
      return 'Run again…';
  }
}
