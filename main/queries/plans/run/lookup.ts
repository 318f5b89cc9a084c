import { escapeIdentifier } from 'pg';
import type { StatementFacts } from '../../../../preload/contract/plans.ts';
import { extensionOf, knownColumns } from '../../../monitoring/index.ts';
import type { ServerPool } from '../../../servers/index.ts';
import lookupSql from './lookup.sql?raw';
import { parser } from './parser.ts';
import { refusals } from './refusals.ts';
import { judge } from './statement.ts';
import trackedSizeSql from './tracked-size.sql?raw';

/** A statement typed, or looked up by its key, with what is to be known of it before it is planned. */
export async function factsOf(
  pool: ServerPool,
  { text, key }: { text?: string | undefined; key?: string | undefined },
): Promise<StatementFacts> {
  const parse = await parser();
  if (text !== undefined) {
    const [row] = await pool.query<{ bytes: number }>(trackedSizeSql);
    return { text, database: null, user: null, ...judge(text, parse, row?.bytes ?? null) };
  }
  if (key === undefined) return unknown(refusals.nothing());
  const found = await lookUp(pool, key);
  if ('refusal' in found) return unknown(found.refusal);
  const { database, user } = found;
  if (!found.here) return { ...unknown(refusals.otherDatabase(database)), text: found.text, database, user };
  // pg_stat_statements keeps texts whole, whatever their length.
  return { text: found.text, database, user, ...judge(found.text, parse, null) };
}

const unknown = (refusal: StatementFacts['refusal']): StatementFacts => ({
  text: null,
  database: null,
  user: null,
  class: 'unknown',
  parameters: 0,
  refusal,
  warnings: [],
});

type Found = { text: string; database: string | null; user: string | null; here: boolean };

async function lookUp(
  pool: ServerPool,
  key: string,
): Promise<Found | { refusal: NonNullable<StatementFacts['refusal']> }> {
  const [user, database, query, toplevel] = key.split('.');
  const extension = await extensionOf(pool, 'pg_stat_statements');
  if (!extension?.usable) return { refusal: refusals.notInstalled() };
  const known = await knownColumns(pool, ['pg_stat_statements'], extension.schema);
  const sql = lookupSql
    .replace('{{statements}}', `${escapeIdentifier(extension.schema)}.pg_stat_statements(true)`)
    .replace(
      '{{toplevel}}',
      known.get('pg_stat_statements')?.has('toplevel') ? `AND s.toplevel = ${toplevel === 't'}` : '',
    );
  const [row] = await pool.query<Found & Record<string, unknown>>(sql, [user, database, query]);
  if (!row) return { refusal: refusals.gone() };
  return row.text === null || row.text === '<insufficient privilege>' ? { refusal: refusals.hidden() } : row;
}
