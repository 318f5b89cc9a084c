import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topOfWindow } from '../../main/queries/answer-top.ts';
import { allKnown, counters, width } from '../../main/queries/counters.ts';
import { deltaOf } from '../../main/queries/delta.ts';
import { grains, mostIn } from '../../main/queries/grains.ts';
import { packSnapshot, type Snapshot } from '../../main/queries/snapshot.ts';
import { openStatements, type Statements } from '../../main/queries/statements.ts';
import { biggest, keepChosen } from '../../main/queries/step.ts';
import { openStore, within } from '../../main/store/index.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { windows } from '../../preload/contract/metrics.ts';
import { draftFor, openTestConsole } from '../support/console.ts';
import { startPostgres } from '../support/postgres.ts';
import { printBench } from './table.ts';

/**
 * What statements over time cost: one snapshot of 5,000 entries with all that is stored, from a real server; and how
 * much a month of 5,000 statements that all move each minute takes in the store, from a day really written.
 */

const statements = 5_000;
const minute = 60_000;
const day = 24 * 60 * minute;

/** 5,000 statements that differ in their form: constants would be made one. */
async function measureSnapshot(): Promise<void> {
  const server = await startPostgres({ settings: { 'pg_stat_statements.max': 10_000 } });
  const howdah = await openTestConsole();
  try {
    await server.query('CREATE EXTENSION pg_stat_statements');
    await howdah.client.environments.add({
      draft: draftFor(server.url(), { name: 'bench' }),
      password: { password: 'postgres', remember: false },
    });
    await howdah.client.environments.connect({ environment: 'bench' });
    const client = await server.connect();
    const side = Math.ceil(Math.sqrt(statements));
    const runAll = async (): Promise<void> => {
      for (let first = 1; first <= side; first += 1)
        for (let second = 1; second <= side; second += 1)
          await client.query(
            `SELECT ${Array(first).fill('1').join('+')}, ${Array(second).fill('1').join('*')}`,
          );
    };
    await runAll();
    const first = await howdah.client.queries.snapshotNow({ environment: 'bench' });
    const rows: string[][] = [['', 'entries', 'moved', 'ms']];
    rows.push(['first', String(first.entries), '–', first.tookMs.toFixed(0)]);
    for (let time = 1; time <= 4; time += 1) {
      await runAll();
      const { entries, moved, tookMs } = await howdah.client.queries.snapshotNow({ environment: 'bench' });
      rows.push([`snapshot ${time}`, String(entries), String(moved), tookMs.toFixed(0)]);
    }
    printBench('A snapshot with its store, new texts too (at most 150 ms)', rows);
  } finally {
    await howdah.remove();
    await server.remove();
  }
}

/** The same numbers in each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** A server's counters, all of which go up each minute, by as much as its statements are busy. */
function busyServer(next: () => number): (at: number) => Snapshot {
  const keys = Array.from(
    { length: statements },
    (_, index) =>
      `16384.16385.${BigInt(Math.floor(next() * 2 ** 53)) * 997n - 4n * 10n ** 18n + BigInt(index)}.t`,
  );
  const perMinute = keys.map((_, index) => 1 + 20_000 / (index + 1) ** 0.9);
  const usEach = keys.map(() => 20 * 10 ** (next() * 3));
  const rowsEach = keys.map(() => Math.floor(10 ** (next() * 2)));
  const blocksEach = keys.map(() => Math.floor(10 ** (next() * 2.5)));
  const writes = keys.map(() => next() < 0.3);
  const columns = Array.from({ length: width }, () => new Float64Array(statements));
  const add = (name: (typeof counters)[number], entry: number, value: number): void => {
    const values = columns[counters.indexOf(name)] as Float64Array;
    values[entry] = (values[entry] ?? 0) + Math.round(value);
  };
  return (at) => {
    for (let entry = 0; entry < statements; entry += 1) {
      const calls = Math.max(1, Math.round((perMinute[entry] ?? 1) * (0.5 + next())));
      add('calls', entry, calls);
      add('execUs', entry, calls * (usEach[entry] ?? 1) * (0.8 + 0.4 * next()));
      add('rows', entry, calls * (rowsEach[entry] ?? 1));
      add('sharedHit', entry, calls * (blocksEach[entry] ?? 1) * (0.9 + 0.2 * next()));
      if (next() < 0.3) add('sharedRead', entry, calls * next());
      if (next() < 0.02) add('tempWritten', entry, 1000 * next());
      if (!writes[entry]) continue;
      add('sharedDirtied', entry, calls * next());
      add('walRecords', entry, calls * (1 + next()));
      add('walBytes', entry, calls * 120 * (1 + next()));
      add('walFpi', entry, calls * 0.05 * next());
    }
    return {
      ...{ at, serverAt: at * 1000, startedAt: 0, resetAt: 0, dealloc: 0, known: allKnown, levels: true },
      ...{ role: 'postgres', seesAll: true, place: null, keys, since: null, entries: statements, hidden: 0 },
      columns: columns.map((values) => values.slice()),
    };
  };
}

/** Writes as the watch does, by a clock of its own. */
async function measureStore(environments: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-bench-'));
  const store = openStore(folder);
  let now = Date.UTC(2026, 0, 5);
  const many = Array.from({ length: environments }, (): Environment => ({}) as Environment);
  const unused = (): never => {
    throw new Error('Not asked for here.');
  };
  const room = openStatements({
    ...{ store, dataFolder: folder, now: () => now, keepsHistory: () => true, events: () => [] },
    ...{ findEnvironment: unused, environments: () => many, pool: unused, poolIfAny: () => undefined },
    ...{ reached: unused, status: unused, current: unused, onEvent: () => undefined },
  });
  try {
    const next = random(7);
    const environment = room.steps.keyOf('bench');
    const server = busyServer(next);
    const text = (key: string): string =>
      `SELECT ${Array.from({ length: 12 }, () => `t.column_${Math.floor(next() * 1000)}`).join(', ')} FROM relation_${key.length * 7} AS t WHERE t.column_${Math.floor(next() * 1000)} = $1 AND t.column_${Math.floor(next() * 1000)} > $2 ORDER BY t.column_${Math.floor(next() * 1000)} LIMIT $3`;
    let before = server(now);
    const writtenDays = 1;
    for (const end = now + writtenDays * day; now < end; ) {
      now += minute;
      const after = server(now);
      const delta = deltaOf(before, after);
      if (!delta) throw new Error('There is no delta.');
      within(store.db, () => {
        const chosen = biggest(delta.columns, mostIn(grains[0], environments));
        const keys = Array.from(chosen, (entry) => delta.keys[entry] ?? '');
        const ids = room.texts.ids(environment, keys, now);
        room.steps.add(environment, 0, { ...delta, ...keepChosen(delta.columns, chosen, ids) });
        if (now % (10 * minute) === 0) {
          room.steps.keepSnapshot(environment, after, packSnapshot(after));
          for (const key of room.texts.withoutText(environment, 0)) {
            const one = text(key);
            room.texts.keepText(environment, key, one, one.length);
          }
        }
      });
      before = after;
      if (now % (10 * minute) === 0) await room.roll(now);
    }
    store.db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    const megabytes = reportSize(room);
    fillMonth(room, environment, now);
    await reportReading(room);
    console.log(
      `${environments} environments for a month: ${Math.round(megabytes * environments)} MB (at most 600)`,
    );
  } finally {
    room.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was written, by grain, and what a month of it comes to, MB. */
function reportSize({ needs }: Statements): number {
  const sizes = needs.store.db
    .prepare(
      'SELECT grain_ms AS grain, count(*) AS steps, sum(length(entries)) AS bytes FROM statement_step GROUP BY 1',
    )
    .all() as { grain: number; steps: number; bytes: number }[];
  const rows: string[][] = [['grain', 'steps written', 'bytes each', 'steps kept', 'MB kept']];
  let kept = 0;
  let written = 0;
  for (const { grain, steps, bytes } of sizes) {
    const { keepMs = 0 } = grains.find(({ ms }) => ms === grain) ?? {};
    const most = keepMs / (grain || minute);
    kept += (bytes / steps) * most;
    written += bytes;
    rows.push([
      grain === 0 ? 'snapshot' : `${grain / minute} min`,
      String(steps),
      (bytes / steps).toFixed(0),
      most.toFixed(0),
      (((bytes / steps) * most) / 1e6).toFixed(2),
    ]);
  }
  // In pages, with what they leave empty.
  const pages = (names: string): number =>
    (
      needs.store.db.prepare(`SELECT sum(pgsize) AS bytes FROM dbstat WHERE ${names}`).get() as {
        bytes: number;
      }
    ).bytes;
  const step = pages("name = 'statement_step'");
  const other = pages("name LIKE '%statement%'") - step;
  const month = (kept * (step / written) + other) / 1e6;
  rows.push(['all else', '', '', '', (other / 1e6).toFixed(2)], ['a month', '', '', '', month.toFixed(2)]);
  printBench(`Store of one environment with ${statements} busy statements`, rows);
  return month;
}

/** Repeats the coarse steps back in time, so that there is a month to be read. */
function fillMonth({ needs }: Statements, environment: number, now: number): void {
  const copy = needs.store.db.prepare(
    `INSERT OR IGNORE INTO statement_step (environment, grain_ms, from_at, to_at, known, evicted, marks, entries)
     SELECT environment, grain_ms, from_at - ?1, to_at - ?1, known, evicted, marks, entries FROM statement_step
     WHERE environment = ?2 AND grain_ms >= 3600000 AND to_at > ?3`,
  );
  within(needs.store.db, () => {
    for (let back = 1; back < 32; back += 1) copy.run(back * day, environment, now - day);
  });
}

async function reportReading(room: Statements): Promise<void> {
  const rows: string[][] = [['window', 'statements', 'points', 'ms']];
  const lengths = { '1h': 60 * minute, '24h': day, '7d': 7 * day, '30d': 30 * day };
  for (const window of windows) {
    const to = room.needs.now();
    const times: number[] = [];
    let answer: Awaited<ReturnType<typeof topOfWindow>> | undefined;
    for (let time = 0; time < 5; time += 1) {
      const from = performance.now();
      answer = await topOfWindow(
        room,
        'bench',
        { from: to - lengths[window], to },
        { order: 'total', limit: 500 },
      );
      times.push(performance.now() - from);
    }
    rows.push([
      window,
      String(answer?.rows.length ?? 0),
      String(answer?.chart?.lines[0]?.values.length ?? 0),
      (times.sort((a, b) => a - b)[2] ?? 0).toFixed(0),
    ]);
  }
  printBench('Reading the top of a window, with its chart (at most 300 ms)', rows);
}

await measureSnapshot();
for (const environments of [100, 50]) await measureStore(environments);
