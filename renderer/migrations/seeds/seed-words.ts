import type { Seed } from '../../../preload/contract/migration-runs.ts';

export type SeedState = 'not-run' | 'ran' | 'changed';

export const seedState = ({ ranAt, changedSince }: Pick<Seed, 'ranAt' | 'changedSince'>): SeedState =>
  ranAt === null ? 'not-run' : changedSince ? 'changed' : 'ran';

/** What is chosen at first: those that have not run. */
export const dueSeeds = (seeds: readonly Seed[]): string[] =>
  seeds.filter((seed) => seedState(seed) === 'not-run').map(({ file }) => file);

/** Of the chosen ones, those that would run, in their order: one that ran and is as it was then is passed over. */
export const runnable = (seeds: readonly Seed[], chosen: ReadonlySet<string>): string[] =>
  seeds.filter((seed) => chosen.has(seed.file) && seedState(seed) !== 'ran').map(({ file }) => file);
