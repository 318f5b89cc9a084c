import { inTransaction } from '../state-rows.ts';
import type { StepRunner } from '../step-runner.ts';

/**
 * dbmate, goose and home-made runners: a transaction with the file's statements and the row that says so, or, where the
 * file asks for none, first the statements and then the row. goose sends statement by statement, the others all at once
 * (dbmate's `pkg/dbmate/db.go`; goose's `migration_sql.go`).
 */
export const runRecorded: StepRunner = async ({ session, send, again, records }, step) => {
  const { migration, direction, ready } = step;
  // A file without any section of this kind still changes the row.
  const parts = ready?.parts ?? [];
  const from = performance.now();
  for (const part of parts) {
    const run = async (): Promise<void> => {
      for (const unit of part.units) await send(unit);
    };
    const record = async (): Promise<void> => {
      if (direction === 'up') await records.apply(migration, performance.now() - from);
      else await records.takeBack(migration.id);
    };
    if (part.transaction === 'own') {
      const both = async (): Promise<void> => {
        await run();
        await record();
      };
      await again('body', part.undone, () => inTransaction(session, both));
    } else {
      await again('body', false, run);
      await again('state', true, record);
    }
  }
};
