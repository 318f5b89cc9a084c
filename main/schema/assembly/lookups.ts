import { textOf } from '../rows.ts';
import { typeText } from './dropped-meanwhile.ts';
import { bare, type Lookups, type Row } from './of-rows.ts';

/** What other rows refer to by number. `of` gives the rows of a statement, `take` for the last time. */
export function lookupsOf(of: (statement: string) => Row[], take: (statement: string) => Row[]): Lookups {
  const roles = new Map(take('roles').map((row) => [row[0], textOf(row[1])]));
  const named = new Map(of('lookups').map((row) => [`${row[0]} ${row[1]}`, textOf(row[2])]));
  const collations = new Map(take('collations').map((row) => [row[0], textOf(row[1])]));
  const traits = new Map(
    take('type-traits').map((row) => [row[0], { storage: row[1] ?? 'x', collation: row[2] ?? '\\N' }]),
  );
  const types = new Map<string, string>(
    take('column-types').map((row) => [`${row[0]} ${row[1]}`, typeText(textOf(row[2]))]),
  );
  const members = new Map<string, string>();
  const extensions = new Map(of('extensions').map((row) => [row[0], textOf(row[1])]));
  for (const [catalog, id, extension] of of('extension-members'))
    members.set(`${bare(catalog)} ${id}`, extensions.get(extension) ?? '');
  return {
    role: (id) => roles.get(id) ?? String(id ?? ''),
    named: (kind, id) =>
      id === undefined || id === '0' || id === '\\N' ? null : (named.get(`${kind} ${id}`) ?? id),
    collation: (id) => (id === undefined || id === '\\N' || id === '0' ? null : (collations.get(id) ?? id)),
    traits: (id) => traits.get(id),
    type: (key) => types.get(key),
    extension: (catalog, id) => members.get(`${catalog} ${id}`) ?? null,
  };
}
