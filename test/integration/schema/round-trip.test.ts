import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSample } from '../../../main/sample/sample.ts';
import type { SampleServer } from '../../../main/sample/types.ts';
import { ddlOf, printSchema } from '../../../main/schema/ddl/index.ts';
import { compareSchemas, migrationScript } from '../../../main/schema/diff/index.ts';
import { mermaid } from '../../../main/schema/export/index.ts';
import { scriptPreamble } from '../../../preload/contract/schema-diff.ts';
import { putSample } from '../../support/kept-sample.ts';
import { standardBinaries, startPostgres, type TestServer } from '../../support/postgres.ts';
import { assets, dataFolder } from '../sample/support.ts';
import { dumped, everyFeature, readModel, restored, runAll } from './model-support.ts';

const roles = 'CREATE ROLE deb; CREATE ROLE "Read Er"; CREATE ROLE pass; CREATE ROLE "own ""er""";';

describe('the DDL of a schema that uses every feature', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.query(roles);
    await server.query('CREATE DATABASE original');
    await server.query(await everyFeature(15), 'original');
  });
  afterAll(() => server.remove());

  const copy = async (name: string, statements: string[]): Promise<void> => {
    await server.query(`CREATE DATABASE ${name}`);
    const client = await server.connect({ database: name });
    await runAll(client, [...scriptPreamble, ...statements]);
  };

  it('makes a database of which pg_dump says the same', async () => {
    const model = await readModel(server.url('original'));
    const { statements, missing } = ddlOf(model);
    // Options of user mappings are never read.
    expect(missing.map(({ what }) => what)).toEqual(['deb on far', 'public on lost']);
    await copy(
      'copy',
      statements.map(({ sql }) => sql),
    );
    const binaries = standardBinaries();
    const withoutOptions = (statements: string[]) =>
      statements.map((sql) =>
        sql.startsWith('CREATE USER MAPPING') ? sql.replace(/ OPTIONS \([^)]*\)/s, '') : sql,
      );
    expect(await dumped(binaries, server.url('copy'))).toEqual(
      withoutOptions(await dumped(binaries, server.url('original'))),
    );
    expect(compareSchemas(model, await readModel(server.url('copy')))).toEqual([]);
  });

  it('runs as one script, and gives the same script again', async () => {
    const script = printSchema(await readModel(server.url('original')));
    await server.query('CREATE DATABASE scripted');
    await server.query(script, 'scripted');
    expect(printSchema(await readModel(server.url('scripted')))).toBe(script);
  });
});

describe('the DDL of the sample systems', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let server: SampleServer;
  beforeAll(async () => {
    folder = await dataFolder();
    await putSample(folder.dataFolder);
    server = await startSample({ dataFolder: folder.dataFolder, assets });
  });
  afterAll(() => folder.clean());

  it('makes databases of which pg_dump says the same', { timeout: 120_000 }, async () => {
    const { host, port, user, password } = server;
    const url = (database: string) =>
      `postgresql://${user}:${password}@${host}:${port}/${database}?sslmode=disable`;
    const admin = new pg.Client({ connectionString: url('postgres') });
    await admin.connect();
    try {
      for (const { database } of server.systems) {
        const model = await readModel(url(database));
        const { statements, missing } = ddlOf(model);
        expect(missing, database).toEqual([]);
        await admin.query(`CREATE DATABASE copy_of_${database}`);
        const client = new pg.Client({ connectionString: url(`copy_of_${database}`) });
        await client.connect();
        try {
          await runAll(client, [...scriptPreamble, ...statements.map(({ sql }) => sql)]);
        } finally {
          await client.end();
        }
        // Some checks are printed otherwise once they have been printed and read again; so for a restored dump.
        const binaries = standardBinaries();
        await admin.query(`CREATE DATABASE restored_${database}`);
        await restored(binaries, url(database), url(`restored_${database}`));
        const copied = await dumped(binaries, url(`copy_of_${database}`));
        expect(copied, database).toEqual(await dumped(binaries, url(`restored_${database}`)));
        expect(copied.length, database).toBe((await dumped(binaries, url(database))).length);
        expect(compareSchemas(model, await readModel(url(`copy_of_${database}`))), database).toEqual([]);
      }
    } finally {
      await admin.end();
    }
  });

  it('knows the drift between Kronos and its production, and a script that closes it', async () => {
    const url = (database: string) =>
      `postgresql://${server.user}:${server.password}@${server.host}:${server.port}/${database}?sslmode=disable`;
    const wanted = await readModel(url('kronos_eam'));
    const actual = await readModel(url('kronos_eam_production'));
    expect(compareSchemas(wanted, actual, { ignoreOwner: true }).length).toBeGreaterThanOrEqual(10);
    const { statements, leftOut } = migrationScript(wanted, actual);
    expect(leftOut).toEqual([]);
    const client = new pg.Client({ connectionString: url('kronos_eam_production') });
    await client.connect();
    try {
      await runAll(client, [...scriptPreamble, ...statements.map(({ sql }) => sql)]);
    } finally {
      await client.end();
    }
    expect(compareSchemas(wanted, await readModel(url('kronos_eam_production')))).toEqual([]);
  });

  it('draws every entity and relation that Edictflow is described with', async () => {
    const url = `postgresql://${server.user}:${server.password}@${server.host}:${server.port}/edictflow?sslmode=disable`;
    const text = mermaid(await readModel(url));
    for (const entity of ['teams', 'users', 'rules', 'agents', 'change_events', 'approvals', 'roles']) {
      expect(text).toMatch(new RegExp(`^    ${entity} \\{$`, 'm'));
    }
    const relations = [
      ['teams', 'users'],
      ['teams', 'rules'],
      ['teams', 'agents'],
      ['users', 'change_events'],
      ['rules', 'change_events'],
      ['agents', 'change_events'],
      ['users', 'approvals'],
      ['change_events', 'approvals'],
      ['roles', 'users'],
    ];
    for (const [one, many] of relations) {
      expect(text).toMatch(new RegExp(`^    ${one} \\|[|o]--o\\{ ${many} : "`, 'm'));
    }
  });
});
