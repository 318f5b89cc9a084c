import type { Difference, MigrationStatement } from '../../../preload/contract/schema-diff.ts';

/** Which statements close which difference, as far as it can be told. Places in the two lists. */
export interface Links {
  /** By statement. */
  difference: readonly (number | null)[];
  /** By difference. */
  statements: ReadonlyMap<number, readonly number[]>;
}

/**
 * Finds for each statement the difference that it is for, by kind and name. A statement that clears the way for
 * another, such as dropping a view whose column changes its type, belongs to none.
 */
export function linksOf(
  differences: readonly Difference[],
  statements: readonly MigrationStatement[],
): Links {
  const byObject = new Map<string, number>();
  const byName = new Map<string, number>();
  const byColumn = new Map<string, number>();
  differences.forEach(({ kind, name, part }, index) => {
    if (part !== null) {
      byColumn.set(key(name, part), index);
      byColumn.set(`${name}.${part}`, index);
    } else {
      byObject.set(key(kind, name), index);
      if (!byName.has(name)) byName.set(name, index);
    }
  });
  const found = statements.map(({ sql, object: { kind, name } }): number | null => {
    const column = columnOf(sql);
    if (column !== null) {
      const at = byColumn.get(key(name, column)) ?? byColumn.get(`${name}.${column}`);
      if (at !== undefined) return at;
    }
    if (kind === 'default' || kind === 'identity') return byColumn.get(name) ?? null;
    // Partitions, inheritance and the like are statements of a kind of their own about an object of that name.
    return byObject.get(key(kind, name)) ?? byName.get(name) ?? null;
  });
  const back = new Map<number, number[]>();
  found.forEach((difference, statement) => {
    if (difference === null) return;
    const list = back.get(difference);
    if (list) list.push(statement);
    else back.set(difference, [statement]);
  });
  return { difference: found, statements: back };
}

const key = (one: string, other: string): string => `${one}\0${other}`;

const quotedName = '"((?:[^"]|"")+)"';
const columnForms = [
  new RegExp(
    `^ALTER (?:FOREIGN )?TABLE .*? (?:ADD|DROP|ALTER) COLUMN (?:IF (?:NOT )?EXISTS )?${quotedName}`,
    's',
  ),
  new RegExp(`^ALTER TYPE .*? (?:ADD|DROP|ALTER) ATTRIBUTE ${quotedName}`, 's'),
  new RegExp(`^COMMENT ON COLUMN .*\\.${quotedName} IS `, 's'),
  new RegExp(`^(?:GRANT|REVOKE) [A-Z, ]*? \\(${quotedName}\\) ON `, 's'),
];

/** The column that a statement of the script is about; names in it are always quoted. */
function columnOf(sql: string): string | null {
  for (const form of columnForms) {
    const name = form.exec(sql)?.[1];
    if (name !== undefined) return name.replaceAll('""', '"');
  }
  return null;
}
