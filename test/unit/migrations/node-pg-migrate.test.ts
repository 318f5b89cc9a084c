import { afterEach, expect, it } from 'vitest';
import { nodePgMigrate } from '../../../main/migrations/tools/node-pg-migrate.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

it('tells its table by its three columns', () => {
  const columns = { id: 'integer', name: 'character varying(255)' };
  const table = candidate('any', { ...columns, run_on: 'timestamp without time zone' });
  expect(nodePgMigrate.recognise(table, [])?.certainty).toBe('certain');
  expect(nodePgMigrate.recognise(candidate('any', columns), [])).toBeUndefined();
});

it('takes folder and table from the scripts or the configuration of the package', async () => {
  project = makeProject({
    'package.json': JSON.stringify({
      dependencies: { 'node-pg-migrate': '9' },
      scripts: { up: 'node-pg-migrate up --migrations-dir "db/steps" -t our_steps', other: 'x -m no' },
    }),
    'db/steps/1_a.js': 'exports.up = () => {}; exports.down = false;',
    'api/package.json': '{"dependencies":{"node-pg-migrate":"8"}}',
    'api/config/default.json': '{"db":{"migrations-dir":"sql","migrations-schema":"ops"}}',
    'api/sql/1_a.sql': '-- Up Migration\n',
  });
  const found = await nodePgMigrate.locate(await project.look());
  expect(found.map(({ folder, table }) => [folder, table])).toEqual([
    ['db/steps', { schema: null, name: 'our_steps' }],
    ['api/sql', { schema: 'ops', name: 'pgmigrations' }],
  ]);
});

it('takes every file for a migration, so that one without a number is named', async () => {
  project = makeProject({
    'package.json': '{"dependencies":{"node-pg-migrate":"9"}}',
    'migrations/10_b.js': 'exports.up = () => {};\nexports.down = false;',
    'migrations/9_a.js': 'export const up = () => {}; export const down = () => {};',
    'migrations/README.md': '',
  });
  const track = await readTrack(nodePgMigrate, project);
  expect(causes(track)).toEqual(['file-name']);
  expect(states(track)).toEqual(['README: pending', '9_a: pending', '10_b: pending']);
  expect(track.entries.map(({ reversible }) => reversible)).toEqual([null, true, false]);
});
