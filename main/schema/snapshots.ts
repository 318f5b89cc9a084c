import type { SnapshotInfo } from '../../preload/contract/schema.ts';
import { type Store, within } from '../store/index.ts';
import { bytesOf, type PackedModel } from './packed.ts';
import { letGo, type Thinned } from './snapshots-retention.ts';

/** A structure as it was read, to be kept. */
export interface TakenStructure {
  /** The environment's id. */
  environment: string;
  /** What it is called now. */
  origin: string;
  database: string;
  role: string;
  serverVersion: string;
  /** ms since 1970. */
  at: number;
  digest: string;
  tables: number;
  packed: PackedModel;
}

/** Structures of databases as they were, in the own store. */
export interface Snapshots {
  /** Newest first; of one environment's database where it is given. */
  list(of?: { environment: string; database: string }): SnapshotInfo[];
  find(id: number): SnapshotInfo | undefined;
  /** Keeps one made by hand. A structure that is there already is not kept twice. */
  add(taken: TakenStructure, name: string | null): SnapshotInfo;
  /**
   * Keeps one where the structure is not that of the newest snapshot of the same role; else notes that it was still the
   * same. Lets go of old ones that were kept this way.
   */
  note(taken: TakenStructure): void;
  /** @returns undefined when there is none of that id */
  rename(id: number, name: string | null): SnapshotInfo | undefined;
  /** @returns false when there is none of that id */
  remove(id: number): boolean;
  packed(id: number): PackedModel;
}

interface InfoRow extends Omit<SnapshotInfo, 'automatic'> {
  automatic: number;
}

const infoSql = `
  SELECT s.id, e.id AS environment, s.origin, s.database, s.server_version AS serverVersion, s.taken_at AS takenAt,
    s.seen_until AS seenUntil, s.name, s.automatic, t.tables, t.bytes
  FROM schema_snapshot s JOIN schema_structure t ON t.key = s.structure LEFT JOIN environment e ON e.key = s.environment`;
const newestFirst = 'ORDER BY s.taken_at DESC, s.id DESC';

export function openSnapshots({ db }: Store): Snapshots {
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const all = db.prepare(`${infoSql} ${newestFirst}`);
  const ofOne = db.prepare(`${infoSql} WHERE e.id = ? AND s.database = ? ${newestFirst}`);
  const byId = db.prepare(`${infoSql} WHERE s.id = ?`);
  const newest = db.prepare(
    `SELECT s.id, t.digest FROM schema_snapshot s JOIN schema_structure t ON t.key = s.structure
     WHERE s.environment = ? AND s.database = ? AND s.role = ? ${newestFirst} LIMIT 1`,
  );
  const sameStructure = db.prepare(
    `SELECT t.key FROM schema_snapshot s JOIN schema_structure t ON t.key = s.structure
     WHERE s.environment = ? AND s.database = ? AND s.role = ? AND t.digest = ? LIMIT 1`,
  );
  const insertStructure = db.prepare(
    'INSERT INTO schema_structure (digest, tables, bytes) VALUES (?, ?, ?) RETURNING key',
  );
  const insertPiece = db.prepare('INSERT INTO schema_piece (structure, kind, content) VALUES (?, ?, ?)');
  const insertSnapshot = db.prepare(
    `INSERT INTO schema_snapshot (environment, structure, origin, database, role, server_version, taken_at, seen_until, name, automatic)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
  );
  const seen = db.prepare('UPDATE schema_snapshot SET seen_until = max(seen_until, ?) WHERE id = ?');
  const automatic = db.prepare(
    `SELECT s.id, e.id AS environment, s.database, s.role, s.taken_at AS takenAt, s.seen_until AS seenUntil,
       s.automatic = 1 AND s.name IS NULL AS mayGo
     FROM schema_snapshot s LEFT JOIN environment e ON e.key = s.environment`,
  );
  const setName = db.prepare('UPDATE schema_snapshot SET name = ? WHERE id = ?');
  const drop = db.prepare('DELETE FROM schema_snapshot WHERE id = ?');
  const dropUnused = db.prepare(
    'DELETE FROM schema_structure WHERE key NOT IN (SELECT structure FROM schema_snapshot)',
  );
  const pieces = db.prepare(
    `SELECT p.kind, p.content FROM schema_piece p JOIN schema_snapshot s ON s.structure = p.structure
     WHERE s.id = ? ORDER BY p.key`,
  );

  const find = (id: number): SnapshotInfo | undefined => {
    const row = byId.get(id) as InfoRow | undefined;
    return row && infoOf(row);
  };
  const putStructure = (environment: number, taken: TakenStructure): number => {
    const { database, role, digest, tables, packed } = taken;
    const known = sameStructure.get(environment, database, role, digest) as { key: number } | undefined;
    if (known) return known.key;
    const { key } = insertStructure.get(digest, tables, bytesOf(packed)) as { key: number };
    for (const part of packed.parts) insertPiece.run(key, 'part', part);
    for (const one of packed.definitions) insertPiece.run(key, 'definitions', one);
    return key;
  };
  const put = (
    environment: number,
    taken: TakenStructure,
    name: string | null,
    byItself: boolean,
  ): number => {
    const structure = putStructure(environment, taken);
    const { origin, database, role, serverVersion, at } = taken;
    const { id } = insertSnapshot.get(
      environment,
      structure,
      origin,
      database,
      role,
      serverVersion,
      at,
      at,
      name,
      byItself ? 1 : 0,
    ) as { id: number };
    return id;
  };
  const newestOf = (environment: number, { database, role }: TakenStructure) =>
    newest.get(environment, database, role) as { id: number; digest: string } | undefined;

  return {
    list: (of) => {
      const rows = of ? ofOne.all(of.environment, of.database) : all.all();
      return (rows as unknown as InfoRow[]).map(infoOf);
    },
    find,
    add: (taken, name) =>
      within(db, () => {
        const { key } = keyOf.get(taken.environment) as { key: number };
        const last = newestOf(key, taken);
        if (last?.digest === taken.digest) seen.run(taken.at, last.id);
        return find(put(key, taken, name, false)) as SnapshotInfo;
      }),
    note: (taken) =>
      within(db, () => {
        const { key } = keyOf.get(taken.environment) as { key: number };
        const last = newestOf(key, taken);
        if (last?.digest === taken.digest) seen.run(taken.at, last.id);
        else put(key, taken, null, true);
        const old = letGo(automatic.all() as unknown as Thinned[], taken.at);
        for (const id of old) drop.run(id);
        if (old.length > 0) dropUnused.run();
      }),
    rename: (id, name) => {
      setName.run(name, id);
      return find(id);
    },
    remove: (id) =>
      within(db, () => {
        const { changes } = drop.run(id);
        dropUnused.run();
        return Number(changes) > 0;
      }),
    packed: (id) => {
      const rows = pieces.all(id) as unknown as { kind: 'part' | 'definitions'; content: Uint8Array }[];
      const of = (kind: string): Uint8Array[] =>
        rows.flatMap((one) => (one.kind === kind ? [one.content] : []));
      return { parts: of('part'), definitions: of('definitions') };
    },
  };
}

const infoOf = (row: InfoRow): SnapshotInfo => ({ ...row, automatic: row.automatic === 1 });
