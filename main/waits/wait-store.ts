import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Store, within } from '../store/index.ts';
import type { Minute } from './minute.ts';
import { joinSteps, largest, type Part, packStep, type Step, unpackStep } from './step.ts';
import { openWords, type Word } from './words.ts';

/** A step with its place in time. */
export interface PlacedStep extends Step {
  at: number;
  /** Its length, ms. */
  ms: number;
}

/** Active sessions of all environments over time, in the own store. */
export interface WaitStore {
  add(environment: string, minute: Minute): void;
  /** A minute that has not ended yet, as a step. */
  stepOf(environment: string, minute: Minute): PlacedStep;
  /** Steps from the finest grain that still reaches back to `from`; what that has not got yet from finer ones. */
  read(environment: string, from: number, to: number, now: number): Promise<PlacedStep[]>;
  /** The length of the steps that such a reading gives, ms. */
  grainMs(from: number, now: number): number;
  words(environment: string): Word[];
  texts(environment: string, keys: readonly string[]): Map<string, string>;
  /** Makes finished steps coarser and drops what is past its time. */
  roll(now: number): void;
  forget(environment: string): void;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long steps of which length are kept, and with how many parts at most. Each is made from the one before. */
const grains = [
  { ms: minute, keepMs: day + hour, most: 40 },
  { ms: 10 * minute, keepMs: 8 * day, most: 60 },
  { ms: hour, keepMs: 35 * day, most: 100 },
] as const;

/** So many steps are read in one go before anything else has its turn. */
const inOneGo = 150;

export function openWaitStore({ db }: Store): WaitStore {
  const words = openWords(db);
  const insertKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const insert = db.prepare(
    'INSERT OR REPLACE INTO wait_step (environment, grain_ms, at, value) VALUES (?, ?, ?, ?)',
  );
  const selectOne = db.prepare(
    'SELECT value FROM wait_step WHERE environment = ? AND grain_ms = ? AND at = ?',
  );
  const select = db.prepare(
    'SELECT at, value FROM wait_step WHERE environment = ? AND grain_ms = ? AND at >= ? AND at < ? ORDER BY at',
  );
  const selectEnds = db.prepare(
    'SELECT min(at) AS first, max(at) AS last FROM wait_step WHERE environment = ? AND grain_ms = ?',
  );
  const drop = db.prepare('DELETE FROM wait_step WHERE environment = ? AND grain_ms = ? AND at < ?');
  const keys = new Map<string, number>();
  const keyOf = (environment: string): number => {
    const known = keys.get(environment);
    if (known !== undefined) return known;
    const { key } = insertKey.get(environment) as { key: number };
    keys.set(environment, key);
    return key;
  };
  const rows = (key: number, grainMs: number, from: number, to: number) =>
    select.all(key, grainMs, Math.floor(from), Math.ceil(to)) as { at: number; value: Uint8Array }[];
  const ends = (key: number, grainMs: number) =>
    selectEnds.get(key, grainMs) as { first: number | null; last: number | null };

  const stepOf = (key: number, { at, coveredMs, hiddenMs, parts }: Minute): Step => {
    const largestFirst = [...parts].sort((a, b) => b.ms - a.ms);
    const id = (kind: Word['kind'], word: string, text: string | null = null): number =>
      words.idOf(key, kind, word, text, at);
    const numbered = largestFirst.map((part, place): Part => {
      // What will be among the others needs no words.
      const isNamed = place < grains[0].most;
      return {
        of: part.of === 'clients' ? 0 : 1,
        wait: id('wait', part.wait),
        user: isNamed ? id('user', part.user) : 0,
        application: isNamed ? id('application', part.application) : 0,
        database: isNamed ? id('database', part.database) : 0,
        statement: isNamed ? id('statement', part.statement.key, part.statement.text) : 0,
        ms: part.ms,
      };
    });
    return { coveredMs, hiddenMs, parts: largest(numbered, grains[0].most) };
  };

  /** Makes the finished steps of one grain out of the finer one. */
  const rollGrain = (key: number, index: number, now: number): void => {
    const [finer, grain] = [grains[index - 1], grains[index]];
    if (!finer || !grain) return;
    const { first } = ends(key, finer.ms);
    const { last } = ends(key, grain.ms);
    if (first === null) return;
    const from = last === null ? Math.floor(first / grain.ms) * grain.ms : last + grain.ms;
    // A minute comes into the store when the next one begins, at the latest with the roll after it.
    const end = Math.floor((now - 2 * minute) / grain.ms) * grain.ms;
    if (from >= end) return;
    const found = Map.groupBy(
      rows(key, finer.ms, from, end),
      ({ at }) => Math.floor(at / grain.ms) * grain.ms,
    );
    for (const [at, all] of found) {
      const joined = joinSteps(
        all.map(({ value }) => unpackStep(value)),
        grain.most,
      );
      insert.run(key, grain.ms, at, packStep(joined));
    }
  };

  const grainFor = (from: number, now: number): number => {
    const index = grains.findIndex(({ keepMs }) => now - keepMs <= from);
    return index < 0 ? grains.length - 1 : index;
  };
  let droppedAt = 0;

  return {
    add: (environment, ended) => {
      const key = keyOf(environment);
      within(db, () => {
        let step = stepOf(key, ended);
        const [{ ms, most }] = grains;
        // The console was closed and opened again within this minute.
        const before = selectOne.get(key, ms, ended.at) as { value: Uint8Array } | undefined;
        if (before) step = joinSteps([unpackStep(before.value), step], most);
        insert.run(key, ms, ended.at, packStep(step));
      });
    },
    stepOf: (environment, going) => ({ ...stepOf(keyOf(environment), going), at: going.at, ms: minute }),
    read: async (environment, from, to, now) => {
      const key = keyOf(environment);
      const steps: PlacedStep[] = [];
      let reached = from;
      for (let index = grainFor(from, now); index >= 0; index -= 1) {
        const grain = grains[index];
        if (!grain) break;
        // A step that began before still covers what comes after.
        const start = steps.length === 0 ? Math.floor(reached / grain.ms) * grain.ms : reached;
        const found = rows(key, grain.ms, start, to);
        for (let place = 0; place < found.length; place += inOneGo) {
          for (const { at, value } of found.slice(place, place + inOneGo))
            steps.push({ ...unpackStep(value), at, ms: grain.ms });
          if (found.length > inOneGo) await nextTurn();
        }
        const last = found.at(-1);
        if (last) reached = last.at + grain.ms;
      }
      return steps;
    },
    grainMs: (from, now) => grains[grainFor(from, now)]?.ms ?? hour,
    words: (environment) => words.all(keyOf(environment)),
    texts: (environment, wanted) => words.texts(keyOf(environment), wanted),
    roll: (now) => {
      const all = db.prepare('SELECT DISTINCT environment AS key FROM wait_step').all() as { key: number }[];
      for (const { key } of all) {
        within(db, () => {
          for (let index = 1; index < grains.length; index += 1) rollGrain(key, index, now);
          for (const { ms, keepMs } of grains) drop.run(key, ms, now - keepMs);
        });
      }
      if (now - droppedAt < hour) return;
      droppedAt = now;
      // A word's age is known to the day.
      words.drop(now - grains[2].keepMs - 2 * day);
    },
    forget: (environment) => {
      const key = keys.get(environment);
      if (key !== undefined) words.forget(key);
      keys.delete(environment);
    },
  };
}
