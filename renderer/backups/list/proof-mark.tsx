import {
  IconAlertOctagon,
  IconBook,
  IconCircleDashed,
  IconCircleX,
  IconShieldCheck,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Backup } from '../../../preload/contract/backups.ts';
import { dateTime } from '../../components/format.ts';
import { type ProofState, proofState, proofWords } from '../words.ts';
import styles from './list.module.css';

const icons: Record<ProofState, ComponentType<{ size?: number | string; stroke?: number | string }>> = {
  restorable: IconShieldCheck,
  readable: IconBook,
  unproven: IconCircleDashed,
  damaged: IconAlertOctagon,
  gone: IconCircleX,
};

interface ProofMarkProps {
  backup: Pick<Backup, 'verification' | 'isThere'>;
  /** Says the day too. */
  dated?: boolean;
}

/** How far a backup is proven: its own shape, its meaning's colour, and the word. */
export function ProofMark({ backup, dated = false }: ProofMarkProps) {
  const state = proofState(backup);
  const { word, sentence, severity } = proofWords[state];
  const { at } = backup.verification;
  const Icon = icons[state];
  return (
    <span
      className={styles.mark}
      data-severity={severity}
      title={`${word}: ${sentence}${at === null ? '' : ` Looked at ${dateTime(at)}.`}`}
    >
      <Icon size={14} stroke={2} aria-hidden />
      <span>{word}</span>
      {dated && at !== null && state !== 'gone' && (
        <span className={styles.soft}>{dateTime(at).slice(0, 10)}</span>
      )}
    </span>
  );
}
