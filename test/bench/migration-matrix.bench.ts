import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { MigrationStatus } from '../../preload/contract/migrations.ts';
import { mergeBlocks } from '../../renderer/migrations/matrix/blocks.ts';
import { inSlices, sliceMs } from '../../renderer/migrations/matrix/in-slices.ts';
import { draftFor, openTestConsole } from '../support/console.ts';
import { startPostgres } from '../support/postgres.ts';
import { printBench } from './table.ts';

/** 1,000 migrations × 50 environments: from asking for the matrix to its last environment, and what one of them costs. */

const migrations = 1000;
const environments = 50;
/** Environments share databases, five each: fifty databases would measure this machine's disk. */
const databases = 10;
const rounds = 5;
const limits = { matrixMs: 3000, beyondTripsMs: 50, taskMs: 50 };

const names = Array.from(
  { length: migrations },
  (_, index) => `2024${String(index).padStart(10, '0')}_step_${index}.js`,
);
const server = await startPostgres({ settings: { max_connections: '300' } });
const folder = mkdtempSync(join(tmpdir(), 'howdah-matrix-'));
mkdirSync(join(folder, 'migrations'));
writeFileSync(
  join(folder, 'knexfile.js'),
  "module.exports = { client: 'pg', migrations: { directory: './migrations' } };\n",
);
for (const name of names)
  writeFileSync(
    join(folder, 'migrations', name),
    `exports.up = (knex) => knex.raw('SELECT 1 -- ${name}');\nexports.down = () => {};\n`,
  );
const howdah = await openTestConsole();
let good = true;
try {
  const password = { password: new URL(server.url()).password, remember: false };
  for (let at = 0; at < databases; at += 1) {
    const database = `app_${at}`;
    await server.query(`CREATE DATABASE ${database}`);
    await server.query(
      'CREATE TABLE knex_migrations (id serial PRIMARY KEY, name varchar(255), batch int, migration_time timestamptz); CREATE TABLE knex_migrations_lock (index serial PRIMARY KEY, is_locked int); INSERT INTO knex_migrations_lock (is_locked) VALUES (0)',
      database,
    );
    const client = await server.connect({ database });
    // Each database stands elsewhere.
    const applied = names.slice(0, migrations - at * 20);
    await client.query(
      'INSERT INTO knex_migrations (name, batch, migration_time) SELECT name, 1, now() FROM unnest($1::text[]) AS name',
      [applied],
    );
    await client.end();
  }
  const ids: string[] = [];
  for (let at = 0; at < environments; at += 1) {
    const draft = draftFor(server.url(`app_${at % databases}`), { name: `environment ${at}`, group: 'app' });
    const { id } = await howdah.client.environments.add({ draft, password, connect: false });
    await howdah.client.environments.connect({ environment: id });
    await howdah.client.migrations.link({ environment: id, folder });
    ids.push(id);
  }

  const matrices: number[] = [];
  const statuses: MigrationStatus[] = [];
  const firsts: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Longer than a project that was read is taken as it was.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const from = performance.now();
    let seen = 0;
    let first = 0;
    statuses.length = 0;
    for await (const status of await howdah.client.migrations.matrix({ environments: ids })) {
      const { tracks, problem } = status;
      statuses.push(status);
      seen += 1;
      if (seen === 1) first = performance.now() - from;
      if (tracks[0]?.entries.length !== migrations)
        throw new Error(`A column has ${tracks[0]?.entries.length} migrations: ${JSON.stringify(problem)}`);
    }
    if (seen !== environments) throw new Error(`${seen} environments came.`);
    firsts.push(first);
    matrices.push(performance.now() - from);
  }

  const ones: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const from = performance.now();
    await howdah.client.migrations.status({ environment: ids[0] as string });
    ones.push(performance.now() - from);
  }
  const merges = [];
  for (let round = 0; round < rounds; round += 1) merges.push(await merging(statuses));
  const longest = Math.max(...merges.map((merge) => merge.longest));
  const trips = await roundTrips();
  const matrix = median(matrices);
  const beyond = median(ones) - trips;
  good = matrix <= limits.matrixMs && beyond <= limits.beyondTripsMs && longest <= limits.taskMs;
  printBench(`${migrations} migrations × ${environments} environments, median`, [
    ['', 'measured', 'limit'],
    ['matrix, first environment', ms(median(firsts)), ''],
    ['matrix, all environments', ms(matrix), ms(limits.matrixMs)],
    ['status of one environment', ms(median(ones)), ''],
    ['its statements alone, over one session', ms(trips), ''],
    ['status beyond its statements', ms(beyond), ms(limits.beyondTripsMs)],
    ['window: bringing all together', ms(median(merges.map(({ total }) => total))), ''],
    ['window: longest task of it, at most', ms(longest), ms(limits.taskMs)],
  ]);
} finally {
  await howdah.remove();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(good ? 0 : 1);

/**
 * What the window does with the answers, from new: they come as the socket gives them, so nothing is known of them yet.
 * ms in all, and of the longest task: a slice's time is up at the latest when the step in it has ended.
 */
async function merging(came: readonly MigrationStatus[]): Promise<{ total: number; longest: number }> {
  const steps: number[] = [];
  const work = timed(mergeBlocks(structuredClone(came) as MigrationStatus[]), steps);
  const from = performance.now();
  const blocks = await inSlices(work);
  const total = performance.now() - from;
  if (blocks[0]?.rows.length !== migrations) throw new Error('Not all migrations were brought together.');
  return { total, longest: sliceMs + Math.max(...steps) };
}

/** Notes the thread's own time of each step: what else the machine does meanwhile is not the window's work. */
function* timed<T>(work: Generator<void, T, void>, steps: number[]): Generator<void, T, void> {
  const spent = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  for (;;) {
    const from = spent();
    const { done, value } = work.next();
    steps.push(spent() - from);
    if (done) return value;
    yield;
  }
}

/** The rows themselves, read over a session that is there: what no reading of the state can do without. ms. */
async function roundTrips(): Promise<number> {
  const client = new pg.Client({ connectionString: server.url('app_0') });
  await client.connect();
  const times: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const from = performance.now();
    await client.query('SELECT current_database()');
    await client.query("SELECT count(*) FROM pg_attribute WHERE attname = 'version_num'");
    await client.query('SELECT id, name, batch, migration_time FROM knex_migrations ORDER BY id');
    await client.query('SELECT is_locked FROM knex_migrations_lock');
    times.push(performance.now() - from);
  }
  await client.end();
  return median(times);
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}
