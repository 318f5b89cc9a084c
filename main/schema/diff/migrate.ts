import type { ColumnModel, SchemaModel, TableModel, Unseen } from '../../../preload/contract/schema-model.ts';
import {
  alterWord,
  type Extras,
  enableTrigger,
  identityWord,
  isPartition,
  isPartitioned,
  isTable,
  type Objects,
  realOptions,
  relationKind,
  rolesOf,
  type SchemaObject,
} from '../ddl/objects.ts';
import { literal, qualified, quoted } from '../ddl/quote.ts';
import { References } from '../ddl/references.ts';
import {
  arrange,
  comesFromParent,
  creation,
  extrasStatements,
  isBrought,
  isGenerated,
} from '../ddl/script.ts';
import {
  changedForeignOptions,
  changedParameters,
  columnSettings,
  columnText,
  isOwnColumn,
  tableSettings,
} from '../ddl/tables.ts';
import { aligned, type CompareOptions, changed } from './compare.ts';
import { factsOf, isVolatile, isWidening, losesNothing, type StatementFacts } from './facts.ts';

export interface MigrationStatement extends StatementFacts {
  sql: string;
  /** `destroy`: takes something away that isn't made again by the script, or data with it. */
  risk: 'change' | 'destroy';
  /** What it is for. */
  object: { kind: string; name: string };
  note?: string;
}

export interface Migration {
  /** In the order in which they are to be run. */
  statements: MigrationStatement[];
  /** What the script leaves as it is, and why: texts that could not be read, changes that no statement can make. */
  leftOut: Unseen[];
}

/**
 * Statements that turn a database of the structure `actual` into one of the structure `wanted`. Nothing is run. A
 * renamed object is one that is gone and one that is new: names are all there is to go by.
 */
export function migrationScript(
  wanted: SchemaModel,
  actual: SchemaModel,
  options: CompareOptions = {},
): Migration {
  return new Migrator(wanted, actual, options).run();
}

/** Dropped at the end, when nothing uses them any more; all else goes first. */
const late = new Set(['schema', 'extension', 'type', 'foreign server', 'routine']);
/** Not dropped because something that they need is: they hold data, or can be altered to need it no more. */
const lasting = new Set([
  'schema',
  'extension',
  'type',
  'foreign server',
  'sequence',
  'table',
  'foreign table',
]);

interface ColumnChanges {
  dropped: ColumnModel[];
  added: ColumnModel[];
  retyped: { from: ColumnModel; to: ColumnModel }[];
}

class Migrator {
  readonly #want: Objects;
  readonly #have: Objects;
  readonly #wanted: SchemaModel;
  readonly #actual: SchemaModel;
  readonly #migration: Migration = { statements: [], leftOut: [] };
  /** Keys of actual objects that go before anything else is done. */
  readonly #gone = new Set<string>();
  /** Types that are put aside and made anew. */
  readonly #aside = new Map<string, string>();
  readonly #columns = new Map<string, ColumnChanges>();
  readonly #script: { owners: boolean; privileges: boolean; comments: boolean };

  constructor(wanted: SchemaModel, actual: SchemaModel, options: CompareOptions) {
    const { want, have } = aligned(wanted, actual, options);
    this.#wanted = wanted;
    this.#actual = actual;
    this.#want = want;
    this.#have = have;
    this.#script = {
      owners: !options.ignoreOwner,
      privileges: !options.ignorePrivileges,
      comments: !options.ignoreComments,
    };
  }

  run(): Migration {
    this.#withoutUnknown();
    const actual = arrange(this.#have);
    const wanted = arrange(this.#want);
    this.#typesAside();
    this.#compareColumns();
    this.#whatGoes();
    this.#dropEarly(actual);
    this.#putAside();
    this.#makeAndAlter(wanted);
    this.#dropLate(actual);
    return this.#migration;
  }

  #say(
    object: Pick<SchemaObject, 'kind' | 'name'>,
    sql: string,
    risk: MigrationStatement['risk'] = 'change',
    more: Partial<StatementFacts> & { note?: string } = {},
  ): void {
    this.#migration.statements.push({
      sql,
      risk,
      object: { kind: object.kind, name: object.name },
      ...factsOf(sql),
      ...more,
    });
  }

  /** What is not known on one side is left alone on both. */
  #withoutUnknown(): void {
    for (const [objects, other] of [
      [this.#want, this.#have],
      [this.#have, this.#want],
    ] as const) {
      for (const object of [...objects.all.values()]) {
        if (!object.unknown.length) continue;
        for (const why of object.unknown) this.#migration.leftOut.push({ what: object.name, why });
        if (object.kind === 'table' || object.kind === 'foreign table') {
          for (const side of [object, other.all.get(object.key)])
            if (side) delete side.attributes['partition key'];
          continue;
        }
        objects.all.delete(object.key);
        other.all.delete(object.key);
      }
    }
  }

  #differs(key: string): boolean {
    const want = this.#want.all.get(key);
    const have = this.#have.all.get(key);
    return !want || !have || changed(own(want), own(have)).length > 0 || fieldsOf(want) !== fieldsOf(have);
  }

  /** Types that can't be altered into what is wanted, and those that are made of them. */
  #typesAside(): void {
    const add = (object: SchemaObject) => {
      if (object.of.kind !== 'type' || this.#aside.has(object.key)) return;
      const schema = this.#have.names.schema(object.of.type.schema);
      this.#aside.set(object.key, qualified(schema, this.#freeName(schema, object.of.type.name)));
    };
    for (const [key, want] of this.#want.all) {
      const have = this.#have.all.get(key);
      if (have && want.of.kind === 'type' && have.of.kind === 'type' && !this.#alterable(want, have))
        add(have);
    }
    for (let size = -1; size !== this.#aside.size; ) {
      size = this.#aside.size;
      for (const object of this.#have.all.values()) {
        if (object.kind !== 'type' || !this.#want.all.has(object.key)) continue;
        if ([...object.needs].some((need) => this.#aside.has(need))) add(object);
      }
    }
  }

  #freeName(schema: string, name: string): string {
    const taken = new Set<string>();
    for (const model of [this.#wanted, this.#actual]) {
      const names = model === this.#wanted ? this.#want.names : this.#have.names;
      for (const list of [model.types, model.tables, model.sequences]) {
        for (const item of list) if (names.schema(item.schema) === schema) taken.add(item.name);
      }
      for (const { name } of model.indexes) taken.add(name);
    }
    for (let n = 0; ; n += 1) {
      // 63 bytes at most.
      const suffix = `_replaced${n || ''}`;
      let start = name;
      while (Buffer.byteLength(start) + suffix.length > 63) start = [...start].slice(0, -1).join('');
      if (!taken.has(start + suffix)) return start + suffix;
    }
  }

  #alterable(want: SchemaObject, have: SchemaObject): boolean {
    if (want.of.kind !== 'type' || have.of.kind !== 'type') return false;
    const to = want.of.type;
    const from = have.of.type;
    if (to.kind === 'enum' && from.kind === 'enum') return isSubsequence(from.values, to.values);
    if (to.kind === 'domain' && from.kind === 'domain') {
      return to.base === from.base && to.collation === from.collation;
    }
    if (to.kind === 'composite' && from.kind === 'composite') {
      const before = new Map(from.columns.map((column) => [column.name, column]));
      const same = to.columns.every((column) => {
        const one = before.get(column.name);
        return !one || (one.type === column.type && one.collation === column.collation);
      });
      return same;
    }
    return changed(own(want), own(have)).length === 0;
  }

  #compareColumns(): void {
    for (const [key, want] of this.#want.all) {
      const have = this.#have.all.get(key);
      if (!have || want.of.kind !== 'table' || have.of.kind !== 'table' || !isTable(want.of.table)) continue;
      const before = new Map(have.of.table.columns.map((column) => [column.name, column]));
      const after = new Map(want.of.table.columns.map((column) => [column.name, column]));
      const changes: ColumnChanges = { dropped: [], added: [], retyped: [] };
      for (const [name, from] of before) {
        const to = after.get(name);
        if (!to) changes.dropped.push(from);
        else if (this.#generationDiffers(want, have, name)) {
          changes.dropped.push(from);
          changes.added.push(to);
        } else if (
          from.type !== to.type ||
          from.collation !== to.collation ||
          [...this.#typesOf(from)].some((type) => this.#aside.has(type))
        ) {
          changes.retyped.push({ from, to });
        }
      }
      for (const [name, to] of after) if (!before.has(name)) changes.added.push(to);
      this.#columns.set(key, changes);
    }
  }

  readonly #types = new References();
  #typesKnown = false;
  #typesOf(column: ColumnModel): Set<string> {
    if (!this.#typesKnown) {
      this.#typesKnown = true;
      for (const object of this.#have.all.values()) {
        if (object.of.kind !== 'type') continue;
        this.#types.add(this.#have.names.schema(object.of.type.schema), object.of.type.name, object.key);
      }
    }
    return this.#types.in(column.type);
  }

  /** A generated column can't become a plain one with another default, nor the other way round, nor generate otherwise. */
  #generationDiffers(want: SchemaObject, have: SchemaObject, column: string): boolean {
    const at = (objects: Objects, table: SchemaObject) => {
      if (table.of.kind !== 'table') return undefined;
      const object = objects.all.get(`default ${objects.names.of(table.of.table)}.${quoted(column)}`);
      return object && isGenerated(object) ? JSON.stringify(object.attributes) : undefined;
    };
    return at(this.#want, want) !== at(this.#have, have);
  }

  /** Fills `#gone`: what is not wanted, what can only be made anew, and what stands in the way of either. */
  #whatGoes(): void {
    const routineNames = new Set<string>();
    for (const object of this.#want.all.values()) {
      if (object.of.kind === 'routine') routineNames.add(this.#want.names.of(object.of.routine));
    }
    const columnsTouched = new Map<string, Set<string>>();
    const seedColumns = (key: string, names: string[]) => {
      const set = columnsTouched.get(key) ?? new Set();
      for (const name of names) set.add(name);
      columnsTouched.set(key, set);
    };
    for (const [key, have] of this.#have.all) {
      const want = this.#want.all.get(key);
      if (!want) {
        const sameName = have.of.kind === 'routine' && routineNames.has(this.#have.names.of(have.of.routine));
        if (!late.has(have.kind) || sameName) this.#gone.add(key);
      } else if (this.#differs(key) && !this.#changesInPlace(want, have)) this.#gone.add(key);
      const changes = this.#columns.get(key);
      if (changes) {
        const names = [...changes.dropped, ...changes.retyped.map(({ from }) => from)].map(
          ({ name }) => name,
        );
        if (names.length) seedColumns(key, names);
      }
    }
    for (const [key, names] of columnsTouched) this.#columnsGo(key, names);
    do this.#spread();
    while (this.#indexesStayOff());
  }

  /**
   * A partition that is attached gets every index that its parent has. Where it is to have none, the parent's goes
   * before and is made again after. Tells whether there were more of these.
   */
  #indexesStayOff(): boolean {
    const size = this.#gone.size;
    const attached = new Set<string>();
    for (const { key, needs } of this.#want.all.values()) {
      if (!key.startsWith('index partition ')) continue;
      const partition = [...needs].find((need) => need.startsWith('partition '));
      for (const need of needs) attached.add(`${partition} ${need}`);
    }
    for (const partition of this.#want.all.values()) {
      if (partition.kind !== 'partition') continue;
      if (this.#have.all.has(partition.key) && !this.#gone.has(partition.key)) continue;
      for (const parent of partition.needs) {
        if (parent === partition.table) continue;
        for (const object of this.#nextTo().get(parent) ?? []) {
          const isOwn = object.of.kind === 'index' && !object.fold && object.table === parent;
          if (!isOwn || !this.#want.all.has(object.key)) continue;
          if (!attached.has(`${partition.key} ${object.key}`)) this.#gone.add(object.key);
        }
      }
    }
    return this.#gone.size > size;
  }

  /** What hangs on columns that are dropped or change their type. */
  #columnsGo(table: string, columns: Set<string>): void {
    const { names } = this.#have;
    const uses = (oid: string, numbers: number[]) =>
      names.columns(oid, numbers).some((name) => columns.has(name));
    for (const object of this.#nextTo().get(table) ?? []) {
      const { of } = object;
      if (object.table === table) {
        if (object.kind === 'default' && of.kind === 'column') {
          if (columns.has(of.column.name) || (of.column.generated && mentions(object, columns)))
            this.#gone.add(object.key);
        } else if (object.kind === 'identity' && of.kind === 'column') {
          if (columns.has(of.column.name)) this.#gone.add(object.key);
        } else if (of.kind === 'constraint') {
          const { table: oid, columns: numbers, kind } = of.constraint;
          const byText = numbers.length === 0 || kind === 'exclusion';
          if (uses(oid ?? '', numbers) || (byText && mentions(object, columns))) this.#gone.add(object.key);
        } else if (of.kind === 'index') {
          const byText = of.index.partial || of.index.columns.includes(0);
          if (uses(of.index.table, of.index.columns) || (byText && mentions(object, columns)))
            this.#gone.add(object.key);
        } else if (['trigger', 'policy', 'publication table'].includes(object.kind)) {
          if (mentions(object, columns)) this.#gone.add(object.key);
        }
      } else if (object.needs.has(table)) {
        if (of.kind === 'constraint' && of.constraint.references) {
          if (uses(of.constraint.references.table, of.constraint.references.columns))
            this.#gone.add(object.key);
        } else if (
          !lasting.has(object.kind) &&
          !['inheritance', 'partition', 'sequence owner', 'default', 'index'].includes(object.kind) &&
          mentions(object, columns)
        ) {
          this.#gone.add(object.key);
        }
      }
      if (object.kind === 'sequence owner' && object.needs.has(table)) {
        const owned = object.attributes['owned by'];
        const touched = [...columns].some(
          (column) => typeof owned === 'string' && owned.endsWith(`.${quoted(column)}`),
        );
        if (touched) this.#gone.add(object.key);
      }
    }
  }

  /** Actual objects by what they belong to or need. */
  #nextTo(): Map<string, SchemaObject[]> {
    if (this.#neighbours) return this.#neighbours;
    this.#neighbours = new Map();
    for (const object of this.#have.all.values()) {
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

  /** From what goes to what needs it, until nothing more is found. */
  #spread(): void {
    const dependents = this.#nextTo();
    const queue = [...this.#gone, ...this.#aside.keys()];
    const add = (object: SchemaObject) => {
      if (this.#gone.has(object.key)) return;
      this.#gone.add(object.key);
      queue.push(object.key);
    };
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      const object = this.#have.all.get(key);
      for (const dependent of dependents.get(key) ?? []) {
        if (lasting.has(dependent.kind)) continue;
        if (dependent.needs.has(key) || (dependent.rank >= 13 && dependent.wants.has(key))) add(dependent);
      }
      if (!object) continue;
      if (isGenerated(object) && object.of.kind === 'column' && this.#want.all.has(object.table ?? '')) {
        this.#regenerate(object.table ?? '', object.of.column);
      }
      // A partition's index goes with its parent's, and can't go alone.
      if (object.key.startsWith('index partition ')) {
        const child = this.#have.all.get(object.table ?? '');
        if (child && !this.#isDetached(object)) add(child);
      }
      if (object.of.kind === 'index' || object.of.kind === 'constraint') {
        const attached = this.#attachedIndex(object.key);
        if (attached && !this.#isDetached(attached) && !this.#gone.has(object.table ?? '')) {
          for (const need of attached.needs) {
            const parent = this.#have.all.get(need);
            if (parent && need !== object.key && !need.startsWith('partition ')) add(parent);
          }
        }
      }
    }
  }

  #attachedIndex(key: string): SchemaObject | undefined {
    this.#attached ??= new Map(
      [...this.#have.all.values()]
        .filter((object) => object.key.startsWith('index partition '))
        .map((object) => [object.table ?? '', object]),
    );
    return this.#attached.get(key);
  }
  #attached: Map<string, SchemaObject> | undefined;

  /** Whether the partition is taken off its parent before. */
  #isDetached(indexPartition: SchemaObject): boolean {
    return [...indexPartition.needs].some((need) => need.startsWith('partition ') && this.#gone.has(need));
  }

  #regenerate(table: string, column: ColumnModel): void {
    const changes = this.#columns.get(table);
    const want = this.#want.all.get(table);
    if (!changes || want?.of.kind !== 'table') return;
    if (!changes.dropped.some(({ name }) => name === column.name)) changes.dropped.push(column);
    const to = want.of.table.columns.find(({ name }) => name === column.name);
    changes.retyped = changes.retyped.filter(({ to }) => to.name !== column.name);
    if (to && !changes.added.some(({ name }) => name === column.name)) changes.added.push(to);
  }

  /** Whether there are statements that change what differs and keep the rest. */
  #changesInPlace(want: SchemaObject, have: SchemaObject): boolean {
    const differing = new Set(changed(own(want), own(have)).map(({ name }) => name));
    const only = (...names: string[]) => [...differing].every((name) => names.includes(name));
    switch (want.kind) {
      case 'table':
      case 'foreign table':
        return (
          !['partition key', 'of type', 'server'].some((name) => differing.has(name)) &&
          want.of.kind === 'table' &&
          want.of.table.persistence !== 'temporary'
        );
      case 'view':
        return this.#isReplaceable(want, have);
      case 'materialized view':
        return only('options', 'tablespace', 'access method');
      case 'routine':
        return !differing.has('kind') && !differing.has('result') && headOf(want) === headOf(have);
      case 'constraint':
      case 'foreign key':
        return this.#isValidation(want, have);
      case 'index':
        return want.fold !== null
          ? !want.key.startsWith('index partition ')
          : only('tablespace') && want.create.length > 0;
      case 'trigger':
        return only('enabled');
      case 'policy':
        return !differing.has('command') && !differing.has('permissive') && keepsExpressions(want, have);
      case 'default':
        return !isGenerated(want) && !isGenerated(have);
      case 'publication table':
      case 'partition':
      case 'domain constraint':
        return false;
      case 'publication':
        return !differing.has('all tables');
      case 'event trigger':
        return only('enabled');
      case 'foreign server':
        return !differing.has('wrapper') && !differing.has('type');
      default:
        return true;
    }
  }

  #isReplaceable(want: SchemaObject, have: SchemaObject): boolean {
    if (want.of.kind !== 'table' || have.of.kind !== 'table') return false;
    const to = want.of.table.columns;
    return have.of.table.columns.every(
      (column, index) =>
        to[index]?.name === column.name &&
        to[index].type === column.type &&
        to[index].collation === column.collation,
    );
  }

  /** NOT VALID on this side only, and otherwise the same. */
  #isValidation(want: SchemaObject, have: SchemaObject): boolean {
    const to = want.attributes.definition;
    const from = have.attributes.definition;
    return typeof to === 'string' && typeof from === 'string' && from === `${to} NOT VALID`;
  }

  #putAside(): void {
    for (const [key, name] of this.#aside) {
      const object = this.#have.all.get(key);
      if (object?.of.kind !== 'type') continue;
      const word = object.of.type.kind === 'domain' ? 'DOMAIN' : 'TYPE';
      this.#say(
        object,
        `ALTER ${word} ${this.#have.names.of(object.of.type)} RENAME TO ${name.slice(quoted(this.#have.names.schema(object.of.type.schema)).length + 1)}`,
      );
      if (
        object.of.type.kind === 'range' &&
        object.of.type.multirange &&
        this.#actual.server.versionNumber >= 140000
      ) {
        const schema = this.#have.names.schema(object.of.type.schema);
        this.#say(
          object,
          `ALTER TYPE ${object.of.type.multirange} RENAME TO ${quoted(this.#freeName(schema, `${object.of.type.name}_multi`))}`,
        );
      }
    }
  }

  #dropEarly({ placed }: ReturnType<typeof arrange>): void {
    const doubled = new Set(placed.filter(({ stub }) => stub).map(({ object }) => object.key));
    const reversed = [...placed].reverse();
    const first = (object: SchemaObject) => object.kind === 'partition' || object.kind === 'inheritance';
    for (const early of [true, false]) {
      for (const { object, stub } of reversed) {
        if (!this.#gone.has(object.key) || first(object) !== early) continue;
        if (doubled.has(object.key) && !stub) {
          if (object.stub) this.#say(object, object.stub.replace(/^CREATE VIEW /, 'CREATE OR REPLACE VIEW '));
          continue;
        }
        if (this.#goesWithAnother(object)) continue;
        const again = this.#want.all.has(object.key);
        const holdsData = ['table', 'foreign table', 'sequence'].includes(object.kind);
        const data = isGenerated(object) && again ? 'change' : again && !holdsData ? 'change' : 'destroy';
        for (const sql of object.drop) {
          this.#say(object, sql, data, {
            ...(again && holdsData ? { note: 'It can only be made anew; what is in it is lost.' } : {}),
            ...(again && object.kind === 'materialized view'
              ? { note: 'It is made anew, empty: REFRESH fills it.' }
              : {}),
            ...(object.of.kind === 'index'
              ? {
                  locks: [
                    {
                      mode: 'ACCESS EXCLUSIVE' as const,
                      on: this.#have.names.relation(object.of.index.table),
                    },
                  ],
                }
              : {}),
          });
        }
      }
    }
  }

  /** Whether dropping something else that goes takes it along. */
  #goesWithAnother(object: SchemaObject): boolean {
    const table = object.table === null ? undefined : this.#have.all.get(object.table);
    if (comesFromParent(object) && table?.of.kind === 'table') {
      if (!this.#parentLinks(table.of.table).some((key) => this.#gone.has(key))) return true;
    }
    const attached = this.#attachedIndex(object.key);
    if (attached && !this.#isDetached(attached)) return true;
    if (!table || !this.#gone.has(table.key)) return false;
    if (object.kind === 'sequence owner' || object.kind === 'publication table') return false;
    // A partition of a table that others refer to can't be dropped before it is taken off.
    if (object.kind === 'partition') return [...object.needs].every((need) => this.#gone.has(need));
    // Left to the table, unless it stands in the way of something else that goes.
    const others = [...object.needs].filter((need) => need !== object.table);
    return !others.some((need) => this.#gone.has(need) || !this.#want.all.has(need));
  }

  #makeAndAlter({ placed, inlined }: ReturnType<typeof arrange>): void {
    const made = new Set<string>();
    const stubbed = new Set<string>();
    const inlinedIn = new Map<string, string>();
    for (const [table, list] of inlined) for (const { key } of list) inlinedIn.set(key, table);
    for (const { object, stub } of placed) {
      const have = this.#have.all.get(object.key);
      const isNew = !have || this.#gone.has(object.key) || this.#aside.has(object.key);
      const kept = isNew ? undefined : have;
      if (stub) {
        if (isNew && object.stub) {
          this.#say(object, object.stub);
          stubbed.add(object.key);
        }
        continue;
      }
      const table = object.table ?? '';
      if (comesFromParent(object) && !made.has(table) && this.#bringsFromParent(table)) continue;
      if (isBrought(object, this.#want) && made.has(table)) continue;
      if (!kept) {
        const within = inlinedIn.get(object.key);
        const columnMade =
          object.of.kind === 'column' && this.#addedColumns.has(`${table} ${object.of.column.name}`);
        const done = (within !== undefined && made.has(within)) || columnMade;
        if (object.kind === 'table' || object.kind === 'foreign table' || object.of.kind === 'type')
          made.add(object.key);
        const statements = creation(
          object,
          false,
          this.#want,
          inlined,
          stubbed.has(object.key),
          this.#script,
        );
        for (const sql of statements) {
          if (done && object.create.includes(sql)) continue;
          this.#say(object, sql, 'change', this.#creationFacts(object, table, made));
        }
        continue;
      }
      if (object.of.kind === 'table' && kept.of.kind === 'table' && isTable(object.of.table)) {
        this.#alterTable(object, kept);
      } else if (this.#differs(object.key)) this.#alter(object, kept);
      this.#alterExtras(object, kept);
    }
  }

  /** Nobody waits for a lock on what the script itself has just made. */
  #creationFacts(object: SchemaObject, table: string, made: Set<string>): Partial<StatementFacts> {
    if (made.has(table) && object.kind !== 'foreign key' && object.kind !== 'partition')
      return { locks: [], scans: false };
    if (object.of.kind === 'index') {
      const on = this.#want.names.relation(object.of.index.table);
      return { locks: [{ mode: 'SHARE', on }] };
    }
    return {};
  }

  #alterExtras(want: SchemaObject, have: SchemaObject): void {
    const before = new Map(have.extras.map((extras) => [extras.on, extras]));
    for (const extras of want.extras) {
      const added = extras.part !== null && this.#addedColumns.has(`${want.key} ${extras.part}`);
      const from = added ? undefined : before.get(extras.on);
      // An owned sequence has its table's owner, and gets it with the table.
      const owned = want.of.kind === 'sequence' && this.#staysOwned(want.key);
      const known = from && owned ? withOwner(from, extras.owner) : (from ?? null);
      for (const sql of extrasStatements(known, extras, this.#script)) this.#say(want, sql);
    }
  }

  #staysOwned(sequence: string): boolean {
    const key = sequence.replace(/^sequence /, 'sequence owner ');
    return this.#have.all.has(key) && this.#want.all.has(key) && !this.#gone.has(key);
  }

  readonly #addedColumns = new Set<string>();

  #alterTable(want: SchemaObject, have: SchemaObject): void {
    if (want.of.kind !== 'table' || have.of.kind !== 'table') return;
    const { table } = want.of;
    const from = have.of.table;
    const { names } = this.#want;
    const word = alterWord(relationKind(table));
    const alter = `ALTER ${word} ${names.of(table)}`;
    const only = `ALTER ${word} ONLY ${names.of(table)}`;
    const changes = this.#columns.get(want.key) ?? { dropped: [], added: [], retyped: [] };
    const before = new Map(from.columns.map((column) => [column.name, column]));
    const followsParent = this.#staysHeir(from, table);
    const parents = followsParent
      ? table.parents.flatMap((oid) => {
          const parent = names.tables.get(oid);
          return parent ? [parent] : [];
        })
      : [];
    for (const column of changes.dropped) {
      // The type takes its typed tables along.
      if ((followsParent && column.inherited > 0 && !column.local) || table.ofType !== null) continue;
      // Went first, with what hung on it.
      const key = `default ${this.#have.names.of(from)}.${quoted(column.name)}`;
      const generated = this.#have.all.get(key);
      if (generated && isGenerated(generated) && this.#gone.has(key)) continue;
      this.#say(want, `${alter} DROP COLUMN ${quoted(column.name)}`, 'destroy');
    }
    for (const column of changes.added) {
      if (table.ofType !== null) {
        for (const sql of columnSettings(table, names, null, column)) this.#say(want, sql);
        if (column.notNull) this.#say(want, `${only} ALTER COLUMN ${quoted(column.name)} SET NOT NULL`);
        continue;
      }
      const inherits = followsParent && column.inherited > 0;
      if (inherits || !isOwnColumn(table, column)) {
        const hasDefault = this.#want.all.has(`default ${names.of(table)}.${quoted(column.name)}`);
        if (!hasDefault && !column.generated) {
          this.#say(want, `${only} ALTER COLUMN ${quoted(column.name)} DROP DEFAULT`);
        }
        const isNotNull = (parent: TableModel) =>
          parent.columns.some((one) => one.name === column.name && one.notNull);
        if (column.notNull && !(isPartition(table) && parents.some(isNotNull))) {
          this.#say(want, `${only} ALTER COLUMN ${quoted(column.name)} SET NOT NULL`);
        }
        for (const sql of columnSettings(table, names, null, column)) this.#say(want, sql);
        continue;
      }
      const ofColumn = ['default', 'identity'].flatMap(
        (kind) => this.#want.all.get(`${kind} ${names.of(table)}.${quoted(column.name)}`) ?? [],
      );
      const expression = column.expression?.state === 'known' ? column.expression.text : null;
      const rewrites =
        column.generated === 'stored' || column.identity
          ? 'yes'
          : expression === null || column.generated
            ? 'no'
            : isVolatile(expression);
      this.#say(want, `${alter} ADD COLUMN ${columnText(table, column, ofColumn)}`, 'change', {
        rewrites,
        ...(column.notNull && expression === null && !column.identity
          ? { note: 'It fails when the table has rows: they would have no value in it.' }
          : {}),
      });
      this.#addedColumns.add(`${want.key} ${column.name}`);
      for (const sql of columnSettings(table, names, null, column)) this.#say(want, sql);
    }
    for (const { from: old, to } of changes.retyped) {
      if (followsParent && to.inherited > 0) continue;
      const collate = to.collation ? ` COLLATE ${to.collation}` : '';
      const through = this.#typesOf(old).size || !castsDirectly(old.type, to.type) ? '::text' : '';
      const asIs = to.type === old.type && !through;
      const using =
        isWidening(old.type, to.type) || asIs ? '' : ` USING ${quoted(to.name)}${through}::${to.type}`;
      const safe = asIs || losesNothing(old.type, to.type);
      this.#say(
        want,
        `${alter} ALTER COLUMN ${quoted(to.name)} TYPE ${to.type}${collate}${using}`,
        safe ? 'change' : 'destroy',
        {
          rewrites: isWidening(old.type, to.type) && old.collation === to.collation ? 'no' : 'yes',
          ...(safe ? {} : { note: 'Values that the new type can’t hold are cut off, or make it fail.' }),
        },
      );
    }
    for (const column of table.columns) {
      const old = before.get(column.name);
      if (!old || changes.added.includes(column)) continue;
      if (column.notNull !== old.notNull) {
        // Up to 17 heirs have their own NOT NULL, and each is told; partitions follow their parent.
        const follows = isPartition(table) || this.#actual.server.versionNumber >= 180000;
        const parentDoes = parents.some((parent) =>
          parent.columns.some((one) => one.name === column.name && one.notNull === column.notNull),
        );
        if (!(follows && parentDoes && column.inherited > 0 && this.#parentChanges(from, column))) {
          const reach = isPartitioned(table) || follows ? alter : only;
          this.#say(
            want,
            `${reach} ALTER COLUMN ${quoted(column.name)} ${column.notNull ? 'SET' : 'DROP'} NOT NULL`,
          );
        }
      }
      const retyped = changes.retyped.some(({ to }) => to === column);
      const state = retyped ? { ...old, storage: null, compression: null } : old;
      for (const sql of columnSettings(table, names, state, column)) this.#say(want, sql);
      if (state.storage && !column.storage) {
        const word = this.#actual.server.versionNumber >= 160000 ? 'DEFAULT' : defaultStorage(column.type);
        this.#say(want, `${only} ALTER COLUMN ${quoted(column.name)} SET STORAGE ${word}`);
      }
    }
    if (table.persistence !== from.persistence) {
      this.#say(want, `${alter} SET ${table.persistence === 'unlogged' ? 'UNLOGGED' : 'LOGGED'}`);
    }
    const method = table.accessMethod ?? 'heap';
    if (relationKind(table) === 'table' && method !== (from.accessMethod ?? 'heap')) {
      this.#say(want, `${alter} SET ACCESS METHOD ${quoted(method)}`);
    }
    if (table.tablespace !== from.tablespace) {
      this.#say(want, `${alter} SET TABLESPACE ${quoted(table.tablespace ?? 'pg_default')}`);
    }
    for (const sql of changedParameters(only, realOptions(from.options), realOptions(table.options)))
      this.#say(want, sql);
    const options = changedForeignOptions(from.serverOptions, table.serverOptions);
    if (options) this.#say(want, `${alter} OPTIONS (${options})`);
    for (const sql of tableSettings(table, names, from)) this.#say(want, sql);
  }

  /** Whether the table goes on being a partition or heir of the same parents: then parents' statements reach it. */
  #staysHeir(from: TableModel, to: TableModel): boolean {
    if (!from.parents.length || !to.parents.length) return false;
    return this.#parentLinks(from).every((key) => this.#want.all.has(key) && !this.#gone.has(key));
  }

  /** Keys of what ties an actual table to its parents. */
  #parentLinks(table: TableModel): string[] {
    const { names } = this.#have;
    return isPartition(table)
      ? [`partition ${names.of(table)}`]
      : table.parents.map((parent) => `inheritance ${names.of(table)} ${names.relation(parent)}`);
  }

  #bringsFromParent(table: string): boolean {
    const want = this.#want.all.get(table);
    const have = this.#have.all.get(table);
    return (
      want?.of.kind === 'table' && have?.of.kind === 'table' && this.#staysHeir(have.of.table, want.of.table)
    );
  }

  #parentChanges(from: TableModel, column: ColumnModel): boolean {
    return from.parents.some((oid) => {
      const parent = this.#have.names.tables.get(oid);
      return parent?.columns.some((one) => one.name === column.name && one.notNull !== column.notNull);
    });
  }

  #alter(want: SchemaObject, have: SchemaObject): void {
    const differing = new Set(changed(own(want), own(have)).map(({ name }) => name));
    switch (want.of.kind) {
      case 'type':
        this.#alterType(want, have);
        return;
      case 'sequence':
        this.#alterSequence(want, have);
        return;
      case 'column':
        if (want.kind === 'identity') this.#alterIdentity(want);
        else for (const sql of want.create) this.#say(want, sql);
        return;
      case 'trigger': {
        const { trigger } = want.of;
        this.#say(
          want,
          enableTrigger(this.#want.names.relation(trigger.table), quoted(trigger.name), trigger.enabled),
        );
        return;
      }
      case 'policy': {
        const { policy } = want.of;
        const text = (printed: typeof policy.using) => (printed?.state === 'known' ? printed.text : null);
        const using = text(policy.using);
        const check = text(policy.check);
        this.#say(
          want,
          `ALTER POLICY ${quoted(policy.name)} ON ${this.#want.names.relation(policy.table)} TO ${rolesOf(policy)}${
            using === null ? '' : ` USING (${using})`
          }${check === null ? '' : ` WITH CHECK (${check})`}`,
        );
        return;
      }
      case 'constraint': {
        const { constraint } = want.of;
        const table = this.#want.names.relation(constraint.table ?? '');
        this.#say(want, `ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoted(constraint.name)}`);
        return;
      }
      case 'index': {
        const { index } = want.of;
        if (differing.has('tablespace')) {
          const schema = want.schema ?? '';
          this.#say(
            want,
            `ALTER INDEX ${qualified(schema, index.name)} SET TABLESPACE ${quoted(index.tablespace ?? 'pg_default')}`,
          );
        }
        return;
      }
      case 'publication': {
        const { publication } = want.of;
        this.#say(
          want,
          `ALTER PUBLICATION ${quoted(publication.name)} SET (publish = ${literal(publication.operations.join(', '))}${
            this.#actual.server.versionNumber >= 130000
              ? `, publish_via_partition_root = ${publication.viaRoot}`
              : ''
          })`,
        );
        return;
      }
      case 'routine':
        for (const sql of want.create) this.#say(want, sql);
        return;
      case 'table':
        this.#alterView(want, have, differing);
        return;
    }
    this.#alterOther(want, differing);
  }

  #alterView(want: SchemaObject, have: SchemaObject, differing: Set<string>): void {
    if (want.of.kind !== 'table' || have.of.kind !== 'table') return;
    const { table } = want.of;
    const on = `ALTER ${alterWord(want.kind)} ${this.#want.names.of(table)}`;
    if (want.kind === 'view') {
      // OR REPLACE sets options and check option too, and takes away those that it doesn't name.
      for (const sql of want.create) this.#say(want, sql.replace(/^CREATE VIEW /, 'CREATE OR REPLACE VIEW '));
      return;
    }
    for (const sql of changedParameters(on, realOptions(have.of.table.options), realOptions(table.options))) {
      this.#say(want, sql);
    }
    if (differing.has('tablespace'))
      this.#say(want, `${on} SET TABLESPACE ${quoted(table.tablespace ?? 'pg_default')}`);
    if (differing.has('access method'))
      this.#say(want, `${on} SET ACCESS METHOD ${quoted(table.accessMethod ?? 'heap')}`);
  }

  #alterOther(want: SchemaObject, differing: Set<string>): void {
    const name = quoted(want.name);
    const has = (attribute: string) =>
      typeof want.attributes[attribute] === 'string' ? want.attributes[attribute] : null;
    if (want.kind === 'extension') {
      const version = has('version');
      const schema = has('schema');
      if (differing.has('schema') && schema !== null)
        this.#say(want, `ALTER EXTENSION ${name} SET SCHEMA ${quoted(schema)}`);
      if (differing.has('version') && version !== null) {
        this.#say(want, `ALTER EXTENSION ${name} UPDATE TO ${literal(version)}`, 'change', {
          note: 'The server must have this version’s files.',
        });
      }
      return;
    }
    if (want.kind === 'event trigger') {
      const word = { disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' }[
        has('enabled') ?? ''
      ];
      this.#say(want, `ALTER EVENT TRIGGER ${name} ${word ?? 'ENABLE'}`);
      return;
    }
    if (want.kind === 'foreign server') {
      const find = (model: SchemaModel) => model.foreignServers.find((server) => server.name === want.name);
      const options = changedForeignOptions(
        find(this.#actual)?.options ?? [],
        find(this.#wanted)?.options ?? [],
      );
      const version = differing.has('version')
        ? ` VERSION ${has('version') === null ? 'NULL' : literal(has('version') ?? '')}`
        : '';
      this.#say(want, `ALTER SERVER ${name}${version}${options ? ` OPTIONS (${options})` : ''}`);
      return;
    }
    // What is said again: owner of a sequence, index to cluster on, replica identity.
    if (want.fold !== null) for (const sql of want.create) this.#say(want, sql);
  }

  #alterType(want: SchemaObject, have: SchemaObject): void {
    if (want.of.kind !== 'type' || have.of.kind !== 'type') return;
    const to = want.of.type;
    const from = have.of.type;
    const name = this.#want.names.of(to);
    if (to.kind === 'enum' && from.kind === 'enum') {
      const there = new Set(from.values);
      for (const [index, value] of to.values.entries()) {
        if (there.has(value)) continue;
        const previous = to.values[index - 1];
        const place = previous === undefined ? (to.values.find((one) => there.has(one)) ?? null) : null;
        const where =
          previous !== undefined
            ? ` AFTER ${literal(previous)}`
            : place === null
              ? ''
              : ` BEFORE ${literal(place)}`;
        this.#say(want, `ALTER TYPE ${name} ADD VALUE ${literal(value)}${where}`);
        there.add(value);
      }
    } else if (to.kind === 'domain' && from.kind === 'domain') {
      const alter = `ALTER DOMAIN ${name}`;
      if (to.default !== from.default) {
        this.#say(want, to.default === null ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${to.default}`);
      }
      if (to.notNull !== from.notNull) this.#say(want, `${alter} ${to.notNull ? 'SET' : 'DROP'} NOT NULL`);
    } else if (to.kind === 'composite' && from.kind === 'composite') {
      this.#alterComposite(want, name, from.columns, to.columns);
    }
  }

  #alterComposite(
    object: SchemaObject,
    name: string,
    from: { name: string; type: string; collation: string | null }[],
    to: { name: string; type: string; collation: string | null }[],
  ): void {
    for (const column of to) {
      if (from.some((one) => one.name === column.name)) continue;
      const collate = column.collation ? ` COLLATE ${column.collation}` : '';
      this.#say(
        object,
        `ALTER TYPE ${name} ADD ATTRIBUTE ${quoted(column.name)} ${column.type}${collate} CASCADE`,
      );
    }
    for (const column of from) {
      if (to.some((one) => one.name === column.name)) continue;
      this.#say(object, `ALTER TYPE ${name} DROP ATTRIBUTE ${quoted(column.name)} CASCADE`, 'destroy');
    }
  }

  #alterSequence(want: SchemaObject, have: SchemaObject): void {
    if (want.of.kind !== 'sequence' || have.of.kind !== 'sequence') return;
    const to = want.of.sequence;
    const from = have.of.sequence;
    const name = this.#want.names.of(to);
    const parts = [
      to.type === from.type ? '' : `AS ${to.type}`,
      to.increment === from.increment ? '' : `INCREMENT BY ${to.increment}`,
      `MINVALUE ${to.minimum} MAXVALUE ${to.maximum}`,
      to.start === from.start ? '' : `START WITH ${to.start}`,
      to.cache === from.cache ? '' : `CACHE ${to.cache}`,
      to.cycle === from.cycle ? '' : to.cycle ? 'CYCLE' : 'NO CYCLE',
    ].filter(Boolean);
    const counts = Object.keys(want.attributes).some(
      (attribute) =>
        !['persistence', 'comment', 'owner', 'privileges'].includes(attribute) &&
        want.attributes[attribute] !== have.attributes[attribute],
    );
    if (counts) this.#say(want, `ALTER SEQUENCE ${name} ${parts.join(' ')}`);
    if (to.persistence !== from.persistence) {
      this.#say(want, `ALTER SEQUENCE ${name} SET ${to.persistence === 'unlogged' ? 'UNLOGGED' : 'LOGGED'}`);
    }
  }

  #alterIdentity(want: SchemaObject): void {
    if (want.of.kind !== 'column' || !want.of.sequence || !want.of.column.identity) return;
    const { table, column, sequence } = want.of;
    this.#say(
      want,
      `ALTER TABLE ${this.#want.names.of(table)} ALTER COLUMN ${quoted(column.name)} SET GENERATED ${identityWord(want.of.column.identity)} SET INCREMENT BY ${sequence.increment} SET MINVALUE ${sequence.minimum} SET MAXVALUE ${sequence.maximum} SET START WITH ${sequence.start} SET CACHE ${sequence.cache} SET ${sequence.cycle ? 'CYCLE' : 'NO CYCLE'}`,
    );
  }

  #dropLate({ placed }: ReturnType<typeof arrange>): void {
    for (const { object, stub } of [...placed].reverse()) {
      if (stub) continue;
      const aside = this.#aside.get(object.key);
      if (aside !== undefined && object.of.kind === 'type') {
        this.#say(object, `DROP ${object.of.type.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${aside}`);
        continue;
      }
      if (this.#want.all.has(object.key) || this.#gone.has(object.key) || !late.has(object.kind)) continue;
      for (const sql of object.drop) this.#say(object, sql, 'destroy');
    }
  }
}

/** Attributes without those that ALTER … OWNER, COMMENT and GRANT are for. */
function own(object: SchemaObject): SchemaObject['attributes'] {
  const { comment: _comment, owner: _owner, privileges: _privileges, ...rest } = object.attributes;
  return rest;
}

/** Whether a column may be used: too often is no harm, since what is made anew is the same as before. */
function mentions(object: SchemaObject, columns: Set<string>): boolean {
  const text = Object.values(object.attributes)
    .filter((value) => typeof value === 'string')
    .join(' ');
  if (text.includes('.*')) return true;
  return [...columns].some((name) => text.includes(name.replaceAll('"', '""')));
}

const families = [
  /^(?:smallint|integer|bigint|numeric|real|double precision)\b/,
  /^(?:date|timestamp)\b/,
  /^(?:text|character)\b/,
];

/** Whether there surely is a cast. Every type can be read from the text that it is written as, if the value allows. */
function castsDirectly(from: string, to: string): boolean {
  if (/\[\]$/.test(from) !== /\[\]$/.test(to)) return false;
  return from === to || families.some((family) => family.test(from) && family.test(to)) || to === 'text';
}

/** The same after its owner has become another: what the old one had by ownership is the new one's. */
function withOwner(extras: Extras, owner: string): Extras {
  const heir = (role: string) => (role === extras.owner ? owner : role);
  const grants = extras.grants?.map((grant) => ({
    ...grant,
    grantee: heir(grant.grantee),
    grantor: heir(grant.grantor),
  }));
  return { ...extras, owner, grants: grants ?? null };
}

/** Columns of a composite type, whose order is no difference. */
function fieldsOf({ of }: SchemaObject): string {
  if (of.kind !== 'type' || of.type.kind !== 'composite') return '';
  return JSON.stringify(of.type.columns.map(({ name, type, collation }) => [name, type, collation]).sort());
}

/** What CREATE OR REPLACE FUNCTION can't change: names, types and defaults of arguments, and the result. */
function headOf(object: SchemaObject): string {
  const definition = object.create[0] ?? '';
  return definition.slice(0, definition.indexOf('\n LANGUAGE '));
}

function keepsExpressions(want: SchemaObject, have: SchemaObject): boolean {
  return ['using', 'check'].every((name) => want.attributes[name] !== null || have.attributes[name] === null);
}

function isSubsequence(part: string[], whole: string[]): boolean {
  let at = 0;
  for (const value of whole) if (value === part[at]) at += 1;
  return at === part.length;
}

/** Storage that a type begins with (typstorage), before 16, which has a word for it. */
function defaultStorage(type: string): string {
  return /^(?:numeric|inet|cidr)/.test(type) ? 'MAIN' : 'EXTENDED';
}
