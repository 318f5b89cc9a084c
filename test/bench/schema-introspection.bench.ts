import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { standardBinaries, startPostgres, type TestServer } from '../support/postgres.ts';
import { makeManyTables, manyTable } from '../support/schemas.ts';
import {
  type Measured,
  type MeasuredCancelled,
  type MeasuredLocked,
  measure,
  measureCancelled,
  measureLocked,
} from './introspection-measures.ts';
import { dbgate, dumpSchema, type Peer } from './peers/peers.ts';
import { printBench } from './table.ts';

/**
 * How long reading a structure takes, for ever more tables of 10 columns, 2 foreign keys and 3 indexes over 20 schemas,
 * beside DbGate's analyser and `pg_dump --schema-only` on the same server in the same run. Each measurement is a process
 * of its own, from before its connection is opened; the readers take turns, and each one's best round counts, for the
 * machine may be busy with other things. Memory is the most that the whole process had, all threads and Node.js itself
 * included, in its worst round.
 */

/** What the goals are for; with more and fewer to see how it grows. */
const standard = 10_000;
const sizes = (process.env.BENCH_TABLES ?? `1000,${standard},20000`).split(',').map(Number);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

interface Result {
  count: number;
  dump: number;
  peer: { took: number; memory: number; before: number } | undefined;
  free: Measured;
  locked: MeasuredLocked;
  cancelled: MeasuredCancelled;
}

const measures: Record<string, (url: string) => Promise<Measured | MeasuredLocked | MeasuredCancelled>> = {
  free: measure,
  locked: (url) => measureLocked(url, manyTable(0)),
  cancelled: measureCancelled,
};

function inProcess<T>(what: keyof typeof measures, url: string): T {
  const [, script = ''] = process.argv;
  return JSON.parse(execFileSync(process.execPath, [script, what, url], { encoding: 'utf8' })) as T;
}

async function measureAll(server: TestServer, count: number, peer: Peer | undefined): Promise<Result> {
  const database = `tables_${count}`;
  await server.query(`CREATE DATABASE ${database}`);
  const url = server.url(database);
  await makeManyTables(url, count);
  await server.query('VACUUM ANALYZE', database);
  const turns = Array.from({ length: rounds }, () => {
    const theirs = peer?.run(url);
    if (theirs && theirs.tables !== count) throw new Error(`${peer?.name} found ${theirs.tables} tables.`);
    return {
      theirs,
      free: inProcess<Measured>('free', url),
      locked: inProcess<MeasuredLocked>('locked', url),
    };
  });
  const least = (of: (turn: (typeof turns)[number]) => number): number => Math.min(...turns.map(of));
  const most = (of: (turn: (typeof turns)[number]) => number): number => Math.max(...turns.map(of));
  return {
    count,
    dump: dumpSchema(join(standardBinaries(), 'pg_dump'), url),
    peer: peer && {
      took: least(({ theirs }) => theirs?.took ?? 0),
      memory: most(({ theirs }) => theirs?.memory ?? 0),
      before: most(({ theirs }) => theirs?.before ?? 0),
    },
    free: {
      names: least(({ free }) => free.names),
      structure: least(({ free }) => free.structure),
      definitions: least(({ free }) => free.definitions),
      refresh: least(({ free }) => free.refresh),
      busy: most(({ free }) => free.busy),
      memory: most(({ free }) => free.memory),
      before: most(({ free }) => free.before),
    },
    locked: {
      names: least(({ locked }) => locked.names),
      structure: least(({ locked }) => locked.structure),
      waited: least(({ locked }) => locked.waited),
      filled: least(({ locked }) => locked.filled),
    },
    cancelled: inProcess<MeasuredCancelled>('cancelled', url),
  };
}

const ms = (time: number | undefined): string => (time === undefined ? '–' : `${time.toFixed(0)} ms`);
const mb = (one: { memory: number; before: number } | undefined): string =>
  one ? `${one.memory.toFixed(0)} MB (${one.before.toFixed(0)} before)` : '–';

function times(results: Result[], peer: string): string[][] {
  const row = (name: string, of: (result: Result) => string): string[] => [name, ...results.map(of)];
  return [
    row('', ({ count }) => `${count} tables`),
    row('pg_dump --schema-only', ({ dump }) => ms(dump)),
    row(peer, (result) => ms(result.peer?.took)),
    row('Howdah, names', ({ free }) => ms(free.names)),
    row('Howdah, whole structure', ({ free }) => ms(free.structure)),
    row('Howdah, all definitions', ({ free }) => ms(free.definitions)),
    row('Howdah, nothing changed', ({ free }) => ms(free.refresh)),
    row('one table locked, names', ({ locked }) => ms(locked.names)),
    row('one table locked, structure', ({ locked }) => ms(locked.structure)),
    row('definitions that waited, came', ({ locked }) => `${locked.waited}, ${locked.filled}`),
    row('cancelled, gone from the server', ({ cancelled }) => ms(cancelled.gone)),
    row('main thread busy at a stretch', ({ free }) => ms(free.busy)),
    row(`memory of ${peer}`, (result) => mb(result.peer)),
    row('memory of Howdah', ({ free }) => mb(free)),
  ];
}

/** Each with what was reached, in the unit of the goal. */
function goals(results: Result[]): string[][] {
  const at = (count: number): Result | undefined => results.find((one) => one.count === count);
  const one = at(standard);
  const small = at(1000);
  const large = at(20_000);
  const goal = (name: string, value: number | undefined, limit: number): string[] =>
    value === undefined
      ? [name, '–', `≤ ${limit}`, 'not measured']
      : [name, value.toFixed(2), `≤ ${limit}`, value <= limit ? 'pass' : 'MISSED'];
  const ratio = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : a / b;
  return [
    ['', 'reached', 'goal', ''],
    goal('names, of the time of DbGate', ratio(one?.free.names, one?.peer?.took), 0.3),
    goal('whole structure, of the time of DbGate', ratio(one?.free.structure, one?.peer?.took), 0.8),
    goal('nothing changed, of the first structure', ratio(one?.free.refresh, one?.free.structure), 0.25),
    goal('names with a table locked, of the same without', ratio(one?.locked.names, one?.free.names), 1.25),
    goal(
      'structure with a table locked, of the same without',
      ratio(one?.locked.structure, one?.free.structure),
      1.25,
    ),
    goal(
      'definitions that stayed away when the lock had gone',
      one && one.locked.waited - one.locked.filled,
      0,
    ),
    goal('memory, all of the process, MB', one?.free.memory, 250),
    goal('main thread busy at a stretch, ms', one?.free.busy, 200),
    goal('20 times the tables: structure, times', ratio(large?.free.structure, small?.free.structure), 20),
    goal('twice the tables: structure, times', ratio(large?.free.structure, one?.free.structure), 2.2),
  ];
}

const [, , what, url] = process.argv;
const one = what === undefined ? undefined : measures[what];
if (one && url) {
  console.log(JSON.stringify(await one(url)));
} else {
  const found = dbgate();
  if ('missing' in found) console.log(found.missing);
  const peer = 'missing' in found ? undefined : found;
  const load = loadavg()[0] ?? 0;
  const server = await startPostgres({
    settings: { max_locks_per_transaction: 2048, shared_buffers: '256MB', shared_preload_libraries: '' },
  });
  try {
    const results: Result[] = [];
    for (const count of sizes) results.push(await measureAll(server, count, peer));
    printBench('Reading a structure', times(results, peer?.name ?? 'DbGate'));
    printBench(`Goals, at ${standard} tables`, goals(results));
    if (load > 2)
      console.log(`\nThe machine was busy: ${load.toFixed(1)} processes wanted to run at the start.`);
  } finally {
    await server.remove();
  }
}
