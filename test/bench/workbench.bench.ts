import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { draftFor, openTestConsole } from '../support/console.ts';
import { standardBinaries, startPostgres } from '../support/postgres.ts';
import { printBench } from './table.ts';

/** A million rows of ten columns through the workbench, beside `psql`: first rows, all rows, memory. */

const rows = Number(process.env.HOWDAH_BENCH_ROWS ?? 1_000_000);
const limits = { firstMs: 200, memoryMb: 300 };
const run = promisify(execFile);

const server = await startPostgres();
const howdah = await openTestConsole();
let good = true;
try {
  await server.query(`CREATE TABLE wide AS SELECT n::int8 AS id, now() - n * interval '1 s' AS at, md5(n::text) AS ref,
    (n % 1000)::numeric(12,2) AS amount, n % 2 = 0 AS paid, 'customer ' || n % 5000 AS customer, n % 97 AS kind,
    CASE WHEN n % 3 = 0 THEN NULL ELSE 'note ' || n END AS note, ARRAY[n % 7, n % 11] AS tags, n * 0.5::float8 AS weight
    FROM generate_series(1, ${rows}) n; ANALYZE wide`);
  await howdah.client.environments.add({
    draft: draftFor(server.url(), { name: 'bench' }),
    password: { password: 'postgres', remember: false },
  });
  await howdah.client.environments.connect({ environment: 'bench' });
  const idleMb = process.memoryUsage().rss / 1e6;
  let mostMb = 0;
  const watching = setInterval(() => {
    mostMb = Math.max(mostMb, process.memoryUsage().rss / 1e6);
  }, 10);
  const from = performance.now();
  let firstMs = 0;
  let firstRowMs = 0;
  let result = '';
  const input = {
    environment: 'bench',
    tab: 'bench',
    mode: 'autocommit' as const,
    statements: [{ text: 'SELECT * FROM wide' }],
    statementTimeoutMs: 0,
    rowLimit: 10_000_000,
    stopOnError: true,
  };
  for await (const event of await howdah.client.sql.run(input)) {
    if (event.kind === 'rows' && firstMs === 0) firstMs = performance.now() - from;
    if (event.kind === 'rows') result = event.result;
    if (event.kind === 'done') firstRowMs = event.firstRowMs ?? 0;
    if (event.kind === 'failed') throw new Error(JSON.stringify(event.problem));
  }
  const allMs = performance.now() - from;
  const jumps: number[] = [];
  for (let nth = 0; nth < 200; nth += 1) {
    const before = performance.now();
    await howdah.client.sql.rows({ result, from: Math.floor((rows / 200) * nth), count: 100 });
    jumps.push(performance.now() - before);
  }
  clearInterval(watching);
  const p95 = jumps.sort((a, b) => a - b)[190] ?? 0;
  const psqlFrom = performance.now();
  await run(join(standardBinaries(), 'psql'), [
    server.url(),
    '-Atc',
    'SELECT * FROM wide',
    '-o',
    '/dev/null',
  ]);
  const psqlMs = performance.now() - psqlFrom;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  printBench(`${rows} rows of 10 columns`, [
    ['', 'measured', 'aim'],
    [
      'first rows told after the server’s first',
      `${(firstMs - firstRowMs).toFixed(0)} ms`,
      `≤ ${limits.firstMs} ms`,
    ],
    ['first rows, from the call', `${firstMs.toFixed(0)} ms`, ''],
    ['all rows', seconds(allMs), ''],
    ['psql, to nowhere', seconds(psqlMs), ''],
    ['any 100 rows, p95', `${p95.toFixed(1)} ms`, ''],
    [
      'memory of the process',
      `${mostMb.toFixed(0)} MB (idle ${idleMb.toFixed(0)})`,
      `≤ ${limits.memoryMb} MB`,
    ],
  ]);
  good = firstMs - firstRowMs <= limits.firstMs && mostMb <= limits.memoryMb;
} finally {
  await howdah.remove();
  await server.remove();
}
if (!good) console.log('An aim was missed.');
process.exit(good ? 0 : 1);
