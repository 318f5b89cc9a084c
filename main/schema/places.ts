import type { DiagramPlace } from '../../preload/contract/schema.ts';
import { type Store, within } from '../store/index.ts';

/** Where boxes of diagrams were left by hand, by environment and database, in the own store. */
export interface Places {
  all(environment: string, database: string): DiagramPlace[];
  /** Puts these in place of all that were there. */
  replace(environment: string, database: string, places: readonly DiagramPlace[]): void;
}

export function openPlaces({ db }: Store): Places {
  const keyOf = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const select = db.prepare(
    `SELECT p.schema, p."table", p.x, p.y FROM diagram_place p JOIN environment e ON e.key = p.environment
     WHERE e.id = ? AND p.database = ? ORDER BY p.schema, p."table"`,
  );
  const remove = db.prepare('DELETE FROM diagram_place WHERE environment = ? AND database = ?');
  const insert = db.prepare(
    'INSERT OR REPLACE INTO diagram_place (environment, database, schema, "table", x, y) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    all: (environment, database) =>
      (select.all(environment, database) as unknown as DiagramPlace[]).map((one) => ({ ...one })),
    replace: (environment, database, places) => {
      within(db, () => {
        const { key } = keyOf.get(environment) as { key: number };
        remove.run(key, database);
        for (const { schema, table, x, y } of places) insert.run(key, database, schema, table, x, y);
      });
    },
  };
}
