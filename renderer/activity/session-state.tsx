import {
  IconAlertTriangleFilled,
  IconCircle,
  IconCircleDotted,
  IconEyeOff,
  IconLockFilled,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
} from '@tabler/icons-react';
import type { ComponentType, CSSProperties } from 'react';
import type { SessionState as State } from '../../preload/contract/activity.ts';
import { sessionStateColors, sessionStateWords } from '../theme/colors.ts';
import styles from './session-state.module.css';

const icons: Record<State, ComponentType<{ size?: number | string; style?: CSSProperties }>> = {
  active: IconPlayerPlayFilled,
  waiting: IconLockFilled,
  'idle in transaction': IconPlayerPauseFilled,
  aborted: IconAlertTriangleFilled,
  idle: IconCircle,
  other: IconCircleDotted,
  hidden: IconEyeOff,
};

/** The order of urgency in which states are listed and sorted. */
export const urgency: Record<State, number> = {
  waiting: 0,
  aborted: 1,
  active: 2,
  'idle in transaction': 3,
  other: 4,
  idle: 5,
  hidden: 6,
};

export const statesByUrgency = (Object.keys(urgency) as State[]).sort((a, b) => urgency[a] - urgency[b]);

/** What each state is called where there is little room. */
export const shortStateWords: Record<State, string> = {
  ...sessionStateWords,
  waiting: 'Waiting',
  'idle in transaction': 'In transaction',
  aborted: 'Aborted',
};

/** A session's state by colour, shape and word. */
export function SessionState({ state, short = false }: { state: State; short?: boolean }) {
  return (
    <span className={styles.state} title={short ? sessionStateWords[state] : undefined}>
      <StateIcon state={state} />
      <span>{(short ? shortStateWords : sessionStateWords)[state]}</span>
    </span>
  );
}

export function StateIcon({ state, size = 12 }: { state: State; size?: number }) {
  const Icon = icons[state];
  return (
    <span className={styles.icon} style={{ color: sessionStateColors[state] }} aria-hidden>
      <Icon size={size} />
    </span>
  );
}
