import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { compareSchemas, migrationScript } from '../../../main/schema/diff/index.ts';
import { scriptPreamble } from '../../../preload/contract/schema-diff.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { everyFeature, modelReader, readModel, runAll } from './model-support.ts';
import { mutation, randomFrom } from './mutations.ts';

/** Each seed changes what the seeds before it in its chain have left, so that what is dropped was once made at random. */
const chains = Number(process.env.DIFF_CHAINS ?? 10);
const seedsInChain = 20;
const firstChain = Number(process.env.DIFF_FIRST ?? 0);

describe('the script of a diff', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.query('CREATE ROLE deb; CREATE ROLE "Read Er"; CREATE ROLE pass');
    await server.query('CREATE DATABASE base');
    await server.query(await everyFeature(15), 'base');
  });
  afterAll(() => server.remove());

  let ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends) await end();
    ends = [];
  });

  const session = async (
    database: string,
    statements: readonly string[] = scriptPreamble,
  ): Promise<pg.Client> => {
    const client = await server.connect({ database });
    ends.push(() => client.end());
    await runAll(client, statements);
    return client;
  };

  for (let chain = firstChain; chain < firstChain + chains; chain += 1) {
    it(`leaves no difference behind (chain ${chain}, ${seedsInChain} seeds)`, {
      timeout: 120_000,
    }, async () => {
      const wantedName = `wanted_${chain}`;
      const actualName = `actual_${chain}`;
      await server.query(`CREATE DATABASE ${wantedName} TEMPLATE base`);
      await server.query(`CREATE DATABASE ${actualName} TEMPLATE base`);
      const changing = await session(wantedName, []);
      const following = await session(actualName);
      const wantedReader = await modelReader(server.url(wantedName));
      const actualReader = await modelReader(server.url(actualName));
      ends.push(
        () => wantedReader.end(),
        () => actualReader.end(),
        async () => void (await server.query(`DROP DATABASE ${wantedName}`)),
        async () => void (await server.query(`DROP DATABASE ${actualName}`)),
      );
      let actual = await actualReader.read();
      for (let seed = 0; seed < seedsInChain; seed += 1) {
        const random = randomFrom(chain * 1000 + seed);
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
        const about = `chain ${chain}, seed ${seed}\nchanged by:\n${done.join(';\n')}\nscript:\n${script.join(';\n')}`;
        expect(leftOut, about).toEqual([]);
        await runAll(following, script).catch((error: Error) => {
          throw new Error(`${error.message}\n\n${about}`);
        });
        actual = await actualReader.read();
        expect(compareSchemas(wanted, actual), about).toEqual([]);
        expect(migrationScript(wanted, actual).statements, about).toEqual([]);
      }
      // Once the way the product reads: in a thread, over a new session.
      const asShown = [
        await readModel(server.url(wantedName)),
        await readModel(server.url(actualName)),
      ] as const;
      expect(compareSchemas(...asShown)).toEqual([]);
    });
  }
});
