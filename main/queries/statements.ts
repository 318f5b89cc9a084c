import type { MonitoringNeeds } from '../monitoring/index.ts';
import { type Applications, openApplications } from './applications.ts';
import { windowMs } from './grains.ts';
import { rollStatements } from './roll.ts';
import { openStepStore, type StepStore } from './step-store.ts';
import { openTextStore, type TextStore } from './text-store.ts';
import { type Candidate, partsOf } from './top.ts';
import { openWatch, type StatementWatch } from './watch.ts';

/** What is known of statements over time, and how it comes to be known. */
export interface Statements {
  needs: MonitoringNeeds;
  steps: StepStore;
  texts: TextStore;
  applications: Applications;
  watch: StatementWatch;
  /** Writes down who was seen to run what since the last time. */
  flush(): void;
  /** Makes history coarser and drops what is past its time; one at a time. */
  roll(now: number): Promise<void>;
  close(): void;
}

const hour = 3_600_000;
/** How long it is remembered who ran what, ms. */
const keepApplications = 35 * 24 * hour;

export function openStatements(needs: MonitoringNeeds): Statements {
  const steps = openStepStore(needs.store);
  const texts = openTextStore(needs.store);
  const applications = openApplications(needs.store);
  const watch = openWatch(needs, steps, texts);
  let closed = false;
  let rolling: Promise<void> | undefined;

  const flush = (): void =>
    applications.flush((id) => (needs.keepsHistory(id) ? steps.keyOf(id) : undefined));
  const rollNow = async (now: number): Promise<void> => {
    flush();
    applications.drop(now - keepApplications);
    await rollStatements(needs.store, steps, texts, now, needs.environments().length, () => closed);
  };
  return {
    needs,
    steps,
    texts,
    applications,
    watch,
    flush,
    roll: (now) => {
      rolling ??= rollNow(now).finally(() => {
        rolling = undefined;
      });
      return rolling;
    },
    close: () => {
      watch.close();
      flush();
      closed = true;
    },
  };
}

/** The two ends of a window as a call gives them, ms. */
export function spanOf(
  input: { window: keyof typeof windowMs; from?: number | undefined; to?: number | undefined },
  now: number,
): { from: number; to: number } {
  const to = input.to ?? now;
  return { from: Math.min(input.from ?? to - windowMs[input.window], to - 1), to };
}

/** Who and where a key speaks of, by the names that are known. */
export function named(key: string, row: Float64Array, names: ReadonlyMap<string, string>): Candidate {
  const { user, database } = partsOf(key);
  return {
    key,
    row,
    // Oid 0 is nobody's: what ran without a database or user.
    user: names.get(`user ${user}`) ?? null,
    database: names.get(`database ${database}`) ?? null,
  };
}
