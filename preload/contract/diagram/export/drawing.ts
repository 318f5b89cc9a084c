import type {
  ColumnModel,
  ConstraintModel,
  IndexModel,
  Oid,
  SchemaModel,
  TableModel,
} from '../../schema-model.ts';
import type { Diagram, DiagramRelation, DiagramTable } from '../model/diagram.ts';
import { digest } from '../model/digest.ts';

/** What is written as a file: some boxes of a diagram, and the model that it was digested from, which knows more of them. */
export interface Drawing {
  diagram: Diagram;
  /** Places in `diagram.tables`, in the order they are written in. */
  tables: readonly number[];
  model: SchemaModel;
}

/**
 * All tables of some schemas, with the enums there, as they are drawn when nobody chose: members of extensions are left
 * out, because the extension brings them.
 *
 * @param schemas names; all when empty
 */
export function drawingOf(
  model: SchemaModel,
  schemas: readonly string[] = [],
  options: { views: boolean } = { views: false },
): Drawing {
  const diagram = digest(model);
  const wanted = new Set(schemas);
  const tables = diagram.tables.flatMap(({ schema, kind, isExtensions }, place) => {
    if (isExtensions) return [];
    if (wanted.size > 0 && !wanted.has(diagram.schemas[schema] ?? '')) return [];
    return options.views || !isView(kind) ? [place] : [];
  });
  return { diagram, tables, model };
}

export const isView = (kind: DiagramTable['kind']): boolean =>
  kind === 'view' || kind === 'materialized-view';

/** A drawing with what its writers look up. */
export class Described {
  readonly drawing: Drawing;
  readonly diagram: Diagram;
  readonly model: SchemaModel;
  /** Tables, views too, without enums. */
  readonly tables: number[];
  readonly enums: number[];
  readonly #rows: ReadonlyMap<Oid, TableModel>;
  readonly #enumPlaces = new Map<Oid, number>();
  #constraints: Map<string, ConstraintModel> | undefined;
  #indexes: Map<Oid, IndexModel[]> | undefined;
  #keys: Map<Oid, ConstraintModel> | undefined;

  constructor(drawing: Drawing) {
    const { diagram, tables, model } = drawing;
    this.drawing = drawing;
    this.diagram = diagram;
    this.model = model;
    this.#rows = new Map(model.tables.map((table) => [table.oid, table]));
    for (const [place, { kind, oid }] of diagram.tables.entries())
      if (kind === 'enum') this.#enumPlaces.set(oid, place);
    this.tables = tables.filter((place) => !this.#isEnum(place));
    const enums = new Set(tables.filter((place) => this.#isEnum(place)));
    for (const place of this.tables) {
      for (const { typeOid } of this.row(place)?.columns ?? []) {
        const used = this.#enumPlaces.get(typeOid);
        if (used !== undefined) enums.add(used);
      }
    }
    this.enums = [...enums].sort((a, b) => a - b);
  }

  table(place: number): DiagramTable {
    return this.diagram.tables[place] as DiagramTable;
  }

  row(place: number): TableModel | undefined {
    return this.#rows.get(this.table(place).oid);
  }

  schema(place: number): string {
    return this.diagram.schemas[this.table(place).schema] ?? '';
  }

  /** The enum that a column is of. */
  enumOf(column: ColumnModel | undefined): number | undefined {
    return column && this.#enumPlaces.get(column.typeOid);
  }

  /** Relations that begin at one of the tables: with both ends drawn, and those that lead out of the drawing. */
  relations(): { inside: DiagramRelation[]; outside: DiagramRelation[] } {
    const drawn = new Set(this.tables);
    const begun = this.diagram.relations.filter(({ kind, from }) => kind !== 'enum' && drawn.has(from));
    return {
      inside: begun.filter(({ to }) => drawn.has(to)),
      outside: begun.filter(({ to, kind }) => kind === 'foreign-key' && !drawn.has(to)),
    };
  }

  /** The foreign key of a relation; undefined for one that a partition has of its own. */
  constraint({ from, name }: DiagramRelation): ConstraintModel | undefined {
    this.#constraints ??= new Map(
      this.model.constraints.map((constraint) => [`${constraint.table} ${constraint.name}`, constraint]),
    );
    return this.#constraints.get(`${this.table(from).oid} ${name}`);
  }

  indexesOf(table: Oid): IndexModel[] {
    this.#indexes ??= Map.groupBy(this.model.indexes, (index) => index.table);
    return this.#indexes.get(table) ?? [];
  }

  primaryKeyOf(table: Oid): ConstraintModel | undefined {
    this.#keys ??= new Map(
      this.model.constraints.flatMap((constraint) =>
        constraint.kind === 'primary-key' && constraint.table
          ? [[constraint.table, constraint] as const]
          : [],
      ),
    );
    return this.#keys.get(table);
  }

  #isEnum(place: number): boolean {
    return this.table(place).kind === 'enum';
  }
}
