import { IconBan, IconCheck, IconHelpCircle, IconLoader2, IconX } from '@tabler/icons-react';
import styles from './audit.module.css';
import { type Outcome, outcomeWords } from './entries.ts';

const icons = {
  running: IconLoader2,
  unknown: IconHelpCircle,
  done: IconCheck,
  failed: IconX,
  refused: IconBan,
} as const;

/** An outcome as icon and word. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  const Icon = icons[outcome];
  return (
    <span className={styles.outcome} data-outcome={outcome}>
      <Icon size={14} stroke={2} aria-hidden />
      {outcomeWords[outcome]}
    </span>
  );
}
