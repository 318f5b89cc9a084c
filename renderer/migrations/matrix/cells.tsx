import { IconLoader2 } from '@tabler/icons-react';
import type { Environment } from '../../../preload/contract/environments.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { StateMark } from '../state-mark.tsx';
import { placeWords, summaryOf, visible } from '../words.ts';
import type { Block } from './blocks.ts';
import styles from './matrix.module.css';

interface BlockCellProps {
  block: Block;
  environment: Environment;
}

/** Where an environment stands with a whole tool. */
export function BlockCell({ block, environment }: BlockCellProps) {
  const track = block.columns.get(environment.id)?.track;
  if (!track) return null;
  const { current, dirty, lockedBy } = track;
  const title = visible(`${environment.name}: ${placeWords(track)}. ${summaryOf(track)}`);
  return (
    <span className={styles.current} title={title}>
      {dirty && <SeverityIcon severity="bad" />}
      {dirty && <span className="visually-hidden">dirty</span>}
      {lockedBy && <IconLoader2 size={14} aria-label={`Migrating now: ${lockedBy}`} role="img" />}
      <bdi>{visible(current.join(', ')) || <span className={styles.soft}>none yet</span>}</bdi>
    </span>
  );
}

interface EntryCellProps extends BlockCellProps {
  id: string;
  isAnswered: boolean;
  isShort: boolean;
}

/** Where an environment stands with one migration. */
export function EntryCell({ block, id, environment, isAnswered, isShort }: EntryCellProps) {
  if (!isAnswered) return <span className={styles.soft}>…</span>;
  const column = block.columns.get(environment.id);
  if (!column) return null;
  const entry = column.entries.get(id);
  if (entry) return <StateMark state={entry.state} short={isShort} />;
  const isKnown = column.track.project !== null;
  const words = isKnown ? 'Not in its folder, and not applied' : 'Not recorded here; no folder is linked';
  return (
    <span className={styles.soft} title={words}>
      <span aria-hidden>–</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}
