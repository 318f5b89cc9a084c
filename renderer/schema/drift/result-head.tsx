import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ComparedSide } from '../../../preload/contract/schema-diff.ts';
import { dateTime, plural } from '../../components/format.ts';
import { dayWords } from './dates.ts';
import styles from './drift.module.css';
import { type Counts, summaryWords, type Vocabulary } from './words.ts';

interface ResultHeadProps {
  counts: Counts;
  vocabulary: Vocabulary;
  sides: { wanted: ComparedSide; actual: ComparedSide };
  /** When then was, for what changed since. */
  since: string | undefined;
  /** The switch between the panes. */
  children: ReactNode;
}

/** The result in a line, what was compared and when it was like this, and what could not be read. */
export function ResultHead({ counts, vocabulary, sides, since, children }: ResultHeadProps) {
  const now = Date.now();
  const unseen = [
    { side: vocabulary.wanted, label: sides.wanted.label, things: sides.wanted.unseen },
    { side: vocabulary.actual, label: sides.actual.label, things: sides.actual.unseen },
  ].filter(({ things }) => things.length > 0);
  const many = unseen.reduce((sum, { things }) => sum + things.length, 0);
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        <p className={styles.summary} role="status">
          {summaryWords(counts, vocabulary, many)}
          {since && <span className={styles.since}> since {since}</span>}
        </p>
        <p className={styles.sides}>
          <Side word={vocabulary.wanted} side={sides.wanted} now={now} />
          <Side word={vocabulary.actual} side={sides.actual} now={now} />
        </p>
      </div>
      {children}
      {many > 0 && (
        <details className={styles.unseen}>
          <summary>
            <IconAlertTriangle size={14} aria-hidden /> {plural(many, 'thing')} could not be read, so there
            may be more differences
          </summary>
          {unseen.map(({ side, label, things }) => (
            <div key={side}>
              <b>
                {side}: <bdi>{label}</bdi>
              </b>
              <ul>
                {things.map(({ what, why }) => (
                  <li key={`${what} ${why}`}>
                    {what}: {why}
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </details>
      )}
    </header>
  );
}

function Side({ word, side, now }: { word: string; side: ComparedSide; now: number }) {
  const { label, database, serverVersion, at } = side;
  const facts = [!label.includes(database) && database, `PostgreSQL ${serverVersion}`]
    .filter(Boolean)
    .join(', ');
  return (
    <span className={styles.sideFacts}>
      {word} <bdi className={styles.sideName}>{label}</bdi>{' '}
      <span title={dateTime(at)}>
        {facts}, {dayWords(at, now)}
      </span>
    </span>
  );
}
