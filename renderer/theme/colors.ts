import type { CSSProperties } from 'react';
import type { SessionState } from '../../preload/contract/activity.ts';
import type { EnvironmentColor, Finding } from '../../preload/contract/environments.ts';

/** The twelve environment colours in the order in which they are offered, with the words for them. */
export const environmentColorNames: Record<EnvironmentColor, string> = {
  slate: 'Slate',
  green: 'Green',
  teal: 'Teal',
  cyan: 'Cyan',
  blue: 'Blue',
  indigo: 'Indigo',
  violet: 'Violet',
  magenta: 'Magenta',
  red: 'Red',
  orange: 'Orange',
  amber: 'Amber',
  lime: 'Lime',
};

/** The CSS value of an environment's colour. */
export function environmentColor(color: EnvironmentColor): string {
  return `var(--env-${color})`;
}

/** Gives an element and what is in it `--env`, the environment's colour, for its style sheet. */
export function environmentStyle(color: EnvironmentColor): CSSProperties {
  return { '--env': environmentColor(color) } as CSSProperties;
}

/** One colour a session state, everywhere. */
export const sessionStateColors: Record<SessionState, string> = {
  active: 'var(--state-active)',
  waiting: 'var(--state-waiting)',
  'idle in transaction': 'var(--state-idle-in-transaction)',
  aborted: 'var(--state-aborted)',
  idle: 'var(--state-idle)',
  other: 'var(--state-other)',
  hidden: 'var(--state-hidden)',
};

/** What each session state is called on screen. */
export const sessionStateWords: Record<SessionState, string> = {
  active: 'Active',
  waiting: 'Waiting on lock',
  'idle in transaction': 'Idle in transaction',
  aborted: 'Aborted transaction',
  idle: 'Idle',
  other: 'Other',
  hidden: 'Hidden',
};

export type Severity = Finding['severity'];

export const severityColors: Record<Severity, string> = {
  notice: 'var(--notice)',
  warning: 'var(--warning)',
  bad: 'var(--bad)',
};
