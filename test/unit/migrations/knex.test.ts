import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { knex } from '../../../main/migrations/tools/knex.ts';
import { openFolder } from '../../../main/migrations/tools/shared/folder-view.ts';
import { candidate, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

const locate = async (files: Record<string, string>) => {
  project = makeProject(files);
  return await knex.locate(await project.look());
};

it('tells its table by its columns, and leaves the lock’s table alone', () => {
  const columns = { id: 'integer', name: 'character varying(255)', batch: 'integer' };
  const table = candidate('any', { ...columns, migration_time: 'timestamp with time zone' });
  expect(knex.recognise(table, [])?.certainty).toBe('certain');
  expect(
    knex.recognise(candidate('any_lock', { index: 'integer', is_locked: 'integer' }), []),
  ).toBeUndefined();
});

it('reads each migrations block of a knexfile once, whatever the environments', async () => {
  const found = await locate({
    'api/knexfile.ts': `const base = { client: 'pg' };
      export default {
        development: { ...base, migrations: { directory: './db/m', tableName: 'dev' } },
        staging: { ...base, migrations: { directory: './db/m', tableName: 'other' } },
        audit: { ...base, migrations: { directory: ['./audit'], schemaName: 'ops', sortDirsSeparately: true } },
        computed: { ...base, migrations: { directory: process.env.DIR } },
      };`,
    'worker/knexfile.cjs': `module.exports = { client: 'pg', connection: {} };`,
  });
  expect(found.map(({ folder, table, settings }) => [folder, table, settings.separately])).toEqual([
    ['api/db/m', null, 'false'],
    ['api/audit', { schema: 'ops', name: 'knex_migrations' }, 'true'],
    ['worker/migrations', null, 'false'],
  ]);
});

it('finds stamped files of a package without a knexfile, but not those of another tool', async () => {
  const found = await locate({
    'package.json': '{"dependencies":{"knex":"3"}}',
    'src/migrations/20240101000000_a.ts':
      "import type { Knex } from 'knex';\nexport async function up(knex: Knex) {}\n",
    'other/migrations/20240101000000_a.js': 'exports.up = (pgm) => {}',
  });
  expect(found.map(({ folder }) => folder)).toEqual(['src/migrations']);
});

it('shows what the table alone holds when no folder is linked', () => {
  const rows = [{ name: 'a.js', batch: 1, appliedAt: '2024-01-01T00:00:00.000Z' }];
  const track = knex.status({ rows, locked: undefined, table: { schema: 'public', name: 'm' } }, undefined);
  expect(states(track)).toEqual(['a.js: applied']);
  expect(track.problems).toEqual([]);
});

it('reads the six migrations of the sample system Billing', async () => {
  const view = await openFolder(join(import.meta.dirname, '../../../assets/samples/billing'));
  const [location] = await knex.locate(view);
  const { migrations, problems } = await knex.readFolder(view, location as never);
  expect(migrations.map(({ id, reversible }) => [id, reversible])).toEqual([
    ['20240108101500_create_customers.js', true],
    ['20240108102000_create_subscriptions.js', true],
    ['20240122090000_create_usage_reports.js', true],
    ['20240219140000_create_license_history.js', true],
    ['20240603083000_add_trial_end_to_subscriptions.js', true],
    ['20241111120000_add_monthly_usage_view.js', true],
  ]);
  expect(problems).toEqual([]);
});
