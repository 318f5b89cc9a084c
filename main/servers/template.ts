/** Which columns a view of this very server has: view name to column names. */
export type KnownColumns = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Fills `{{alias.view.column::type}}` in a statement: `alias.column` where the server's view has that column,
 * `NULL::type` where it has not. So one statement serves every server version, forks included, by what is
 * there and not by a version number.
 */
export function fillTemplate(sql: string, known: KnownColumns): string {
  return sql.replace(/\{\{(\w+)\.(\w+)\.(\w+)::(\w+)\}\}/g, (_, alias, view, column, type) =>
    known.get(view)?.has(column) ? `${alias}.${column}` : `NULL::${type}`,
  );
}
