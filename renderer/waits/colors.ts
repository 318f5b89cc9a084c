import { onCpu, others, type WaitDimension } from '../../preload/contract/waits.ts';

/** One colour a wait type. What means the same as a session state has its colour: a lock is waiting, CPU is active. */
const typeColors: Readonly<Record<string, string>> = {
  [onCpu]: 'var(--state-active)',
  Lock: 'var(--state-waiting)',
  IO: 'var(--env-blue)',
  LWLock: 'var(--env-orange)',
  IPC: 'var(--env-violet)',
  Client: 'var(--env-slate)',
  Timeout: 'var(--env-amber)',
  BufferPin: 'var(--env-magenta)',
  Extension: 'var(--env-teal)',
  Activity: 'var(--env-lime)',
};

/** For what is not known by a colour, in this order. */
const cycle = [
  'blue',
  'orange',
  'teal',
  'magenta',
  'lime',
  'violet',
  'amber',
  'cyan',
  'green',
  'red',
  'indigo',
  'slate',
] as const;

export function typeColor(type: string): string {
  return typeColors[type] ?? 'var(--state-other)';
}

/** The colour of a series by its key and its place among the others. */
export function seriesColor(by: WaitDimension, key: string, place: number): string {
  if (key === others) return 'var(--state-other)';
  return by === 'type' ? typeColor(key) : `var(--env-${cycle[place % cycle.length]})`;
}
