import { escapeIdentifier } from 'pg';
import { fail } from '../lib/fail.ts';
import { serverWords } from '../servers/index.ts';
import type { ReadSession } from './read-schema.ts';
import columnsSql from './table/columns.sql?raw';

/** How long looking at a table may take, ms. */
const statementTimeoutMs = 5000;
const lockTimeoutMs = 300;

/** How many characters of a value are shown, and of all values together, as far as that leaves any. */
const longestValue = 1000;
const shortestValue = 20;
const longestAnswer = 2_000_000;

export interface SampledRows {
  columns: string[];
  /** As the server prints them; cut with an ellipsis where they are long. */
  rows: (string | null)[][];
}

/**
 * A few rows of one table, in a READ ONLY transaction. Ordered by nothing: whatever comes first.
 *
 * @throws INVALID when there is no such table, SERVER_ERROR when it is locked or too slow
 */
export async function sampleRows(
  { client }: ReadSession,
  { schema, table, limit }: { schema: string; table: string; limit: number },
): Promise<SampledRows> {
  await client.query(
    `BEGIN READ ONLY; SET LOCAL statement_timeout = ${statementTimeoutMs}; SET LOCAL lock_timeout = ${lockTimeoutMs}`,
  );
  try {
    const found = await client.query<{ name: string }>(columnsSql, [schema, table]);
    const columns = found.rows.map(({ name }) => name);
    if (columns.length === 0) throw noSuchTable(schema, table);
    const longest = Math.max(
      shortestValue,
      Math.min(longestValue, Math.floor(longestAnswer / (limit * columns.length))),
    );
    const list = columns.map((name) => `pg_catalog.left(t.${escapeIdentifier(name)}::text, ${longest + 1})`);
    const { rows } = await client.query<(string | null)[]>({
      text: `SELECT ${list.join(', ')} FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)} t LIMIT $1`,
      values: [limit],
      rowMode: 'array',
    });
    return { columns, rows: rows.map((row) => row.map((value) => shorten(value, longest))) };
  } catch (error) {
    throw explained(error, schema, table);
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
}

const shorten = (value: string | null, longest: number): string | null =>
  value !== null && value.length > longest ? `${value.slice(0, longest)}…` : value;

export function noSuchTable(schema: string, table: string): Error {
  return fail('INVALID', {
    cause: 'table-unknown',
    field: 'table',
    what: `There is no table "${table}" in schema "${schema}".`,
    why: 'It was dropped or renamed since the structure was read, or it has no columns.',
    next: 'Read the structure again.',
  });
}

/** What a lock or a limit means here; other errors stay as they are. */
export function explained(error: unknown, schema: string, table: string): unknown {
  const server = serverWords(error);
  if (server?.sqlstate === '55P03')
    return fail('SERVER_ERROR', {
      cause: 'table-locked',
      what: `"${schema}.${table}" is locked.`,
      why: 'A session holds a lock, or waits for one, that lets nobody look at it. Howdah does not wait in line for it.',
      next: 'See on the activity screen who holds it, and try again when it is gone.',
      server,
    });
  if (server?.sqlstate === '57014')
    return fail('SERVER_ERROR', {
      cause: 'table-slow',
      what: `Looking at "${schema}.${table}" took too long.`,
      why: 'It was stopped after some seconds, so that it does not burden the server.',
      next: 'If it is a view, its query is slow; ask for fewer rows, or query it with a condition.',
      server,
    });
  if (server?.sqlstate === '42501')
    return fail('SERVER_ERROR', {
      cause: 'table-forbidden',
      what: `This role may not read "${schema}.${table}".`,
      why: 'It lacks the SELECT privilege on the table or on one of its columns, or USAGE on the schema.',
      next: 'Ask its owner for GRANT SELECT, or connect with another role.',
      server,
    });
  return error;
}
