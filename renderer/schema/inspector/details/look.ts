import type { Definitions } from '../../../../preload/contract/diagram/model/collect.ts';
import type {
  ConstraintModel,
  Oid,
  Printed,
  SchemaModel,
  TableModel,
} from '../../../../preload/contract/schema-model.ts';
import type { DetailKey, DetailLink } from './details.ts';

/** Looks names and later texts up. */
export class Look {
  readonly model: SchemaModel;
  readonly #definitions: Definitions;
  readonly #schemas: Map<Oid, SchemaModel['schemas'][number]>;
  #tables: Map<Oid, TableModel> | undefined;

  constructor(model: SchemaModel, definitions: Definitions) {
    this.model = model;
    this.#definitions = definitions;
    this.#schemas = new Map(model.schemas.map((schema) => [schema.oid, schema]));
  }

  get tables(): ReadonlyMap<Oid, TableModel> {
    this.#tables ??= new Map(this.model.tables.map((one) => [one.oid, one]));
    return this.#tables;
  }

  schema(oid: Oid): SchemaModel['schemas'][number] | undefined {
    return this.#schemas.get(oid);
  }

  schemaName(oid: Oid): string {
    return this.#schemas.get(oid)?.name ?? '?';
  }

  /** A name as it is said from within a schema. */
  nameFrom(schema: Oid, one: { schema: Oid; name: string }): string {
    return one.schema === schema ? one.name : `${this.schemaName(one.schema)}.${one.name}`;
  }

  /** The text under a key of definitions as it is known by now. */
  printed<T extends Printed | null>(key: string, own: T): T {
    return own === null ? own : ((this.#definitions.get(key) as T) ?? own);
  }

  /** Tables, views and routines that use an object, or that it uses. */
  related(oid: Oid, from: Oid, side: 'uses' | 'usedBy'): DetailLink[] {
    const found = new Set<Oid>();
    for (const { dependent, on } of this.model.dependencies) {
      if (dependent === on) continue;
      if (side === 'uses' && dependent === oid) found.add(on);
      if (side === 'usedBy' && on === oid) found.add(dependent);
    }
    return [...found].flatMap((other) => this.link(other, from) ?? []).sort(byName);
  }

  link(oid: Oid, from: Oid): DetailLink | null {
    const table = this.tables.get(oid);
    if (table) return { oid, name: this.nameFrom(from, table) };
    const routine = this.model.routines.find((one) => one.oid === oid);
    return routine ? { oid, name: `${this.nameFrom(from, routine)}(${routine.arguments})` } : null;
  }

  /** Columns whose type it is, partitions' left out, for theirs are their parents'. */
  columnsOfType(oid: Oid, from: Oid): DetailLink[] {
    return this.model.tables.flatMap((table) =>
      table.kind === 'partition' || table.kind === 'sub-partitioned'
        ? []
        : table.columns
            .filter(({ typeOid }) => typeOid === oid)
            .map(({ name }) => ({ oid: table.oid, name: `${this.nameFrom(from, table)}.${name}` })),
    );
  }

  keyOf(one: ConstraintModel, columns: string[], kind: string, notes: string[]): DetailKey {
    return {
      name: one.name,
      kind,
      columns,
      definition: this.printed(one.oid, one.definition),
      notes,
      comment: one.comment,
    };
  }
}

export const byName = (a: { name: string }, b: { name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
