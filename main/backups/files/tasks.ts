import type { FoundBackups } from './find.ts';
import type { Checked } from './findings.ts';
import type { ReadBackup } from './read.ts';

/** What the thread can be asked for, and what it gives. */
export interface FileTasks {
  read: { task: { kind: 'read'; path: string; isWhole: boolean }; result: ReadBackup };
  find: { task: { kind: 'find'; folder: string }; result: FoundBackups };
  check: { task: { kind: 'check'; path: string }; result: Checked };
}

export type FileTask = FileTasks[keyof FileTasks]['task'] & { lz4?: string | undefined };

export type FromFileThread =
  | { kind: 'bytes'; bytes: number }
  | { kind: 'done'; result: unknown }
  | { kind: 'failed'; error: unknown };
