import { IconCheck, IconLoader2 } from '@tabler/icons-react';
import type { JobRun } from '../../../preload/contract/backup-jobs.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { outcomeWords } from './job-words.ts';
import styles from './jobs.module.css';

/** What came of a run: a mark and a word. */
export function OutcomeMark({ outcome }: { outcome: JobRun['outcome'] }) {
  const { word, severity } = outcomeWords[outcome];
  return (
    <span className={styles.mark} data-severity={severity}>
      {severity ? (
        <SeverityIcon severity={severity} />
      ) : outcome === 'running' ? (
        <IconLoader2 size={14} aria-hidden className={styles.turning} />
      ) : (
        <IconCheck size={14} aria-hidden />
      )}
      {word}
    </span>
  );
}
