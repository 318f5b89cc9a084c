import type { CompareOptions, StatementFacts } from '../../../preload/contract/schema-diff.ts';
import type {
  ColumnModel,
  ConstraintModel,
  SchemaModel,
  TableModel,
} from '../../../preload/contract/schema-model.ts';
import { isPartition, isPartitioned, isTable, relationKey } from '../ddl/model-names.ts';
import { References } from '../ddl/references.ts';
import type { Objects, SchemaObject } from '../ddl/schema-object.ts';
import { isSpecialNotNull } from '../ddl/words.ts';
import { aligned, changed } from './compare.ts';

export interface ColumnChanges {
  dropped: ColumnModel[];
  added: ColumnModel[];
  retyped: { from: ColumnModel; to: ColumnModel }[];
}

type LockedRelation = StatementFacts['locks'][number];

/** A parent by inheritance or partitioning that a table keeps, on both sides. */
export interface KeptParent {
  was: TableModel | undefined;
  is: TableModel | undefined;
}

/** Both structures, and what is found out about them on the way to a script. */
export class Sides {
  readonly want: Objects;
  readonly have: Objects;
  readonly wanted: SchemaModel;
  readonly actual: SchemaModel;
  /** Keys of actual objects that go before anything else is done. */
  readonly gone = new Set<string>();
  /** Types that are put aside and made anew: what they are called meanwhile. */
  readonly aside = new Map<string, string>();
  /** Columns that the script has added so far, as `table column`, and keys of what came with them. */
  readonly madeColumns = new Set<string>();
  readonly madeWithColumns = new Set<string>();
  /** By the key of the table. */
  readonly columns = new Map<string, ColumnChanges>();

  constructor(wanted: SchemaModel, actual: SchemaModel, options: CompareOptions) {
    const { want, have } = aligned(wanted, actual, options);
    this.wanted = wanted;
    this.actual = actual;
    this.want = want;
    this.have = have;
  }

  differs(key: string): boolean {
    const want = this.want.all.get(key);
    const have = this.have.all.get(key);
    return !want || !have || changed(own(want), own(have)).length > 0 || fieldsOf(want) !== fieldsOf(have);
  }

  /** Actual objects by what they belong to or need. */
  nextTo(): Map<string, SchemaObject[]> {
    if (this.#neighbours) return this.#neighbours;
    this.#neighbours = new Map();
    for (const object of this.have.all.values()) {
      for (const key of new Set([
        ...object.needs,
        ...object.wants,
        ...(object.table === null ? [] : [object.table]),
      ])) {
        const list = this.#neighbours.get(key);
        if (list) list.push(object);
        else this.#neighbours.set(key, [object]);
      }
    }
    return this.#neighbours;
  }
  #neighbours: Map<string, SchemaObject[]> | undefined;

  forgetNeighbours(): void {
    this.#neighbours = undefined;
  }

  attachedIndex(key: string): SchemaObject | undefined {
    this.#attached ??= new Map(
      [...this.have.all.values()]
        .filter((object) => object.key.startsWith('index partition '))
        .map((object) => [object.table ?? '', object]),
    );
    return this.#attached.get(key);
  }
  #attached: Map<string, SchemaObject> | undefined;

  /** Whether the partition is taken off its parent before. */
  isDetached(indexPartition: SchemaObject): boolean {
    return [...indexPartition.needs].some((need) => need.startsWith('partition ') && this.gone.has(need));
  }

  /** Parents of an actual table that stay so: their statements reach it. */
  keptParents(from: TableModel): KeptParent[] {
    const links = this.parentLinks(from);
    return from.parents.flatMap((oid, at) => {
      const link = links[at] ?? '';
      const was = this.have.names.tables.get(oid);
      if (!was || !this.want.all.has(link) || this.gone.has(link)) return [];
      const is = this.want.all.get(relationKey(this.have.names, was));
      return [{ was, is: is?.of.kind === 'table' ? is.of.table : undefined }];
    });
  }

  /** Whether a column of identity can't be added to it: not with heirs; with partitions from 17 on. */
  hasHeirs(table: TableModel): boolean {
    if (isPartitioned(table) && this.actual.server.versionNumber >= 170000) return false;
    this.#parents ??= new Set(this.actual.tables.flatMap(({ parents }) => parents));
    return this.#parents.has(table.oid);
  }
  #parents: Set<string> | undefined;

  /** One of the two is a server on which NOT NULL has no name. */
  get hasUnnamedNotNulls(): boolean {
    return [this.wanted, this.actual].some(({ server }) => server.versionNumber < 180000);
  }

  /** Whether SET NOT NULL would not make this very constraint. */
  isSpecialNotNull(constraint: ConstraintModel, table: TableModel, column: ColumnModel): boolean {
    if (this.actual.server.versionNumber < 180000 || !constraint.local) return false;
    return isSpecialNotNull(constraint, table, column);
  }

  /** Tables whose rows are read, under SHARE, when a domain is to hold less. */
  tablesOfDomain(key: string): LockedRelation[] {
    const domain = this.have.all.get(key);
    if (domain?.of.kind !== 'type') return [];
    const { oid } = domain.of.type;
    return this.actual.tables
      .filter((table) => isTable(table) && table.columns.some(({ typeOid }) => typeOid === oid))
      .map((table) => ({ mode: 'SHARE', on: this.have.names.of(table) }));
  }

  /** Actual types by the names in a text. */
  typesIn(text: string): Set<string> {
    if (!this.#types) {
      this.#types = new References();
      for (const { of, key } of this.have.all.values())
        if (of.kind === 'type') this.#types.add(this.have.names.schema(of.type.schema), of.type.name, key);
    }
    return this.#types.in(text);
  }
  #types: References | undefined;

  /** Keys of what ties an actual table to its parents. */
  parentLinks(table: TableModel): string[] {
    const { names } = this.have;
    return isPartition(table)
      ? [`partition ${names.of(table)}`]
      : table.parents.map((parent) => `inheritance ${names.of(table)} ${names.relation(parent)}`);
  }
}

const apart = new Set(['comment', 'owner', 'privileges', 'sequence comment', 'sequence privileges']);
const owns = new WeakMap<SchemaObject, SchemaObject['attributes']>();

/** Attributes without those that ALTER … OWNER, COMMENT and GRANT are for. */
export function own(object: SchemaObject): SchemaObject['attributes'] {
  let rest = owns.get(object);
  if (!rest) {
    rest = {};
    for (const name in object.attributes) if (!apart.has(name)) rest[name] = object.attributes[name] ?? null;
    owns.set(object, rest);
  }
  return rest;
}

/** Columns of a composite type, whose order is no difference. */
function fieldsOf({ of }: SchemaObject): string {
  if (of.kind !== 'type' || of.type.kind !== 'composite') return '';
  return JSON.stringify(of.type.columns.map(({ name, type, collation }) => [name, type, collation]).sort());
}
