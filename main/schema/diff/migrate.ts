import type { CompareOptions, Migration, StatementFacts } from '../../../preload/contract/schema-diff.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { grantsAtStart } from '../ddl/default-privileges.ts';
import { isTable } from '../ddl/model-names.ts';
import { quoted } from '../ddl/quote.ts';
import type { Extras, SchemaObject } from '../ddl/schema-object.ts';
import {
  arrange,
  comesFromParent,
  creation,
  extrasStatements,
  isBrought,
  isGenerated,
  type ScriptOptions,
} from '../ddl/script.ts';
import { alter } from './alter.ts';
import { alterTable } from './alter-table.ts';
import { compareColumns } from './columns.ts';
import { factsOf } from './facts.ts';
import { whatGoes } from './goes.ts';
import { late } from './lasting.ts';
import type { Say } from './say.ts';
import { own, Sides } from './sides.ts';
import { freeName, typesAside } from './types-aside.ts';

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

class Migrator {
  readonly #s: Sides;
  readonly #migration: Migration = { statements: [], leftOut: [] };
  readonly #script: ScriptOptions;

  constructor(wanted: SchemaModel, actual: SchemaModel, options: CompareOptions) {
    this.#s = new Sides(wanted, actual, options);
    this.#script = {
      owners: !options.ignoreOwner,
      privileges: !options.ignorePrivileges,
      comments: !options.ignoreComments,
      startsWith: ({ target, schema }) => {
        const { defaultPrivileges = [], user, server } = actual;
        if (!target || target.kind === 'column') return null;
        const schemaOf = (oid: string) => this.#s.have.names.schema(oid);
        const { versionNumber } = server;
        const grants = grantsAtStart(defaultPrivileges, user, schema, schemaOf, target.kind, versionNumber);
        return grants && { grants, owner: user };
      },
    };
  }

  run(): Migration {
    this.#withoutUnknown();
    typesAside(this.#s);
    compareColumns(this.#s);
    whatGoes(this.#s);
    const actual = arrange(this.#s.have);
    const wanted = arrange(this.#s.want);
    this.#dropEarly(actual);
    this.#putAside();
    this.#makeAndAlter(wanted);
    this.#dropLate(actual);
    return this.#migration;
  }

  readonly #say: Say = (object, sql, risk = 'change', more = {}) => {
    this.#migration.statements.push({
      sql,
      risk,
      object: { kind: object.kind, name: object.name },
      ...factsOf(sql),
      ...more,
    });
  };

  /** What is not known on one side is left alone on both. */
  #withoutUnknown(): void {
    for (const [objects, other] of [
      [this.#s.want, this.#s.have],
      [this.#s.have, this.#s.want],
    ] as const) {
      for (const object of [...objects.all.values()]) {
        if (!object.unknown.length) continue;
        const twin = other.all.get(object.key);
        // Never written, but the same on both sides.
        if (twin && JSON.stringify(own(twin)) === JSON.stringify(own(object)) && !isUnknown(object)) {
          objects.all.delete(object.key);
          other.all.delete(object.key);
          continue;
        }
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

  #putAside(): void {
    for (const [key, name] of this.#s.aside) {
      const object = this.#s.have.all.get(key);
      if (object?.of.kind !== 'type') continue;
      const word = object.of.type.kind === 'domain' ? 'DOMAIN' : 'TYPE';
      this.#say(
        object,
        `ALTER ${word} ${this.#s.have.names.of(object.of.type)} RENAME TO ${name.slice(quoted(this.#s.have.names.schema(object.of.type.schema)).length + 1)}`,
      );
      if (
        object.of.type.kind === 'range' &&
        object.of.type.multirange &&
        this.#s.actual.server.versionNumber >= 140000
      ) {
        const schema = this.#s.have.names.schema(object.of.type.schema);
        this.#say(
          object,
          `ALTER TYPE ${object.of.type.multirange} RENAME TO ${quoted(freeName(this.#s, schema, `${object.of.type.name}_multi`))}`,
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
        if (!this.#s.gone.has(object.key) || first(object) !== early) continue;
        if (doubled.has(object.key) && !stub) {
          if (object.stub) this.#say(object, object.stub.replace(/^CREATE VIEW /, 'CREATE OR REPLACE VIEW '));
          continue;
        }
        if (this.#goesWithAnother(object)) continue;
        const again = this.#s.want.all.has(object.key);
        const holdsData = ['table', 'foreign table', 'sequence'].includes(object.kind);
        const data = isGenerated(object) && again ? 'change' : again && !holdsData ? 'change' : 'destroy';
        for (const sql of object.drop) {
          this.#say(object, sql, data, {
            ...(again && holdsData ? { note: 'It can only be made anew; what is in it is lost.' } : {}),
            ...(again && object.kind === 'materialized view'
              ? { note: 'It is made anew, empty: REFRESH fills it.' }
              : {}),
            ...this.#locksOfDrop(object),
          });
        }
      }
    }
  }

  /** What a drop locks beyond what it names. */
  #locksOfDrop({ of, kind }: SchemaObject): Partial<StatementFacts> {
    const { names } = this.#s.have;
    const all = (oids: (string | null)[]) => ({
      locks: oids.flatMap((oid) =>
        oid === null ? [] : [{ mode: 'ACCESS EXCLUSIVE' as const, on: names.relation(oid) }],
      ),
    });
    if (of.kind === 'index') return all([of.index.table]);
    if (of.kind === 'constraint' && of.constraint.references)
      return all([of.constraint.table, of.constraint.references.table]);
    if (kind === 'statistics' && of.kind === 'other' && of.table !== undefined)
      return { locks: [{ mode: 'SHARE UPDATE EXCLUSIVE', on: of.table }] };
    return {};
  }

  /** Whether dropping something else that goes takes it along. */
  #goesWithAnother(object: SchemaObject): boolean {
    const table = object.table === null ? undefined : this.#s.have.all.get(object.table);
    if (comesFromParent(object) && isTakenAlong(this.#s, object)) return true;
    // Triggers that a partition has from its parent go when it is taken off.
    if (object.key.startsWith('trigger state '))
      return [...object.needs].some((need) => need !== object.table && this.#s.gone.has(need));
    const attached = this.#s.attachedIndex(object.key);
    if (attached && !this.#s.isDetached(attached)) return true;
    if (!table || !this.#s.gone.has(table.key)) return false;
    if (object.kind === 'sequence owner' || object.kind === 'publication table') return false;
    // A partition of a table that others refer to can't be dropped before it is taken off.
    if (object.kind === 'partition') return [...object.needs].every((need) => this.#s.gone.has(need));
    // Left to the table, unless it stands in the way of something else that goes.
    const others = [...object.needs].filter((need) => need !== object.table);
    return !others.some((need) => this.#s.gone.has(need) || !this.#s.want.all.has(need));
  }

  #makeAndAlter({ placed, inlined }: ReturnType<typeof arrange>): void {
    const made = new Set<string>();
    const stubbed = new Set<string>();
    const inlinedIn = new Map<string, string>();
    for (const [table, list] of inlined) for (const { key } of list) inlinedIn.set(key, table);
    for (const { object, stub } of placed) {
      const have = this.#s.have.all.get(object.key);
      const isNew = !have || this.#s.gone.has(object.key) || this.#s.aside.has(object.key);
      const kept = isNew ? undefined : have;
      if (stub) {
        if (isNew && object.stub) {
          this.#say(object, object.stub);
          stubbed.add(object.key);
        }
        continue;
      }
      const table = object.table ?? '';
      if (comesFromParent(object) && !made.has(table) && isHandedDown(this.#s, object)) continue;
      if (isBrought(object, this.#s.want) && made.has(table)) continue;
      if (!kept) {
        const within = inlinedIn.get(object.key);
        const done = (within !== undefined && made.has(within)) || this.#s.madeWithColumns.has(object.key);
        if (object.kind === 'table' || object.kind === 'foreign table' || object.of.kind === 'type')
          made.add(object.key);
        const statements = creation(
          object,
          false,
          this.#s.want,
          inlined,
          stubbed.has(object.key),
          this.#script,
        );
        for (const sql of statements) {
          if (done && object.create.includes(sql)) continue;
          this.#say(object, sql, 'change', {
            ...this.#creationFacts(object, table, made),
            ...(object.lacks.length > 0 && sql === object.create[0] ? { note: object.lacks.join(' ') } : {}),
          });
        }
        continue;
      }
      if (object.of.kind === 'table' && kept.of.kind === 'table' && isTable(object.of.table)) {
        alterTable(this.#s, this.#say, object, kept);
      } else if (this.#s.differs(object.key)) alter(this.#s, this.#say, object, kept);
      this.#alterExtras(object, kept);
    }
  }

  /** Nobody waits for a lock on what the script itself has just made. */
  #creationFacts(object: SchemaObject, table: string, made: Set<string>): Partial<StatementFacts> {
    if (made.has(table) && object.kind !== 'foreign key' && object.kind !== 'partition')
      return { locks: [], scans: false };
    if (object.of.kind === 'index') {
      const on = this.#s.want.names.relation(object.of.index.table);
      return { locks: [{ mode: 'SHARE', on }] };
    }
    if (object.kind === 'domain constraint') return { locks: this.#s.tablesOfDomain(object.table ?? '') };
    return {};
  }

  #alterExtras(want: SchemaObject, have: SchemaObject): void {
    const before = new Map(have.extras.map((extras) => [extras.on, extras]));
    // A column's sequence keeps the name that it has here.
    const isSequence = want.kind === 'identity';
    const told = new Set<string>();
    for (const wanted of want.extras) {
      const known = isSequence ? have.extras[0] : undefined;
      const extras = known ? { ...wanted, on: known.on, target: known.target } : wanted;
      told.add(extras.on);
      const added = extras.part !== null && this.#s.madeColumns.has(`${want.key} ${extras.part}`);
      const from = added
        ? undefined
        : (before.get(extras.on) ?? (extras.part === null ? undefined : without(extras)));
      // An owned sequence has its table's owner, and gets it with the table.
      const owned = want.of.kind === 'sequence' && this.#staysOwned(want.key);
      const now = from && owned ? withOwner(from, extras.owner) : (from ?? null);
      for (const sql of extrasStatements(now, extras, this.#script)) this.#say(want, sql);
    }
    // Columns of which nothing is said any more.
    const columns = want.of.kind === 'table' ? want.of.table.columns : [];
    for (const extras of have.extras) {
      const { part, on } = extras;
      if (part === null || told.has(on) || this.#s.madeColumns.has(`${want.key} ${part}`)) continue;
      if (!columns.some(({ name }) => name === part)) continue;
      for (const sql of extrasStatements(extras, without(extras), this.#script)) this.#say(want, sql);
    }
  }

  #staysOwned(sequence: string): boolean {
    const key = sequence.replace(/^sequence /, 'sequence owner ');
    return this.#s.have.all.has(key) && this.#s.want.all.has(key) && !this.#s.gone.has(key);
  }

  #dropLate({ placed }: ReturnType<typeof arrange>): void {
    for (const { object, stub } of [...placed].reverse()) {
      if (stub) continue;
      const aside = this.#s.aside.get(object.key);
      if (aside !== undefined && object.of.kind === 'type') {
        this.#say(object, `DROP ${object.of.type.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${aside}`);
        continue;
      }
      if (this.#s.want.all.has(object.key) || this.#s.gone.has(object.key) || !late.has(object.kind))
        continue;
      for (const sql of object.drop) this.#say(object, sql, 'destroy');
    }
  }
}

/** Whether a parent that stays is to have the check too, and brings it. */
function isHandedDown(s: Sides, check: SchemaObject): boolean {
  const have = s.have.all.get(check.table ?? '');
  if (have?.of.kind !== 'table' || check.of.kind !== 'constraint') return false;
  const name = quoted(check.of.constraint.name);
  return s
    .keptParents(have.of.table)
    .some(({ is }) => is && s.want.all.has(`constraint ${s.want.names.of(is)} ${name}`));
}

/** Whether a parent that stays has the check as well, and takes it along. */
function isTakenAlong(s: Sides, check: SchemaObject): boolean {
  const table = s.have.all.get(check.table ?? '');
  if (table?.of.kind !== 'table' || check.of.kind !== 'constraint') return false;
  const name = quoted(check.of.constraint.name);
  return s
    .keptParents(table.of.table)
    .some(({ was }) => was && s.have.all.has(`constraint ${s.have.names.of(was)} ${name}`));
}

/** The same, with nothing said and nothing given. */
const without = (extras: Extras): Extras => ({ ...extras, comment: null, grants: null });

const isUnknown = ({ attributes }: SchemaObject): boolean =>
  Object.values(attributes).some((value) => value !== null && typeof value === 'object');

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
