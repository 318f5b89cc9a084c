import type {
  Grant,
  Oid,
  OtherKind,
  RoutineModel,
  SchemaModel,
  TriggerModel,
} from '../../../../preload/contract/schema-model.ts';
import { ModelNames, relationKey, routineKey } from '../model-names.ts';
import { describeGrants, type GrantTarget } from '../privileges.ts';
import { qualified, quoted } from '../quote.ts';
import { References } from '../references.ts';
import {
  type AttributeValue,
  type Extras,
  type ObjectKind,
  type ObjectsOptions,
  ranks,
  type SchemaObject,
} from '../schema-object.ts';
import { otherKey } from './other-key.ts';

function keysOf(keys: Iterable<string | undefined | null> | undefined): Set<string> {
  const set = new Set<string>();
  if (keys) for (const key of keys) if (key) set.add(key);
  return set;
}

/** Gathers the objects of one model; the files beside this one say what each kind is. */
export class Builder {
  readonly names: ModelNames;
  readonly model: SchemaModel;
  readonly options: ObjectsOptions;
  readonly all = new Map<string, SchemaObject>();
  readonly references = new References();
  /** Foreign keys that partitions have from their parents. */
  readonly clones = new Map<string, SchemaObject>();
  readonly byOid = new Map<Oid, string>();
  /** Names of ranges and multiranges. */
  readonly constructors = new Set<string>();
  readonly constraintOfIndex = new Map<Oid, string>();
  readonly triggers = new Map<Oid, TriggerModel>();
  readonly version: number;

  constructor(model: SchemaModel, options: ObjectsOptions) {
    this.model = model;
    this.options = options;
    this.names = new ModelNames(model);
    this.version = model.server.versionNumber;
    for (const trigger of model.triggers) this.triggers.set(trigger.oid, trigger);
    this.nameAll();
  }

  /** Keys by name first, so that texts can be searched for them. */
  nameAll(): void {
    const { model } = this.names;
    const names = this.names;
    for (const extension of model.extensions)
      this.byOid.set(extension.oid, `extension ${quoted(extension.name)}`);
    for (const table of model.tables) {
      if (table.extension) continue;
      const key = relationKey(names, table);
      this.byOid.set(table.oid, key);
      this.references.add(names.schema(table.schema), table.name, key);
    }
    for (const sequence of model.sequences) {
      if (sequence.extension || sequence.ownedBy?.identity) continue;
      const key = `sequence ${names.of(sequence)}`;
      this.byOid.set(sequence.oid, key);
      this.references.add(names.schema(sequence.schema), sequence.name, key);
    }
    for (const type of model.types) {
      if (type.extension) continue;
      const key = `type ${names.of(type)}`;
      this.byOid.set(type.oid, key);
      this.references.add(names.schema(type.schema), type.name, key);
      if (type.kind === 'range') this.constructors.add(names.of(type));
      if (type.kind === 'range' && type.multirange) {
        const part = lastName(type.multirange, names.schema(type.schema));
        this.references.add(part.schema, part.name, key);
        this.constructors.add(qualified(part.schema, part.name));
      }
    }
    for (const routine of model.routines) {
      if (routine.extension || this.isConstructor(routine)) continue;
      const key = routineKey(names, routine);
      this.byOid.set(routine.oid, key);
      this.references.add(names.schema(routine.schema), routine.name, key);
    }
    for (const other of model.others ?? [])
      if (other.schema !== null && other.table === null)
        this.references.add(names.schema(other.schema), other.name, otherKey(other));
    for (const constraint of model.constraints) {
      if (!constraint.table) continue;
      const key = `constraint ${names.relation(constraint.table)} ${quoted(constraint.name)}`;
      if (constraint.kind !== 'foreign-key') {
        this.byOid.set(constraint.oid, key);
        if (constraint.index) this.constraintOfIndex.set(constraint.index, key);
      }
    }
  }

  /** A range type brings functions of its own name. */
  isConstructor(routine: RoutineModel): boolean {
    return routine.language === 'internal' && this.constructors.has(this.names.of(routine));
  }

  put(
    kind: ObjectKind,
    key: string,
    parts: Partial<Omit<SchemaObject, 'key' | 'kind' | 'unknown' | 'needs' | 'wants'>> & {
      name: string;
      needs?: Iterable<string | undefined | null>;
      wants?: Iterable<string | undefined | null>;
      unknown?: (string | null)[];
    },
  ): SchemaObject {
    // Written out, so that all of them have the same shape: there are hundreds of thousands.
    const object: SchemaObject = {
      key,
      kind,
      rank: parts.rank ?? ranks[kind],
      schema: parts.schema ?? (parts.table ? this.all.get(parts.table)?.schema : null) ?? null,
      name: parts.name,
      table: parts.table ?? null,
      attributes: parts.attributes ?? {},
      needs: keysOf(parts.needs),
      wants: keysOf(parts.wants),
      create: parts.create ?? [],
      drop: parts.drop ?? [],
      inline: parts.inline ?? null,
      stub: parts.stub ?? null,
      extras: parts.extras ?? [],
      fromParent: parts.fromParent ?? false,
      unknown: parts.unknown?.filter((why) => why !== null) ?? [],
      lacks: parts.lacks ?? [],
      fold: parts.fold ?? null,
      of: parts.of ?? { kind: 'other' },
    };
    for (const extras of object.extras) {
      extras.schema = object.schema;
      if (extras.target) extras.target.within = this.#users(object.schema);
      if (extras.part !== null) continue;
      // Those of a column's sequence are shown at the column, which has its own.
      for (const [name, value] of Object.entries(this.extrasAttributes(extras)))
        object.attributes[kind === 'identity' ? `sequence ${name}` : name] = value;
    }
    this.all.set(key, object);
    return object;
  }

  extrasAttributes(extras: Extras): Record<string, AttributeValue> {
    const { ignoreOwner = false, ignorePrivileges = false, ignoreComments = false } = this.options;
    return {
      ...(ignoreComments ? {} : { comment: extras.comment }),
      ...(ignoreOwner || !extras.ownerOf ? {} : { owner: extras.owner }),
      ...(ignorePrivileges || !extras.target
        ? {}
        : {
            privileges:
              describeGrants(extras.target.kind, extras, ignoreOwner, this.isBetween(170_000)) || null,
          }),
    };
  }

  extras(
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
      version: this.version,
      part: more.part ?? null,
      schema: null,
    };
  }

  /** Who may use a schema, and so give privileges away in it. */
  #users(schema: string | null): GrantTarget['within'] {
    if (schema === null) return undefined;
    let known = this.#usersOf.get(schema);
    if (!known) {
      const item = this.model.schemas.find(({ name }) => name === schema);
      const users = (item?.grants ?? []).flatMap((one) =>
        one.privileges.includes('U') ? [one.grantee] : [],
      );
      known = { schema, users: new Set([...users, ...(item ? [item.owner] : [])]) };
      this.#usersOf.set(schema, known);
    }
    return known;
  }
  readonly #usersOf = new Map<string, NonNullable<GrantTarget['within']>>();

  /** Key of what is in no schema, where somebody made it. */
  global(kind: OtherKind, name: string): string | null {
    const other = this.model.others?.find((one) => one.kind === kind && one.name === name);
    return other ? otherKey(other) : null;
  }

  /** Whether one of the two servers is older than a version, and the other is not. */
  isBetween(version: number): boolean {
    const [one, other] = this.options.versions ?? [this.version, this.version];
    return one < version !== other < version;
  }

  schemaKey(oid: Oid): string {
    return `schema ${quoted(this.names.schema(oid))}`;
  }
}

/** A name as the server prints it, with its schema or without. */
function lastName(text: string, schema: string): { schema: string; name: string } {
  const parts = [...text.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(([, quotedPart, bare]) =>
    quotedPart === undefined ? (bare ?? '') : quotedPart.replaceAll('""', '"'),
  );
  return { schema: parts.length > 1 ? (parts[0] ?? schema) : schema, name: parts.at(-1) ?? text };
}
