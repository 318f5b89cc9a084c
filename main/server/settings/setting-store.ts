import type { SettingValue } from '../../../preload/contract/server-settings.ts';
import { type Store, within } from '../../store/index.ts';

/** A setting as one look saw it. */
export interface SeenSetting {
  name: string;
  value: string;
  pending: boolean;
}

export interface Noticed {
  changes: { name: string; before: string; after: string }[];
  /** Those of which a change began to wait for a restart. */
  pending: string[];
}

export interface SettingStore {
  /** Keeps a look, and gives what is different from the one before; nothing at the very first. */
  note(environment: string, at: number, seen: readonly SeenSetting[]): Noticed;
  changes(environment: string, name?: string): SettingValue[];
  /** When a look was last taken. */
  roll(now: number): void;
}

const keptMs = 366 * 86_400_000;

export function openSettingStore({ db }: Store): SettingStore {
  const insertKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const key = (environment: string): number => (insertKey.get(environment) as { key: number }).key;
  const selectAll = db.prepare('SELECT name, value, pending FROM server_setting WHERE environment = ?');
  const put = db.prepare(
    'INSERT INTO server_setting (environment, name, value, pending, since) VALUES (?, ?, ?, ?, ?) ' +
      'ON CONFLICT (environment, name) DO UPDATE SET value = excluded.value, pending = excluded.pending, since = excluded.since',
  );
  const addChange = db.prepare(
    'INSERT OR REPLACE INTO server_setting_change (environment, at, name, before, after) VALUES (?, ?, ?, ?, ?)',
  );
  const selectChanges = db.prepare(
    'SELECT at, name, before, after FROM server_setting_change WHERE environment = ? ORDER BY at DESC, name LIMIT 500',
  );
  const selectChangesOf = db.prepare(
    'SELECT at, name, before, after FROM server_setting_change WHERE environment = ? AND name = ? ORDER BY at DESC LIMIT 500',
  );

  return {
    note: (environment, at, seen) =>
      within(db, () => {
        const id = key(environment);
        const rows = selectAll.all(id) as unknown as { name: string; value: string; pending: number }[];
        const before = new Map(rows.map((row) => [row.name, row]));
        const noticed: Noticed = { changes: [], pending: [] };
        for (const { name, value, pending } of seen) {
          const known = before.get(name);
          if (known?.value === value && (known.pending === 1) === pending) continue;
          put.run(id, name, value, pending ? 1 : 0, Math.round(at));
          // One seen for the first time has no before: an extension was loaded, or this role sees more now.
          if (!known) continue;
          if (known.value !== value) {
            addChange.run(id, Math.round(at), name, known.value, value);
            noticed.changes.push({ name, before: known.value, after: value });
          }
          if (pending && known.pending === 0) noticed.pending.push(name);
        }
        return noticed;
      }),
    changes: (environment, name) =>
      (name === undefined
        ? selectChanges.all(key(environment))
        : selectChangesOf.all(key(environment), name)) as unknown as SettingValue[],
    roll: (now) => {
      db.prepare('DELETE FROM server_setting_change WHERE at < ?').run(now - keptMs);
    },
  };
}
