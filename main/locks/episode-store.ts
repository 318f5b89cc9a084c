import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Episode, EpisodeDetail, EpisodeEnd, LockGraph } from '../../preload/contract/locks.ts';
import type { Store } from '../store/index.ts';
import { cutGraph, type EpisodeRecord } from './episodes.ts';

/** Blocking episodes of all environments in the own store. */
export interface EpisodeStore {
  /** Writes one anew or again, and gives it its id. */
  put(environment: string, record: EpisodeRecord): void;
  /** Says of one that is written already how it ended. */
  setEnd(id: number, end: EpisodeEnd): void;
  /** Counts one that is not worth a row. */
  countBrief(environment: string, at: number, waitedMs: number): void;
  unfinished(environment: string): EpisodeRecord[];
  list(environment: string, from: number, to: number): { episodes: Episode[]; leftOut: number };
  find(environment: string, id: number): EpisodeDetail | undefined;
  brief(environment: string, from: number, to: number): { episodes: number; waitedMs: number };
  /** Drops what is past its time, and the oldest of an environment that has too many. */
  drop(now: number): void;
}

const hour = 3_600_000;
const keepMs = 35 * 24 * hour;
/** Most episodes kept of an environment. */
const mostKept = 2000;
/** Most that are given at once. */
const mostListed = 500;

interface Row {
  id: number;
  began: number;
  ended: number | null;
  last_seen: number;
  end_kind: string | null;
  root_key: string;
  root: string;
  most_waiters: number;
  longest_wait_ms: number;
  waited_ms: number;
  samples: number;
  locks: string;
}

const columns = `episode.id, began, ended, last_seen, end_kind, root_key, root, most_waiters, longest_wait_ms, waited_ms,
  samples, locks`;
const ofEnvironment = 'FROM lock_episode AS episode JOIN environment ON environment.key = environment';

export function openEpisodeStore({ db }: Store): EpisodeStore {
  const makeKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const insert =
    db.prepare(`INSERT INTO lock_episode (environment, began, root_key, ended, last_seen, end_kind, root,
      most_waiters, longest_wait_ms, waited_ms, samples, locks, worst)
    VALUES (:environment, :began, :rootKey, :ended, :lastSeen, :end, :root, :most, :longest, :waited, :samples, :locks,
      :worst) RETURNING id`);
  const update =
    db.prepare(`UPDATE lock_episode SET root_key = :rootKey, ended = :ended, last_seen = :lastSeen,
      end_kind = :end, root = :root, most_waiters = :most, longest_wait_ms = :longest, waited_ms = :waited,
      samples = :samples, locks = :locks, worst = :worst
    WHERE id = :id`);
  const updateEnd = db.prepare('UPDATE lock_episode SET end_kind = ? WHERE id = ?');
  const addBrief =
    db.prepare(`INSERT INTO lock_brief (environment, at, episodes, waited_ms) VALUES (?, ?, 1, ?)
    ON CONFLICT DO UPDATE SET episodes = episodes + 1, waited_ms = waited_ms + excluded.waited_ms`);
  const selectOpen = db.prepare(
    `SELECT ${columns}, worst ${ofEnvironment} WHERE environment.id = ? AND ended IS NULL`,
  );
  const inWindow = `${ofEnvironment} WHERE environment.id = ? AND last_seen >= ? AND began <= ?`;
  const selectList = db.prepare(`SELECT ${columns} ${inWindow} ORDER BY began DESC LIMIT ${mostListed}`);
  const countList = db.prepare(`SELECT count(*) AS count ${inWindow}`);
  const selectOne = db.prepare(
    `SELECT ${columns}, worst ${ofEnvironment} WHERE environment.id = ? AND episode.id = ?`,
  );
  const selectBrief =
    db.prepare(`SELECT coalesce(sum(episodes), 0) AS episodes, coalesce(sum(waited_ms), 0) AS waitedMs
    FROM lock_brief JOIN environment ON environment.key = environment
    WHERE environment.id = ? AND at > ? AND at <= ?`);

  const keyOf = (environment: string): number => (makeKey.get(environment) as { key: number }).key;

  return {
    put: (environment, record) => {
      const values = {
        rootKey: record.rootKey,
        ended: record.ended === null ? null : Math.round(record.ended),
        lastSeen: Math.round(record.lastSeen),
        end: record.end,
        root: JSON.stringify(record.root),
        most: record.mostWaiters,
        longest: Math.round(record.longestWaitMs),
        waited: Math.round(record.waitedMs),
        samples: record.samples,
        locks: JSON.stringify(record.locks),
        worst: zstdCompressSync(JSON.stringify(cutGraph(record.worst))),
      };
      if (record.id !== undefined) update.run({ ...values, id: record.id });
      else {
        const row = insert.get({
          ...values,
          environment: keyOf(environment),
          began: Math.round(record.began),
        });
        record.id = (row as { id: number }).id;
      }
    },
    setEnd: (id, end) => {
      updateEnd.run(end, id);
    },
    countBrief: (environment, at, waitedMs) => {
      addBrief.run(keyOf(environment), Math.floor(at / hour) * hour, Math.round(waitedMs));
    },
    unfinished: (environment) =>
      (selectOpen.all(environment) as unknown as (Row & { worst: Uint8Array })[]).map((row) => ({
        ...episodeOf(row),
        rootKey: row.root_key,
        worst: graphIn(row.worst),
      })),
    list: (environment, from, to) => {
      const span = [environment, Math.floor(from), Math.ceil(to)] as const;
      const episodes = (selectList.all(...span) as unknown as Row[]).map(episodeOf);
      const { count } = countList.get(...span) as { count: number };
      return { episodes, leftOut: count - episodes.length };
    },
    find: (environment, id) => {
      const row = selectOne.get(environment, id) as unknown as (Row & { worst: Uint8Array }) | undefined;
      if (!row) return undefined;
      const worst = graphIn(row.worst);
      const known = worst.waiting + worst.roots;
      return { ...episodeOf(row), worst, leftOut: Math.max(0, known - worst.parties.length) };
    },
    brief: (environment, from, to) =>
      selectBrief.get(environment, Math.floor(from) - hour, Math.ceil(to)) as unknown as {
        episodes: number;
        waitedMs: number;
      },
    drop: (now) => {
      db.prepare('DELETE FROM lock_episode WHERE last_seen < ?').run(now - keepMs);
      db.prepare('DELETE FROM lock_brief WHERE at < ?').run(now - keepMs);
      db.prepare(`DELETE FROM lock_episode WHERE id IN (
          SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY environment ORDER BY began DESC) AS place
                          FROM lock_episode) WHERE place > ?)`).run(mostKept);
    },
  };
}

const graphIn = (worst: Uint8Array): LockGraph =>
  JSON.parse(zstdDecompressSync(worst).toString()) as LockGraph;

function episodeOf(row: Row): Episode {
  return {
    id: row.id,
    began: row.began,
    ended: row.ended,
    lastSeen: row.last_seen,
    end: row.end_kind as EpisodeEnd | null,
    root: JSON.parse(row.root) as Episode['root'],
    mostWaiters: row.most_waiters,
    longestWaitMs: row.longest_wait_ms,
    waitedMs: row.waited_ms,
    samples: row.samples,
    locks: JSON.parse(row.locks) as Episode['locks'],
  };
}
