import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './activity.module.css';
import { type ActivityView, activityViews } from './use-filters.ts';

interface ViewChoiceProps {
  view: ActivityView;
  onView: (view: ActivityView) => void;
  /** How many wait, as far as the view in sight knows. */
  blocking: ReactNode;
}

/** Chooses between the live views and those of the past. */
export function ViewChoice({ view, onView, blocking }: ViewChoiceProps) {
  return (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(next) => onView(activityViews.find((one) => one === next) ?? 'sessions')}
      data={[
        { value: 'sessions', label: 'Sessions' },
        { value: 'blocking', label: blocking },
        { value: 'waits', label: 'Waits' },
        { value: 'history', label: 'History' },
      ]}
    />
  );
}

interface BlockingLabelProps {
  waiting: number;
  /** Whether the count is a lower bound. */
  atLeast: boolean;
  /** Whether no sample follows: none waiting then says nothing about now. */
  stale: boolean;
}

export function BlockingLabel({ waiting, atLeast, stale }: BlockingLabelProps) {
  const unknown = stale && waiting === 0;
  return (
    <>
      Blocking
      <span className={styles.badge} data-some={waiting > 0 || undefined}>
        {atLeast && !unknown && <span aria-hidden>≥ </span>}
        {atLeast && !unknown && <span className="visually-hidden">at least </span>}
        {unknown ? <span aria-hidden>?</span> : waiting}
        <span className="visually-hidden">
          {unknown ? 'unknown how many are waiting' : stale ? ' waiting at the last sample' : ' waiting'}
        </span>
      </span>
    </>
  );
}
