import { setVersion } from '../state-rows.ts';
import type { StepRunner } from '../step-runner.ts';

/**
 * golang-migrate: the version is written as dirty, the file is sent in one go, the version is written as clean; three
 * transactions, whatever the file is. What fails stays dirty (`migrate.go`: `runMigrations`).
 */
export const runGolangMigrate: StepRunner = async ({ session, place, send, again }, step) => {
  const { table } = place;
  await again('state', true, () => setVersion(session, table, step.target, true));
  for (const part of step.ready?.parts ?? [])
    await again('body', part.undone, async () => {
      for (const unit of part.units) await send(unit);
    });
  await again('state', true, () => setVersion(session, table, step.target, false));
};
