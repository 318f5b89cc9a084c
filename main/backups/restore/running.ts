import type { RestoreOptions } from '../../../preload/contract/backups.ts';
import type { RestoreNeeds } from './needs.ts';
import type { PreparedRestore } from './plan.ts';
import type { RestoreErrors } from './restore-errors.ts';
import type { Teller } from './restore-progress.ts';
import type { TargetServer } from './target-server.ts';

/** A restore under way. */
export interface Running {
  needs: RestoreNeeds;
  options: RestoreOptions;
  prepared: PreparedRestore;
  server: TargetServer;
  teller: Teller;
  errors: RestoreErrors;
  signal: AbortSignal;
  /** What is left should it fail; kept true as it goes on. */
  outcome: { state: string };
}

/** What a restore came to. */
export interface Restored {
  /** The database that was there before, under its dated name. */
  kept: string | null;
}
