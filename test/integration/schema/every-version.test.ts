import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ddlOf } from '../../../main/schema/ddl/index.ts';
import { compareSchemas, migrationScript } from '../../../main/schema/diff/index.ts';
import { scriptPreamble } from '../../../preload/contract/schema-diff.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { binariesOf, hasServerVersions, type Major, majors } from '../../support/server-versions.ts';
import { everyFeature, type ModelReader, modelReader, runAll } from './model-support.ts';
import { mutation, randomFrom } from './mutations.ts';

const only = process.env.MAJORS?.split(',').map(Number);
const tested = majors.filter((major) => !only || only.includes(major));
/** How many steps each server's chain has, and which one begins. */
const steps = Number(process.env.DIFF_STEPS ?? 5);
const first = Number(process.env.DIFF_FIRST ?? 0);

describe.runIf(hasServerVersions).each(tested)('on PostgreSQL %i', (major: Major) => {
  let server: TestServer;
  const readers: ModelReader[] = [];
  let original: SchemaModel;
  beforeAll(async () => {
    server = await startPostgres({
      binaries: binariesOf(major),
      settings: { wal_level: 'logical', shared_preload_libraries: '' },
    });
    await server.query('CREATE ROLE deb; CREATE ROLE "Read Er"; CREATE ROLE pass');
    await server.query('CREATE DATABASE original');
    await server.query(await everyFeature(major), 'original');
    original = await (await readerOf('original')).read();
  });
  afterAll(async () => {
    for (const reader of readers) await reader.end();
    await server?.remove();
  });
  const readerOf = async (database: string): Promise<ModelReader> => {
    const reader = await modelReader(server.url(database));
    readers.push(reader);
    return reader;
  };

  it('the DDL of every feature makes a database without a difference', { timeout: 60_000 }, async () => {
    const { statements, missing } = ddlOf(original);
    expect(missing.map(({ what }) => what)).toEqual(['deb on far', 'public on lost']);
    await server.query('CREATE DATABASE copy');
    const client = await server.connect({ database: 'copy' });
    await runAll(client, [...scriptPreamble, ...statements.map(({ sql }) => sql)]);
    const copy = await (await readerOf('copy')).read();
    expect(compareSchemas(original, copy)).toEqual([]);
    expect(ddlOf(copy).statements).toEqual(statements);
  });

  it('the script from nothing makes everything, and the way back takes all of it', {
    timeout: 60_000,
  }, async () => {
    await server.query('CREATE DATABASE grown');
    const reader = await readerOf('grown');
    const empty = await reader.read();
    const client = await server.connect({ database: 'grown' });
    await runAll(client, scriptPreamble);
    await runAll(
      client,
      migrationScript(original, empty).statements.map(({ sql }) => sql),
    );
    const grown = await reader.read();
    expect(compareSchemas(original, grown)).toEqual([]);
    await runAll(
      client,
      migrationScript(empty, grown).statements.map(({ sql }) => sql),
    );
    expect(compareSchemas(empty, await reader.read())).toEqual([]);
  });

  it(`the script of a diff leaves none behind (${steps} steps)`, { timeout: 300_000 }, async () => {
    await server.query('CREATE DATABASE wanted');
    await server.query(await everyFeature(major), 'wanted');
    await server.query('CREATE DATABASE actual TEMPLATE wanted');
    const changing = await server.connect({ database: 'wanted' });
    const following = await server.connect({ database: 'actual' });
    await runAll(following, scriptPreamble);
    const [wantedReader, actualReader] = [await readerOf('wanted'), await readerOf('actual')];
    let actual = await actualReader.read();
    for (let seed = first; seed < first + steps; seed += 1) {
      const random = randomFrom(major * 100_000 + seed);
      const done: string[] = [];
      while (done.length < 4) {
        const sql = mutation(random, actual);
        const worked = await changing.query(sql).then(
          () => true,
          () => false,
        );
        if (worked) done.push(sql);
      }
      const wanted = await wantedReader.read();
      const { statements, leftOut } = migrationScript(wanted, actual);
      const script = statements.map(({ sql }) => sql);
      const about = `seed ${seed}\nchanged by:\n${done.join(';\n')}\nscript:\n${script.join(';\n')}`;
      expect(leftOut, about).toEqual([]);
      await runAll(following, script).catch((error: Error) => {
        throw new Error(`${error.message}\n\n${about}`);
      });
      actual = await actualReader.read();
      expect(compareSchemas(wanted, actual), about).toEqual([]);
    }
  });
});
