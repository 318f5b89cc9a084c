import { Button, SegmentedControl } from '@mantine/core';
import type { Backup } from '../../../preload/contract/backups.ts';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import type { RestoreDraft } from './draft.ts';
import styles from './restore.module.css';
import { TocList } from './toc-list.tsx';
import type { TocState } from './use-toc.ts';

interface ContentsChoiceProps {
  backup: Backup;
  draft: RestoreDraft;
  onChange: (changes: Partial<RestoreDraft>) => void;
}

/** All of a backup, or entries of it. */
export function ContentsChoice({ backup, draft, onChange }: ContentsChoiceProps) {
  const isScript = backup.format === 'plain' || backup.format === 'globals';
  return (
    <div>
      <p className={styles.label} id="restore-what">
        What
      </p>
      <SegmentedControl
        aria-labelledby="restore-what"
        fullWidth
        value={draft.only === null ? 'all' : 'chosen'}
        onChange={(value) => onChange({ only: value === 'all' ? null : new Set() })}
        data={[
          { value: 'all', label: 'Everything' },
          { value: 'chosen', label: 'Chosen entries', disabled: isScript },
        ]}
      />
      {isScript && <p className={styles.note}>A plain dump is a script: only all of it can be restored.</p>}
    </div>
  );
}

interface ContentsListProps {
  backup: Backup;
  toc: TocState;
  chosen: ReadonlySet<number>;
  onChoose: (chosen: ReadonlySet<number>) => void;
}

/** The entries to choose from, once they are read. */
export function ContentsList({ backup, toc, chosen, onChoose }: ContentsListProps) {
  const { entries, problem, isPending, again } = toc;
  if (problem)
    return <Explanation explanation={problem} actions={<Button onClick={again}>Read it again</Button>} />;
  if (isPending) return <Loading label="Reading the table of contents" rows={10} />;
  if (!entries || entries.length === 0)
    return (
      <p className={styles.soft} role="status">
        {backup.isEncrypted
          ? 'The table of contents is encrypted too: give the passphrase to choose from it.'
          : 'There is no table of contents to choose from.'}
      </p>
    );
  return <TocList toc={entries} chosen={chosen} onChoose={onChoose} />;
}
