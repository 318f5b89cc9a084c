import type {
  ColumnModel,
  ConstraintModel,
  EventTriggerModel,
  ForeignServerModel,
  IndexModel,
  NamesModel,
  Oid,
  PolicyModel,
  Printed,
  PublicationModel,
  RoutineModel,
  SchemaItem,
  SchemaModel,
  SequenceModel,
  TableKind,
  TableModel,
  TriggerModel,
  TypeModel,
} from '../../preload/contract/schema-model.ts';
import { grantsOf } from './acl.ts';
import { arrayOf, isTrue, numberOrNull, numbersOf, rowsOf, textOf, textOrNull } from './rows.ts';

/** The lists of a model, without what the connection itself tells. */
export type Lists = Omit<SchemaModel, 'at' | 'server' | 'database' | 'user' | 'unseen'>;

type Row = string[];

/** Shared by all that is not printed yet, and by all that has nothing. */
const later: Printed = { state: 'later' };
const none: string[] = [];

/**
 * Joins the rows of the catalogue statements (`catalog/*.sql`, by their names) into a model. Pure and without a
 * database; meant for a thread of its own.
 */
export class Assembly {
  readonly #rows = new Map<string, Row[]>();
  /** Columns by their relation, put together as they come. */
  readonly #columns = new Map<Oid, ColumnModel[]>();
  readonly #constraints: ConstraintModel[] = [];
  readonly #indexes: IndexModel[] = [];
  readonly #columnCollations: [ColumnModel, Oid][] = [];
  #lists: Base | undefined;

  /** Takes a piece of a statement's output, whole rows. */
  add(statement: string, text: string): void {
    const rows = rowsOf(text);
    switch (statement) {
      // Of these there are many: none is kept longer than it takes to read it.
      case 'columns':
        for (const row of rows) this.#addColumn(row);
        return;
      case 'constraints':
        for (const row of rows) this.#addConstraint(row);
        return;
      case 'indexes':
        for (const row of rows) this.#indexes.push(indexOf(row));
        return;
      default: {
        const known = this.#rows.get(statement);
        if (known) for (const row of rows) known.push(row);
        else this.#rows.set(statement, rows);
      }
    }
  }

  /** Everything by name. Needs the statements of `names`. */
  names(): NamesModel {
    const { schemas, relations, parents, routines, types } = this.#base();
    return {
      schemas: [...schemas.values()].map(({ oid, name }) => ({ oid, name })),
      relations: relations.map((row) => ({
        oid: oid(row[0]),
        schema: oid(row[1]),
        name: textOf(row[2]),
        kind: row[3] === 'S' ? 'sequence' : tableKind(row),
        parent: parents.get(oid(row[0]))?.[0] ?? null,
      })),
      routines: routines.map((row) => ({
        oid: oid(row[0]),
        schema: oid(row[1]),
        name: textOf(row[2]),
        arguments: textOf(row[3]),
      })),
      types: types.map((row) => ({
        oid: oid(row[0]),
        schema: oid(row[1]),
        name: textOf(row[2]),
        kind: typeKind(row),
      })),
    };
  }

  /**
   * The whole structure. Needs all statements; those that could not be run count as empty. Rows are let go as they are
   * used up: this is for once, at the end.
   */
  lists(): Lists {
    const base = this.#base();
    const look = this.#lookups();
    this.#finishColumns(look);
    const tables = this.#tables(base, look);
    const isTable = new Set(tables.map((one) => one.oid));
    const isType = new Set(base.types.map((row) => oid(row[0])));
    const constraints = this.#constraints.filter(
      ({ table, domain }) => (table && isTable.has(table)) || (domain && isType.has(domain)),
    );
    this.#finishIndexes(base, look, constraints);
    const types = this.#types(base, look);
    const lists: Lists = {
      schemas: [...base.schemas.values()].map((one) => ({
        ...one,
        owner: look.role(one.owner),
      })),
      tables,
      constraints,
      indexes: this.#indexes.filter(({ table }) => isTable.has(table)),
      sequences: this.#sequences(base, look),
      types,
      routines: base.routines.map((row) => routineOf(row, look)),
      triggers: this.#take('triggers').flatMap((row) => (isTable.has(oid(row[1])) ? [triggerOf(row)] : [])),
      policies: this.#take('policies').flatMap((row) =>
        isTable.has(oid(row[1])) ? [policyOf(row, look)] : [],
      ),
      extensions: this.#of('extensions').map((row) => ({
        oid: oid(row[0]),
        name: textOf(row[1]),
        schema: oid(row[2]),
        version: textOf(row[3]),
        owner: look.role(row[4]),
        comment: null,
      })),
      eventTriggers: this.#of('event-triggers').map((row) => eventTriggerOf(row, look)),
      publications: this.#publications(look),
      foreignServers: this.#of('foreign-servers').map((row) => serverOf(row, look)),
      dependencies: this.#take('dependencies').map((row) => ({ dependent: oid(row[0]), on: oid(row[1]) })),
    };
    this.#putComments(lists);
    return lists;
  }

  /** For those of which there are many: nobody else looks at them. */
  #take(statement: string): Row[] {
    const rows = this.#of(statement);
    this.#rows.delete(statement);
    return rows;
  }

  #of(statement: string): Row[] {
    return this.#rows.get(statement) ?? [];
  }

  /** What names and structure share; only what is in a schema that somebody made. */
  #base(): Base {
    if (this.#lists) return this.#lists;
    const schemas = new Map<Oid, SchemaItem>();
    for (const row of this.#of('schemas')) {
      const [id, name, owner, acl] = row;
      schemas.set(oid(id), {
        oid: oid(id),
        name: textOf(name),
        owner: owner ?? '',
        grants: grantsOf(acl),
        comment: null,
      });
    }
    const parents = new Map<Oid, Oid[]>();
    for (const row of this.#of('inheritance')) {
      const known = parents.get(oid(row[0]));
      if (known) known.push(oid(row[1]));
      else parents.set(oid(row[0]), [oid(row[1])]);
    }
    const inSchema = (row: Row): boolean => schemas.has(oid(row[1]));
    const all = this.#of('relations').filter(inSchema);
    this.#lists = {
      schemas,
      parents,
      relations: all.filter((row) => row[3] !== 'c'),
      routines: this.#of('routines').filter(inSchema),
      types: this.#of('types').filter((row) => inSchema(row) && !(row[3] === 'p' && isTrue(row[4]))),
    };
    return this.#lists;
  }

  #lookups(): Lookups {
    const roles = new Map(this.#take('roles').map((row) => [row[0], textOf(row[1])]));
    const named = new Map(this.#of('lookups').map((row) => [`${row[0]} ${row[1]}`, textOf(row[2])]));
    const collations = new Map(this.#take('collations').map((row) => [row[0], textOf(row[1])]));
    const traits = new Map(
      this.#take('type-traits').map((row) => [
        row[0],
        { storage: row[1] ?? 'x', collation: row[2] ?? '\\N' },
      ]),
    );
    const types = new Map<string, string>(
      this.#take('column-types').map((row) => [`${row[0]} ${row[1]}`, textOf(row[2])]),
    );
    const members = new Map<string, string>();
    const extensions = new Map(this.#of('extensions').map((row) => [row[0], textOf(row[1])]));
    for (const [catalog, id, extension] of this.#of('extension-members'))
      members.set(`${bare(catalog)} ${id}`, extensions.get(extension) ?? '');
    return {
      role: (id) => roles.get(id) ?? String(id ?? ''),
      named: (kind, id) =>
        id === undefined || id === '0' || id === '\\N' ? null : (named.get(`${kind} ${id}`) ?? id),
      collation: (id) => (id === undefined || id === '\\N' || id === '0' ? null : (collations.get(id) ?? id)),
      traits: (id) => traits.get(id),
      type: (key) => types.get(key),
      extension: (catalog, id) => members.get(`${catalog} ${id}`) ?? null,
    };
  }

  #addColumn(row: Row): void {
    const [relation, number, name, type, modifier, notNull, hasDefault, identity, generated, collation] = row;
    const [storage, compression, statistics, local, inherited, options, foreignOptions, acl] = row.slice(10);
    const column: ColumnModel = {
      number: Number(number),
      name: textOf(name),
      type: `${type} ${modifier}`,
      typeOid: type ?? '',
      notNull: isTrue(notNull),
      expression: isTrue(hasDefault) ? later : null,
      identity: identity === 'a' ? 'always' : identity === 'd' ? 'by-default' : null,
      generated: generated === 's' ? 'stored' : generated === 'v' ? 'virtual' : null,
      collation: null,
      storage: storage ?? null,
      compression: compression === 'p' ? 'pglz' : compression === 'l' ? 'lz4' : null,
      statistics: numberOrNull(statistics),
      options: options === '\\N' && foreignOptions === '\\N' ? none : columnOptions(options, foreignOptions),
      local: isTrue(local),
      inherited: numberOrNull(inherited) ?? 0,
      grants: grantsOf(acl),
      comment: null,
    };
    if (collation !== '\\N') this.#columnCollations.push([column, collation ?? '']);
    const known = this.#columns.get(relation ?? '');
    if (known) known.push(column);
    else this.#columns.set(oid(relation), [column]);
  }

  /** Types, storage and collations of columns, which come as numbers. */
  #finishColumns(look: Lookups): void {
    for (const columns of this.#columns.values()) {
      columns.sort((a, b) => a.number - b.number);
      for (const column of columns) {
        column.type = look.type(column.type) ?? column.type;
        const own = look.traits(column.typeOid)?.storage ?? 'x';
        column.storage = column.storage === own ? null : storageName(column.storage);
      }
    }
    for (const [column, collation] of this.#columnCollations)
      if (look.traits(column.typeOid)?.collation !== collation) column.collation = look.collation(collation);
  }

  #tables({ relations, parents }: Base, look: Lookups): TableModel[] {
    const foreign = new Map(this.#of('foreign-tables').map((row) => [row[0], row]));
    const servers = new Map(this.#of('foreign-servers').map((row) => [row[0], textOf(row[1])]));
    const composites = new Map(
      this.#of('types').flatMap((row) => (row[3] === 'c' ? [[oid(row[0]), oid(row[0])] as const] : [])),
    );
    const tables: TableModel[] = [];
    for (const row of relations) {
      if (row[3] === 'S') continue;
      const id = oid(row[0]);
      const kind = tableKind(row);
      const isView = kind === 'view' || kind === 'materialized-view';
      const isPartition = isTrue(row[4]);
      const options = arrayOf(row[16]);
      const check = options.find((one) => one.startsWith('check_option='))?.slice('check_option='.length);
      const [, server, serverOptions] = foreign.get(id) ?? [];
      tables.push({
        oid: id,
        schema: oid(row[1]),
        name: textOf(row[2]),
        kind,
        persistence: persistenceOf(row[6]),
        estimatedRows: Number(row[7]),
        pages: Number(row[8]),
        rowSecurity: isTrue(row[9]),
        forceRowSecurity: isTrue(row[10]),
        options: options.filter((one) => !one.startsWith('check_option=')),
        accessMethod: look.named('method', row[12]),
        tablespace: look.named('tablespace', row[13]),
        replicaIdentity: ({ n: 'nothing', f: 'full', i: 'index' } as const)[row[14] as 'n'] ?? 'default',
        ofType: row[15] === '0' ? null : (composites.get(oid(row[15])) ?? oid(row[15])),
        parents: parents.get(id) ?? none,
        partitionKey: row[3] === 'p' ? later : null,
        partitionBound: isPartition ? later : null,
        definition: isView ? later : null,
        populated: isTrue(row[11]),
        checkOption: check === 'local' || check === 'cascaded' ? check : null,
        server: server === undefined ? null : (servers.get(server) ?? server),
        serverOptions: arrayOf(serverOptions),
        extension: look.extension('pg_class', id),
        columns: this.#columns.get(id) ?? [],
        owner: look.role(row[5]),
        grants: grantsOf(row[17]),
        comment: null,
      });
    }
    return tables;
  }

  #addConstraint(row: Row): void {
    const kind = constraintKinds[row[4] ?? ''];
    if (!kind) return;
    const isForeign = kind === 'foreign-key';
    const referred = idOrNull(row[6]);
    const ownsIndex = kind === 'primary-key' || kind === 'unique' || kind === 'exclusion';
    this.#constraints.push({
      oid: oid(row[0]),
      name: textOf(row[1]),
      table: idOrNull(row[2]),
      domain: idOrNull(row[3]),
      kind,
      columns: numbersOf(row[5]),
      references: isForeign && referred ? { table: referred, columns: numbersOf(row[7]) } : null,
      onUpdate: isForeign ? (actions[row[8] ?? ''] ?? null) : null,
      onDelete: isForeign ? (actions[row[9] ?? ''] ?? null) : null,
      match: isForeign ? (row[10] === 'f' ? 'full' : 'simple') : null,
      deferrable: isTrue(row[11]),
      deferred: isTrue(row[12]),
      validated: isTrue(row[13]),
      enforced: isTrue(row[14]),
      noInherit: isTrue(row[15]),
      local: isTrue(row[16]),
      parent: idOrNull(row[17]),
      index: ownsIndex ? idOrNull(row[18]) : null,
      definition: later,
      comment: null,
    });
  }

  /** Methods, tablespaces, parents and constraints of indexes. */
  #finishIndexes({ parents }: Base, look: Lookups, constraints: readonly ConstraintModel[]): void {
    const owners = new Map(constraints.flatMap((one) => (one.index ? [[one.index, one.oid] as const] : [])));
    for (const index of this.#indexes) {
      index.method = look.named('method', index.method) ?? '';
      index.tablespace = index.tablespace && look.named('tablespace', index.tablespace);
      index.parent = parents.get(index.oid)?.[0] ?? null;
      index.constraint = owners.get(index.oid) ?? null;
    }
  }

  #sequences({ relations }: Base, look: Lookups): SequenceModel[] {
    const counted = new Map(this.#take('sequences').map((row) => [row[0], row]));
    const owners = new Map(this.#take('sequence-owners').map((row) => [row[0], row]));
    return relations.flatMap((row) => {
      if (row[3] !== 'S') return [];
      const id = oid(row[0]);
      const [, type, start, increment, minimum, maximum, cache, cycle] = counted.get(id) ?? [];
      const owner = owners.get(id);
      return {
        oid: id,
        schema: oid(row[1]),
        name: textOf(row[2]),
        persistence: persistenceOf(row[6]),
        type: textOf(type),
        start: start ?? '',
        increment: increment ?? '',
        minimum: minimum ?? '',
        maximum: maximum ?? '',
        cache: cache ?? '',
        cycle: isTrue(cycle),
        ownedBy: owner
          ? { table: oid(owner[1]), column: Number(owner[2]), identity: owner[3] === 'i' }
          : null,
        extension: look.extension('pg_class', id),
        owner: look.role(row[5]),
        grants: grantsOf(row[17]),
        comment: null,
      };
    });
  }

  #types({ types }: Base, look: Lookups): TypeModel[] {
    const values = new Map<string | undefined, string[]>();
    for (const [type, value] of this.#take('enum-values')) {
      const known = values.get(type);
      if (known) known.push(textOf(value));
      else values.set(type, [textOf(value)]);
    }
    const ranges = new Map(this.#take('ranges').map((row) => [row[0], row]));
    return types.map((row): TypeModel => {
      const common = {
        oid: oid(row[0]),
        schema: oid(row[1]),
        name: textOf(row[2]),
        extension: look.extension('pg_type', row[0]) ?? look.extension('pg_class', row[7]),
        owner: look.role(row[5]),
        grants: grantsOf(row[6]),
        comment: null,
      };
      const kind = typeKind(row);
      switch (kind) {
        case 'enum':
          return { ...common, kind, values: values.get(row[0]) ?? [] };
        case 'domain': {
          const inherited = look.traits(row[11])?.collation;
          return {
            ...common,
            kind,
            base: textOf(row[8]),
            notNull: isTrue(row[9]),
            default: textOrNull(row[10]),
            collation: inherited === row[12] ? null : look.collation(row[12]),
          };
        }
        case 'composite':
          return {
            ...common,
            kind,
            columns: (this.#columns.get(oid(row[7])) ?? []).map(({ name, type, collation, comment }) => ({
              name,
              type,
              collation,
              comment,
            })),
          };
        case 'range': {
          const [, subtype, operatorClass, collation, canonical, subtypeDiff, multirange] =
            ranges.get(row[0]) ?? [];
          return {
            ...common,
            kind,
            subtype: textOf(subtype),
            subtypeOperatorClass: textOrNull(operatorClass),
            collation: look.collation(collation),
            canonical: textOrNull(canonical),
            subtypeDiff: textOrNull(subtypeDiff),
            multirange: textOrNull(multirange),
          };
        }
        default:
          return { ...common, kind };
      }
    });
  }

  #publications(look: Lookups): PublicationModel[] {
    const tables = Map.groupBy(this.#of('publication-tables'), (row) => row[0]);
    const schemas = Map.groupBy(this.#of('publication-schemas'), (row) => row[0]);
    return this.#of('publications').map((row) => ({
      oid: oid(row[0]),
      name: textOf(row[1]),
      owner: look.role(row[2]),
      allTables: isTrue(row[3]),
      operations: ['insert', 'update', 'delete', 'truncate'].filter((_, index) => isTrue(row[4 + index])),
      viaRoot: isTrue(row[8]),
      tables: (tables.get(row[0]) ?? []).map((one) => ({
        table: oid(one[1]),
        columns: one[2] === '\\N' ? null : numbersOf(one[2]),
        filter: isTrue(one[3]) ? later : null,
      })),
      schemas: (schemas.get(row[0]) ?? []).map((one) => oid(one[1])),
      comment: null,
    }));
  }

  /** Comments are few: each one looks for what it speaks of. */
  #putComments(lists: Lists): void {
    const of = <T extends { oid: Oid; comment: string | null }>(list: T[]): Map<Oid, T> =>
      new Map(list.map((one) => [one.oid, one]));
    const rows = this.#take('comments');
    const wanted = new Set(rows.map((row) => bare(row[0])));
    const places: Record<string, () => Map<Oid, { comment: string | null }>> = {
      pg_namespace: () => of(lists.schemas),
      pg_class: () =>
        new Map<Oid, { comment: string | null }>([
          ...of(lists.tables),
          ...of(lists.indexes),
          ...of(lists.sequences),
        ]),
      pg_constraint: () => of(lists.constraints),
      pg_type: () => of(lists.types),
      pg_proc: () => of(lists.routines),
      pg_trigger: () => of(lists.triggers),
      pg_policy: () => of(lists.policies),
      pg_extension: () => of(lists.extensions),
      pg_event_trigger: () => of(lists.eventTriggers),
      pg_publication: () => of(lists.publications),
      pg_foreign_server: () => of(lists.foreignServers),
    };
    const known = new Map([...wanted].map((catalog) => [catalog, places[catalog]?.()]));
    const compositeOf = new Map(
      this.#of('types').flatMap((row) => (row[3] === 'c' ? [[row[7], row[0]] as const] : [])),
    );
    const types = wanted.has('pg_class') ? of(lists.types) : undefined;
    for (const [catalog, object, sub, text] of rows) {
      if (sub === '0') {
        const one = known.get(bare(catalog))?.get(oid(object));
        if (one) one.comment = textOf(text);
        continue;
      }
      const column = this.#columns.get(oid(object))?.find(({ number }) => number === Number(sub));
      if (!column) continue;
      column.comment = textOf(text);
      const type = types?.get(oid(compositeOf.get(object)));
      if (type?.kind !== 'composite') continue;
      const field = type.columns.find(({ name }) => name === column.name);
      if (field) field.comment = column.comment;
    }
  }
}

interface Base {
  schemas: Map<Oid, SchemaItem>;
  parents: Map<Oid, Oid[]>;
  relations: Row[];
  routines: Row[];
  types: Row[];
}

interface Lookups {
  role(id: string | undefined): string;
  named(kind: 'method' | 'tablespace' | 'language', id: string | undefined): string | null;
  collation(id: string | undefined): string | null;
  traits(id: string | undefined): { storage: string; collation: string } | undefined;
  type(key: string): string | undefined;
  extension(catalog: string, id: string | undefined): string | null;
}

const oid = (field: string | undefined): Oid => field ?? '';
const idOrNull = (field: string | undefined): Oid | null =>
  field === undefined || field === '\\N' ? null : field;

/** A catalogue's name as regclass prints it, with or without its schema. */
const bare = (catalog: string | undefined): string => (catalog ?? '').replace(/^pg_catalog\./, '');

function tableKind(row: Row): TableKind {
  const isPartition = isTrue(row[4]);
  switch (row[3]) {
    case 'p':
      return isPartition ? 'sub-partitioned' : 'partitioned';
    case 'v':
      return 'view';
    case 'm':
      return 'materialized-view';
    case 'f':
      return 'foreign-table';
    default:
      return isPartition ? 'partition' : 'table';
  }
}

function typeKind(row: Row): TypeModel['kind'] {
  const kinds = { e: 'enum', d: 'domain', c: 'composite', r: 'range', p: 'shell' } as const;
  return kinds[row[3] as 'e'] ?? 'base';
}

const constraintKinds: Record<string, ConstraintModel['kind']> = {
  p: 'primary-key',
  u: 'unique',
  c: 'check',
  f: 'foreign-key',
  x: 'exclusion',
  n: 'not-null',
  t: 'trigger',
};

const actions: Record<string, NonNullable<ConstraintModel['onUpdate']>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

function persistenceOf(letter: string | undefined): TableModel['persistence'] {
  return letter === 'u' ? 'unlogged' : letter === 't' ? 'temporary' : 'permanent';
}

function storageName(letter: string | null): string | null {
  return { p: 'plain', e: 'external', m: 'main', x: 'extended' }[letter ?? ''] ?? letter;
}

/** The server keeps `pg_attver` there for itself: nobody set it, and other servers refuse it. */
function columnOptions(options: string | undefined, foreignOptions: string | undefined): string[] {
  return [...arrayOf(options).filter((one) => !one.startsWith('pg_attver=')), ...arrayOf(foreignOptions)];
}

/** With oids in place of the names of its method and tablespace. */
function indexOf(row: Row): IndexModel {
  return {
    oid: oid(row[0]),
    name: textOf(row[1]),
    table: oid(row[2]),
    unique: isTrue(row[3]),
    primary: isTrue(row[4]),
    valid: isTrue(row[5]),
    ready: isTrue(row[6]),
    method: row[7] ?? '',
    columns: numbersOf(row[8]),
    keyColumns: Number(row[9]),
    nullsNotDistinct: isTrue(row[10]),
    partial: isTrue(row[11]),
    clustered: isTrue(row[12]),
    replicaIdentity: isTrue(row[13]),
    parent: null,
    constraint: null,
    tablespace: idOrNull(row[14]),
    options: arrayOf(row[15]),
    definition: later,
    comment: null,
  };
}

function routineOf(row: Row, look: Lookups): RoutineModel {
  return {
    oid: oid(row[0]),
    schema: oid(row[1]),
    name: textOf(row[2]),
    kind: ({ p: 'procedure', a: 'aggregate', w: 'window' } as const)[row[4] as 'p'] ?? 'function',
    arguments: textOf(row[3]),
    result: textOrNull(row[5]),
    language: look.named('language', row[6]) ?? '',
    volatility: ({ i: 'immutable', s: 'stable' } as const)[row[7] as 'i'] ?? 'volatile',
    securityDefiner: isTrue(row[8]),
    extension: look.extension('pg_proc', row[0]),
    definition: row[4] === 'a' ? { state: 'hidden', why: 'PostgreSQL does not print aggregates.' } : later,
    owner: look.role(row[9]),
    grants: grantsOf(row[10]),
    comment: null,
  };
}

const firing = { D: 'disabled', R: 'replica', A: 'always' } as const;

function triggerOf(row: Row): TriggerModel {
  return {
    oid: oid(row[0]),
    table: oid(row[1]),
    name: textOf(row[2]),
    function: oid(row[3]),
    enabled: firing[row[4] as 'D'] ?? 'origin',
    parent: idOrNull(row[5]),
    definition: later,
    comment: null,
  };
}

const policyCommands = { r: 'select', a: 'insert', w: 'update', d: 'delete' } as const;

function policyOf(row: Row, look: Lookups): PolicyModel {
  return {
    oid: oid(row[0]),
    table: oid(row[1]),
    name: textOf(row[2]),
    command: policyCommands[row[3] as 'r'] ?? 'all',
    permissive: isTrue(row[4]),
    roles: arrayOf(row[5])
      .filter((id) => id !== '0')
      .map(look.role),
    using: isTrue(row[6]) ? later : null,
    check: isTrue(row[7]) ? later : null,
    comment: null,
  };
}

function eventTriggerOf(row: Row, look: Lookups): EventTriggerModel {
  return {
    oid: oid(row[0]),
    name: textOf(row[1]),
    event: textOf(row[2]),
    tags: arrayOf(row[3]),
    function: oid(row[4]),
    enabled: firing[row[5] as 'D'] ?? 'origin',
    owner: look.role(row[6]),
    comment: null,
  };
}

function serverOf(row: Row, look: Lookups): ForeignServerModel {
  return {
    oid: oid(row[0]),
    name: textOf(row[1]),
    owner: look.role(row[2]),
    wrapper: textOf(row[3]),
    type: textOrNull(row[4]),
    version: textOrNull(row[5]),
    options: arrayOf(row[6]),
    grants: grantsOf(row[7]),
    comment: null,
  };
}
