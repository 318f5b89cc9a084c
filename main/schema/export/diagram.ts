import type {
  ColumnModel,
  ConstraintModel,
  Oid,
  SchemaModel,
  TableModel,
  TypeModel,
} from '../../../preload/contract/schema-model.ts';

/** What a diagram shows of a model: tables with keys and the relations between them. Partitions are their parent's. */
export interface Diagram {
  tables: DiagramTable[];
  relations: Relation[];
  /** Foreign keys that lead out of the schemas asked for. */
  outside: Relation[];
  enums: { schema: string; type: TypeModel & { kind: 'enum' } }[];
}

export interface DiagramTable {
  schema: string;
  table: TableModel;
  primary: Set<number>;
  unique: Set<number>;
  foreign: Set<number>;
  /** By the column's number. */
  enums: Map<number, TypeModel & { kind: 'enum' }>;
}

export interface Relation {
  constraint: ConstraintModel;
  from: { schema: string; table: TableModel; columns: ColumnModel[] };
  to: { schema: string; table: TableModel; columns: ColumnModel[] };
  /** Each row of `to` has one of `from` at most. */
  single: boolean;
  /** Each row of `from` has one of `to`. */
  required: boolean;
}

/** @param schemas names; all when empty */
export function diagramOf(model: SchemaModel, schemas: string[]): Diagram {
  const names = new Map(model.schemas.map(({ oid, name }) => [oid, name]));
  const wanted = new Set(schemas);
  const isWanted = (schema: Oid) => wanted.size === 0 || wanted.has(names.get(schema) ?? '');
  const byOid = new Map(model.tables.map((table) => [table.oid, table]));
  const enums = new Map<Oid, TypeModel & { kind: 'enum' }>();
  for (const type of model.types) if (type.kind === 'enum') enums.set(type.oid, type);
  const tables = new Map<Oid, DiagramTable>();
  for (const table of model.tables) {
    if (table.extension || !isDrawn(table) || !isWanted(table.schema)) continue;
    const own = table.columns.flatMap(({ number, typeOid }) => {
      const type = enums.get(typeOid);
      return type ? [[number, type] as const] : [];
    });
    tables.set(table.oid, {
      schema: names.get(table.schema) ?? '',
      table,
      primary: new Set(),
      unique: new Set(),
      foreign: new Set(),
      enums: new Map(own),
    });
  }
  const uniques = new Map<Oid, string[]>();
  const noteUnique = (table: Oid, columns: number[]) =>
    uniques.set(table, [...(uniques.get(table) ?? []), setOf(columns)]);
  for (const { kind, table: oid, columns } of model.constraints) {
    const at = oid === null ? undefined : tables.get(oid);
    if (!at || oid === null) continue;
    if (kind === 'primary-key') for (const column of columns) at.primary.add(column);
    if (kind === 'unique' && columns.length === 1) at.unique.add(columns[0] ?? 0);
    if (kind === 'primary-key' || kind === 'unique') noteUnique(oid, columns);
  }
  for (const index of model.indexes) {
    if (!index.unique || index.partial || index.columns.includes(0)) continue;
    noteUnique(index.table, index.columns.slice(0, index.keyColumns));
  }
  const relations: Relation[] = [];
  const outside: Relation[] = [];
  for (const constraint of model.constraints) {
    const { references, table: oid } = constraint;
    const at = oid === null ? undefined : tables.get(oid);
    const to = references && byOid.get(references.table);
    if (constraint.kind !== 'foreign-key' || constraint.parent || !at || !to) continue;
    for (const column of constraint.columns) at.foreign.add(column);
    const columnsOf = (table: TableModel, numbers: number[]) =>
      numbers.flatMap((number) => table.columns.find((column) => column.number === number) ?? []);
    const columns = columnsOf(at.table, constraint.columns);
    const relation: Relation = {
      constraint,
      from: { schema: at.schema, table: at.table, columns },
      to: {
        schema: names.get(to.schema) ?? '',
        table: to,
        columns: columnsOf(to, references.columns),
      },
      single: uniques.get(at.table.oid)?.includes(setOf(constraint.columns)) ?? false,
      required: columns.every(({ notNull }) => notNull),
    };
    (tables.has(to.oid) ? relations : outside).push(relation);
  }
  const usedEnums = new Set([...tables.values()].flatMap((one) => [...one.enums.values()]));
  const text = (one: { schema: string; name: string }) => `${one.schema}\0${one.name}`;
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return {
    tables: [...tables.values()].sort((a, b) =>
      order(text({ schema: a.schema, name: a.table.name }), text({ schema: b.schema, name: b.table.name })),
    ),
    relations: relations.sort((a, b) =>
      order(
        `${text({ schema: a.from.schema, name: a.from.table.name })}\0${a.constraint.name}`,
        `${text({ schema: b.from.schema, name: b.from.table.name })}\0${b.constraint.name}`,
      ),
    ),
    outside,
    enums: model.types
      .filter((type) => type.kind === 'enum')
      .filter((type) => usedEnums.has(type) || (isWanted(type.schema) && !type.extension))
      .map((type) => ({ schema: names.get(type.schema) ?? '', type }))
      .sort((a, b) =>
        order(text({ schema: a.schema, name: a.type.name }), text({ schema: b.schema, name: b.type.name })),
      ),
  };
}

const isDrawn = ({ kind, partitionBound }: TableModel): boolean =>
  partitionBound === null && (kind === 'table' || kind === 'partitioned' || kind === 'foreign-table');

const setOf = (columns: number[]): string => [...columns].sort((a, b) => a - b).join();
