import type { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { markMigration } from '../../../main/migrations/run/mark.ts';
import { dbmate } from '../../../main/migrations/tools/dbmate.ts';
import { golangMigrate } from '../../../main/migrations/tools/golang-migrate.ts';
import { openRunner } from '../../support/migration-runs.ts';
import { startPostgres } from '../../support/postgres.ts';
import { makeProject } from '../../support/project-folder.ts';
import { binariesOf, hasServerVersions, type Major, majors } from '../../support/server-versions.ts';

// 15 is what all other tests of the runner have.
const others = hasServerVersions ? majors.filter((major) => major !== 15) : [];

const rows = async (client: Client): Promise<string[]> =>
  (
    await client.query<{ row: string }>(
      'SELECT s::text AS row FROM (SELECT * FROM schema_migrations ORDER BY 1) AS s',
    )
  ).rows.map(({ row }) => row);

describe.skipIf(!others.length)('on every version of the server', () => {
  it.each(others)(
    '%i: golang-migrate and dbmate up, failed, forced, up again, and down',
    async (major: Major) => {
      const server = await startPostgres({ binaries: binariesOf(major), settings: { fsync: 'off' } });
      try {
        await server.query('CREATE DATABASE gm');
        await server.query('CREATE DATABASE dm');
        await golang(server);
        await rowsEach(server);
      } finally {
        await server.remove();
      }
    },
    60_000,
  );
});

type Server = Awaited<ReturnType<typeof startPostgres>>;

async function golang(server: Server): Promise<void> {
  const project = makeProject({
    'm/1_a.up.sql': 'CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (1);',
    'm/1_a.down.sql': 'DROP TABLE a;',
    'm/2_b.up.sql': 'CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);',
    'm/2_b.down.sql': 'DROP INDEX CONCURRENTLY a_id;',
  });
  const client = await server.connect({ database: 'gm' });
  const runner = await openRunner(server, 'gm', project, golangMigrate);
  try {
    const { ran, failed } = await runner.run({ kind: 'up' });
    expect(ran).toBe(1);
    expect(failed).toMatchObject({ id: '2', line: 1, problem: { server: { sqlstate: '23505' } } });
    expect(await rows(client)).toEqual(['(2,t)']);
    const drop = failed?.waysOut.map(({ act }) => act).find((act) => act?.kind === 'statement');
    expect(drop).toEqual({ kind: 'statement', sql: 'DROP INDEX CONCURRENTLY public.a_id;' });
    await client.query(drop?.kind === 'statement' ? drop.sql : '');
    await client.query('DELETE FROM a');
    await markMigration(runner.needs, await runner.target(), { kind: 'force', version: '1' });
    expect(await rows(client)).toEqual(['(1,f)']);
    expect((await runner.run({ kind: 'up' })).failed).toBeUndefined();
    expect(await rows(client)).toEqual(['(2,f)']);
    expect((await runner.run({ kind: 'down', count: 2 })).ran).toBe(2);
    expect(await rows(client)).toEqual([]);
  } finally {
    await runner.close();
    await client.end();
    project.remove();
  }
}

async function rowsEach(server: Server): Promise<void> {
  const project = makeProject({
    'db/migrations/1_a.sql': '-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;\n',
    'db/migrations/2_b.sql':
      '-- migrate:up\nCREATE TABLE b (id int);\nSELECT 1/0;\n-- migrate:down\nDROP TABLE b;\n',
  });
  const client = await server.connect({ database: 'dm' });
  const runner = await openRunner(server, 'dm', project, dbmate);
  try {
    const { failed } = await runner.run({ kind: 'up' });
    expect(failed).toMatchObject({ id: '2', line: 3, problem: { server: { sqlstate: '22012' } } });
    expect(await rows(client)).toEqual(['(1)']);
    await markMigration(runner.needs, await runner.target(), { kind: 'applied', id: '2' });
    await markMigration(runner.needs, await runner.target(), { kind: 'unmark', id: '2' });
    project.write({
      'db/migrations/2_b.sql': '-- migrate:up\nCREATE TABLE b (id int);\n-- migrate:down\nDROP TABLE b;\n',
    });
    // Warnings are asked of the server by statements of their own.
    expect((await runner.plan({ kind: 'up' })).warnings).toEqual([]);
    expect((await runner.run({ kind: 'up' })).ran).toBe(1);
    expect(await rows(client)).toEqual(['(1)', '(2)']);
    expect((await runner.run({ kind: 'down', count: 2 })).ran).toBe(2);
    expect(await rows(client)).toEqual([]);
  } finally {
    await runner.close();
    await client.end();
    project.remove();
  }
}
