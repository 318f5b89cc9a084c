import type {
  ColumnModel,
  ConstraintModel,
  Grant,
  IndexModel,
  Oid,
  PolicyModel,
  Printed,
  PublicationModel,
  RoutineModel,
  SchemaModel,
  SequenceModel,
  TableModel,
  TriggerModel,
  TypeModel,
} from '../../../preload/contract/schema-model.ts';
import { describeGrants, type GrantTarget } from './privileges.ts';
import { foreignOptions, literal, parameters, qualified, quoted } from './quote.ts';
import { References } from './references.ts';

/** Why a text is not there. */
export interface NotKnown {
  notKnown: string;
}
export type AttributeValue = string | null | NotKnown;

export type ObjectKind =
  | 'schema'
  | 'extension'
  | 'type'
  | 'foreign server'
  | 'sequence'
  | 'routine'
  | 'table'
  | 'foreign table'
  | 'default'
  | 'identity'
  | 'inheritance'
  | 'partition'
  | 'sequence owner'
  | 'domain constraint'
  | 'constraint'
  | 'index'
  | 'view'
  | 'materialized view'
  | 'foreign key'
  | 'trigger'
  | 'policy'
  | 'publication'
  | 'publication table'
  | 'publication schema'
  | 'event trigger';

/** Order in which kinds are written where nothing else says so; the same as pg_dump's, roughly. */
const ranks: Record<ObjectKind, number> = {
  schema: 0,
  extension: 1,
  type: 2,
  'foreign server': 3,
  sequence: 4,
  routine: 5,
  table: 6,
  'foreign table': 6,
  inheritance: 7,
  default: 8,
  identity: 8,
  'sequence owner': 9,
  'domain constraint': 10,
  constraint: 11,
  index: 12,
  partition: 13,
  view: 14,
  'materialized view': 15,
  'foreign key': 17,
  trigger: 18,
  policy: 19,
  publication: 20,
  'publication table': 21,
  'publication schema': 21,
  'event trigger': 22,
};

/** Owner, comment and privileges of an object or of a column. */
export interface Extras {
  /** `TABLE "s"."t"`, as COMMENT ON names it; the key by which two are matched. */
  on: string;
  comment: string | null;
  /** As ALTER … OWNER TO names it. */
  ownerOf: string | null;
  owner: string;
  target: GrantTarget | null;
  grants: Grant[] | null;
  version: number;
  /** Column of the object's table that it is about. */
  part: string | null;
}

/** One thing that a statement makes. Names are resolved: nothing in here needs the model, but for `of`. */
export interface SchemaObject {
  /** The same in two models for the same thing. */
  key: string;
  kind: ObjectKind;
  rank: number;
  schema: string | null;
  /** For a person. */
  name: string;
  /** Key of the table it goes away with. */
  table: string | null;
  attributes: Record<string, AttributeValue>;
  /** Keys of what must be there before. */
  needs: Set<string>;
  /** Better before, but can be done without. */
  wants: Set<string>;
  create: string[];
  drop: string[];
  /** Text within CREATE TABLE that does the same as `create`. */
  inline: string | null;
  /** A view with the same columns and nothing in it, for views that need each other. */
  stub: string | null;
  extras: Extras[];
  unknown: string[];
  /** Shown as an attribute of another object, or of a column of it. */
  fold: { into: string; part: string | null } | null;
  of: Source;
}

export type Source =
  | { kind: 'table'; table: TableModel }
  | { kind: 'column'; table: TableModel; column: ColumnModel; sequence: SequenceModel | null }
  | { kind: 'type'; type: TypeModel }
  | { kind: 'sequence'; sequence: SequenceModel }
  | { kind: 'routine'; routine: RoutineModel }
  | { kind: 'constraint'; constraint: ConstraintModel }
  | { kind: 'index'; index: IndexModel }
  | { kind: 'trigger'; trigger: TriggerModel }
  | { kind: 'policy'; policy: PolicyModel }
  | { kind: 'publication'; publication: PublicationModel }
  | { kind: 'other' };

export const isTable = (table: TableModel): boolean =>
  table.kind !== 'view' && table.kind !== 'materialized-view';
export const isPartitioned = (table: TableModel): boolean =>
  table.kind === 'partitioned' || table.kind === 'sub-partitioned';
export const isPartition = (table: TableModel): boolean =>
  table.partitionBound !== null || table.kind === 'partition' || table.kind === 'sub-partitioned';

export interface ObjectsOptions {
  /** Objects belong to whoever runs the script. */
  ignoreOwner?: boolean;
  ignorePrivileges?: boolean;
  ignoreComments?: boolean;
}

export interface Objects {
  all: Map<string, SchemaObject>;
  names: ModelNames;
}

/** A model's names by oid. */
export class ModelNames {
  readonly model: SchemaModel;
  readonly schemas = new Map<Oid, string>();
  readonly tables = new Map<Oid, TableModel>();
  readonly routines = new Map<Oid, RoutineModel>();
  readonly types = new Map<Oid, TypeModel>();
  readonly sequencesOf = new Map<string, SequenceModel[]>();
  readonly indexes = new Map<Oid, IndexModel>();

  constructor(model: SchemaModel) {
    this.model = model;
    for (const { oid, name } of model.schemas) this.schemas.set(oid, name);
    for (const table of model.tables) this.tables.set(table.oid, table);
    for (const routine of model.routines) this.routines.set(routine.oid, routine);
    for (const type of model.types) this.types.set(type.oid, type);
    for (const index of model.indexes) this.indexes.set(index.oid, index);
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
export const alterWord = (kind: ObjectKind): string => kind.toUpperCase();

/**
 * Everything user-made of a model as single things with their statements, in no order. Members of extensions are left
 * out, and so is what a partition has from its parent.
 */
export function objectsOf(model: SchemaModel, options: ObjectsOptions = {}): Objects {
  return new Builder(model, options).build();
}

class Builder {
  readonly #names: ModelNames;
  readonly #model: SchemaModel;
  readonly #options: ObjectsOptions;
  readonly #all = new Map<string, SchemaObject>();
  readonly #references = new References();
  readonly #byOid = new Map<Oid, string>();
  /** Names of ranges and multiranges. */
  readonly #constructors = new Set<string>();
  readonly #constraintOfIndex = new Map<Oid, string>();
  readonly #version: number;

  constructor(model: SchemaModel, options: ObjectsOptions) {
    this.#model = model;
    this.#options = options;
    this.#names = new ModelNames(model);
    this.#version = model.server.versionNumber;
  }

  build(): Objects {
    const model = this.#model;
    this.#nameAll();
    for (const schema of model.schemas) this.#schema(schema);
    for (const extension of model.extensions) this.#extension(extension);
    for (const server of model.foreignServers) this.#server(server);
    for (const type of model.types) if (!type.extension) this.#type(type);
    for (const sequence of model.sequences) {
      if (!sequence.extension && !sequence.ownedBy?.identity) this.#sequence(sequence);
    }
    for (const routine of model.routines) {
      if (!routine.extension && !this.#isConstructor(routine)) this.#routine(routine);
    }
    for (const table of model.tables) {
      if (table.extension) continue;
      if (isTable(table)) this.#table(table);
      else this.#view(table);
    }
    for (const constraint of model.constraints) this.#constraint(constraint);
    for (const index of model.indexes) this.#index(index);
    for (const trigger of model.triggers) this.#trigger(trigger);
    for (const policy of model.policies) this.#policy(policy);
    for (const publication of model.publications) this.#publication(publication);
    for (const trigger of model.eventTriggers) this.#eventTrigger(trigger);
    this.#dependencies();
    for (const object of this.#all.values()) object.needs.delete(object.key);
    return { all: this.#all, names: this.#names };
  }

  /** Keys by name first, so that texts can be searched for them. */
  #nameAll(): void {
    const { model } = this.#names;
    const names = this.#names;
    for (const extension of model.extensions)
      this.#byOid.set(extension.oid, `extension ${quoted(extension.name)}`);
    for (const table of model.tables) {
      if (table.extension) continue;
      const key = relationKey(names, table);
      this.#byOid.set(table.oid, key);
      this.#references.add(names.schema(table.schema), table.name, key);
    }
    for (const sequence of model.sequences) {
      if (sequence.extension || sequence.ownedBy?.identity) continue;
      const key = `sequence ${names.of(sequence)}`;
      this.#byOid.set(sequence.oid, key);
      this.#references.add(names.schema(sequence.schema), sequence.name, key);
    }
    for (const type of model.types) {
      if (type.extension) continue;
      const key = `type ${names.of(type)}`;
      this.#byOid.set(type.oid, key);
      this.#references.add(names.schema(type.schema), type.name, key);
      if (type.kind === 'range') this.#constructors.add(names.of(type));
      if (type.kind === 'range' && type.multirange) {
        const part = lastName(type.multirange, names.schema(type.schema));
        this.#references.add(part.schema, part.name, key);
        this.#constructors.add(qualified(part.schema, part.name));
      }
    }
    for (const routine of model.routines) {
      if (routine.extension || this.#isConstructor(routine)) continue;
      const key = routineKey(names, routine);
      this.#byOid.set(routine.oid, key);
      this.#references.add(names.schema(routine.schema), routine.name, key);
    }
    for (const constraint of model.constraints) {
      if (!constraint.table) continue;
      const key = `constraint ${names.relation(constraint.table)} ${quoted(constraint.name)}`;
      if (constraint.kind !== 'foreign-key') {
        this.#byOid.set(constraint.oid, key);
        if (constraint.index) this.#constraintOfIndex.set(constraint.index, key);
      }
    }
  }

  /** A range type brings functions of its own name. */
  #isConstructor(routine: RoutineModel): boolean {
    return routine.language === 'internal' && this.#constructors.has(this.#names.of(routine));
  }

  #put(
    kind: ObjectKind,
    key: string,
    parts: Partial<Omit<SchemaObject, 'key' | 'kind' | 'unknown' | 'needs' | 'wants'>> & {
      name: string;
      needs?: Iterable<string | undefined | null>;
      wants?: Iterable<string | undefined | null>;
      unknown?: (string | null)[];
    },
  ): SchemaObject {
    const has = (set: Iterable<string | undefined | null> = []) =>
      new Set([...set].filter((key) => key != null));
    const { needs, wants, unknown, ...rest } = parts;
    const object: SchemaObject = {
      schema: (parts.table ? this.#all.get(parts.table)?.schema : null) ?? null,
      table: null,
      attributes: {},
      create: [],
      drop: [],
      inline: null,
      stub: null,
      extras: [],
      fold: null,
      of: { kind: 'other' },
      ...rest,
      key,
      kind,
      rank: parts.rank ?? ranks[kind],
      needs: has(needs),
      wants: has(wants),
      unknown: (unknown ?? []).filter((why) => why !== null),
    };
    for (const extras of object.extras) {
      if (extras.part === null) Object.assign(object.attributes, this.extrasAttributes(extras));
    }
    this.#all.set(key, object);
    return object;
  }

  extrasAttributes(extras: Extras): Record<string, AttributeValue> {
    const { ignoreOwner = false, ignorePrivileges = false, ignoreComments = false } = this.#options;
    return {
      ...(ignoreComments ? {} : { comment: extras.comment }),
      ...(ignoreOwner || !extras.ownerOf ? {} : { owner: extras.owner }),
      ...(ignorePrivileges || !extras.target
        ? {}
        : { privileges: describeGrants(extras.target.kind, extras, ignoreOwner) || null }),
    };
  }

  #extras(
    on: string,
    item: { comment: string | null; owner?: string; grants?: Grant[] | null },
    more: { ownerOf?: string | null; target?: GrantTarget | null; part?: string | null } = {},
  ): Extras {
    return {
      on,
      comment: item.comment || null,
      ownerOf: item.owner === undefined ? null : (more.ownerOf ?? on),
      owner: item.owner ?? '',
      target: more.target ?? null,
      grants: item.grants ?? null,
      version: this.#version,
      part: more.part ?? null,
    };
  }

  #schema(schema: SchemaModel['schemas'][number]): void {
    const name = quoted(schema.name);
    const on = `SCHEMA ${name}`;
    this.#put('schema', `schema ${name}`, {
      schema: schema.name,
      name: schema.name,
      // A new database has it.
      create: [`CREATE SCHEMA ${schema.name === 'public' ? 'IF NOT EXISTS ' : ''}${name}`],
      drop: [`DROP SCHEMA ${name}`],
      extras: [this.#extras(on, schema, { target: { kind: 'schema', on } })],
    });
  }

  #schemaKey(oid: Oid): string {
    return `schema ${quoted(this.#names.schema(oid))}`;
  }

  #extension(extension: SchemaModel['extensions'][number]): void {
    const name = quoted(extension.name);
    const schema = this.#names.schema(extension.schema);
    this.#put('extension', `extension ${name}`, {
      schema,
      name: extension.name,
      attributes: { schema, version: extension.version },
      needs: [this.#schemaKey(extension.schema)],
      create: [`CREATE EXTENSION IF NOT EXISTS ${name} WITH SCHEMA ${quoted(schema)}`],
      drop: [`DROP EXTENSION ${name}`],
      extras: [this.#extras(`EXTENSION ${name}`, { comment: extension.comment })],
    });
  }

  #server(server: SchemaModel['foreignServers'][number]): void {
    const name = quoted(server.name);
    const on = `SERVER ${name}`;
    const options = server.options.length ? ` OPTIONS (${foreignOptions(server.options)})` : '';
    this.#put('foreign server', `foreign server ${name}`, {
      name: server.name,
      attributes: {
        wrapper: server.wrapper,
        type: server.type,
        version: server.version,
        options: list(server.options),
      },
      create: [
        `CREATE SERVER ${name}${server.type === null ? '' : ` TYPE ${literal(server.type)}`}${
          server.version === null ? '' : ` VERSION ${literal(server.version)}`
        } FOREIGN DATA WRAPPER ${quoted(server.wrapper)}${options}`,
      ],
      drop: [`DROP SERVER ${name}`],
      needs: this.#model.extensions.map(({ name }) => `extension ${quoted(name)}`),
      extras: [this.#extras(on, server, { target: { kind: 'server', on: `FOREIGN SERVER ${name}` } })],
    });
  }

  #type(type: TypeModel): void {
    const name = this.#names.of(type);
    const key = `type ${name}`;
    const collate = (collation: string | null) => (collation ? ` COLLATE ${collation}` : '');
    const domain = type.kind === 'domain';
    const on = `${domain ? 'DOMAIN' : 'TYPE'} ${name}`;
    const extras = [this.#extras(on, type, { target: { kind: 'type', on } })];
    const about = {
      schema: this.#names.schema(type.schema),
      name: `${this.#names.schema(type.schema)}.${type.name}`,
      drop: [`DROP ${on}`],
      of: { kind: 'type' as const, type },
    };
    const needs = [this.#schemaKey(type.schema)];
    const kind = { kind: type.kind };
    switch (type.kind) {
      case 'enum':
        this.#put('type', key, {
          ...about,
          extras,
          needs,
          attributes: { ...kind, values: type.values.map(literal).join(', ') },
          create: [`CREATE TYPE ${name} AS ENUM (${breakList(type.values.map(literal))})`],
        });
        return;
      case 'domain':
        this.#put('type', key, {
          ...about,
          extras,
          needs: [
            ...needs,
            ...this.#references.in(type.base),
            ...this.#references.in(type.default ?? ''),
            ...this.#references.in(type.collation ?? ''),
          ],
          attributes: {
            ...kind,
            base: type.base,
            collation: type.collation,
            default: type.default,
            'not null': yes(type.notNull),
          },
          create: [
            `CREATE DOMAIN ${name} AS ${type.base}${collate(type.collation)}${
              type.default === null ? '' : ` DEFAULT ${type.default}`
            }${type.notNull ? ' NOT NULL' : ''}`,
          ],
        });
        return;
      case 'composite':
        for (const column of type.columns) {
          extras.push(this.#extras(`COLUMN ${name}.${quoted(column.name)}`, column, { part: column.name }));
        }
        this.#put('type', key, {
          ...about,
          extras,
          needs: [
            ...needs,
            ...type.columns.flatMap((column) => [
              ...this.#references.in(`${column.type} ${column.collation ?? ''}`),
            ]),
          ],
          attributes: kind,
          create: [
            `CREATE TYPE ${name} AS (${breakList(
              type.columns.map(
                (column) => `${quoted(column.name)} ${column.type}${collate(column.collation)}`,
              ),
            )})`,
          ],
        });
        return;
      case 'range': {
        const parts = [
          `SUBTYPE = ${type.subtype}`,
          type.subtypeOperatorClass ? `SUBTYPE_OPCLASS = ${type.subtypeOperatorClass}` : '',
          type.collation ? `COLLATION = ${type.collation}` : '',
          type.canonical ? `CANONICAL = ${type.canonical}` : '',
          type.subtypeDiff ? `SUBTYPE_DIFF = ${type.subtypeDiff}` : '',
          type.multirange && this.#version >= 140000 ? `MULTIRANGE_TYPE_NAME = ${type.multirange}` : '',
        ].filter(Boolean);
        this.#put('type', key, {
          ...about,
          extras,
          needs: [
            ...needs,
            ...this.#references.in(
              [
                type.subtype,
                type.subtypeOperatorClass,
                type.collation,
                type.canonical,
                type.subtypeDiff,
              ].join(' '),
            ),
          ],
          attributes: {
            ...kind,
            subtype: type.subtype,
            'operator class': type.subtypeOperatorClass,
            collation: type.collation,
            canonical: type.canonical,
            difference: type.subtypeDiff,
            multirange: type.multirange,
          },
          create: [
            // The canonical function takes the type, and the type names the function.
            ...(type.canonical ? [`CREATE TYPE ${name}`] : []),
            `CREATE TYPE ${name} AS RANGE (${breakList(parts)})`,
          ],
        });
        return;
      }
      default:
        this.#put('type', key, {
          ...about,
          needs,
          attributes: kind,
          unknown: [`The ${type.kind} type ${about.name} is made by functions in C, which DDL can’t show.`],
        });
    }
  }

  #sequence(sequence: SequenceModel): void {
    const name = this.#names.of(sequence);
    const key = `sequence ${name}`;
    this.#put('sequence', key, {
      schema: this.#names.schema(sequence.schema),
      name: `${this.#names.schema(sequence.schema)}.${sequence.name}`,
      needs: [this.#schemaKey(sequence.schema)],
      attributes: { ...sequenceAttributes(sequence), persistence: sequence.persistence },
      create: [
        `CREATE ${persistenceWord(sequence.persistence)}SEQUENCE ${name} AS ${sequence.type} ${sequenceOptions(sequence)}`,
      ],
      drop: [`DROP SEQUENCE ${name}`],
      of: { kind: 'sequence', sequence },
      extras: [
        this.#extras(`SEQUENCE ${name}`, sequence, { target: { kind: 'sequence', on: `SEQUENCE ${name}` } }),
      ],
    });
    if (!sequence.ownedBy) return;
    const table = this.#names.tables.get(sequence.ownedBy.table);
    if (!table || table.extension) return;
    const column = this.#names.columns(table.oid, [sequence.ownedBy.column])[0] ?? '';
    this.#put('sequence owner', `sequence owner ${name}`, {
      name: `${this.#names.schema(sequence.schema)}.${sequence.name}`,
      table: key,
      needs: [key, relationKey(this.#names, table)],
      attributes: { 'owned by': `${this.#names.of(table)}.${quoted(column)}` },
      create: [`ALTER SEQUENCE ${name} OWNED BY ${this.#names.of(table)}.${quoted(column)}`],
      drop: [`ALTER SEQUENCE ${name} OWNED BY NONE`],
      fold: { into: key, part: null },
    });
  }

  #routine(routine: RoutineModel): void {
    const key = routineKey(this.#names, routine);
    const word =
      routine.kind === 'procedure' ? 'PROCEDURE' : routine.kind === 'aggregate' ? 'AGGREGATE' : 'FUNCTION';
    const args = routine.kind === 'aggregate' && !routine.arguments ? '*' : routine.arguments;
    const on = `${word} ${this.#names.of(routine)}(${args})`;
    const grantOn = `${word === 'PROCEDURE' ? 'PROCEDURE' : 'FUNCTION'} ${this.#names.of(routine)}(${routine.arguments})`;
    const definition = printed(routine.definition);
    const name = `${this.#names.schema(routine.schema)}.${routine.name}(${routine.arguments})`;
    this.#put('routine', key, {
      schema: this.#names.schema(routine.schema),
      name,
      needs: [
        this.#schemaKey(routine.schema),
        ...this.#references.in(`${routine.arguments} ${routine.result ?? ''}`),
        ...this.#references.in(definition.text === null ? '' : routineHead(definition.text)),
      ],
      attributes: {
        kind: routine.kind,
        arguments: routine.arguments,
        result: routine.result,
        definition: definition.value,
      },
      create: definition.text === null ? [] : [definition.text.trim().replace(/;$/, '')],
      drop: [`DROP ${on}`],
      of: { kind: 'routine', routine },
      unknown: [
        definition.why && `The definition of ${routine.kind} ${name} is not known: ${definition.why}`,
      ],
      extras: [this.#extras(on, routine, { target: { kind: 'routine', on: grantOn } })],
    });
  }

  #table(table: TableModel): void {
    const names = this.#names;
    const name = names.of(table);
    const kind = relationKind(table) as 'table' | 'foreign table';
    const key = relationKey(names, table);
    const label = `${names.schema(table.schema)}.${table.name}`;
    const partitionKey = table.partitionKey && printed(table.partitionKey);
    const partition = isPartition(table);
    const ofType = table.ofType === null ? null : names.types.get(table.ofType);
    const object = this.#put(kind, key, {
      schema: names.schema(table.schema),
      name: label,
      attributes: {
        persistence: table.persistence,
        options: list(realOptions(table.options)),
        'access method': table.accessMethod === 'heap' ? null : table.accessMethod,
        tablespace: table.tablespace,
        'row security': yes(table.rowSecurity),
        'forced row security': yes(table.forceRowSecurity),
        'replica identity':
          kind === 'foreign table' || table.replicaIdentity === 'default' ? null : table.replicaIdentity,
        'of type': ofType ? names.of(ofType) : null,
        'partition key': partitionKey ? partitionKey.value : null,
        server: table.server,
        'server options': list(table.serverOptions),
      },
      needs: [
        this.#schemaKey(table.schema),
        ...(partition ? [] : table.parents.map((parent) => this.#byOid.get(parent))),
        table.server === null ? null : `foreign server ${quoted(table.server)}`,
        ofType ? `type ${names.of(ofType)}` : null,
        ...this.#references.in(partitionKey?.text ?? ''),
        ...table.columns.flatMap((column) => [
          ...this.#references.in(`${column.type} ${column.collation ?? ''}`),
        ]),
      ],
      // A parent goes before its partitions, and what is done to it goes to them.
      wants: partition ? table.parents.map((parent) => this.#byOid.get(parent)) : [],
      drop: [`DROP ${alterWord(kind)} ${name}`],
      unknown: [partitionKey?.why ? `The partition key of ${label} is not known: ${partitionKey.why}` : null],
      of: { kind: 'table', table },
      extras: [
        this.#extras(`${alterWord(kind)} ${name}`, table, { target: { kind: 'table', on: `TABLE ${name}` } }),
        ...this.#columnExtras(table),
      ],
    });
    for (const column of table.columns) {
      const expression = column.expression && printed(column.expression);
      if (expression) {
        const needs = this.#references.in(expression.text ?? '');
        const generated = column.generated;
        if (generated) for (const need of needs) object.needs.add(need);
        else for (const need of needs) object.wants.add(need);
        this.#put('default', `default ${name}.${quoted(column.name)}`, {
          name: `${label}.${column.name}`,
          table: key,
          needs: [key, ...needs],
          attributes: {
            [generated ? `generated ${generated}` : 'default']: expression.value,
          },
          create:
            expression.text === null || generated
              ? []
              : [
                  `ALTER ${alterWord(kind)} ONLY ${name} ALTER COLUMN ${quoted(column.name)} SET DEFAULT ${expression.text}`,
                ],
          drop: generated
            ? [`ALTER ${alterWord(kind)} ${name} DROP COLUMN ${quoted(column.name)}`]
            : [`ALTER ${alterWord(kind)} ONLY ${name} ALTER COLUMN ${quoted(column.name)} DROP DEFAULT`],
          inline:
            expression.text === null
              ? null
              : generated
                ? `GENERATED ALWAYS AS (${expression.text}) ${generated.toUpperCase()}`
                : `DEFAULT ${expression.text}`,
          unknown: [
            expression.why && `The default of ${label}.${column.name} is not known: ${expression.why}`,
          ],
          fold: { into: key, part: column.name },
          of: { kind: 'column', table, column, sequence: null },
        });
      }
      if (column.identity) {
        const sequence = names.identity(table, column);
        // A partition has it from its parent, from 17 on.
        if (!sequence) continue;
        const text = `GENERATED ${identityWord(column.identity)} AS IDENTITY (SEQUENCE NAME ${names.of(sequence)} ${sequenceOptions(sequence)})`;
        this.#put('identity', `identity ${name}.${quoted(column.name)}`, {
          name: `${label}.${column.name}`,
          table: key,
          needs: [key],
          attributes: { identity: column.identity, ...sequenceAttributes(sequence, 'identity ') },
          create: [`ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} ADD ${text}`],
          drop: [`ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} DROP IDENTITY`],
          inline: text,
          fold: { into: key, part: column.name },
          of: { kind: 'column', table, column, sequence },
        });
      }
    }
    if (partition) {
      const parent = names.tables.get(table.parents[0] ?? '');
      const bound = table.partitionBound && printed(table.partitionBound);
      if (parent) {
        const parentName = names.of(parent);
        this.#put('partition', `partition ${name}`, {
          name: label,
          table: key,
          needs: [key, relationKey(names, parent)],
          attributes: { 'partition of': parentName, bound: bound?.value ?? null },
          create:
            bound?.text == null
              ? []
              : [`ALTER TABLE ONLY ${parentName} ATTACH PARTITION ${name} ${bound.text}`],
          drop: [`ALTER TABLE ${parentName} DETACH PARTITION ${name}`],
          unknown: [bound?.why ? `The bound of ${label} is not known: ${bound.why}` : null],
          fold: { into: key, part: null },
        });
      }
    } else {
      for (const [index, oid] of table.parents.entries()) {
        const parent = names.tables.get(oid);
        if (!parent) continue;
        const parentName = names.of(parent);
        this.#put('inheritance', `inheritance ${name} ${parentName}`, {
          name: label,
          table: key,
          needs: [key, relationKey(names, parent)],
          // Which comes first decides the order of columns only.
          rank: ranks.inheritance + index / 1000,
          attributes: { [`inherits ${parentName}`]: 'yes' },
          create: [`ALTER TABLE ${name} INHERIT ${parentName}`],
          drop: [`ALTER TABLE ${name} NO INHERIT ${parentName}`],
          inline: parentName,
          fold: { into: key, part: null },
        });
      }
    }
  }

  #columnExtras(table: TableModel): Extras[] {
    const name = this.#names.of(table);
    return table.columns.map((column) =>
      this.#extras(
        `COLUMN ${name}.${quoted(column.name)}`,
        { comment: column.comment, grants: column.grants, owner: table.owner },
        {
          ownerOf: '',
          part: column.name,
          target: { kind: 'column', on: `TABLE ${name}`, column: column.name },
        },
      ),
    );
  }

  #view(table: TableModel): void {
    const names = this.#names;
    const name = names.of(table);
    const kind = relationKind(table) as 'view' | 'materialized view';
    const key = relationKey(names, table);
    const label = `${names.schema(table.schema)}.${table.name}`;
    const definition = table.definition ? printed(table.definition) : notAsked;
    const query = definition.text?.trim().replace(/;$/, '') ?? null;
    const options = realOptions(table.options).filter((option) => !option.startsWith('check_option='));
    const materialized = kind === 'materialized view';
    const with_ = options.length ? ` WITH (${parameters(options)})` : '';
    const using =
      materialized && table.accessMethod && table.accessMethod !== 'heap'
        ? ` USING ${quoted(table.accessMethod)}`
        : '';
    const tablespace = table.tablespace ? ` TABLESPACE ${quoted(table.tablespace)}` : '';
    const needs = new Set([this.#schemaKey(table.schema), ...this.#references.in(query ?? '')]);
    this.#put(kind, key, {
      schema: names.schema(table.schema),
      name: label,
      needs,
      attributes: {
        definition: definition.value,
        options: list(options),
        'check option': table.checkOption,
        ...(materialized
          ? {
              tablespace: table.tablespace,
              'access method': table.accessMethod === 'heap' ? null : table.accessMethod,
            }
          : {}),
      },
      create:
        query === null
          ? []
          : [
              `CREATE ${materialized ? 'MATERIALIZED VIEW' : 'VIEW'} ${name}${using}${with_}${tablespace} AS\n${query}${
                materialized
                  ? '\nWITH NO DATA'
                  : table.checkOption
                    ? `\nWITH ${table.checkOption.toUpperCase()} CHECK OPTION`
                    : ''
              }`,
            ],
      drop: [`DROP ${alterWord(kind)} ${name}`],
      stub: materialized
        ? null
        : `CREATE VIEW ${name} AS\nSELECT ${table.columns
            .map(
              (column) =>
                `NULL::${column.type}${column.collation ? ` COLLATE ${column.collation}` : ''} AS ${quoted(column.name)}`,
            )
            .join(', ')}`,
      unknown: [definition.why && `The query of ${kind} ${label} is not known: ${definition.why}`],
      of: { kind: 'table', table },
      extras: [
        this.#extras(`${alterWord(kind)} ${name}`, table, { target: { kind: 'table', on: `TABLE ${name}` } }),
        ...this.#columnExtras(table),
      ],
    });
    for (const column of table.columns) {
      const expression = column.expression && printed(column.expression);
      if (!expression) continue;
      this.#put('default', `default ${name}.${quoted(column.name)}`, {
        name: `${label}.${column.name}`,
        table: key,
        rank: ranks.view + 0.5,
        needs: [key, ...this.#references.in(expression.text ?? '')],
        attributes: { default: expression.value },
        create:
          expression.text === null
            ? []
            : [`ALTER VIEW ${name} ALTER COLUMN ${quoted(column.name)} SET DEFAULT ${expression.text}`],
        drop: [`ALTER VIEW ${name} ALTER COLUMN ${quoted(column.name)} DROP DEFAULT`],
        unknown: [expression.why && `The default of ${label}.${column.name} is not known: ${expression.why}`],
        fold: { into: key, part: column.name },
        of: { kind: 'column', table, column, sequence: null },
      });
    }
  }

  #constraint(constraint: ConstraintModel): void {
    const names = this.#names;
    if (constraint.kind === 'trigger' || constraint.kind === 'not-null') return;
    const definition = printed(constraint.definition);
    const quotedName = quoted(constraint.name);
    const index = constraint.index ? names.indexes.get(constraint.index) : undefined;
    const made = definition.text === null ? null : withIndexParameters(definition.text, index);
    if (constraint.domain) {
      const domain = names.types.get(constraint.domain);
      if (!domain || domain.extension) return;
      const name = names.of(domain);
      this.#put('domain constraint', `domain constraint ${name} ${quotedName}`, {
        schema: names.schema(domain.schema),
        name: `${names.schema(domain.schema)}.${domain.name}: ${constraint.name}`,
        table: `type ${name}`,
        needs: [`type ${name}`, ...this.#references.in(definition.text ?? '')],
        attributes: { definition: definition.value },
        create:
          definition.text === null
            ? []
            : [`ALTER DOMAIN ${name} ADD CONSTRAINT ${quotedName} ${definition.text}`],
        drop: [`ALTER DOMAIN ${name} DROP CONSTRAINT ${quotedName}`],
        unknown: [definition.why && `The constraint ${constraint.name} is not known: ${definition.why}`],
        of: { kind: 'constraint', constraint },
        extras: [this.#extras(`CONSTRAINT ${quotedName} ON DOMAIN ${name}`, constraint)],
      });
      return;
    }
    const table = constraint.table ? names.tables.get(constraint.table) : undefined;
    if (!table || table.extension || !isTable(table)) return;
    const foreign = constraint.kind === 'foreign-key';
    if (foreign && constraint.parent) return;
    const name = names.of(table);
    const tableKey = relationKey(names, table);
    const key = `${foreign ? 'foreign key' : 'constraint'} ${name} ${quotedName}`;
    // Foreign keys of partitioned tables go to the partitions; nothing else needs to go to children by itself.
    const only = (foreign && isPartitioned(table)) || constraint.kind === 'check' ? '' : 'ONLY ';
    const referred = constraint.references ? names.tables.get(constraint.references.table) : undefined;
    const needs = this.#references.in(definition.text ?? '');
    const label = `${names.schema(table.schema)}.${table.name}: ${constraint.name}`;
    this.#put(foreign ? 'foreign key' : 'constraint', key, {
      schema: names.schema(table.schema),
      name: label,
      table: tableKey,
      needs: [tableKey, ...needs, ...(referred ? [relationKey(names, referred)] : [])],
      attributes: {
        definition: definition.value,
        ...(index ? { 'index options': list(index.options), tablespace: index.tablespace } : {}),
      },
      create:
        made === null
          ? []
          : [`ALTER ${alterWord(relationKind(table))} ${only}${name} ADD CONSTRAINT ${quotedName} ${made}`],
      drop: [`ALTER ${alterWord(relationKind(table))} ${name} DROP CONSTRAINT ${quotedName}`],
      inline: foreign || made === null || !constraint.validated ? null : `CONSTRAINT ${quotedName} ${made}`,
      unknown: [definition.why && `The constraint ${label} is not known: ${definition.why}`],
      of: { kind: 'constraint', constraint },
      extras: [this.#extras(`CONSTRAINT ${quotedName} ON ${name}`, constraint)],
    });
    if (constraint.kind === 'check') {
      const own = this.#all.get(tableKey);
      for (const need of needs) own?.wants.add(need);
    }
    if (!index) return;
    this.#indexSettings(index, table, key, `${names.schema(table.schema)}.${constraint.name}`);
    if (index.parent) this.#attachIndex(index, index.parent, key, table);
  }

  /** A partition's index belongs to its parent's. */
  #attachIndex(child: IndexModel, parent: Oid, key: string, table: TableModel): void {
    const over = this.#names.indexes.get(parent);
    const overTable = over && this.#names.tables.get(over.table);
    if (!overTable) return;
    const childName = qualified(this.#names.schema(table.schema), child.name);
    const overName = qualified(this.#names.schema(overTable.schema), over.name);
    this.#put('index', `index partition ${childName}`, {
      name: childName,
      rank: ranks.partition + 0.5,
      table: key,
      needs: [
        key,
        `partition ${this.#names.of(table)}`,
        this.#constraintOfIndex.get(parent) ?? `index ${overName}`,
      ],
      attributes: { 'partition of index': overName },
      create: [`ALTER INDEX ${overName} ATTACH PARTITION ${childName}`],
      drop: [],
      fold: { into: key, part: null },
    });
  }

  #indexSettings(index: IndexModel, table: TableModel, key: string, name: string): void {
    const on = this.#names.of(table);
    const word = alterWord(relationKind(table));
    const setting = (attribute: string, create: string, drop: string) =>
      this.#put('index', `${attribute} ${on}`, {
        name,
        rank: ranks.index + 0.5,
        table: key,
        needs: [key],
        attributes: { [attribute]: quoted(index.name) },
        create: [create],
        drop: [drop],
        fold: { into: relationKey(this.#names, table), part: null },
      });
    if (index.clustered && !isPartitioned(table)) {
      setting(
        'cluster on',
        `ALTER ${word} ${on} CLUSTER ON ${quoted(index.name)}`,
        `ALTER ${word} ${on} SET WITHOUT CLUSTER`,
      );
    }
    if (index.replicaIdentity && table.replicaIdentity === 'index') {
      setting(
        'replica identity index',
        `ALTER TABLE ONLY ${on} REPLICA IDENTITY USING INDEX ${quoted(index.name)}`,
        `ALTER TABLE ONLY ${on} REPLICA IDENTITY DEFAULT`,
      );
    }
  }

  #index(index: IndexModel): void {
    const names = this.#names;
    if (index.constraint) return;
    const table = names.tables.get(index.table);
    if (!table || table.extension) return;
    const schema = names.schema(table.schema);
    const name = qualified(schema, index.name);
    const definition = printed(index.definition);
    const tablespace = index.tablespace ? ` TABLESPACE ${quoted(index.tablespace)}` : '';
    const tableKey = relationKey(names, table);
    const key = `index ${name}`;
    const label = `${schema}.${index.name}`;
    this.#put('index', key, {
      schema,
      name: label,
      // One that not all partitions have must come after them: a partition that is attached gets what its parent has.
      rank:
        table.kind === 'materialized-view'
          ? ranks['materialized view'] + 1
          : isPartitioned(table) && !index.valid
            ? ranks.partition + 0.2
            : ranks.index,
      table: tableKey,
      needs: [tableKey, ...this.#references.in(definition.text ?? '')],
      attributes: {
        table: names.of(table),
        definition: definition.value,
        tablespace: index.tablespace,
        // Whether all partitions have it is seen at the partitions.
        valid: isPartitioned(table) ? null : yes(index.valid),
      },
      create: definition.text === null ? [] : [indexStatement(definition.text, tablespace)],
      drop: [`DROP INDEX ${name}`],
      unknown: [definition.why && `The index ${label} is not known: ${definition.why}`],
      of: { kind: 'index', index },
      extras: [this.#extras(`INDEX ${name}`, index)],
    });
    this.#indexSettings(index, table, key, label);
    if (index.parent) this.#attachIndex(index, index.parent, key, table);
  }

  #trigger(trigger: TriggerModel): void {
    const names = this.#names;
    const table = names.tables.get(trigger.table);
    if (!table || table.extension || trigger.parent) return;
    const on = names.of(table);
    const name = quoted(trigger.name);
    const tableKey = relationKey(names, table);
    const definition = printed(trigger.definition);
    const label = `${names.schema(table.schema)}.${table.name}: ${trigger.name}`;
    this.#put('trigger', `trigger ${on} ${name}`, {
      schema: names.schema(table.schema),
      name: label,
      table: tableKey,
      needs: [tableKey, this.#byOid.get(trigger.function), ...this.#references.in(definition.text ?? '')],
      attributes: { definition: definition.value, enabled: trigger.enabled },
      create:
        definition.text === null
          ? []
          : [
              definition.text,
              ...(trigger.enabled === 'origin' ? [] : [enableTrigger(on, name, trigger.enabled)]),
            ],
      drop: [`DROP TRIGGER ${name} ON ${on}`],
      unknown: [definition.why && `The trigger ${label} is not known: ${definition.why}`],
      of: { kind: 'trigger', trigger },
      extras: [this.#extras(`TRIGGER ${name} ON ${on}`, trigger)],
    });
  }

  #policy(policy: PolicyModel): void {
    const names = this.#names;
    const table = names.tables.get(policy.table);
    if (!table || table.extension) return;
    const on = names.of(table);
    const name = quoted(policy.name);
    const using = policy.using && printed(policy.using);
    const check = policy.check && printed(policy.check);
    const label = `${names.schema(table.schema)}.${table.name}: ${policy.name}`;
    const why = using?.why ?? check?.why ?? null;
    this.#put('policy', `policy ${on} ${name}`, {
      schema: names.schema(table.schema),
      name: label,
      table: relationKey(names, table),
      needs: [relationKey(names, table), ...this.#references.in(`${using?.text ?? ''} ${check?.text ?? ''}`)],
      attributes: {
        command: policy.command,
        permissive: yes(policy.permissive),
        roles: [...policy.roles].sort().join(', ') || 'PUBLIC',
        using: using ? using.value : null,
        check: check ? check.value : null,
      },
      create: why
        ? []
        : [
            `CREATE POLICY ${name} ON ${on}${policy.permissive ? '' : ' AS RESTRICTIVE'} FOR ${policy.command.toUpperCase()} TO ${rolesOf(policy)}${
              using ? ` USING (${using.text})` : ''
            }${check ? ` WITH CHECK (${check.text})` : ''}`,
          ],
      drop: [`DROP POLICY ${name} ON ${on}`],
      unknown: [why && `The policy ${label} is not known: ${why}`],
      of: { kind: 'policy', policy },
      extras: [this.#extras(`POLICY ${name} ON ${on}`, policy)],
    });
  }

  #publication(publication: PublicationModel): void {
    const name = quoted(publication.name);
    const key = `publication ${name}`;
    this.#put('publication', key, {
      name: publication.name,
      attributes: {
        'all tables': yes(publication.allTables),
        operations: [...publication.operations].sort().join(', '),
        'via root': yes(publication.viaRoot),
      },
      create: [
        `CREATE PUBLICATION ${name}${publication.allTables ? ' FOR ALL TABLES' : ''} WITH (${publicationOptions(publication, this.#version)})`,
      ],
      drop: [`DROP PUBLICATION ${name}`],
      of: { kind: 'publication', publication },
      extras: [
        this.#extras(`PUBLICATION ${name}`, { comment: publication.comment, owner: publication.owner }),
      ],
    });
    for (const { table: oid, columns, filter } of publication.allTables ? [] : publication.tables) {
      const table = this.#names.tables.get(oid);
      if (!table) continue;
      const on = this.#names.of(table);
      const where = filter && printed(filter);
      const columnList = columns === null ? null : this.#names.columns(oid, columns).map(quoted).join(', ');
      this.#put('publication table', `publication table ${name} ${on}`, {
        name: publication.name,
        table: relationKey(this.#names, table),
        needs: [key, relationKey(this.#names, table), ...this.#references.in(where?.text ?? '')],
        attributes: {
          [`publishes ${on}`]: 'yes',
          [`columns of ${on}`]: columnList,
          [`rows of ${on}`]: where ? where.value : null,
        },
        create: where?.why
          ? []
          : [
              `ALTER PUBLICATION ${name} ADD TABLE ONLY ${on}${columnList === null ? '' : ` (${columnList})`}${
                where ? ` WHERE (${where.text})` : ''
              }`,
            ],
        drop: [`ALTER PUBLICATION ${name} DROP TABLE ONLY ${on}`],
        unknown: [
          where?.why ? `What ${publication.name} publishes of ${on} is not known: ${where.why}` : null,
        ],
        fold: { into: key, part: null },
      });
    }
    for (const oid of publication.schemas) {
      const schema = quoted(this.#names.schema(oid));
      this.#put('publication schema', `publication schema ${name} ${schema}`, {
        name: publication.name,
        table: key,
        needs: [key, `schema ${schema}`],
        attributes: { [`publishes schema ${schema}`]: 'yes' },
        create: [`ALTER PUBLICATION ${name} ADD TABLES IN SCHEMA ${schema}`],
        drop: [`ALTER PUBLICATION ${name} DROP TABLES IN SCHEMA ${schema}`],
        fold: { into: key, part: null },
      });
    }
  }

  #eventTrigger(trigger: SchemaModel['eventTriggers'][number]): void {
    const name = quoted(trigger.name);
    const tags = trigger.tags.length ? `\n  WHEN TAG IN (${trigger.tags.map(literal).join(', ')})` : '';
    const enabled = {
      origin: 'ENABLE',
      disabled: 'DISABLE',
      replica: 'ENABLE REPLICA',
      always: 'ENABLE ALWAYS',
    }[trigger.enabled];
    const called = this.#names.routine(trigger.function);
    this.#put('event trigger', `event trigger ${name}`, {
      name: trigger.name,
      needs: [this.#byOid.get(trigger.function)],
      attributes: {
        event: trigger.event,
        tags: list(trigger.tags),
        function: called,
        enabled: trigger.enabled,
      },
      create: [
        `CREATE EVENT TRIGGER ${name} ON ${quoted(trigger.event)}${tags}\n  EXECUTE FUNCTION ${called}()`,
        ...(trigger.enabled === 'origin' ? [] : [`ALTER EVENT TRIGGER ${name} ${enabled}`]),
      ],
      drop: [`DROP EVENT TRIGGER ${name}`],
      extras: [this.#extras(`EVENT TRIGGER ${name}`, { comment: trigger.comment, owner: trigger.owner })],
    });
  }

  /** A foreign key hangs on a unique index of the columns it refers to; which one, the catalogue's lists don't say. */
  #foreignKeysNeed(): void {
    const set = (columns: number[]) => [...columns].sort((a, b) => a - b).join();
    const unique = new Map<string, string[]>();
    const add = (table: Oid, columns: number[], key: string) => {
      const at = `${table} ${set(columns)}`;
      unique.set(at, [...(unique.get(at) ?? []), key]);
    };
    for (const { key, of } of this.#all.values()) {
      if (of.kind === 'constraint' && of.constraint.index && of.constraint.table) {
        add(of.constraint.table, of.constraint.columns, key);
      } else if (of.kind === 'index' && of.index.unique && !of.index.partial) {
        add(of.index.table, of.index.columns.slice(0, of.index.keyColumns), key);
      }
    }
    for (const { needs, of } of this.#all.values()) {
      if (of.kind !== 'constraint' || !of.constraint.references) continue;
      const { table, columns } = of.constraint.references;
      for (const key of unique.get(`${table} ${set(columns)}`) ?? []) needs.add(key);
    }
  }

  /** What the catalogue says beyond what the texts name, and primary keys that a view groups by. */
  #dependencies(): void {
    for (const { dependent, on } of this.#model.dependencies) {
      const from = this.#byOid.get(dependent);
      const to = this.#byOid.get(on);
      const object = from === undefined ? undefined : this.#all.get(from);
      // Tables find theirs by themselves: what they have by defaults and checks must not count as theirs.
      if (!object || to === undefined || object.of.kind !== 'table' || isTable(object.of.table)) continue;
      if (to !== from) object.needs.add(to);
    }
    this.#foreignKeysNeed();
    const keys = new Map<string, string[]>();
    for (const object of this.#all.values()) {
      if (object.of.kind !== 'constraint' || object.of.constraint.kind !== 'primary-key' || !object.table)
        continue;
      keys.set(object.table, [...(keys.get(object.table) ?? []), object.key]);
    }
    for (const object of this.#all.values()) {
      if (object.kind !== 'view' && object.kind !== 'materialized view') continue;
      for (const need of [...object.needs]) for (const key of keys.get(need) ?? []) object.wants.add(key);
    }
  }
}

const notAsked = { text: null, value: { notKnown: 'it was not asked for.' }, why: 'it was not asked for.' };

/** A text of the server as an attribute, and why it is not there. */
export function printed(from: Printed): { text: string | null; value: AttributeValue; why: string | null } {
  switch (from.state) {
    case 'known':
      return { text: from.text, value: from.text, why: null };
    case 'later':
      return notAsked;
    case 'waiting': {
      const why = 'the object was locked when it was asked for. Try again when the lock is gone.';
      return { text: null, value: { notKnown: why }, why };
    }
    case 'hidden':
      return { text: null, value: { notKnown: from.why }, why: from.why };
  }
}

export const routineKey = (names: ModelNames, routine: RoutineModel): string =>
  `routine ${names.of(routine)}(${routine.arguments})`;

export const yes = (value: boolean): string => (value ? 'yes' : 'no');

export const list = (items: string[]): string | null => (items.length ? [...items].sort().join(', ') : null);

/** `pg_attver` is a mark of the server's own (15.20 and its kin), which no other server takes. */
export const realOptions = (options: string[]): string[] =>
  options.filter((option) => !option.startsWith('pg_attver='));

export const identityWord = (identity: 'always' | 'by-default'): string =>
  identity === 'always' ? 'ALWAYS' : 'BY DEFAULT';

export const persistenceWord = (persistence: TableModel['persistence']): string =>
  persistence === 'unlogged' ? 'UNLOGGED ' : persistence === 'temporary' ? 'TEMPORARY ' : '';

export function sequenceOptions(sequence: SequenceModel): string {
  return `START WITH ${sequence.start} INCREMENT BY ${sequence.increment} MINVALUE ${sequence.minimum} MAXVALUE ${sequence.maximum} CACHE ${sequence.cache} ${sequence.cycle ? 'CYCLE' : 'NO CYCLE'}`;
}

function sequenceAttributes(sequence: SequenceModel, prefix = ''): Record<string, string> {
  return {
    ...(prefix ? {} : { type: sequence.type }),
    [`${prefix}start`]: sequence.start,
    [`${prefix}increment`]: sequence.increment,
    [`${prefix}minimum`]: sequence.minimum,
    [`${prefix}maximum`]: sequence.maximum,
    [`${prefix}cache`]: sequence.cache,
    [`${prefix}cycle`]: yes(sequence.cycle),
  };
}

export function publicationOptions(publication: PublicationModel, version: number): string {
  return `publish = ${literal(publication.operations.join(', '))}${
    version >= 130000 ? `, publish_via_partition_root = ${publication.viaRoot}` : ''
  }`;
}

export const rolesOf = (policy: PolicyModel): string =>
  policy.roles.map((role) => (role === '' ? 'PUBLIC' : quoted(role))).join(', ') || 'PUBLIC';

export function enableTrigger(on: string, name: string, enabled: TriggerModel['enabled']): string {
  const word = { origin: 'ENABLE', disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' }[
    enabled
  ];
  return `ALTER TABLE ${on} ${word} TRIGGER ${name}`;
}

/**
 * pg_get_constraintdef leaves out storage parameters and tablespace of the index; they belong before WHERE and
 * DEFERRABLE.
 */
function withIndexParameters(definition: string, index: IndexModel | undefined): string {
  if (!index?.options.length && !index?.tablespace) return definition;
  const added = `${index.options.length ? ` WITH (${parameters(index.options)})` : ''}${
    index.tablespace ? ` USING INDEX TABLESPACE ${quoted(index.tablespace)}` : ''
  }`;
  let depth = 0;
  for (const { 0: token, index: at } of definition.matchAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]| (?:WHERE|DEFERRABLE|INITIALLY) /g,
  )) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (depth === 0 && token.startsWith(' '))
      return definition.slice(0, at) + added + definition.slice(at);
  }
  return definition.replace(/( DEFERRABLE)?$/, `${added.replaceAll('$', '$$$$')}$1`);
}

/** pg_get_indexdef leaves the tablespace out; it belongs before WHERE. */
function indexStatement(definition: string, tablespace: string): string {
  if (!tablespace || / TABLESPACE /.test(definition)) return definition;
  const where = definition.indexOf(' WHERE ');
  return where < 0
    ? definition + tablespace
    : definition.slice(0, where) + tablespace + definition.slice(where);
}

/** What must be there for CREATE FUNCTION: all but a body that is checked when it runs. */
function routineHead(definition: string): string {
  const body = /\nAS [$'E]/.exec(definition);
  return body ? definition.slice(0, body.index) : definition;
}

/** A name as the server prints it, with its schema or without. */
function lastName(text: string, schema: string): { schema: string; name: string } {
  const parts = [...text.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(([, quotedPart, bare]) =>
    quotedPart === undefined ? (bare ?? '') : quotedPart.replaceAll('""', '"'),
  );
  return { schema: parts.length > 1 ? (parts[0] ?? schema) : schema, name: parts.at(-1) ?? text };
}

function breakList(items: string[]): string {
  const short = items.join(', ');
  return short.length <= 80 ? short : `\n  ${items.join(',\n  ')}\n`;
}
