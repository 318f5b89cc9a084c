import type {
  ColumnModel,
  ConstraintModel,
  IndexModel,
  Oid,
  RoutineModel,
  SchemaModel,
  SequenceModel,
  TableModel,
  TypeModel,
} from '../../../preload/contract/schema-model.ts';
import { qualified } from './quote.ts';

/** A model's names by oid. */
export class ModelNames {
  readonly model: SchemaModel;
  readonly schemas = new Map<Oid, string>();
  readonly tables = new Map<Oid, TableModel>();
  readonly routines = new Map<Oid, RoutineModel>();
  readonly types = new Map<Oid, TypeModel>();
  readonly sequencesOf = new Map<string, SequenceModel[]>();
  readonly indexes = new Map<Oid, IndexModel>();
  readonly #checks = new Set<string>();
  readonly #replicaIndexes = new Set<Oid>();
  readonly #notNull = new Map<string, ConstraintModel>();

  constructor(model: SchemaModel) {
    this.model = model;
    for (const { oid, name } of model.schemas) this.schemas.set(oid, name);
    for (const table of model.tables) this.tables.set(table.oid, table);
    for (const routine of model.routines) this.routines.set(routine.oid, routine);
    for (const type of model.types) this.types.set(type.oid, type);
    for (const index of model.indexes) {
      this.indexes.set(index.oid, index);
      if (index.replicaIdentity) this.#replicaIndexes.add(index.table);
    }
    for (const one of model.constraints) {
      if (one.kind === 'not-null' && one.table) this.#notNull.set(`${one.table}.${one.columns[0]}`, one);
      if (one.kind === 'check' && one.table) this.#checks.add(`${one.table}.${one.name}`);
    }
    for (const sequence of model.sequences) {
      if (!sequence.ownedBy) continue;
      const key = `${sequence.ownedBy.table}.${sequence.ownedBy.column}`;
      const list = this.sequencesOf.get(key);
      if (list) list.push(sequence);
      else this.sequencesOf.set(key, [sequence]);
    }
  }

  schema(oid: Oid): string {
    return this.schemas.get(oid) ?? 'pg_catalog';
  }

  of(item: { schema: Oid; name: string }): string {
    return qualified(this.schema(item.schema), item.name);
  }

  relation(oid: Oid): string {
    const table = this.tables.get(oid);
    return table ? this.of(table) : `oid ${oid}`;
  }

  columns(table: Oid, numbers: number[]): string[] {
    const columns = this.tables.get(table)?.columns ?? [];
    return numbers.map(
      (number) => columns.find((column) => column.number === number)?.name ?? String(number),
    );
  }

  identity(table: TableModel, column: ColumnModel): SequenceModel | null {
    return (
      this.sequencesOf.get(`${table.oid}.${column.number}`)?.find((sequence) => sequence.ownedBy?.identity) ??
      null
    );
  }

  /** Whether a parent has a check of the name. Dropping a column may leave an heir with one that nobody gave it. */
  hasParentsCheck(table: TableModel, name: string): boolean {
    return table.parents.some((parent) => this.#checks.has(`${parent}.${name}`));
  }

  /** By an index that was dropped is as good as none. */
  replicaIdentity(table: TableModel): TableModel['replicaIdentity'] {
    const isLost = table.replicaIdentity === 'index' && !this.#replicaIndexes.has(table.oid);
    return isLost ? 'nothing' : table.replicaIdentity;
  }

  /** The constraint that makes a column NOT NULL, from 18 on. */
  notNull(table: TableModel, column: ColumnModel): ConstraintModel | undefined {
    return this.#notNull.get(`${table.oid}.${column.number}`);
  }

  routine(oid: Oid): string {
    const routine = this.routines.get(oid);
    return routine ? `${this.of(routine)}` : `oid ${oid}`;
  }
}

/** Key of a table, view or foreign table. */
export function relationKey(names: ModelNames, table: TableModel): string {
  return `${relationKind(table)} ${names.of(table)}`;
}

export function relationKind(table: TableModel): 'table' | 'foreign table' | 'view' | 'materialized view' {
  if (table.kind === 'view') return 'view';
  if (table.kind === 'materialized-view') return 'materialized view';
  return table.kind === 'foreign-table' || (table.kind === 'partition' && table.server !== null)
    ? 'foreign table'
    : 'table';
}

/** What ALTER says for it. */
export const alterWord = (kind: string): string => kind.toUpperCase();

export const isTable = (table: TableModel): boolean =>
  table.kind !== 'view' && table.kind !== 'materialized-view';
export const isPartitioned = (table: TableModel): boolean =>
  table.kind === 'partitioned' || table.kind === 'sub-partitioned';
export const isPartition = (table: TableModel): boolean =>
  table.partitionBound !== null || table.kind === 'partition' || table.kind === 'sub-partitioned';

export const routineKey = (names: ModelNames, routine: RoutineModel): string =>
  `routine ${names.of(routine)}(${argumentsOf(routine)})`;

/** Arguments as all versions print them: of procedures' those from 14 on say IN. */
export const argumentsOf = ({ kind, arguments: text }: RoutineModel): string =>
  kind === 'procedure' ? text.replace(/(^|, )IN /g, '$1') : text;
