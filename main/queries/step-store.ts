import type { Store } from '../store/index.ts';
import { grainFor, grains } from './grains.ts';
import { type Snapshot, type SnapshotFacts, unpackSnapshot } from './snapshot.ts';
import type { Step } from './step.ts';
import { packEntries, unpackEntries } from './step-codec.ts';

/** A step with its entries still packed: most are only counted, or passed over. */
export interface PackedStep extends Omit<Step, 'ids' | 'others' | 'columns'> {
  entries: Uint8Array;
}

/** Steps and last snapshots of all environments. Environments go by their keys of the table `environment`. */
export interface StepStore {
  keyOf(environment: string): number;
  environments(): number[];
  add(environment: number, grainMs: number, step: Step): void;
  /**
   * The steps that reach into a time, at the finest grain that reaches back that far, the newest part finer; in order.
   */
  reading(environment: number, from: number, to: number, now: number): PackedStep[];
  /** Those of one grain that end after `from` and not after `to`. */
  ofGrain(environment: number, grainMs: number, from: number, to: number): PackedStep[];
  lastEnd(environment: number, grainMs: number): number | null;
  drop(environment: number, grainMs: number, before: number): void;
  lastSnapshot(environment: number): Snapshot | undefined;
  /** When the last one was taken, and what went for it. */
  lastFacts(environment: number): (SnapshotFacts & { at: number }) | undefined;
  keepSnapshot(environment: number, facts: SnapshotFacts & { at: number }, packed: Uint8Array): void;
}

interface StepRow {
  from_at: number;
  to_at: number;
  known: number;
  evicted: number;
  marks: number;
  entries: Uint8Array;
}

export function openStepStore({ db }: Store): StepStore {
  const keys = new Map<string, number>();
  const findKey = db.prepare('SELECT key FROM environment WHERE id = ?');
  const insertKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const insertStep = db.prepare(
    `INSERT OR REPLACE INTO statement_step (environment, grain_ms, from_at, to_at, known, evicted, marks, entries)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const columns = 'from_at, to_at, known, evicted, marks, entries';
  const selectSteps = db.prepare(
    `SELECT ${columns} FROM statement_step
     WHERE environment = ? AND grain_ms = ? AND to_at > ? AND to_at <= ? ORDER BY to_at`,
  );
  const selectOverlapping = db.prepare(
    `SELECT ${columns} FROM statement_step
     WHERE environment = ? AND grain_ms = ? AND to_at > ? AND from_at < ? ORDER BY to_at`,
  );
  const selectLast = db.prepare(
    'SELECT max(to_at) AS at FROM statement_step WHERE environment = ? AND grain_ms = ?',
  );
  const dropSteps = db.prepare(
    'DELETE FROM statement_step WHERE environment = ? AND grain_ms = ? AND to_at < ?',
  );
  const selectSnapshot = db.prepare(
    'SELECT at, facts, counters FROM statement_snapshot WHERE environment = ?',
  );
  const selectFacts = db.prepare('SELECT at, facts FROM statement_snapshot WHERE environment = ?');
  const insertSnapshot = db.prepare(
    'INSERT OR REPLACE INTO statement_snapshot (environment, at, facts, counters) VALUES (?, ?, ?, ?)',
  );
  const asSteps = (rows: unknown): PackedStep[] =>
    (rows as StepRow[]).map(({ from_at, to_at, ...rest }) => ({ from: from_at, to: to_at, ...rest }));

  return {
    keyOf: (environment) => {
      const cached = keys.get(environment);
      // It may have been removed, and its row with it.
      if (cached !== undefined && (findKey.get(environment) as { key: number } | undefined)?.key === cached)
        return cached;
      const { key } = insertKey.get(environment) as { key: number };
      keys.set(environment, key);
      return key;
    },
    environments: () =>
      (db.prepare('SELECT environment FROM statement_snapshot').all() as { environment: number }[]).map(
        ({ environment }) => environment,
      ),
    add: (environment, grainMs, step) => {
      const { from, to, known, evicted, marks } = step;
      insertStep.run(environment, grainMs, from, to, known, evicted, marks, packEntries(step));
    },
    reading: (environment, from, to, now) => {
      let steps: PackedStep[] = [];
      let reached = from;
      for (let index = grainFor(from, now); index >= 0; index -= 1) {
        const more = asSteps(selectOverlapping.all(environment, grains[index]?.ms ?? 0, reached, to));
        steps = steps.concat(more);
        reached = Math.max(reached, more.at(-1)?.to ?? reached);
      }
      return steps;
    },
    ofGrain: (environment, grainMs, from, to) => asSteps(selectSteps.all(environment, grainMs, from, to)),
    lastEnd: (environment, grainMs) => (selectLast.get(environment, grainMs) as { at: number | null }).at,
    drop: (environment, grainMs, before) => {
      dropSteps.run(environment, grainMs, before);
    },
    lastSnapshot: (environment) => {
      const row = selectSnapshot.get(environment) as
        | { at: number; facts: string; counters: Uint8Array }
        | undefined;
      return row && unpackSnapshot(row.counters, row.at, JSON.parse(row.facts) as SnapshotFacts);
    },
    lastFacts: (environment) => {
      const row = selectFacts.get(environment) as { at: number; facts: string } | undefined;
      return row && { ...(JSON.parse(row.facts) as SnapshotFacts), at: row.at };
    },
    keepSnapshot: (environment, snapshot, packed) => {
      const { at, serverAt, startedAt, resetAt, dealloc, known, levels, role, seesAll, place } = snapshot;
      const facts: SnapshotFacts = {
        ...{ serverAt, startedAt, resetAt, dealloc, known, levels, role, seesAll, place },
      };
      insertSnapshot.run(environment, at, JSON.stringify(facts), packed);
    },
  };
}

/** A packed step with its entries. */
export function unpackStep({ entries, ...rest }: PackedStep): Step {
  return { ...rest, ...unpackEntries(entries) };
}
