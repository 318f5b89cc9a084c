import pg from 'pg';
import type { StateTable } from '../tool.ts';
import { stateSql } from '../tools/shared/state-sql.ts';
import type { RunSession } from './session.ts';
import dbmateCreate from './sql/dbmate-create.sql?raw';
import dbmateCreateSchema from './sql/dbmate-create-schema.sql?raw';
import dbmateDelete from './sql/dbmate-delete.sql?raw';
import dbmateInsert from './sql/dbmate-insert.sql?raw';
import golangCreate from './sql/golang-create.sql?raw';
import golangEmpty from './sql/golang-empty.sql?raw';
import golangInsert from './sql/golang-insert.sql?raw';
import gooseCreate from './sql/goose-create.sql?raw';
import gooseDelete from './sql/goose-delete.sql?raw';
import gooseInsert from './sql/goose-insert.sql?raw';
import type { StatePlace } from './state-place.ts';

/** Makes the tool's table where it is missing, as the tool does: same columns, same transaction, same first row. */
export async function createTable(session: RunSession, { table, isThere }: StatePlace): Promise<void> {
  if (isThere) return;
  switch (table.tool) {
    case 'golang-migrate':
      await session.query(stateSql(golangCreate, { table }));
      return;
    case 'dbmate':
      try {
        await session.query(stateSql(dbmateCreate, { table }));
      } catch (error) {
        if (!(error instanceof pg.DatabaseError) || error.code !== '3F000') throw error;
        await session.query(stateSql(dbmateCreateSchema, { schema: table.schema }));
        await session.query(stateSql(dbmateCreate, { table }));
      }
      return;
    case 'goose':
      await inTransaction(session, async () => {
        await session.query(stateSql(gooseCreate, { table }));
        await session.query(stateSql(gooseInsert, { table }), ['0', true]);
      });
      return;
    default:
      throw new Error(`${table.tool} has no table of a known shape.`);
  }
}

/** golang-migrate's row (`SetVersion`): null and not dirty leaves the table empty. */
export async function setVersion(
  session: RunSession,
  table: StateTable,
  version: string | null,
  dirty: boolean,
): Promise<void> {
  await inTransaction(session, async () => {
    await session.query(stateSql(golangEmpty, { table }));
    if (version !== null || dirty)
      await session.query(stateSql(golangInsert, { table }), [version ?? '-1', dirty]);
  });
}

/** The row of one applied migration, of dbmate or goose. */
export async function recordApplied(session: RunSession, table: StateTable, id: string): Promise<void> {
  if (table.tool === 'goose') await session.query(stateSql(gooseInsert, { table }), [id, true]);
  else await session.query(stateSql(dbmateInsert, { table }), [id]);
}

export async function recordTakenBack(session: RunSession, table: StateTable, id: string): Promise<void> {
  await session.query(stateSql(table.tool === 'goose' ? gooseDelete : dbmateDelete, { table }), [id]);
}

/** @throws whatever `work` throws; then nothing of it is there, unless it ended the transaction itself */
export async function inTransaction(session: RunSession, work: () => Promise<void>): Promise<void> {
  await session.query('BEGIN');
  try {
    await work();
    await session.query('COMMIT');
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
