import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../main/store/index.ts';
import { draftFor, openTestConsole, type TestConsole } from '../support/console.ts';
import { month, type Writer, writersOf } from './month-writers.ts';
import { printBench } from './table.ts';

/**
 * What a month of everything that is kept takes in the store, written by the rooms' own code for a few environments and
 * told for a hundred; and how long each chart of the last thirty days takes to be read, through the contract.
 */

const environments = 100;
const aims = { megabytes: 1000, readMs: 300 };
/** How many are really written. */
const written = Number(process.env.HOWDAH_BENCH_ENVIRONMENTS ?? 2);
const hour = 3_600_000;

/** Writes a month, hour by hour, rolling up as the console does. Gives the time it took, ms, by writer. */
function write(writers: Record<string, Writer>, ids: readonly string[], now: number): Map<string, number> {
  const took = new Map<string, number>();
  const time = (name: string, work: () => void): void => {
    const from = performance.now();
    work();
    took.set(name, (took.get(name) ?? 0) + performance.now() - from);
  };
  for (let at = now - month; at < now; at += hour) {
    for (const [name, { hour: write, roll }] of Object.entries(writers))
      time(name, () => {
        for (const id of ids) write(id, at, at + hour >= now);
        roll?.(at + hour);
      });
  }
  for (const [name, { whole }] of Object.entries(writers))
    time(name, () => {
      for (const id of ids) whole?.(id, now - month, now);
    });
  return took;
}

/** MB that a writer's tables take with their indexes and what their pages leave empty. */
function megabytes({ db }: Store, tables: readonly string[]): number {
  const all = db.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name').all() as {
    name: string;
    bytes: number;
  }[];
  const own = all.filter(({ name }) =>
    tables.some((table) => name.startsWith(table) || name.startsWith(`sqlite_autoindex_${table}`)),
  );
  return own.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
}

/** What is asked for when a chart of the last thirty days is drawn. */
async function charts(
  { client }: TestConsole,
  environment: string,
): Promise<[string, () => Promise<unknown>][]> {
  const of = { environment, window: '30d' } as const;
  const { rows } = await client.queries.top({ ...of, order: 'total', limit: 1 });
  const key = rows[0]?.key ?? '';
  return [
    ['overview', () => client.metrics.history(of)],
    ['database sizes', () => client.metrics.databases(of)],
    ['top statements', () => client.queries.top({ ...of, order: 'total' })],
    ['one statement', () => client.queries.statement({ ...of, key })],
    ['waits', () => client.waits.history({ ...of, by: 'type' })],
    ['waits by statement', () => client.waits.history({ ...of, by: 'statement' })],
    ['who waited', () => client.waits.top({ ...of, by: 'statement' })],
    ['lock episodes', () => client.locks.episodes(of)],
    ['growth', () => client.storage.growth({ ...of, of: { kind: 'database' } })],
    ['vacuum', () => client.maintenance.history(of)],
    ['I/O', () => client.server.rates(of)],
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'howdah-bench-'));
const now = Math.floor(Date.now() / hour) * hour;
let console_: TestConsole | undefined;
try {
  console_ = await openTestConsole({ dataFolder: folder, connect: false });
  const ids: string[] = [];
  for (let index = 0; index < written; index += 1) {
    const draft = draftFor('postgresql://ada@127.0.0.1:1/billing', { name: `bench-${index}` });
    ids.push((await console_.client.environments.add({ draft, connect: false })).id);
  }
  await console_.close();

  const store = openStore(folder);
  // Nothing of this is lost by a crash that matters.
  store.db.exec('PRAGMA synchronous = OFF');
  const before = statSync(store.file).size;
  const writers = writersOf(store);
  const took = write(writers, ids, now);
  store.db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
  const each = (statSync(store.file).size - before) / 1e6 / written;
  printBench(`A month in the store, ${written} environments written`, [
    ['', `MB for ${environments}`, 's to write'],
    ...Object.entries(writers).map(([name, { tables }]) => [
      name,
      ((megabytes(store, tables) / written) * environments).toFixed(0),
      ((took.get(name) ?? 0) / 1000).toFixed(1),
    ]),
    ['all', (each * environments).toFixed(0), ''],
  ]);
  store.close();

  console_ = await openTestConsole({ dataFolder: folder, connect: false });
  const rows: string[][] = [['chart of 30 days', 'first, ms', 'again, ms']];
  let slowest = 0;
  for (const [name, read] of await charts(console_, ids[0] ?? '')) {
    const times: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const from = performance.now();
      await read();
      times.push(performance.now() - from);
    }
    const [first = 0, ...again] = times;
    slowest = Math.max(slowest, first);
    rows.push([name, first.toFixed(0), (again.sort((a, b) => a - b)[1] ?? 0).toFixed(0)]);
  }
  printBench('Reading it, through the contract', rows);
  const good = each * environments <= aims.megabytes && slowest <= aims.readMs;
  console.log(
    `\nAims: ${aims.megabytes} MB for ${environments} environments, it is ${(each * environments).toFixed(0)}; ${aims.readMs} ms for a chart, the slowest takes ${slowest.toFixed(0)}.`,
  );
  if (!good) process.exitCode = 1;
} finally {
  await console_?.close();
  rmSync(folder, { recursive: true, force: true });
}
