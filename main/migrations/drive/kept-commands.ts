import type { Store } from '../../store/index.ts';

/** Commands that somebody has changed, by environment and track. */
export interface KeptCommands {
  of(environment: string, track: string): Map<string, string>;
  /** Null: the known one again. */
  set(environment: string, track: string, action: string, command: string | null): void;
}

export function openKeptCommands({ db }: Store): KeptCommands {
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const all = db.prepare(
    `SELECT action, command FROM migration_command JOIN environment e ON e.key = environment
     WHERE e.id = ? AND track = ?`,
  );
  const put = db.prepare(
    'INSERT OR REPLACE INTO migration_command (environment, track, action, command) VALUES (?, ?, ?, ?)',
  );
  const drop = db.prepare(
    `DELETE FROM migration_command
     WHERE environment = (SELECT key FROM environment WHERE id = ?) AND track = ? AND action = ?`,
  );
  return {
    of: (environment, track) =>
      new Map(
        (all.all(environment, track) as { action: string; command: string }[]).map(({ action, command }) => [
          action,
          command,
        ]),
      ),
    set: (environment, track, action, command) => {
      if (command === null) drop.run(environment, track, action);
      else put.run((keyOf.get(environment) as { key: number }).key, track, action, command);
    },
  };
}
