import type { Machine, TuningAdvice } from '../../../preload/contract/server-tuning.ts';
import { inWords } from '../settings/units.ts';

/** What is known of how much a server has to do. */
export interface Load {
  /** Client sessions now, and the most that were seen; null when not known. */
  sessions: number | null;
  /** WAL written in a second at the busiest time of the last day, bytes; null when not known. */
  walPerSecond: number | null;
  /** Of the checkpoints of the last day the share that came before their time; null when there were too few. */
  requestedShare: number | null;
}

/** What a rule is given to judge by. */
export interface Bench {
  machine: Machine;
  load: Load;
  major: number;
  /** A setting's value in bytes or ms where it is one, else its number; null when hidden or no number. */
  number(name: string): number | null;
  /** As the server says it; null when hidden. */
  text(name: string): string | null;
}

/** What a rule says; `recommended` is in bytes or ms where the setting is one. */
export interface Verdict {
  name: string;
  group: TuningAdvice['group'];
  recommended: number | string | null;
  /** Whether what is there now does as well. */
  isFine: boolean;
  reason: string;
  source: string;
}

export type Rule = (bench: Bench) => Verdict | undefined;

const kB = 1024;
export const MB = 1024 * kB;
export const GB = 1024 * MB;

/** A size rounded down to a step that people write: megabytes, halves of a gigabyte, gigabytes. */
export function roundSize(bytes: number): number {
  const step = bytes >= 4 * GB ? GB : bytes >= GB ? 512 * MB : bytes >= 64 * MB ? 16 * MB : MB;
  return Math.max(step, Math.floor(bytes / step) * step);
}

/** A size in a sentence. */
export const size = (bytes: number): string => inWords(String(roundSize(bytes)), 'B');

export const unknownMemory = 'How much memory the machine has is not known: say it above.';
