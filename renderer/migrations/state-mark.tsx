import {
  IconAlertOctagon,
  IconArrowBackUp,
  IconArrowsSort,
  IconCheck,
  IconCircleDashed,
  IconFileDiff,
  IconFileUnknown,
  IconFlag,
  IconHelp,
  IconMinus,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { MigrationState } from '../../preload/contract/migrations.ts';
import styles from './migrations.module.css';
import { stateWords } from './words.ts';

export const stateIcons: Record<
  MigrationState,
  ComponentType<{ size?: number | string; stroke?: number | string }>
> = {
  applied: IconCheck,
  pending: IconCircleDashed,
  failed: IconAlertOctagon,
  missing: IconFileUnknown,
  changed: IconFileDiff,
  'out-of-order': IconArrowsSort,
  baseline: IconFlag,
  'rolled-back': IconArrowBackUp,
  ignored: IconMinus,
  unknown: IconHelp,
};

/** The state of a migration: its own shape, its meaning's colour, and the word, visible or for screen readers. */
export function StateMark({ state, short = false }: { state: MigrationState; short?: boolean }) {
  const { word, sentence, severity } = stateWords[state];
  const Icon = stateIcons[state];
  return (
    <span className={styles.mark} data-severity={severity} title={`${word}: ${sentence}`}>
      <Icon size={14} stroke={2} />
      <span className={short ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}
