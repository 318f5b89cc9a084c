import type { SchemaModel } from '../../preload/contract/schema-model.ts';
import { printable, printLine } from './output.ts';

/** A structure for a terminal: what the server is, then each schema with its counts and the tables in it. */
export function printModel(model: SchemaModel): void {
  printLine(`${printable(model.database)}, PostgreSQL ${printable(model.server.version)}`);
  const partitions = new Set(
    model.tables.flatMap(({ oid, kind }) =>
      kind === 'partition' || kind === 'sub-partitioned' ? [oid] : [],
    ),
  );
  const schemas = [...model.schemas].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { oid, name } of schemas) {
    const tables = model.tables.filter(({ schema }) => schema === oid);
    const inTables = new Set(tables.map((table) => table.oid));
    const ofKind = (...kinds: string[]): number => tables.filter(({ kind }) => kinds.includes(kind)).length;
    const here = (list: { schema: string }[]): number => list.filter(({ schema }) => schema === oid).length;
    const on = (list: { table: string | null }[]): number =>
      list.filter(({ table }) => table !== null && inTables.has(table)).length;
    const counts: [number, string, string][] = [
      [ofKind('table', 'partitioned'), 'table', 'tables'],
      [ofKind('partition', 'sub-partitioned'), 'partition', 'partitions'],
      [ofKind('view'), 'view', 'views'],
      [ofKind('materialized-view'), 'materialized view', 'materialized views'],
      [ofKind('foreign-table'), 'foreign table', 'foreign tables'],
      [on(model.indexes), 'index', 'indexes'],
      [on(model.constraints), 'constraint', 'constraints'],
      [here(model.sequences), 'sequence', 'sequences'],
      [here(model.types), 'type', 'types'],
      [here(model.routines), 'routine', 'routines'],
      [on(model.triggers), 'trigger', 'triggers'],
      [on(model.policies), 'policy', 'policies'],
    ];
    const told = counts.flatMap(([count, one, many]) =>
      count ? [`${count} ${count === 1 ? one : many}`] : [],
    );
    printLine('');
    printLine(`${printable(name)}: ${told.join(', ') || 'empty'}`);
    const shown = tables
      .filter((table) => !partitions.has(table.oid))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const table of shown) {
      const parts = model.tables.filter(
        ({ parents, oid: part }) => partitions.has(part) && parents.includes(table.oid),
      );
      const notes = [
        table.kind === 'table' ? '' : table.kind.replace('-', ' '),
        parts.length ? `${parts.length} partitions` : '',
        table.rowSecurity ? 'row security' : '',
        table.extension ? `of ${table.extension}` : '',
      ].filter(Boolean);
      const columns = `${table.columns.length} ${table.columns.length === 1 ? 'column' : 'columns'}`;
      printLine(`  ${printable(table.name)}  ${[columns, ...notes].join(', ')}`);
    }
  }
  if (model.extensions.length) {
    printLine('');
    printLine(
      `extensions: ${model.extensions.map(({ name, version }) => printable(`${name} ${version}`)).join(', ')}`,
    );
  }
  for (const { what, why } of model.unseen)
    process.stderr.write(`not seen: ${printable(what)}: ${printable(why)}\n`);
}
