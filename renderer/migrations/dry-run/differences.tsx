import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Difference } from '../../../preload/contract/schema-diff.ts';
import { count } from '../../components/format.ts';
import { type Entry, entriesOf } from '../../schema/drift/rows.ts';
import { StateMark } from '../../schema/drift/state-mark.tsx';
import { betweenTwo, kindHeading, type Vocabulary } from '../../schema/drift/words.ts';
import { visible } from '../words.ts';
import styles from './dry-run.module.css';

/** The copy afterwards is what is wanted, and the copy before is what is actual. */
const vocabulary: Vocabulary = {
  ...betweenTwo,
  wanted: 'After',
  actual: 'Before',
  state: { 'only-wanted': 'Added', 'only-actual': 'Removed', changed: 'Changed', unknown: 'Not comparable' },
};

const shownAtFirst = 200;

/** What is there after the migrations that was not, or is gone, or is other than it was; below its kind. */
export function Differences({ differences }: { differences: readonly Difference[] }) {
  const [shown, setShown] = useState(shownAtFirst);
  const entries = useMemo(() => entriesOf(differences), [differences]);
  if (entries.length === 0) return <p className={styles.soft}>Nothing of the structure; rows may differ.</p>;
  const byKind = Map.groupBy(entries.slice(0, shown), ({ difference }) => difference.kind);
  return (
    <>
      {[...byKind].map(([kind, members]) => (
        <div key={kind} className={styles.kind}>
          <h4 className={styles.kindName}>{kindHeading(kind)}</h4>
          <ul className={styles.differences}>
            {members.map((entry) => (
              <Changed key={entry.index} entry={entry} />
            ))}
          </ul>
        </div>
      ))}
      {entries.length > shown && (
        <Button variant="subtle" color="gray" onClick={() => setShown(entries.length)}>
          Show the other {count(entries.length - shown)}
        </Button>
      )}
    </>
  );
}

function Changed({ entry: { difference, name, wanted, actual } }: { entry: Entry }) {
  const { state } = difference;
  return (
    <li className={styles.difference}>
      <StateMark state={state} vocabulary={vocabulary} />
      <bdi className={styles.name}>{visible(name)}</bdi>
      <span className={styles.change}>
        {state === 'only-wanted' && visible(wanted)}
        {state === 'only-actual' && visible(actual)}
        {(state === 'changed' || state === 'unknown') && (
          <>
            <span className={styles.soft}>before</span> {visible(actual)}
            <br />
            <span className={styles.soft}>after</span> {visible(wanted)}
          </>
        )}
      </span>
      {(wanted + actual).includes('…') && (
        <details className={styles.whole}>
          <summary>All of it</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it. */}
          <pre className={styles.wholeText} tabIndex={0}>
            {wholeText(difference)}
          </pre>
        </details>
      )}
    </li>
  );
}

/** Every attribute in full; of one that changed, before and after. */
function wholeText({ state, attributes }: Difference): string {
  return attributes
    .map(({ name, wanted, actual }) =>
      state === 'changed'
        ? `${name}, before: ${actual ?? 'none'}\n${name}, after: ${wanted ?? 'none'}`
        : `${name}: ${wanted ?? actual ?? 'not known'}`,
    )
    .join('\n');
}
