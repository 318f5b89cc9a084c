import { escapeIdentifier } from 'pg';

/** A relation by schema and name, or a column's name. */
type Name = string | { schema: string; name: string };

/**
 * Fills names into the text of a `.sql` file, quoted: `@table` becomes `"schema"."table"` for `{ table: … }`, `@column`
 * becomes `"column"` for a bare text. An `@word` that no name is given for is an error of the caller.
 */
export function stateSql(text: string, names: Record<string, Name>): string {
  return text.replace(/@([a-z_]+)/gi, (_, key: string) => {
    const name = names[key];
    if (name === undefined) throw new TypeError(`No name was given for @${key}`);
    return typeof name === 'string'
      ? escapeIdentifier(name)
      : `${escapeIdentifier(name.schema)}.${escapeIdentifier(name.name)}`;
  });
}
