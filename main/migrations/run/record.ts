import { escapeIdentifier } from 'pg';
import type { FolderMigration } from '../tool.ts';
import type { HomeMadeState } from '../tools/home-made-match.ts';
import type { Digests } from './analysis.ts';
import { type HomeColumn, homeMadeRow, storedNames } from './home-made-row.ts';
import type { RunSession } from './session.ts';
import columnsSql from './sql/columns.sql?raw';
import { quoted, type RunTarget, type StatePlace } from './state-place.ts';
import { recordApplied, recordTakenBack } from './state-rows.ts';

/** Writes and removes the rows of tools that keep one an applied migration. */
export interface Records {
  /** @throws {Refusal} where the row can't be written; to be asked before anything is run */
  check(migration: FolderMigration): Promise<void>;
  apply(migration: FolderMigration, ms: number): Promise<void>;
  takeBack(id: string): Promise<void>;
}

/** @param digestsOf of what is recorded: of the bytes that were run, not of what the file may be by then */
export function openRecords(
  session: RunSession,
  target: RunTarget,
  place: StatePlace,
  state: unknown,
  migrations: readonly FolderMigration[],
  digestsOf: (migration: FolderMigration) => Promise<Digests>,
): Records {
  const { table } = place;
  if (target.tool.id !== 'home-made')
    return {
      check: async () => undefined,
      apply: (migration) => recordApplied(session, table, migration.id),
      takeBack: (id) => recordTakenBack(session, table, id),
    };

  const home = state as HomeMadeState;
  let columns: Promise<HomeColumn[]> | undefined;
  /** Rows that this run has written, as they stand. */
  const written = new Map<string, unknown>();
  const rowOf = async (migration: FolderMigration, ms: number) => {
    columns ??= session.query<HomeColumn>(columnsSql, [quoted(table)]);
    const digests = await digestsOf(migration);
    return homeMadeRow(home, await columns, migrations, migration, { digests, ms });
  };
  return {
    check: async (migration) => void (await rowOf(migration, 0)),
    apply: async (migration, ms) => {
      const { values, times } = await rowOf(migration, ms);
      const names = [...Object.keys(values), ...times].map(escapeIdentifier);
      const given = Object.values(values);
      const places = [...given.map((_, index) => `$${index + 1}`), ...times.map(() => 'clock_timestamp()')];
      await session.query(
        `INSERT INTO ${quoted(table)} (${names.join(', ')}) VALUES (${places.join(', ')})`,
        given,
      );
      written.set(migration.id, Object.values(values)[0]);
    },
    takeBack: async (id) => {
      const { column, stored } = storedNames(home, migrations, id);
      const all = [...stored, ...(written.has(id) ? [written.get(id)] : [])].map(String);
      await session.query(
        `DELETE FROM ${quoted(table)} WHERE ${escapeIdentifier(column)}::text = ANY ($1::text[])`,
        [all.length ? all : [id]],
      );
    },
  };
}
