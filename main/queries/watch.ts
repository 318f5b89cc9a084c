import { setImmediate as turn } from 'node:timers/promises';
import type { MonitoringNeeds } from '../monitoring/index.ts';
import { type Beat, startBeat } from '../monitoring/index.ts';
import type { ServerPool } from '../servers/index.ts';
import { within } from '../store/index.ts';
import { deltaOf } from './delta.ts';
import { grains, mostIn } from './grains.ts';
import { marks } from './marks.ts';
import {
  isReadable,
  readFacts,
  readNames,
  readSnapshot,
  readTexts,
  type ServerFacts,
} from './read-server.ts';
import { packSnapshot, type Snapshot } from './snapshot.ts';
import { biggest, keepChosen } from './step.ts';
import type { StepStore } from './step-store.ts';
import { mostText, type TextStore } from './text-store.ts';

/** What a snapshot brought. */
export interface Taken {
  at: number;
  entries: number;
  /** Statements that moved since the one before; null for the first, with which counting only begins. */
  moved: number | null;
  tookMs: number;
}

/** Keeps an eye on the statements of all environments. */
export interface StatementWatch {
  begin(id: string): void;
  /**
   * Reads all counters, and keeps what moved since they were last read. Undefined where there is nothing to read.
   *
   * @throws the server's error; NOT_CONNECTED
   */
  take(id: string, pool: ServerPool): Promise<Taken | undefined>;
  beat(id: string): Beat | undefined;
  /** How statements were counted there when they were last read, and how many of them were hidden. */
  facts(id: string): ServerFacts | undefined;
  hidden(id: string): number | null;
  /** Entries that were read, those hidden among them. */
  entries(id: string): number | null;
  /** Why texts could not be read the last time: the server's error. */
  textProblem(id: string): unknown;
  forget(id: string): void;
  close(): void;
}

const minute = 60_000;
/** Most texts that are fetched at once. */
const mostTexts = 500;
/** A text that the server did not have is asked for again after so long, ms. */
const askAgainMs = 10 * minute;
/** Names change seldom, ms. */
const renewNamesMs = 10 * minute;

interface Watched {
  beat?: Beat;
  /** One snapshot at a time. */
  last: Promise<unknown>;
  askedAt: Map<string, number>;
  namesAt: number;
  textProblem?: unknown;
  facts?: ServerFacts;
  hidden?: number;
  entries?: number;
}

export function openWatch(needs: MonitoringNeeds, steps: StepStore, texts: TextStore): StatementWatch {
  const all = new Map<string, Watched>();
  const watched = (id: string): Watched => {
    const known = all.get(id);
    if (known) return known;
    const made: Watched = { last: Promise.resolve(), askedAt: new Map(), namesAt: 0 };
    all.set(id, made);
    return made;
  };

  let closed = false;
  /** Answers may come after the environment was removed or the store closed. */
  const keepsNow = (id: string): boolean => !closed && needs.keepsHistory(id);

  const takeNow = async (id: string, pool: ServerPool): Promise<Taken | undefined> => {
    const from = performance.now();
    const facts = await readFacts(pool);
    const one = watched(id);
    one.facts = facts;
    if (!isReadable(facts)) return undefined;
    const snapshot = await readSnapshot(pool, facts, needs.now);
    one.hidden = snapshot.hidden;
    one.entries = snapshot.entries;
    const keeps = keepsNow(id);
    const moved = keeps ? await keep(id, snapshot) : null;
    if (keepsNow(id)) await fetchWords(id, pool, facts, snapshot.at);
    return { at: snapshot.at, entries: snapshot.entries, moved, tookMs: performance.now() - from };
  };

  /** Stores what moved, and the snapshot as the next one's beginning. Of 5,000 entries each part takes 10 ms. */
  const keep = async (id: string, snapshot: Snapshot): Promise<number | null> => {
    const environment = steps.keyOf(id);
    const before = steps.lastSnapshot(environment);
    await turn();
    const delta = before && deltaOf(before, snapshot);
    await turn();
    const packed = packSnapshot(snapshot);
    await turn();
    if (!keepsNow(id)) return null;
    within(needs.store.db, () => {
      if (delta) {
        const chosen = biggest(delta.columns, mostIn(grains[0], needs.environments().length));
        const ids = texts.ids(
          environment,
          Array.from(chosen, (entry) => delta.keys[entry] ?? ''),
          delta.to,
        );
        steps.add(environment, 0, { ...delta, ...keepChosen(delta.columns, chosen, ids) });
      }
      steps.keepSnapshot(environment, snapshot, packed);
    });
    if (delta && delta.marks & marks.reset)
      needs.onEvent(id, 'statistics-reset', 'pg_stat_statements was reset', snapshot.at);
    return delta ? delta.keys.length : null;
  };

  /** Fetches texts and names that are not known yet. That they can't be had is no reason to lose the counters. */
  const fetchWords = async (id: string, pool: ServerPool, facts: ServerFacts, at: number): Promise<void> => {
    const one = watched(id);
    const environment = steps.keyOf(id);
    const now = performance.now();
    if (one.namesAt === 0 || now - one.namesAt > renewNamesMs) {
      const names = await readNames(pool);
      if (!keepsNow(id)) return;
      one.namesAt = now;
      within(needs.store.db, () => texts.keepNames(environment, names));
    }
    const wanted = texts
      .withoutText(environment, at)
      .filter((key) => now - (one.askedAt.get(key) ?? Number.NEGATIVE_INFINITY) > askAgainMs)
      .slice(0, mostTexts);
    if (wanted.length === 0) return;
    for (const key of wanted) one.askedAt.set(key, now);
    try {
      const found = await readTexts(pool, facts, [...new Set(wanted.map(queryIdOf))], mostText);
      if (!keepsNow(id)) return;
      one.textProblem = undefined;
      within(needs.store.db, () => {
        for (const key of wanted) {
          const text = found.get(key.slice(0, -2));
          if (text) texts.keepText(environment, key, text.text, text.bytes);
          if (text) one.askedAt.delete(key);
        }
      });
    } catch (error) {
      one.textProblem = error;
    }
  };

  const take: StatementWatch['take'] = (id, pool) => {
    const one = watched(id);
    const next = one.last.catch(() => undefined).then(() => takeNow(id, pool));
    one.last = next;
    return next;
  };

  return {
    take,
    begin: (id) => {
      const one = watched(id);
      if (one.beat) return;
      one.beat = startBeat({
        everyMs: minute,
        slowestMs: 10 * minute,
        share: 0.005,
        measure: async (signal) => {
          const pool = needs.poolIfAny(id);
          if (pool && !signal.aborted) await take(id, pool);
        },
      });
    },
    beat: (id) => all.get(id)?.beat,
    facts: (id) => all.get(id)?.facts,
    entries: (id) => all.get(id)?.entries ?? null,
    hidden: (id) => all.get(id)?.hidden ?? null,
    textProblem: (id) => all.get(id)?.textProblem,
    forget: (id) => {
      all.get(id)?.beat?.stop();
      all.delete(id);
    },
    close: () => {
      closed = true;
      for (const one of all.values()) one.beat?.stop();
    },
  };
}

/** The query id within a key. */
export function queryIdOf(key: string): string {
  return key.split('.')[2] ?? '';
}
