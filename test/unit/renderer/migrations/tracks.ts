import {
  type MigrationEntry,
  type MigrationState,
  type MigrationStatus,
  type MigrationTrack,
  migrationStates,
} from '../../../../preload/contract/migrations.ts';

/** A migration with what a test says of it. */
export function entry(id: string, said: Partial<MigrationEntry> = {}): MigrationEntry {
  return {
    id,
    name: id,
    state: 'applied',
    notes: [],
    appliedAt: null,
    appliedBy: null,
    durationMs: null,
    file: `migrations/${id}.sql`,
    downFile: null,
    reversible: null,
    parents: [],
    labels: [],
    checksum: 'unknown',
    ...said,
  };
}

/** A track with these migrations, counted. */
export function track(
  entries: readonly MigrationEntry[],
  said: Partial<MigrationTrack> = {},
): MigrationTrack {
  const counts = Object.fromEntries(
    migrationStates.map((state) => [state, entries.filter((one) => one.state === state).length]),
  ) as Record<MigrationState, number>;
  return {
    key: 'knex:public.knex_migrations',
    tool: 'knex',
    title: 'Knex',
    table: { schema: 'public', name: 'knex_migrations' },
    project: '/projects/shop',
    folder: 'migrations',
    home: null,
    current: [],
    heads: [],
    dirty: null,
    lockedBy: null,
    counts,
    entries: [...entries],
    problems: [],
    unrecorded: [],
    runner: 'driven',
    ...said,
  };
}

export const status = (environment: string, ...tracks: MigrationTrack[]): MigrationStatus => ({
  environment,
  at: 0,
  tracks,
  folders: [],
});
