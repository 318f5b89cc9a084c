import { createHash } from 'node:crypto';
import type { Printed, SchemaModel } from '../../preload/contract/schema-model.ts';
import { type PackedModel, unpackNow } from './packed.ts';

/**
 * A hash of what a model says: the same for two readings of the same structure by the same role, whatever its oids, the
 * order of its catalogues, its counted rows and the time. Goes through the parts one by one, so that the whole never
 * stands in memory.
 */
export function digestOf(packed: PackedModel): { digest: string; tables: number } {
  const names = new Names();
  for (const part of packed.parts) names.add(unpackNow(part));
  const hashes: string[] = [];
  const say = (...about: unknown[]): void => {
    hashes.push(createHash('sha256').update(JSON.stringify(about)).digest('base64'));
  };
  for (const part of packed.parts) sayPart(unpackNow(part), names, say);
  const printed: Record<string, Printed> = {};
  for (const one of packed.definitions) Object.assign(printed, unpackNow<Record<string, Printed>>(one));
  for (const [key, definition] of Object.entries(printed)) {
    const [oid = '', ...rest] = key.split('.');
    say('definition', names.owner(oid), names.rest(oid, rest), definition);
  }
  const all = createHash('sha256');
  for (const hash of hashes.sort()) all.update(hash);
  return { digest: all.digest('hex'), tables: names.tables };
}

type Part = Partial<SchemaModel>;

/** Names in the place of oids and of attnums. Catalogues count apart, so the same oid may be a table and a trigger. */
class Names {
  tables = 0;
  readonly #schemas = new Map<string, string>();
  readonly #relations = new Map<string, string>();
  readonly #columns = new Map<string, Map<number, string>>();
  readonly #types = new Map<string, string>();
  readonly #routines = new Map<string, string>();
  /** Constraints, indexes, triggers, policies, publications, by what they belong to. */
  readonly #others = new Map<string, { table: string | null; domain: string | null; name: string }>();

  /** Parts come with schemas before what is in them. */
  add(part: Part): void {
    for (const { oid, name } of part.schemas ?? []) this.#schemas.set(oid, name);
    for (const { oid, schema, name, columns } of part.tables ?? []) {
      this.tables += 1;
      this.#relations.set(oid, this.#within(schema, name));
      this.#columns.set(oid, new Map(columns.map((column) => [column.number, column.name])));
    }
    for (const { oid, schema, name } of part.types ?? []) this.#types.set(oid, this.#within(schema, name));
    for (const { oid, schema, name, arguments: of } of part.routines ?? [])
      this.#routines.set(oid, `${this.#within(schema, name)}(${of})`);
    for (const { oid, table, domain, name } of part.constraints ?? [])
      this.#others.set(oid, { table, domain, name });
    for (const list of [part.indexes, part.triggers, part.policies])
      for (const { oid, table, name } of list ?? []) this.#others.set(oid, { table, domain: null, name });
    for (const { oid, name } of part.publications ?? [])
      this.#others.set(oid, { table: null, domain: null, name });
    for (const { oid, kind, identity, table, name } of part.others ?? [])
      this.#others.set(oid, { table, domain: null, name: `${kind} ${identity} ${name}` });
  }

  #within(schema: string, name: string): string {
    return JSON.stringify([this.schema(schema), name]);
  }

  schema(oid: string): string | undefined {
    return this.#schemas.get(oid);
  }
  relation(oid: string | null): string | undefined {
    return oid === null ? undefined : this.#relations.get(oid);
  }
  type(oid: string | null): string | undefined {
    return oid === null ? undefined : this.#types.get(oid);
  }
  routine(oid: string): string | undefined {
    return this.#routines.get(oid);
  }
  other(oid: string | null): string | undefined {
    const one = oid === null ? undefined : this.#others.get(oid);
    return one && JSON.stringify([this.relation(one.table) ?? this.type(one.domain), one.name]);
  }
  columns(table: string | null, numbers: readonly number[]): (string | number)[] {
    const of = table === null ? undefined : this.#columns.get(table);
    return numbers.map((number) => of?.get(number) ?? number);
  }

  /** What has a definition of that key. */
  owner(oid: string): unknown[] {
    return [this.#relations.get(oid), this.#routines.get(oid), this.other(oid)];
  }
  /** What follows the oid in a definition's key: a word, an attnum, or a word and a table. */
  rest(oid: string, [first, second]: string[]): unknown[] {
    if (first === undefined) return [];
    if (second !== undefined) return [first, this.relation(second)];
    return /^\d+$/.test(first) ? this.columns(oid, [Number(first)]) : [first];
  }
}

/** What belongs to an extension goes with its version; what a text tells is told by the text. */
function sayPart(part: Part, names: Names, say: (...about: unknown[]) => void): void {
  const own = <T extends { extension: string | null }>(list: T[] | undefined): T[] =>
    (list ?? []).filter(({ extension }) => !extension);
  for (const { oid: _, ...one } of part.schemas ?? []) say('schema', tidy(one));
  for (const { oid: _, estimatedRows: __, pages: ___, columns, ...one } of own(part.tables)) {
    const about = {
      schema: names.schema(one.schema),
      ofType: names.type(one.ofType),
      parents: one.parents.map((parent) => names.relation(parent)),
      options: withoutHidden(one.options),
    };
    say('table', tidy({ ...one, ...about }));
    for (const { number: _, typeOid: __, ...column } of columns)
      say('column', about.schema, one.name, tidy({ ...column, options: withoutHidden(column.options) }));
  }
  for (const { oid: _, ...one } of part.constraints ?? [])
    say(
      'constraint',
      tidy({
        ...one,
        table: names.relation(one.table),
        domain: names.type(one.domain),
        columns: names.columns(one.table, one.columns),
        references: one.references && {
          table: names.relation(one.references.table),
          columns: names.columns(one.references.table, one.references.columns),
        },
        parent: names.other(one.parent),
        index: names.other(one.index),
      }),
    );
  // Whether an index that is made at this moment is ready is of no moment.
  for (const { oid: _, ready: __, ...one } of part.indexes ?? [])
    say(
      'index',
      tidy({
        ...one,
        table: names.relation(one.table),
        columns: names.columns(one.table, one.columns),
        parent: names.other(one.parent),
        constraint: names.other(one.constraint),
      }),
    );
  for (const { oid: _, ...one } of own(part.sequences))
    say(
      'sequence',
      tidy({
        ...one,
        schema: names.schema(one.schema),
        ownedBy: one.ownedBy && [
          names.relation(one.ownedBy.table),
          names.columns(one.ownedBy.table, [one.ownedBy.column]),
          one.ownedBy.identity,
        ],
      }),
    );
  for (const { oid: _, ...one } of own(part.types))
    say('type', tidy({ ...one, schema: names.schema(one.schema) }));
  for (const { oid: _, ...one } of own(part.routines))
    say('routine', tidy({ ...one, schema: names.schema(one.schema) }));
  for (const { oid: _, ...one } of part.triggers ?? [])
    say(
      'trigger',
      tidy({
        ...one,
        table: names.relation(one.table),
        function: names.routine(one.function),
        parent: names.other(one.parent),
      }),
    );
  for (const { oid: _, ...one } of part.policies ?? [])
    say('policy', tidy({ ...one, table: names.relation(one.table), roles: [...one.roles].sort() }));
  for (const { oid: _, ...one } of part.extensions ?? [])
    say('extension', tidy({ ...one, schema: names.schema(one.schema) }));
  for (const { oid: _, ...one } of part.eventTriggers ?? [])
    say('event trigger', tidy({ ...one, function: names.routine(one.function) }));
  for (const { oid: _, tables, schemas, ...one } of part.publications ?? []) {
    say('publication', tidy({ ...one, schemas: schemas.map((schema) => names.schema(schema)).sort() }));
    for (const { table, columns, filter } of tables)
      say(
        'publication table',
        one.name,
        names.relation(table),
        columns && names.columns(table, columns),
        tidy({ filter }),
      );
  }
  for (const { oid: _, ...one } of part.foreignServers ?? []) say('foreign server', tidy(one));
  for (const { oid: _, ...one } of part.others ?? [])
    say(
      'other',
      tidy({
        ...one,
        schema: one.schema && names.schema(one.schema),
        table: names.relation(one.table),
      }),
    );
  for (const { oid: _, ...one } of part.defaultPrivileges ?? [])
    say('default privileges', tidy({ ...one, schema: one.schema && names.schema(one.schema) }));
  for (const one of part.unseen ?? []) say('unseen', one.what, one.why);
}

/**
 * Fields in the order of their names; grants in one order; of a text that is printed later only that it is there, as it
 * is said among the definitions.
 */
function tidy(one: Record<string, unknown>): unknown[] {
  return Object.keys(one)
    .sort()
    .map((name) => {
      const value = one[name];
      if (name === 'grants' && Array.isArray(value))
        return [name, value.map((grant) => JSON.stringify(grant)).sort()];
      return [name, isLater(value) ? 'later' : value];
    });
}

const isLater = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { state?: unknown }).state === 'later';

/** `pg_attver` is set by the server's own upgrades of a table. */
const withoutHidden = (options: readonly string[]): string[] =>
  options.filter((option) => !option.startsWith('pg_attver=')).sort();
