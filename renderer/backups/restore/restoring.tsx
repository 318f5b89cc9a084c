import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { ProtectionBadge } from '../../components/protection-badge.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { Output } from '../../migrations/drive/output.tsx';
import { visible } from '../../migrations/words.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { environmentColor } from '../../theme/colors.ts';
import { BackupLine } from './backup-line.tsx';
import { ErrorGroups } from './error-groups.tsx';
import { modeWords } from './mode-words.ts';
import { Outcome } from './outcome.tsx';
import styles from './restore.module.css';
import type { Restoring } from './restore-job.ts';
import { cancelRestore } from './restore-store.ts';
import { Underway } from './underway.tsx';

interface RestoringViewProps {
  restoring: Restoring;
  titleId: string;
  onAgain: () => void;
  onClose: () => void;
}

/** A restore that runs or ran: how far it is, its errors by cause, its log, and what came of it. */
export function RestoringView({ restoring, titleId, onAgain, onClose }: RestoringViewProps) {
  const { environments = [] } = useEnvironments();
  const { backup, options, phase, printed, errors } = restoring;
  const target = environments.find(({ id }) => id === restoring.environment);
  const isRunning = phase === 'running';
  const hasGoneWell = restoring.finished !== undefined;
  const [isLogOpen, setLogOpen] = useState(false);
  const closer = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that had the focus may be gone with the end.
    if (!isRunning && !document.activeElement?.closest('button, pre')) closer.current?.focus();
  }, [isRunning]);
  return (
    <div
      className={styles.form}
      {...(target ? { style: { borderTopColor: environmentColor(target.color) } } : {})}
    >
      <header className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {isRunning ? 'Restoring' : 'Restore of'} <bdi>{backup.database ?? 'a backup'}</bdi>
        </h2>
        <BackupLine backup={backup} />
      </header>
      <div className={styles.running}>
        <p className={styles.where}>
          {target && (
            <>
              <Swatch color={target.color} />
              <b>
                <bdi>{target.name}</bdi>
              </b>
              <ProtectionBadge protection={target.protection} />
            </>
          )}
          <bdi className={styles.mono}>{visible(options.database)}</bdi>
          <span className={styles.soft}>
            {modeWords[options.mode].title}
            {options.only && `, ${options.only.length} entries`}
          </span>
        </p>
        {isRunning ? <Underway restoring={restoring} /> : <Outcome restoring={restoring} target={target} />}
        <ErrorGroups errors={errors} isRunning={isRunning} />
        <Button
          className={styles.logToggle ?? ''}
          variant="subtle"
          color="gray"
          leftSection={isLogOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          aria-expanded={isLogOpen}
          onClick={() => setLogOpen(!isLogOpen)}
        >
          Log of pg_restore and psql
        </Button>
        {isLogOpen && (
          <div className={styles.log}>
            <Output printed={printed} isRunning={isRunning} />
          </div>
        )}
      </div>
      <footer className={styles.footer}>
        {isRunning ? (
          <>
            <Button
              variant="outline"
              color="red"
              leftSection={<IconPlayerStop size={14} />}
              disabled={restoring.isCancelled}
              onClick={() => cancelRestore(restoring)}
            >
              {restoring.isCancelled ? 'Cancelling' : 'Cancel the restore'}
            </Button>
            <span className={styles.space} />
            <span className={styles.soft}>Closed, it goes on; the line at the bottom shows it again.</span>
            <Button onClick={onClose}>Close</Button>
          </>
        ) : (
          <>
            <span className={styles.space} />
            <Button onClick={onAgain}>{hasGoneWell ? 'Restore it once more' : 'Look again and retry'}</Button>
            <Button ref={closer} onClick={onClose}>
              Close
            </Button>
          </>
        )}
      </footer>
    </div>
  );
}
