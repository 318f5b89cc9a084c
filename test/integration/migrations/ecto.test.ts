import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ecto } from '../../../main/migrations/tools/ecto.ts';
import { readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// Ecto itself is in neither npm nor Debian, so its state is a fixture: the table as Ecto.Migration.SchemaMigration of
// ecto_sql 3 creates it, with the rows that it writes.
const table = 'CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp(0))';

let server: TestServer;
let client: Client;
let project: Project;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server?.remove());
afterEach(() => project.remove());

const files = {
  'mix.exs': 'defmodule Shop.MixProject do end',
  'deps/other/priv/repo/migrations/20200101000000_theirs.exs': '',
  'priv/repo/migrations/20240101000000_create_a.exs': 'def change do\n  # def down\nend',
  'priv/repo/migrations/20240102000000_create_b.exs': 'def up do\nend\ndef down do\nend',
  'priv/repo/migrations/deeper/20240103000000_create_c.exs': 'def up do\n"def down"\nend',
  'priv/repo/migrations/.formatter.exs': '[]',
};

it('reads a table in the layout of Ecto (a fixture): pending, applied, out of order, without a file', async () => {
  client = await server.connect();
  project = makeProject(files);
  const fresh = await readTrack(ecto, project, client);
  expect(fresh.entries.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
  expect(fresh.entries.map(({ reversible }) => reversible)).toEqual([null, true, false]);
  await client.query(table);
  await client.query(
    `INSERT INTO schema_migrations VALUES (20240102000000, '2024-05-01 10:00:00'), (20240104000000, '2024-05-02 10:00:00')`,
  );
  const track = await readTrack(ecto, project, client);
  expect(track.table?.certainty).toBe('certain');
  expect(states(track)).toEqual([
    '20240101000000_create_a: out-of-order',
    '20240102000000_create_b: applied',
    '20240103000000_create_c: out-of-order',
    '20240104000000: missing',
  ]);
  expect(track.entries[1]?.appliedAt).toBe('2024-05-01 10:00:00');
  expect(track.current).toEqual(['20240104000000']);
});
