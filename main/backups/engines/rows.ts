import type { z } from 'zod';
import { Engine, type EngineDraft, type EngineWhere } from '../../../preload/contract/backup-engines.ts';
import { Explanation } from '../../../preload/contract/common.ts';
import type { Store } from '../../store/index.ts';
import type { Reading } from './types.ts';

/** The engines that somebody noted, in Howdah's own store, with what they said last. */
export interface EngineRows {
  /** In the order of their noting; of one environment (by id) or all. */
  list(environment?: string): Engine[];
  get(id: string): Engine | undefined;
  /** The one that is noted already as this one would be. */
  like(draft: EngineDraft): Engine | undefined;
  /** `environment` of the draft is an id. */
  add(draft: EngineDraft): string;
  /** What was read before is kept where it is still the same stanza or server in the same place. */
  change(id: string, draft: EngineDraft): void;
  remove(id: string): void;
  /** Keeps what was read; a problem that left nothing to read leaves what was known. */
  keep(id: string, reading: Reading | { problem: Explanation }, at: number): void;
}

/** What is kept of a reading. */
const Said = Engine.pick({
  version: true,
  backups: true,
  walFrom: true,
  walTo: true,
  window: true,
  repositories: true,
  unknown: true,
});
const nothing: z.infer<typeof Said> = {
  version: null,
  backups: [],
  walFrom: null,
  walTo: null,
  window: null,
  repositories: [],
  unknown: [],
};

interface Row {
  id: number;
  environment: string | null;
  kind: EngineDraft['kind'];
  name: string;
  place_kind: EngineWhere['kind'];
  place: string;
  config: string;
  said: string | null;
  read_at: number | null;
  problem: string | null;
}

export function openEngineRows({ db }: Store): EngineRows {
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const select = `SELECT g.id, e.id AS environment, g.kind, g.name, g.place_kind, g.place, g.config, g.said, g.read_at,
      g.problem FROM backup_engine g LEFT JOIN environment e ON e.key = g.environment`;
  const all = db.prepare(`${select} ORDER BY g.id`);
  const ofEnvironment = db.prepare(`${select} WHERE e.id = ? ORDER BY g.id`);
  const byId = db.prepare(`${select} WHERE g.id = ?`);
  const same = db.prepare(
    `${select} WHERE g.kind = ? AND g.name = ? AND g.place_kind = ? AND g.place = ? AND g.config = ?`,
  );
  const insert = db.prepare(
    `INSERT INTO backup_engine (kind, name, place_kind, place, config, environment) VALUES (?, ?, ?, ?, ?, ?)
     RETURNING id`,
  );
  const update = db.prepare(
    `UPDATE backup_engine SET kind = ?, name = ?, place_kind = ?, place = ?, config = ?, environment = ? WHERE id = ?`,
  );
  const forget = db.prepare(
    'UPDATE backup_engine SET said = NULL, read_at = NULL, problem = NULL WHERE id = ?',
  );
  const remove = db.prepare('DELETE FROM backup_engine WHERE id = ?');
  const keepReading = db.prepare('UPDATE backup_engine SET said = ?, read_at = ?, problem = ? WHERE id = ?');
  const keepProblem = db.prepare('UPDATE backup_engine SET problem = ? WHERE id = ?');

  const environmentKey = ({ environment }: EngineDraft): number | null =>
    environment === null ? null : (keyOf.get(environment) as { key: number }).key;
  const rowOf = (id: string): Row | undefined =>
    /^\d{1,15}$/.test(id) ? (byId.get(Number(id)) as Row | undefined) : undefined;
  const get = (id: string): Engine | undefined => {
    const row = rowOf(id);
    return row && engineOf(row);
  };

  return {
    list: (environment) =>
      ((environment === undefined ? all.all() : ofEnvironment.all(environment)) as unknown as Row[]).map(
        engineOf,
      ),
    get,
    like: (draft) => {
      const row = same.get(...identity(draft)) as Row | undefined;
      return row && engineOf(row);
    },
    add: (draft) => String((insert.get(...identity(draft), environmentKey(draft)) as { id: number }).id),
    change: (id, draft) => {
      const before = rowOf(id);
      update.run(...identity(draft), environmentKey(draft), Number(id));
      const after = rowOf(id);
      if (before && after && identity(engineOf(before)).join('\n') !== identity(engineOf(after)).join('\n'))
        forget.run(Number(id));
    },
    remove: (id) => void remove.run(Number(id)),
    keep: (id, reading, at) => {
      const problem = reading.problem ? JSON.stringify(reading.problem) : null;
      if ('backups' in reading)
        keepReading.run(JSON.stringify(Said.parse(reading)), Math.round(at), problem, Number(id));
      else keepProblem.run(problem, Number(id));
    },
  };
}

/** What makes it another engine than any other. */
function identity({ kind, name, where, config }: EngineDraft): [string, string, string, string, string] {
  return [kind, name, where.kind, where.kind === 'local' ? (where.as ?? '') : where.name, config ?? ''];
}

function engineOf(row: Row): Engine {
  const problem = row.problem === null ? undefined : Explanation.parse(JSON.parse(row.problem));
  return {
    id: String(row.id),
    kind: row.kind,
    name: row.name,
    where: whereOf(row),
    config: row.config || null,
    environment: row.environment,
    ...(row.said === null ? nothing : Said.parse(JSON.parse(row.said))),
    readAt: row.read_at,
    ...(problem ? { problem } : {}),
  };
}

function whereOf({ place_kind: kind, place }: Row): EngineWhere {
  if (kind !== 'local') return { kind, name: place };
  return place === '' ? { kind } : { kind, as: place };
}
