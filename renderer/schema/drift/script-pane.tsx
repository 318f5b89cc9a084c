import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { MigrationStatement } from '../../../preload/contract/schema-diff.ts';
import { scriptText } from '../../../preload/contract/schema-diff-text.ts';
import type { Unseen } from '../../../preload/contract/schema-model.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Empty } from '../../components/empty.tsx';
import { count, plural } from '../../components/format.ts';
import { notifyDone } from '../../components/notify.tsx';
import { saveBlob } from '../save-blob.ts';
import type { Links } from './links.ts';
import styles from './script.module.css';
import {
  countScript,
  lockMeaning,
  passes,
  type ScriptFilter,
  scriptFileName,
  scriptWords,
} from './script-words.ts';
import { StatementList } from './statement-list.tsx';

interface ScriptPaneProps {
  statements: readonly MigrationStatement[];
  leftOut: readonly Unseen[];
  /** False while it is still being written. */
  isWritten: boolean;
  sides: { wanted: string; actual: string };
  links: Links;
  /** What each difference is called, for the statements that close it. */
  nameOf: (difference: number) => string;
  selected: number | null;
  onSelect: (statement: number) => void;
  /** Shows the difference that a statement is for. */
  onDifference: (difference: number) => void;
}

/** The script that would make the actual structure like the wanted one, to be read, copied or saved. It is never run here. */
export function ScriptPane(props: ScriptPaneProps) {
  const { statements, leftOut, isWritten, sides } = props;
  const [filter, setFilter] = useState<ScriptFilter>('all');
  const counts = useMemo(() => countScript(statements), [statements]);
  const shown = useMemo(
    () => statements.flatMap((statement, index) => (passes(statement, filter) ? [index] : [])),
    [statements, filter],
  );
  const text = (): string => scriptText(statements, leftOut, sides);
  const save = (): void => {
    const name = scriptFileName(sides.wanted, sides.actual);
    saveBlob(name, new Blob([text()], { type: 'application/sql' }));
    notifyDone(`Saved ${plural(statements.length, 'statement')} as ${name}.`);
  };
  if (statements.length === 0) {
    return (
      <section className={styles.pane} aria-label="Script">
        <LeftOut leftOut={leftOut} />
        {isWritten ? (
          <Empty title="There is nothing to run">
            {leftOut.length > 0
              ? 'What differs is left as it is, for the reasons above.'
              : 'No statement is needed to make the actual structure like the wanted one.'}
          </Empty>
        ) : (
          <p className={styles.waiting} role="status">
            The script is being written.
          </p>
        )}
      </section>
    );
  }
  return (
    <section className={styles.pane} aria-label="Script">
      <div className={styles.head}>
        <div className={styles.words}>
          <p className={styles.counts} role="status">
            {scriptWords(counts)}
            {!isWritten && ', more to come'}
          </p>
          <p className={styles.review}>
            Makes <bdi>{sides.actual}</bdi> like <bdi>{sides.wanted}</bdi>. It is for review: Howdah shows it,
            and does not run it.
          </p>
          {counts.exclusive > 0 && (
            <p className={`${styles.review} ${styles.locks}`}>
              <b>ACCESS EXCLUSIVE</b> ({count(counts.exclusive)}): {lockMeaning['ACCESS EXCLUSIVE']}. Set
              lock_timeout before a run on a busy server.
            </p>
          )}
        </div>
        <div className={styles.acts}>
          <CopyButton text={text} label="Copy all" withLabel />
          <Button leftSection={<IconDownload size={14} />} onClick={save} disabled={!isWritten}>
            Save as file
          </Button>
        </div>
      </div>
      <LeftOut leftOut={leftOut} />
      <div className={styles.filters} role="toolbar" aria-label="Statements">
        <Choice filter="all" count={counts.all} chosen={filter} onChoose={setFilter}>
          All
        </Choice>
        <Choice filter="destroy" count={counts.destroy} chosen={filter} onChoose={setFilter}>
          Destroy
        </Choice>
        <Choice filter="exclusive" count={counts.exclusive} chosen={filter} onChoose={setFilter}>
          ACCESS EXCLUSIVE
        </Choice>
        <Choice filter="rewrite" count={counts.rewrite + counts.perhaps} chosen={filter} onChoose={setFilter}>
          Rewrite
        </Choice>
      </div>
      <StatementList
        statements={statements}
        shown={shown}
        links={props.links}
        nameOf={props.nameOf}
        selected={props.selected}
        onSelect={props.onSelect}
        onDifference={props.onDifference}
        onReveal={() => setFilter('all')}
      />
    </section>
  );
}

interface ChoiceProps {
  filter: ScriptFilter;
  count: number;
  chosen: ScriptFilter;
  onChoose: (filter: ScriptFilter) => void;
  children: ReactNode;
}

function Choice({ filter, count: many, chosen, onChoose, children }: ChoiceProps) {
  if (many === 0 && filter !== chosen) return null;
  return (
    <button
      type="button"
      className={styles.chip}
      aria-pressed={filter === chosen}
      onClick={() => onChoose(filter === chosen ? 'all' : filter)}
    >
      {children} <span className={styles.chipCount}>{count(many)}</span>
    </button>
  );
}

function LeftOut({ leftOut }: { leftOut: readonly Unseen[] }) {
  if (leftOut.length === 0) return null;
  return (
    <details className={styles.leftOut} open={leftOut.length <= 3}>
      <summary>
        {leftOut.length === 1
          ? '1 thing is left as it is'
          : `${count(leftOut.length)} things are left as they are`}
      </summary>
      <ul>
        {leftOut.map(({ what, why }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same may be left out twice, for the same reason.
          <li key={index}>
            <bdi className="mono">{what}</bdi>: {why}
          </li>
        ))}
      </ul>
    </details>
  );
}
