import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectModel } from '../../../main/schema/index.ts';
import type { SchemaProgress } from '../../../preload/contract/schema.ts';
import type { TestConsole } from '../../support/console.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { consoleOn } from '../../support/read-model.ts';

const databases = ['steady', 'once', 'always'] as const;

describe('what tells a changed structure from the one that is known', () => {
  let server: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    server = await startPostgres();
    for (const name of databases) {
      await server.query(`CREATE DATABASE ${name}`);
      await server.query('CREATE TABLE t (id int PRIMARY KEY DEFAULT 1)', name);
    }
    howdah = await consoleOn(Object.fromEntries(databases.map((name) => [name, server.url(name)])));
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
  });

  /** Reads, and does something after each structure, before its definitions. */
  const read = async (
    environment: string,
    afterStructure: (turn: number) => Promise<unknown> = async () => undefined,
  ): Promise<SchemaProgress[]> => {
    const events: SchemaProgress[] = [];
    let turns = 0;
    for await (const event of await howdah.client.schema.read({ environment, cached: true })) {
      events.push(event);
      if (event.kind !== 'part' || !event.last) continue;
      turns += 1;
      await afterStructure(turns);
    }
    return events;
  };
  const steps = (events: SchemaProgress[]): string[] =>
    events.flatMap((event) => (event.kind === 'step' ? [event.step] : []));
  const columnsOf = async (events: SchemaProgress[]) =>
    (
      await collectModel(
        (async function* () {
          yield* events;
        })(),
      )
    )?.tables[0]?.columns;

  it('takes no notice of temporary tables, of transactions, and of rows', async () => {
    await read('steady');
    const session = await server.connect({ database: 'steady' });
    await session.query(
      `CREATE TEMP TABLE mine (id serial PRIMARY KEY, long text DEFAULT 'x' CHECK (long <> '')); INSERT INTO mine (long) VALUES ('y')`,
    );
    for (let turn = 0; turn < 5; turn += 1) await session.query(`INSERT INTO t VALUES (${turn + 10})`);
    expect(steps(await read('steady')).at(-1)).toBe('Nothing has changed');
    await session.end();
    expect(steps(await read('steady')).at(-1)).toBe('Nothing has changed');
  });

  it('reads again when somebody changes things between the structure and its definitions', async () => {
    const events = await read('once', async (turn) => {
      if (turn === 1)
        await server.query('ALTER TABLE t ALTER id SET DEFAULT 2; ALTER TABLE t ADD n int DEFAULT 3', 'once');
    });
    expect(await columnsOf(events)).toMatchObject([
      { name: 'id', expression: { state: 'known', text: '2' } },
      { name: 'n', expression: { state: 'known', text: '3' } },
    ]);
    expect(events.filter((event) => event.kind === 'definitions' && event.last)).toHaveLength(1);
    expect(steps(await read('once')).at(-1)).toBe('Nothing has changed');
  });

  it('comes to an end where things never stop changing, and takes what it has for no snapshot', async () => {
    let turns = 0;
    const events = await read('always', async (turn) => {
      turns = turn;
      await server.query(`ALTER TABLE t ADD c${turn} int DEFAULT ${turn}`, 'always');
    });
    expect(turns).toBe(3);
    expect(await columnsOf(events)).toHaveLength(3);
    expect(await howdah.client.schema.snapshots({ environment: 'always' })).toEqual([]);
    // Nobody changes anything any more: it is read once more, and kept.
    expect(await columnsOf(await read('always'))).toHaveLength(4);
    expect(steps(await read('always')).at(-1)).toBe('Nothing has changed');
  });
});
