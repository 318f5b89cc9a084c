import type { DatabaseSync } from 'node:sqlite';

/** Sorts of words that steps are made of. */
export type WordKind = 'wait' | 'user' | 'application' | 'database' | 'statement';

export interface Word {
  id: number;
  kind: WordKind;
  key: string;
}

/** The words of all environments: numbers in steps, and what they stand for. */
export interface Words {
  /** The number of a word, made where it is new; 0, all others, where there are too many of its kind. */
  idOf(environment: number, kind: WordKind, key: string, text: string | null, at: number): number;
  all(environment: number): Word[];
  /** The texts of statements by their keys. */
  texts(environment: number, keys: readonly string[]): Map<string, string>;
  /** Drops those that no step speaks of any more. */
  drop(before: number): void;
  forget(environment: number): void;
}

/** Most words of a kind in one environment: applications may put anything into their names. */
const mostOfKind = 2000;
const day = 24 * 3_600_000;

interface Known {
  id: number;
  lastAt: number;
}

interface Cache {
  words: Map<string, Known>;
  counts: Map<WordKind, number>;
  nextId: number;
}

export function openWords(db: DatabaseSync): Words {
  const select = db.prepare(
    'SELECT id, kind, key, last_at AS lastAt FROM wait_word WHERE environment = ? ORDER BY id',
  );
  const insert = db.prepare(
    'INSERT INTO wait_word (environment, id, kind, key, text, last_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const touch = db.prepare('UPDATE wait_word SET last_at = ? WHERE environment = ? AND id = ?');
  const selectText = db.prepare(
    "SELECT text FROM wait_word WHERE environment = ? AND kind = 'statement' AND key = ?",
  );
  const caches = new Map<number, Cache>();
  const read = (environment: number): (Word & Known)[] =>
    select.all(environment) as unknown as (Word & Known)[];

  const cacheOf = (environment: number): Cache => {
    const known = caches.get(environment);
    if (known) return known;
    const cache: Cache = { words: new Map(), counts: new Map(), nextId: 1 };
    for (const { id, kind, key, lastAt } of read(environment)) {
      cache.words.set(`${kind} ${key}`, { id, lastAt });
      cache.counts.set(kind, (cache.counts.get(kind) ?? 0) + 1);
      cache.nextId = id + 1;
    }
    caches.set(environment, cache);
    return cache;
  };

  return {
    idOf: (environment, kind, key, text, at) => {
      const cache = cacheOf(environment);
      const known = cache.words.get(`${kind} ${key}`);
      if (known) {
        // Its age is only needed to the day.
        if (at - known.lastAt >= day) {
          known.lastAt = at;
          touch.run(Math.round(at), environment, known.id);
        }
        return known.id;
      }
      const count = cache.counts.get(kind) ?? 0;
      if (count >= mostOfKind) return 0;
      const id = cache.nextId;
      insert.run(environment, id, kind, key, text, Math.round(at));
      cache.nextId += 1;
      cache.counts.set(kind, count + 1);
      cache.words.set(`${kind} ${key}`, { id, lastAt: at });
      return id;
    },
    all: read,
    texts: (environment, keys) =>
      new Map(
        keys.flatMap((key) => {
          const row = selectText.get(environment, key) as { text: string | null } | undefined;
          return row?.text ? [[key, row.text] as const] : [];
        }),
      ),
    drop: (before) => {
      const { changes } = db.prepare('DELETE FROM wait_word WHERE last_at < ?').run(Math.round(before));
      if (changes) caches.clear();
    },
    forget: (environment) => {
      caches.delete(environment);
    },
  };
}
