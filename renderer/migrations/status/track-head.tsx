import { Button } from '@mantine/core';
import { IconLoader2 } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import styles from '../migrations.module.css';
import { placeWords, unrecordedWords, visible, worstFirst } from '../words.ts';
import { dirtyExplanation } from './dirty.ts';

interface TrackHeadProps {
  track: MigrationTrack;
  onFolders: () => void;
  onDescribe: () => void;
}

/** What a track is: its tool, table, folder, and where it stands. */
export function TrackHead({ track, onFolders, onDescribe }: TrackHeadProps) {
  const { title, table, project, folder } = track;
  const place = visible(placeWords(track));
  return (
    <div className={styles.trackHead}>
      <h2 className={styles.trackTitle}>{title}</h2>
      <span className={styles.place} title={place}>
        {place}
      </span>
      {track.current.length > 0 && (
        <CopyButton text={track.current.join('\n')} label="Copy where it stands" />
      )}
      <span className={styles.fact}>
        Table{' '}
        {table ? (
          <bdi className="mono">{visible(`${table.schema}.${table.name}`)}</bdi>
        ) : (
          <span className={styles.none}>none yet</span>
        )}
        {track.tool === 'home-made' && table && (
          <button type="button" className={styles.link} onClick={onDescribe}>
            Columns…
          </button>
        )}
      </span>
      <span className={styles.fact} title={project ? visible(`${project}/${folder ?? ''}`) : undefined}>
        Folder{' '}
        {project ? (
          <bdi className={`mono ${styles.folder}`}>{visible(folder || '.')}</bdi>
        ) : (
          <button type="button" className={styles.link} onClick={onFolders}>
            Link one
          </button>
        )}
      </span>
    </div>
  );
}

interface TrackProblemsProps {
  track: MigrationTrack;
  onFolders: () => void;
  /** Buttons for a track that has stopped half-way. */
  waysOut: ReactNode;
}

/** What stands in the way or is to be known of a track, the worst first; many are folded. */
export function TrackProblems({ track, onFolders, waysOut }: TrackProblemsProps) {
  const [isOpen, setOpen] = useState(false);
  const problems = worstFirst(track.problems);
  const shown = isOpen ? problems : problems.slice(0, mostShown);
  const unrecorded = unrecordedWords(track);
  const unlinked = track.project === null;
  return (
    <div className={styles.notices}>
      {track.lockedBy && (
        <p className={styles.migrating} role="status">
          <IconLoader2 size={14} aria-hidden />
          <span>
            Migrating now: <b dir="auto">{visible(track.lockedBy)}</b> holds the lock of {track.title}.
          </span>
        </p>
      )}
      {track.dirty && <Explanation explanation={dirtyExplanation(track, track.dirty)} actions={waysOut} />}
      {shown.map(({ severity, ...problem }, at) => (
        <Explanation
          // biome-ignore lint/suspicious/noArrayIndexKey: the same problem may be told twice.
          key={`${problem.cause} ${at}`}
          explanation={problem}
          severity={severity}
          compact
          plain={severity === 'notice'}
        />
      ))}
      {problems.length > mostShown && (
        <Button variant="subtle" color="gray" className={styles.more ?? ''} onClick={() => setOpen(!isOpen)}>
          {isOpen
            ? 'Show fewer'
            : `Show ${plural(problems.length - mostShown, 'more notice', 'more notices')}`}
        </Button>
      )}
      {(unlinked || unrecorded) && (
        <p className={styles.unrecorded}>
          {unlinked && (
            <>
              No project’s folder is linked, so only the database’s side is known: not what is pending,
              changed or missing.{' '}
              <button type="button" className={styles.link} onClick={onFolders}>
                Link a folder
              </button>{' '}
            </>
          )}
          {unrecorded}
        </p>
      )}
    </div>
  );
}

const mostShown = 2;
