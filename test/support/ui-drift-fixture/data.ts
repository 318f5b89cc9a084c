import type { Environment, EnvironmentStatus } from '../../../preload/contract/environments.ts';
import type { SnapshotInfo } from '../../../preload/contract/schema.ts';
import type { Difference, Migration, MigrationStatement } from '../../../preload/contract/schema-diff.ts';
import type { Unseen } from '../../../preload/contract/schema-model.ts';
import kronos from './kronos.json' with { type: 'json' };

/* Made-up environments and snapshots, and what a comparison of the two Kronos samples really gave. */

const environment = (
  id: string,
  name: string,
  database: string,
  color: Environment['color'],
  group = 'Sample systems',
): Environment => ({
  id,
  name,
  group,
  color,
  protection: 'open',
  connection: { host: 'localhost', port: 5432, database, user: 'kronos', sslmode: 'prefer', parameters: {} },
  password: 'none',
  transient: false,
  connect: true,
});

export const environments: Environment[] = [
  environment('prod', 'kronos_eam_production', 'kronos_eam_production', 'red'),
  environment('dev', 'kronos_eam', 'kronos_eam', 'green'),
  environment('edict', 'edictflow', 'edictflow', 'violet'),
  environment('away', 'kronos staging 🐘 "eu"', 'kronos_eam', 'amber', ''),
];

export const statuses: EnvironmentStatus[] = environments.map(({ id }) => ({
  environment: id,
  state: id === 'away' ? 'disconnected' : 'connected',
  since: 0,
  findings: [],
  trend: [],
}));

const hour = 3_600_000;

export function snapshotsAt(now: number): SnapshotInfo[] {
  const one = (id: number, hours: number, changes: Partial<SnapshotInfo> = {}): SnapshotInfo => ({
    id,
    environment: 'prod',
    origin: 'kronos_eam_production',
    database: 'kronos_eam_production',
    serverVersion: '15.18',
    takenAt: now - hours * hour,
    seenUntil: now - hours * hour,
    name: null,
    automatic: true,
    tables: 13,
    bytes: 41_203,
    ...changes,
  });
  return [
    one(7, 0.2, { seenUntil: now }),
    one(6, 20, { name: 'before 2.4', automatic: false }),
    one(5, 76, { seenUntil: now - 30 * hour }),
    one(4, 260),
    one(3, 9000, { name: 'a name with "quotes",\na line and 🐘', automatic: false, tables: 1 }),
    one(2, 30, { environment: 'dev', origin: 'kronos_eam' }),
  ];
}

export interface Played {
  differences: Difference[];
  migration: Migration;
  unseen: [Unseen[], Unseen[]];
}

export function played(model: string): Played {
  if (model === 'kronos') return kronos as unknown as Played;
  if (model === 'same')
    return { differences: [], migration: { statements: [], leftOut: [] }, unseen: [[], []] };
  if (model === 'unseen') {
    return {
      differences: [],
      migration: { statements: [], leftOut: [] },
      unseen: [[], [{ what: 'Subscriptions', why: 'The role may not read pg_subscription.' }]],
    };
  }
  if (model === 'awkward') return awkward();
  return many(Number(model));
}

const statement = (changes: Partial<MigrationStatement>): MigrationStatement => ({
  sql: 'SELECT 1',
  risk: 'change',
  object: { kind: 'table', name: 'public.one' },
  locks: [],
  rewrites: 'no',
  scans: false,
  inTransaction: true,
  ...changes,
});

function awkward(): Played {
  const name = 'odd "schema".two\nlines: and 🐘 a name of sixty-three bytes at the very';
  const long = Array.from({ length: 120 }, (_, line) => `  SELECT ${line}, 'text ${line}'`).join('\n');
  return {
    differences: [
      { kind: 'table', schema: 'odd "schema"', name, part: null, state: 'only-wanted', attributes: [] },
      {
        kind: 'column',
        schema: 'odd "schema"',
        name,
        part: 'col: "x"\tܫܠܡܐ',
        state: 'changed',
        attributes: [
          { name: 'type', wanted: 'text', actual: '' },
          { name: 'default', wanted: "'\n'::text", actual: null },
        ],
      },
      {
        kind: 'constraint',
        schema: 'odd "schema"',
        name: `${name}: check: it`,
        part: null,
        state: 'only-actual',
        attributes: [{ name: 'definition', wanted: null, actual: 'CHECK (("a: b" > 0))' }],
      },
      {
        kind: 'view',
        schema: 'public',
        name: 'public.long_view',
        part: null,
        state: 'changed',
        attributes: [
          {
            name: 'definition',
            wanted: long.replace("'text 60'", "'another text'").replace('SELECT 61,', 'SELECT 61, 62,'),
            actual: `${long}\n  UNION ALL ${'very_long_column_name, '.repeat(30)}`,
          },
          { name: 'comment', wanted: 'Überblick', actual: 'Uberblick' },
        ],
      },
      {
        kind: 'routine',
        schema: 'public',
        name: 'public.hidden(a integer)',
        part: null,
        state: 'unknown',
        attributes: [
          {
            name: 'definition',
            wanted: 'SELECT 1',
            actual: null,
            notKnown: 'The table was locked by another session.',
          },
        ],
      },
    ],
    migration: {
      statements: [
        statement({
          sql: `CREATE TABLE "odd ""schema"""."two\nlines" ()`,
          object: { kind: 'table', name },
          note: 'A note.',
        }),
        statement({
          sql: `CREATE VIEW public.long_view AS\n${long}`,
          object: { kind: 'view', name: 'public.long_view' },
          risk: 'destroy',
          rewrites: 'perhaps',
          inTransaction: false,
          locks: [{ mode: 'ACCESS EXCLUSIVE', on: '"odd ""schema"""."two\nlines"' }],
        }),
      ],
      leftOut: [
        { what: 'public.hidden(a integer)', why: 'Its definition could not be read: the table was locked.' },
      ],
    },
    unseen: [
      [{ what: 'User mappings', why: 'The role may not read pg_user_mapping.' }],
      [{ what: 'Subscriptions', why: 'The role may not read pg_subscription.' }],
    ],
  };
}

function many(count: number): Played {
  const states = ['only-wanted', 'only-actual', 'changed'] as const;
  const differences = Array.from({ length: count }, (_, at): Difference => {
    const state = states[at % 3] ?? 'changed';
    return {
      kind: 'column',
      schema: `area_${at % 20}`,
      name: `area_${at % 20}.table_${Math.floor(at / 4)}`,
      part: `column_${at}`,
      state,
      attributes: [
        {
          name: 'type',
          wanted: state === 'only-actual' ? null : 'integer',
          actual: state === 'only-wanted' ? null : 'bigint',
        },
      ],
    };
  });
  return {
    differences,
    migration: {
      statements: differences.map(({ name, part, state }) => {
        const table = name
          .split('.')
          .map((one) => `"${one}"`)
          .join('.');
        const act =
          state === 'only-wanted'
            ? `ADD COLUMN "${part}" integer`
            : state === 'changed'
              ? `ALTER COLUMN "${part}" TYPE integer`
              : `DROP COLUMN "${part}"`;
        return statement({
          sql: `ALTER TABLE ${table} ${act}`,
          object: { kind: 'table', name },
          risk: state === 'only-wanted' ? 'change' : 'destroy',
          rewrites: state === 'changed' ? 'yes' : 'no',
          locks: [{ mode: 'ACCESS EXCLUSIVE', on: table }],
        });
      }),
      leftOut: [],
    },
    unseen: [[], []],
  };
}
