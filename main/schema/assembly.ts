import type {
  ColumnModel,
  ConstraintModel,
  IndexModel,
  NamesModel,
  Oid,
  SchemaItem,
  SequenceModel,
  TableModel,
} from '../../preload/contract/schema-model.ts';
import { grantsOf } from './acl.ts';
import { ColumnRows } from './assembly/columns.ts';
import { putComments } from './assembly/comments.ts';
import type { Lists } from './assembly/lists.ts';
import { lookupsOf } from './assembly/lookups.ts';
import {
  actions,
  type Base,
  constraintKinds,
  defaultPrivilegesOf,
  eventTriggerOf,
  idOrNull,
  indexOf,
  type Lookups,
  later,
  oid,
  otherOf,
  persistenceOf,
  policyOf,
  type Row,
  routineOf,
  serverOf,
  tableKind,
  triggerOf,
  typeKind,
} from './assembly/of-rows.ts';
import { publicationsOf } from './assembly/publications.ts';
import { typesOf } from './assembly/types.ts';
import { withoutSecrets } from './foreign-options.ts';
import { arrayOf, isTrue, numbersOf, rowsOf, textOf } from './rows.ts';

/** Shared by all that has nothing. */
const none: string[] = [];

/**
 * Joins the rows of the catalogue statements (`catalog/*.sql`, by their names) into a model. Pure and without a
 * database; meant for a thread of its own.
 */
export class Assembly {
  readonly #rows = new Map<string, Row[]>();
  readonly #columns = new ColumnRows();
  readonly #constraints: ConstraintModel[] = [];
  readonly #indexes: IndexModel[] = [];
  #lists: Base | undefined;

  /** Takes a piece of a statement's output, whole rows. */
  add(statement: string, text: string): void {
    switch (statement) {
      // Of these there are many: none is kept as a row for longer than it takes to read it.
      case 'columns':
        this.#columns.add(text);
        return;
      case 'constraints':
        for (const row of rowsOf(text)) this.#addConstraint(row);
        return;
      case 'indexes':
        for (const row of rowsOf(text)) this.#indexes.push(indexOf(row));
        return;
      default: {
        const rows = rowsOf(text);
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
    const { lists, columnsOf } = this.structure();
    for (const table of lists.tables) table.columns = columnsOf(table.oid);
    return lists;
  }

  /** The same with the tables' columns left out; they are put together when they are asked for. */
  structure(): { lists: Lists; columnsOf: (relation: Oid) => ColumnModel[] } {
    const base = this.#base();
    const take = (statement: string): Row[] => this.#take(statement);
    const look = lookupsOf((statement) => this.#of(statement), take);
    const comments = take('comments');
    const columnsOf = this.#columns.finish(look, comments);
    const tables = this.#tables(base, look);
    const isTable = new Set(tables.map((one) => one.oid));
    const isType = new Set(base.types.map((row) => oid(row[0])));
    const constraints = this.#constraints.filter(
      ({ table, domain }) => (table && isTable.has(table)) || (domain && isType.has(domain)),
    );
    this.#finishIndexes(base, look, constraints);
    const types = typesOf(base.types, take, columnsOf, look);
    const aggregates = new Map(take('aggregates').map((row) => [row[0], textOf(row[1])]));
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
      routines: base.routines.map((row) => routineOf(row, look, aggregates)),
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
      publications: publicationsOf((statement) => this.#of(statement), look),
      foreignServers: this.#of('foreign-servers').map((row) => serverOf(row, look)),
      dependencies: this.#take('dependencies').map((row) => ({ dependent: oid(row[0]), on: oid(row[1]) })),
      others: [...this.#rows.keys()]
        .filter((statement) => statement.startsWith('others/'))
        .flatMap((statement) => take(statement).map((row) => otherOf(row, look))),
      defaultPrivileges: take('default-privileges').map((row) => defaultPrivilegesOf(row, look)),
    };
    putComments(lists, comments);
    return { lists, columnsOf };
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

  #tables({ relations, parents }: Base, look: Lookups): TableModel[] {
    const toast = new Map(this.#of('toast-options').map((row) => [oid(row[0]), arrayOf(row[1])]));
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
        options: [
          ...options.filter((one) => !one.startsWith('check_option=')),
          ...(toast.get(id) ?? none).map((one) => `toast.${one}`),
        ],
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
        serverOptions: withoutSecrets(arrayOf(serverOptions)),
        extension: look.extension('pg_class', id),
        columns: [],
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
    const statistics = Map.groupBy(this.#of('index-statistics'), (row) => oid(row[0]));
    for (const index of this.#indexes) {
      const targets = statistics.get(index.oid);
      if (targets)
        index.statistics = targets.map((row) => ({ column: Number(row[1]), target: Number(row[2]) }));
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
}
