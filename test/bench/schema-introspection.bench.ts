import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { readSchema } from '../../main/schema/index.ts';
import { openKnownModels } from '../../main/schema/known-models.ts';
import { connectClient } from '../../main/servers/index.ts';
import { parseConnectionUrl } from '../../preload/contract/connection-url.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';
import { makeManyTables } from '../support/schemas.ts';
import { printBench } from './table.ts';

/**
 * How long reading a structure takes, for ever more tables of 10 columns, 2 foreign keys and 3 indexes, beside four bare
 * catalogue queries with definitions in the same run: what a reader pays that does nothing else. Each measurement is a
 * process of its own, so that memory can be told.
 */

const sizes = (process.env.BENCH_TABLES ?? '1000,10000,20000').split(',').map(Number);
const rounds = 3;

interface Measured {
  names: number;
  structure: number;
  definitions: number;
  refresh: number;
  /** Longest time that the main thread was busy, ms. */
  busy: number;
  /** Most memory of the process, MB, and what it had before. */
  memory: number;
  before: number;
}

const bare = [
  `SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
  `SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
  `SELECT c.oid, c.conrelid, c.conname, c.contype, pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.conrelid <> 0`,
  `SELECT i.indexrelid, i.indrelid, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
   JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_'`,
];

/** The most time of the processor that this thread took between two beats of the event loop, ms. */
function watchThread(): { stop(): number } {
  const now = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = now();
  let longest = 0;
  const timer = setInterval(() => {
    const at = now();
    longest = Math.max(longest, at - last);
    last = at;
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return longest;
    },
  };
}

async function measureBare(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const from = performance.now();
  for (const sql of bare) await client.query(sql);
  const took = performance.now() - from;
  await client.end();
  return took;
}

async function measure(url: string, definitions: boolean): Promise<Measured> {
  const { connection, password } = parseConnectionUrl(url);
  const needs = {
    openSession: async (signal: AbortSignal | undefined) => {
      const { client, way } = await connectClient(
        { connection, password },
        { applicationName: 'howdah', statementTimeoutMs: 15_000, lockTimeoutMs: 500, signal },
      );
      return { client, pooled: way.pooled };
    },
    stop: async () => undefined,
  };
  const kept = openKnownModels().begin('x');
  const before = process.memoryUsage.rss() / 1e6;
  const busy = watchThread();
  const from = performance.now();
  const since = (start: number): number => performance.now() - start;
  const at = { names: 0, structure: 0, definitions: 0 };
  for await (const event of readSchema(needs, { definitions, keep: kept.keeper })) {
    if (event.kind === 'names') at.names = since(from);
    if (event.kind === 'part' && event.last) at.structure = since(from);
    if (event.kind === 'definitions' && event.last) at.definitions = since(from);
  }
  const longest = busy.stop();
  const memory = process.resourceUsage().maxRSS / 1e3;
  const again = performance.now();
  for await (const _ of readSchema(needs, { definitions: false, known: kept.model()?.fingerprint })) {
    // Nothing has changed: only steps come.
  }
  return { ...at, refresh: since(again), busy: longest, memory, before };
}

/** In a process of its own; the least of several runs for times, the most for the rest. */
function inProcess(what: string, url: string): Measured & { bare: number } {
  const runs = Array.from(
    { length: rounds },
    () =>
      JSON.parse(
        execFileSync(process.execPath, [...process.execArgv, process.argv[1] ?? '', what, url], {
          encoding: 'utf8',
        }),
      ) as Measured & { bare: number },
  );
  const least = (name: keyof Measured | 'bare'): number => Math.min(...runs.map((one) => one[name]));
  const most = (name: keyof Measured): number => Math.max(...runs.map((one) => one[name]));
  return {
    names: least('names'),
    structure: least('structure'),
    definitions: least('definitions'),
    refresh: least('refresh'),
    bare: least('bare'),
    busy: most('busy'),
    memory: most('memory'),
    before: most('before'),
  };
}

async function compare(server: TestServer, count: number): Promise<string[][]> {
  const database = `tables_${count}`;
  await server.query(`CREATE DATABASE ${database}`);
  await makeManyTables(server.url(database), count);
  await server.query('VACUUM ANALYZE', database);
  const url = server.url(database);
  const floor = inProcess('bare', url).bare;
  const row = (name: string, one: Measured): string[] => [
    name,
    floor.toFixed(0),
    `${one.names.toFixed(0)} (${(one.names / floor).toFixed(2)})`,
    `${one.structure.toFixed(0)} (${(one.structure / floor).toFixed(2)})`,
    one.definitions ? `${one.definitions.toFixed(0)} (${(one.definitions / floor).toFixed(2)})` : '',
    `${one.refresh.toFixed(0)} (${(one.refresh / one.structure).toFixed(2)})`,
    one.busy.toFixed(0),
    `${one.before.toFixed(0)} to ${one.memory.toFixed(0)}`,
  ];
  const free = row(`${count} tables`, inProcess('all', url));
  const holder = await server.connect({ database });
  await holder.query('BEGIN; LOCK TABLE area_0.table_0 IN ACCESS EXCLUSIVE MODE');
  const held = row('  one of them locked', inProcess('structure', url));
  await holder.query('ROLLBACK');
  return [free, held];
}

const [, , what, url] = process.argv;
if (what && url) {
  const measured = what === 'bare' ? { bare: await measureBare(url) } : await measure(url, what === 'all');
  console.log(JSON.stringify(measured));
} else {
  const server = await startPostgres({
    settings: { max_locks_per_transaction: 2048, shared_buffers: '256MB', shared_preload_libraries: '' },
  });
  try {
    const rows: string[][] = [];
    for (const count of sizes) rows.push(...(await compare(server, count)));
    printBench(
      'Reading a structure: ms, and in brackets the ratio to four bare catalogue queries (refresh: to the first structure)',
      [
        ['', 'bare', 'names', 'structure', 'definitions', 'refresh', 'main thread busy', 'memory, MB'],
        ...rows,
      ],
    );
  } finally {
    await server.remove();
  }
}
