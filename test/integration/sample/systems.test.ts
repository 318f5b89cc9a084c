import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries } from '../../../main/sample/binaries.ts';
import { startSample } from '../../../main/sample/sample.ts';
import type { BinariesSource, SampleServer } from '../../../main/sample/types.ts';
import { assets, dataFolder, rowsOf, within } from './support.ts';

const sources: BinariesSource[] = ['machine', 'embedded'];

describe.each(sources)('the sample systems on the %s binaries', async (source) => {
  const missing = await findBinaries({ source, copyTo: '/nonexistent' }).then(
    () => '',
    (error: Error) => error.message,
  );
  if (missing) console.warn(`skipped: ${missing}`);
  const test = it.skipIf(missing !== '');
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let server: SampleServer;

  beforeAll(async () => {
    folder = await dataFolder();
    if (!missing) server = await startSample({ dataFolder: folder.dataFolder, assets, binaries: source });
  });
  afterAll(async () => {
    await folder.clean();
  });

  const count = async (database: string, text: string): Promise<number> => {
    const [row] = await rowsOf<{ n: string }>(server, { database }, text);
    return Number(row?.n);
  };

  test('are all there, each owned by its own role that can log in with the password', async () => {
    const databases = server.systems.map((system) => system.database);
    expect(databases.sort()).toEqual([
      'billing',
      'edictflow',
      'iotistic',
      'kronos_eam',
      'kronos_eam_production',
      'nebenkosten_config',
      'tau_lighting',
    ]);
    for (const { database, user } of server.systems) {
      const [row] = await rowsOf<{ owner: string; me: string; super: string }>(
        server,
        { database, user },
        `SELECT pg_get_userbyid(datdba) AS owner, current_user AS me, current_setting('is_superuser') AS super
         FROM pg_database WHERE datname = current_database()`,
      );
      expect(row).toEqual({ owner: user, me: user, super: 'off' });
    }
  });

  test('have the statement statistics in every database, cleared of their own making', async () => {
    for (const { database } of server.systems) {
      const rows = await rowsOf<{ query: string }>(
        server,
        { database },
        'SELECT query FROM pg_stat_statements',
      );
      expect(rows.filter((row) => /CREATE (TABLE|DATABASE)/.test(row.query))).toEqual([]);
    }
  });

  test.each([
    ['nebenkosten_config', 'meters households household_meters settings users audit_log'],
    ['edictflow', 'teams users rules agents change_events approvals roles schema_migrations'],
    [
      'tau_lighting',
      'fixture_models fixtures switch_models switches groups group_fixtures group_hierarchy circadian_profiles scenes fixture_state group_state alembic_version',
    ],
    [
      'kronos_eam',
      'tenants users plants plant_registry workflows workflow_stages workflow_tasks documents alembic_version',
    ],
    [
      'iotistic',
      'devices device_state_history device_tags device_metrics device_logs network_interfaces mqtt_users mqtt_acls mqtt_broker_stats mqtt_topic_metrics system_config users api_keys api_key_history vpn_certificates digital_twin_entities digital_twin_relationships',
    ],
    ['billing', 'customers subscriptions usage_reports license_history knex_migrations knex_migrations_lock'],
  ])('have rows in the tables that %s is known for', async (database, names) => {
    for (const name of names.split(' ')) {
      expect(await count(database, `SELECT count(*) AS n FROM ${name}`), name).toBeGreaterThan(0);
    }
  });

  test('keep golang-migrate’s one clean row, at the last of the files', async () => {
    const rows = await rowsOf(
      server,
      { database: 'edictflow' },
      'SELECT version::text, dirty FROM schema_migrations',
    );
    expect(rows).toEqual([{ version: '9', dirty: false }]);
  });

  test('keep one Alembic head each, the same in Kronos and its production', async () => {
    const head = async (database: string): Promise<unknown> =>
      await rowsOf(server, { database }, 'SELECT version_num FROM alembic_version');
    expect(await head('tau_lighting')).toEqual([{ version_num: '5d03be91a7c8' }]);
    expect(await head('kronos_eam')).toEqual([{ version_num: '001_complete_initial_schema' }]);
    expect(await head('kronos_eam_production')).toEqual(await head('kronos_eam'));
  });

  test('keep Knex’s rows under the files’ whole names, and its lock open', async () => {
    const files = (await readdir(join(assets, 'billing/migrations'))).sort();
    const rows = await rowsOf<{ name: string }>(
      server,
      { database: 'billing' },
      'SELECT name FROM knex_migrations WHERE batch = 1 ORDER BY id',
    );
    expect(rows.map((row) => row.name)).toEqual(files);
    expect(await count('billing', 'SELECT sum(is_locked) AS n FROM knex_migrations_lock')).toBe(0);
  });

  test('keep the 58 file names of Iotistic’s runner with the checksums of the files', async () => {
    const folderOfFiles = join(assets, 'iotistic/api/database/migrations');
    const files = (await readdir(folderOfFiles)).sort();
    expect(files).toHaveLength(58);
    const expected = await Promise.all(
      files.map(async (filename) => {
        const text = await readFile(join(folderOfFiles, filename));
        return { filename, checksum: createHash('sha256').update(text).digest('hex') };
      }),
    );
    const rows = await rowsOf(
      server,
      { database: 'iotistic' },
      'SELECT filename, checksum FROM schema_migrations ORDER BY id',
    );
    expect(rows).toEqual(expected);
  });

  test('follow a group of lamps through all levels, and refuse a fifth and a circle', async () => {
    const [site] = await rowsOf<{ depth: number; fixtures: string }>(
      server,
      { database: 'tau_lighting' },
      'SELECT max(depth) AS depth, count(DISTINCT fixture_id) AS fixtures FROM v_group_membership WHERE group_id = 1',
    );
    expect(site).toEqual({ depth: 3, fixtures: '360' });
    const nest = async (parent: number, child: number): Promise<unknown> =>
      await within(server, { database: 'tau_lighting' }, (client) =>
        client.query('INSERT INTO group_hierarchy VALUES ($1, $2)', [parent, child]),
      );
    await expect(nest(18, 19)).rejects.toMatchObject({ code: '23514' });
    await expect(nest(18, 1)).rejects.toMatchObject({ code: '23514' });
  });

  test('refuse two fixtures on the same DMX channel', async () => {
    await expect(
      within(server, { database: 'tau_lighting' }, (client) =>
        client.query(
          `INSERT INTO fixtures (name, fixture_model_id, dmx_universe, dmx_channel_start, dmx_footprint)
           SELECT 'late', fixture_model_id, dmx_universe, dmx_channel_start - 1, 2 FROM fixtures WHERE dmx_channel_start > 1 LIMIT 1`,
        ),
      ),
    ).rejects.toMatchObject({ code: '23P01' });
  });

  test('show a tenant of Kronos its own plants only', async () => {
    const seen = await within(server, { database: 'kronos_eam', user: 'kronos_app' }, async (client) => {
      const none = await client.query('SELECT FROM plants');
      await client.query("SELECT set_config('app.tenant_id', 'customer2', true)");
      const own = await client.query<{ tenant_id: string }>('SELECT DISTINCT tenant_id FROM plants');
      return { none: none.rowCount, own: own.rows };
    });
    expect(seen).toEqual({ none: 0, own: [{ tenant_id: 'customer2' }] });
  });

  test('keep Iotistic’s days apart, with today’s there, and drop old ones', async () => {
    const dropped = await within(server, { database: 'iotistic' }, async (client) => {
      const today = await client.query<{ n: string }>(
        `SELECT count(*) AS n FROM device_metrics WHERE tableoid = to_regclass('device_metrics_' || to_char(current_date, 'YYYYMMDD'))
         AND "timestamp" >= current_date`,
      );
      expect(Number(today.rows[0]?.n)).toBeGreaterThan(0);
      const result = await client.query<{ n: number }>("SELECT drop_old_partitions('device_logs', 3) AS n");
      return result.rows[0]?.n;
    });
    expect(dropped).toBe(4);
    expect(await count('iotistic', 'SELECT count(*) AS n FROM device_metrics')).toBeGreaterThan(90_000);
  });

  test('write what is changed in Nebenkosten down, before and after', async () => {
    const rows = await within(server, { database: 'nebenkosten_config', user: 'dagster' }, async (client) => {
      await client.query("UPDATE meters SET location = 'Garage' WHERE id = 'strom_haupt'");
      const result = await client.query<{ was: string; is: string }>(
        `SELECT before ->> 'location' AS was, after ->> 'location' AS is FROM audit_log
         WHERE table_name = 'meters' AND record_id = 'strom_haupt' ORDER BY created_at DESC`,
      );
      return result.rows;
    });
    expect(rows.length).toBeGreaterThan(50);
    expect(rows[0]?.is).toBe('Garage');
    expect(rows[0]?.was).not.toBe('Garage');
  });

  test('have one list in Edictflow that is slow until an index is made', async () => {
    const text = await readFile(join(assets, 'edictflow/workload/latest_change_of_teams.sql'), 'utf8');
    const plans = await within(server, { database: 'edictflow', user: 'edictflow' }, async (client) => {
      const explain = async (): Promise<string> =>
        JSON.stringify((await client.query(`EXPLAIN (FORMAT JSON) ${text}`)).rows);
      const before = await explain();
      await client.query('CREATE INDEX ON change_events (team_id, created_at DESC)');
      return { before, after: await explain() };
    });
    expect(plans.before).toContain('Seq Scan","Parent Relationship":"Outer"');
    expect(plans.before).not.toContain('change_events_team_id_created_at_idx');
    expect(plans.after).toContain('change_events_team_id_created_at_idx');
  });

  test('differ between Kronos and its production in all the kinds that the drift names', async () => {
    const drift: string[] = [];
    for (const [kind, text] of Object.entries(catalogue)) {
      const of = async (database: string): Promise<string> =>
        JSON.stringify(await rowsOf(server, { database }, text));
      if ((await of('kronos_eam')) !== (await of('kronos_eam_production'))) drift.push(kind);
    }
    expect(drift).toEqual(Object.keys(catalogue));
  });
});

const inPublic = "relnamespace = 'public'::regnamespace";

/** Kinds of things a schema is made of, as text without the object ids of one database. */
const catalogue = {
  tables: `SELECT relname FROM pg_class WHERE relkind = 'r' AND ${inPublic} ORDER BY 1`,
  columns: `SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relname IN ('plants', 'documents') AND attnum > 0 AND NOT attisdropped AND ${inPublic} ORDER BY 1, 2`,
  types: `SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'documents'::regclass AND attname = 'size'`,
  lengths: `SELECT atttypmod FROM pg_attribute WHERE attrelid = 'plants'::regclass AND attname = 'address'`,
  defaults: `SELECT table_name::text, column_name::text, column_default FROM information_schema.columns
    WHERE table_name IN ('workflow_tasks', 'tenants') ORDER BY 1, 2`,
  'not null': `SELECT attnotnull FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'surname'`,
  'enum values added': `SELECT enumlabel FROM pg_enum WHERE enumtypid = 'plant_status'::regtype ORDER BY enumsortorder`,
  'enum values gone': `SELECT enumlabel FROM pg_enum WHERE enumtypid = 'responsible_entity'::regtype ORDER BY enumsortorder`,
  indexes: `SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`,
  'index definitions': `SELECT pg_get_indexdef('idx_plants_next_deadline'::regclass)`,
  views: `SELECT viewname::text, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1`,
  policies: `SELECT tablename::text, policyname::text FROM pg_policies ORDER BY 1, 2`,
  'policy expressions': `SELECT qual FROM pg_policies WHERE tablename = 'plants'`,
  checks: `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'plants_power_positive'`,
  constraints: `SELECT conname::text FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace ORDER BY 1`,
  'foreign keys': `SELECT conname::text FROM pg_constraint WHERE contype = 'f' ORDER BY 1`,
  functions: `SELECT prosrc FROM pg_proc WHERE proname = 'workflow_progress'`,
  triggers: `SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`,
  grants: `SELECT relacl::text FROM pg_class WHERE oid = 'plants'::regclass`,
  comments: `SELECT obj_description('plants'::regclass)`,
};
