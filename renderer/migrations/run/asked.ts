import type { RunAction } from '../../../preload/contract/migration-runs.ts';
import type { MigrationEntry } from '../../../preload/contract/migrations.ts';

/** The drawer beside the list. */
export type Panel =
  /** Without an action: the run that is there already. */
  { kind: 'run'; action?: RunAction } | { kind: 'drive' } | { kind: 'dry-run' };

/** A question above everything. */
export type Question =
  | { kind: 'mark'; entry: MigrationEntry; as: 'applied' | 'unmark' }
  | { kind: 'force'; version: string }
  | { kind: 'create' };

export type Asked = Panel | Question;
