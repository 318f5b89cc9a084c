import { escapeIdentifier } from 'pg';
import type { BackupContents } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { DumpTable, Look } from './look.ts';
import { type NamePattern, namePattern } from './patterns.ts';

type Chosen = (table: Pick<DumpTable, 'schema' | 'name'>) => boolean;

/** The tables and sequences that a dump of these contents holds, as far as they can be told beforehand. */
export function chosenTables(look: Look, contents: BackupContents): DumpTable[] {
  if (contents.what === 'globals') return [];
  const inSchemas = matcher(contents.schemas, 'schema');
  const inTables = matcher(contents.tables, 'table');
  const outSchemas = matcher(contents.excludeSchemas, 'schema');
  const outTables = matcher(contents.excludeTables, 'table');
  return look.tables.filter((table) => {
    if (table.ofExtension || outSchemas(table) || outTables(table)) return false;
    if (contents.tables.length > 0) return inTables(table);
    return contents.schemas.length === 0 || inSchemas(table);
  });
}

/** Of these, the ones whose rows are taken. */
export function tablesWithRows(tables: readonly DumpTable[], contents: BackupContents): DumpTable[] {
  if (contents.what !== 'all' && contents.what !== 'data') return [];
  const without = matcher(contents.excludeData, 'table');
  return tables.filter((table) => table.kind === 'r' && !without(table));
}

function matcher(patterns: readonly string[], kind: 'schema' | 'table'): Chosen {
  const all = patterns.map((one) => namePattern(one, kind)).filter((one): one is NamePattern => Boolean(one));
  return ({ schema, name }) =>
    all.some((one) =>
      kind === 'schema' ? one.name.test(schema) : one.name.test(name) && (one.schema?.test(schema) ?? true),
    );
}

/** Why a dump of these contents would fail, or hold less than it seems to, with what mends it. */
export function obstacle(look: Look, contents: BackupContents): Explanation | undefined {
  const tables = chosenTables(look, contents);
  const rows = new Set(tablesWithRows(tables, contents));
  const role = escapeIdentifier(look.user);
  const closed = tables.filter(({ kind, mayRead, mayEnter }) => {
    if (kind === 'S')
      return contents.what === 'all' && contents.tables.length === 0 && !(mayRead && mayEnter);
    return !(mayRead && mayEnter);
  });
  if (closed.length > 0) {
    const schemas = [...new Set(closed.filter(({ mayEnter }) => !mayEnter).map(({ schema }) => schema))];
    const grants = [
      ...schemas.map((one) => `GRANT USAGE ON SCHEMA ${escapeIdentifier(one)} TO ${role};`),
      ...closed
        .filter(({ mayRead }) => !mayRead)
        .slice(0, 50)
        .map((one) => `GRANT SELECT ON ${one.kind === 'S' ? 'SEQUENCE ' : ''}${nameOf(one)} TO ${role};`),
    ];
    return {
      cause: 'privilege-missing',
      what: `${look.user} may not read ${listed(closed)}.`,
      why: 'pg_dump locks and reads all that it is to hold, and ends at the first that it may not.',
      next:
        look.versionNum >= 140_000
          ? 'Have the grant given by a superuser, or leave these out.'
          : 'Have the grants given by their owner, or leave these out.',
      command: look.versionNum >= 140_000 ? `GRANT pg_read_all_data TO ${role};` : grants.join('\n'),
    };
  }
  const filtered = tables.filter((table) => table.isFiltered && rows.has(table));
  if (filtered.length > 0) {
    return {
      cause: 'rows-hidden',
      what: `Policies may hide rows of ${listed(filtered)} from ${look.user}.`,
      why: 'Row-level security holds for this role, and a backup without the hidden rows would look whole.',
      next: 'Use the owner of these tables, or let the role see all rows.',
      command: `ALTER ROLE ${role} BYPASSRLS;`,
    };
  }
  const { largeObjects } = look;
  const takesObjects = rows.size > 0 && contents.schemas.length + contents.tables.length === 0;
  if (takesObjects && largeObjects.closed > 0) {
    return {
      cause: 'privilege-missing',
      what: `${look.user} may not read ${largeObjects.closed} of ${largeObjects.all} large objects.`,
      why: 'pg_dump reads them all, and pg_read_all_data does not extend to them.',
      next: 'Have each owner grant SELECT ON LARGE OBJECT, or use a superuser.',
      command: `SELECT format('GRANT SELECT ON LARGE OBJECT %s TO %I', oid, ${literal(look.user)}) FROM pg_largeobject_metadata \\gexec`,
    };
  }
  return undefined;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const nameOf = ({ schema, name }: DumpTable): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;

function listed(tables: readonly DumpTable[]): string {
  const shown = tables.slice(0, 5).map(({ schema, name }) => `${schema}.${name}`);
  const more = tables.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
