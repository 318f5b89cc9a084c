import type { ColumnModel, Oid, SchemaModel, TableModel } from '../../schema-model.ts';
import { type Diagram, type DiagramRelation, type DiagramTable, Flag, type NodeKind } from './diagram.ts';

/** Names of partitions that an opened box lists; the inspector has all of them. */
export const listedPartitions = 40;

/**
 * What of a model is drawn. Partitions are counted in the table they belong to, and foreign keys that a partition has
 * from its parent, or that the server keeps for a referenced one, are drawn once. Order is by schema and name, so that
 * equal schemas are drawn equally whatever their oids.
 */
export function digest(model: SchemaModel): Diagram {
  const schemas = [...model.schemas].sort((a, b) => compareNames(a.name, b.name));
  const schemaPlaces = new Map(schemas.map(({ oid }, place) => [oid, place]));
  const rows = new Map(model.tables.map((table) => [table.oid, table]));
  const roots = partitionRoots(model.tables, rows);
  const types = new Interned();
  const enums = model.types.filter((type) => type.kind === 'enum' && schemaPlaces.has(type.schema));
  const enumOids = new Set(enums.map(({ oid }) => oid));

  const tables: DiagramTable[] = [];
  for (const table of model.tables) {
    if (isPartition(table) && roots.get(table.oid) !== table.oid) continue;
    const schema = schemaPlaces.get(table.schema);
    if (schema === undefined) continue;
    tables.push(tableBox(table, schema, types, enumOids));
  }
  for (const type of enums) {
    if (type.kind === 'enum') tables.push(enumBox(type, schemaPlaces.get(type.schema) ?? 0));
  }
  tables.sort((a, b) => a.schema - b.schema || compareNames(a.name, b.name) || compareNames(a.kind, b.kind));
  const places = new Map(tables.map(({ oid }, place) => [oid, place]));
  countPartitions(model.tables, roots, tables, places);

  const relations = [
    ...foreignKeys(model, tables, places, rows, roots),
    ...inheritance(model.tables, places),
    ...viewUses(model, places, rows, roots),
    ...enumUses(tables, places, rows, enumOids),
  ];
  return { schemas: schemas.map(({ name }) => name), types: types.texts, tables, relations };
}

function tableBox(table: TableModel, schema: number, types: Interned, enums: ReadonlySet<Oid>): DiagramTable {
  return {
    oid: table.oid,
    schema,
    name: table.name,
    kind: nodeKind(table.kind),
    columns: table.columns.map(({ name }) => name),
    types: table.columns.map(({ type }) => types.place(type)),
    flags: table.columns.map((column) => columnFlags(column, enums)),
    rowSecurity: table.forceRowSecurity && table.rowSecurity ? 'forced' : table.rowSecurity ? 'on' : 'off',
    partitions: 0,
    partitionNames: [],
    estimatedRows: table.estimatedRows,
    isExtensions: table.extension !== null,
  };
}

function enumBox(
  type: { oid: Oid; name: string; values: string[]; extension: string | null },
  schema: number,
): DiagramTable {
  return {
    oid: type.oid,
    schema,
    name: type.name,
    kind: 'enum',
    columns: type.values,
    types: [],
    flags: [],
    rowSecurity: 'off',
    partitions: 0,
    partitionNames: [],
    estimatedRows: -1,
    isExtensions: type.extension !== null,
  };
}

function columnFlags(column: ColumnModel, enums: ReadonlySet<Oid>): number {
  return (
    (column.notNull ? Flag.notNull : 0) |
    (enums.has(column.typeOid) ? Flag.enum : 0) |
    (column.generated ? Flag.generated : 0)
  );
}

/** A partition whose parent is not to be seen is drawn as the table it is. */
function nodeKind(kind: TableModel['kind']): NodeKind {
  if (kind === 'partition') return 'table';
  if (kind === 'sub-partitioned') return 'partitioned';
  return kind;
}

const isPartition = ({ kind }: TableModel): boolean => kind === 'partition' || kind === 'sub-partitioned';

/** For each partition the partitioned table on top of it, as far as it can be seen. */
function partitionRoots(
  tables: readonly TableModel[],
  byOid: ReadonlyMap<Oid, TableModel>,
): ReadonlyMap<Oid, Oid> {
  const roots = new Map<Oid, Oid>();
  for (const table of tables) {
    if (!isPartition(table)) continue;
    let root = table;
    for (let depth = 0; depth < 64 && isPartition(root); depth += 1) {
      const parent = byOid.get(root.parents[0] ?? '');
      if (!parent) break;
      root = parent;
    }
    roots.set(table.oid, root.oid);
  }
  return roots;
}

function countPartitions(
  models: readonly TableModel[],
  roots: ReadonlyMap<Oid, Oid>,
  tables: readonly DiagramTable[],
  places: ReadonlyMap<Oid, number>,
): void {
  const touched = new Set<DiagramTable>();
  for (const { oid, name } of models) {
    const root = roots.get(oid);
    const table = tables[places.get(root ?? '') ?? -1];
    if (!table || root === oid) continue;
    table.partitions += 1;
    table.partitionNames.push(name);
    touched.add(table);
  }
  for (const table of touched) {
    table.partitionNames.sort(compareNames);
    table.partitionNames.length = Math.min(table.partitionNames.length, listedPartitions);
  }
}

function foreignKeys(
  model: SchemaModel,
  tables: readonly DiagramTable[],
  places: ReadonlyMap<Oid, number>,
  rows: ReadonlyMap<Oid, TableModel>,
  roots: ReadonlyMap<Oid, Oid>,
): DiagramRelation[] {
  const relations: DiagramRelation[] = [];
  const columnPlaces = new Map<Oid, Map<number, number>>();
  const uniques = new Map<number, string[]>();

  /** Places of columns in the box that stands for their table: a partition's attnums may differ from its root's. */
  const placesOf = (
    oid: Oid,
    numbers: readonly number[],
  ): { table: number; columns: number[] } | undefined => {
    const shown = roots.get(oid) ?? oid;
    const table = places.get(shown);
    const row = rows.get(oid);
    if (table === undefined || !row) return undefined;
    let known = columnPlaces.get(oid);
    if (!known) {
      const names =
        shown === oid ? undefined : new Map(tables[table]?.columns.map((name, place) => [name, place]));
      known = new Map(
        row.columns.map(({ number, name }, place) => [number, names ? (names.get(name) ?? -1) : place]),
      );
      columnPlaces.set(oid, known);
    }
    const columns = numbers.map((number) => known.get(number) ?? -1).filter((place) => place >= 0);
    return { table, columns };
  };

  const markUnique = (oid: Oid, numbers: readonly number[], primary: boolean): void => {
    const found = roots.has(oid) && roots.get(oid) !== oid ? undefined : placesOf(oid, numbers);
    const box = found && tables[found.table];
    if (!found || !box || found.columns.length === 0) return;
    const keys = uniques.get(found.table) ?? [];
    keys.push([...found.columns].sort((a, b) => a - b).join());
    uniques.set(found.table, keys);
    for (const place of found.columns) {
      box.flags[place] =
        (box.flags[place] ?? 0) | (primary ? Flag.primary : found.columns.length === 1 ? Flag.unique : 0);
    }
  };
  for (const { kind, table, columns } of model.constraints) {
    if (table && (kind === 'primary-key' || kind === 'unique'))
      markUnique(table, columns, kind === 'primary-key');
  }
  for (const index of model.indexes) {
    if (!index.unique || index.partial || !index.valid || index.constraint) continue;
    const columns = index.columns.slice(0, index.keyColumns);
    if (columns.every((number) => number > 0)) markUnique(index.table, columns, false);
  }

  for (const constraint of model.constraints) {
    if (constraint.kind !== 'foreign-key' || constraint.parent || !constraint.table || !constraint.references)
      continue;
    const from = placesOf(constraint.table, constraint.columns);
    const to = placesOf(constraint.references.table, constraint.references.columns);
    const box = from && tables[from.table];
    if (!from || !to || !box) continue;
    for (const place of from.columns) box.flags[place] = (box.flags[place] ?? 0) | Flag.foreign;
    const key = [...from.columns].sort((a, b) => a - b).join();
    relations.push({
      kind: 'foreign-key',
      name: constraint.name,
      from: from.table,
      to: to.table,
      fromColumns: from.columns,
      toColumns: to.columns,
      optional: from.columns.some((place) => !((box.flags[place] ?? 0) & Flag.notNull)),
      unique: uniques.get(from.table)?.includes(key) ?? false,
    });
  }
  return relations.sort((a, b) => a.from - b.from || compareNames(a.name, b.name) || a.to - b.to);
}

const line = (
  kind: DiagramRelation['kind'],
  from: number,
  to: number,
  fromColumns: number[] = [],
): DiagramRelation => ({
  kind,
  name: '',
  from,
  to,
  fromColumns,
  toColumns: [],
  optional: false,
  unique: false,
});

function inheritance(models: readonly TableModel[], places: ReadonlyMap<Oid, number>): DiagramRelation[] {
  const relations: DiagramRelation[] = [];
  for (const table of models) {
    if (isPartition(table)) continue;
    const from = places.get(table.oid);
    for (const parent of table.parents) {
      const to = places.get(parent);
      if (from !== undefined && to !== undefined) relations.push(line('inherits', from, to));
    }
  }
  return relations;
}

function viewUses(
  model: SchemaModel,
  places: ReadonlyMap<Oid, number>,
  rows: ReadonlyMap<Oid, TableModel>,
  roots: ReadonlyMap<Oid, Oid>,
): DiagramRelation[] {
  const relations: DiagramRelation[] = [];
  const seen = new Set<string>();
  for (const { dependent, on } of model.dependencies) {
    const kind = rows.get(dependent)?.kind;
    if (kind !== 'view' && kind !== 'materialized-view') continue;
    const from = places.get(dependent);
    const to = places.get(roots.get(on) ?? on);
    if (from === undefined || to === undefined || from === to || seen.has(`${from} ${to}`)) continue;
    seen.add(`${from} ${to}`);
    relations.push(line('uses', from, to));
  }
  return relations.sort((a, b) => a.from - b.from || a.to - b.to);
}

function enumUses(
  tables: readonly DiagramTable[],
  places: ReadonlyMap<Oid, number>,
  rows: ReadonlyMap<Oid, TableModel>,
  enums: ReadonlySet<Oid>,
): DiagramRelation[] {
  if (enums.size === 0) return [];
  return tables.flatMap((table, from) =>
    // A view's columns have the types of its tables'.
    table.kind === 'view' || table.kind === 'materialized-view'
      ? []
      : (rows.get(table.oid)?.columns ?? []).flatMap(({ typeOid }, column) => {
          const to = enums.has(typeOid) ? places.get(typeOid) : undefined;
          return to === undefined ? [] : [line('enum', from, to, [column])];
        }),
  );
}

class Interned {
  texts: string[] = [];
  readonly #places = new Map<string, number>();

  place(text: string): number {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.texts.push(text) - 1;
      this.#places.set(text, place);
    }
    return place;
  }
}

/** By code unit: the same everywhere, whatever the language of the system. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
