import type {
  AttributeDifference,
  CompareOptions,
  Difference,
} from '../../../preload/contract/schema-diff.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../../preload/contract/schema-model.ts';
import { isTable } from '../ddl/model-names.ts';
import { objectsOf } from '../ddl/objects.ts';
import { describeGrants } from '../ddl/privileges.ts';
import type { AttributeValue, Extras, Objects, SchemaObject } from '../ddl/schema-object.ts';
import { realOptions, yes } from '../ddl/words.ts';
import { canonicalText } from './same-text.ts';

type Attributes = Record<string, AttributeValue>;
interface Shown {
  object: SchemaObject;
  own: Attributes;
  parts: Map<string, Attributes>;
}

/**
 * What differs between two structures, by object and attribute, in order of kind and name. Oids, the order of the
 * catalogue and of columns, counted rows, names of identity sequences and `pg_attver` are no difference.
 */
export function compareSchemas(
  wanted: SchemaModel,
  actual: SchemaModel,
  options: CompareOptions = {},
): Difference[] {
  const { want, have } = aligned(wanted, actual, options);
  return differences(want, have, options);
}

/** Both models' objects; pairs that differ only in a generated name are left out when that is asked for. */
export function aligned(
  wanted: SchemaModel,
  actual: SchemaModel,
  options: CompareOptions,
): { want: Objects; have: Objects } {
  const versions = [wanted.server.versionNumber, actual.server.versionNumber] as const;
  const hasAll = wanted.others !== undefined && actual.others !== undefined;
  // A model that was kept before these were read can't be compared by them.
  const read = (model: SchemaModel) => (hasAll ? model : { ...model, others: [], defaultPrivileges: [] });
  const want = objectsOf(read(wanted), { ...options, versions });
  const have = objectsOf(read(actual), { ...options, versions });
  if (options.ignoreGeneratedNames) dropPairs(want, have);
  return { want, have };
}

export function differences(want: Objects, have: Objects, options: CompareOptions): Difference[] {
  const wanted = shown(want, options);
  const actual = shown(have, options);
  const found: { at: SchemaObject; difference: Difference }[] = [];
  const say = (
    object: SchemaObject,
    part: string | null,
    state: Difference['state'],
    attributes: AttributeDifference[],
  ) =>
    found.push({
      at: object,
      difference: {
        kind: part === null ? object.kind : 'column',
        schema: object.schema,
        name: object.name,
        part,
        state,
        attributes,
      },
    });
  for (const [key, { object, own }] of wanted) {
    if (actual.has(key) || (object.table && wanted.has(object.table) && !actual.has(object.table))) continue;
    say(object, null, 'only-wanted', told(own, 'wanted'));
  }
  for (const [key, { object, own }] of actual) {
    if (wanted.has(key) || (object.table && actual.has(object.table) && !wanted.has(object.table))) continue;
    say(object, null, 'only-actual', told(own, 'actual'));
  }
  for (const [key, one] of wanted) {
    const other = actual.get(key);
    if (!other) continue;
    const attributes = changed(one.own, other.own);
    if (attributes.length) say(one.object, null, stateOf(attributes), attributes);
    for (const name of new Set([...one.parts.keys(), ...other.parts.keys()])) {
      const wants = one.parts.get(name);
      const has = other.parts.get(name);
      if (!has) say(one.object, name, 'only-wanted', told(wants ?? {}, 'wanted'));
      else if (!wants) say(one.object, name, 'only-actual', told(has, 'actual'));
      else {
        const attributes = changed(wants, has);
        if (attributes.length) say(one.object, name, stateOf(attributes), attributes);
      }
    }
  }
  found.sort(
    (a, b) =>
      a.at.rank - b.at.rank ||
      compareTexts(a.difference.name, b.difference.name) ||
      compareTexts(a.difference.part ?? '', b.difference.part ?? ''),
  );
  return withoutEchoes(found, want);
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A partition's columns and checks follow its parent's: what differs there is said once. */
function withoutEchoes(
  found: { at: SchemaObject; difference: Difference }[],
  objects: Objects,
): Difference[] {
  const said = new Map<string, string>();
  const keyOf = (table: string, { part }: Difference) => JSON.stringify([table, part]);
  for (const { at, difference } of found) {
    if (difference.part !== null) said.set(keyOf(at.key, difference), essence(difference));
  }
  return found
    .filter(({ at, difference }) => {
      if (at.fromParent) return false;
      if (difference.part === null || at.of.kind !== 'table' || !isTable(at.of.table)) return true;
      const column = at.of.table.columns.find(({ name }) => name === difference.part);
      if (column && column.inherited === 0) return true;
      return !at.of.table.parents.some((oid) => {
        const parent = objects.names.tables.get(oid);
        return (
          parent && said.get(keyOf(`table ${objects.names.of(parent)}`, difference)) === essence(difference)
        );
      });
    })
    .map(({ difference }) => difference);
}

const essence = ({ state, attributes }: Difference): string => JSON.stringify([state, attributes]);

function told(attributes: Attributes, side: 'wanted' | 'actual'): AttributeDifference[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({
      name,
      wanted: null,
      actual: null,
      ...(typeof value === 'string' ? { [side]: value } : { notKnown: value?.notKnown ?? '' }),
    }));
}

const stateOf = (attributes: AttributeDifference[]): Difference['state'] =>
  attributes.every(({ notKnown }) => notKnown !== undefined) ? 'unknown' : 'changed';

/** Which attributes differ, or can't be compared. */
export function changed(wanted: Attributes, actual: Attributes): AttributeDifference[] {
  const found: AttributeDifference[] = [];
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(actual)])) {
    const one = wanted[name] ?? null;
    const other = actual[name] ?? null;
    const notKnown = unknownOf(one) ?? unknownOf(other);
    if (notKnown !== undefined) found.push({ name, wanted: textOf(one), actual: textOf(other), notKnown });
    else if (!isSame(textOf(one), textOf(other)))
      found.push({ name, wanted: textOf(one), actual: textOf(other) });
  }
  return found;
}

const isSame = (one: string | null, other: string | null): boolean =>
  one === other || (one !== null && other !== null && canonicalText(one) === canonicalText(other));

const unknownOf = (value: AttributeValue): string | undefined =>
  value !== null && typeof value === 'object' ? value.notKnown : undefined;
const textOf = (value: AttributeValue): string | null => (typeof value === 'string' ? value : null);

function shown(objects: Objects, options: CompareOptions): Map<string, Shown> {
  const all = new Map<string, Shown>();
  for (const object of objects.all.values()) {
    if (object.fold) continue;
    const parts = new Map<string, Attributes>();
    if (object.of.kind === 'table') {
      for (const column of object.of.table.columns) {
        const attributes = columnAttributes(object.of.table, column);
        if (Object.keys(attributes).length || isTable(object.of.table)) parts.set(column.name, attributes);
      }
    }
    if (object.of.kind === 'type' && object.of.type.kind === 'composite') {
      for (const { name, type, collation } of object.of.type.columns) parts.set(name, { type, collation });
    }
    for (const extras of object.extras) {
      if (extras.part === null) continue;
      const part = parts.get(extras.part);
      if (part) Object.assign(part, extrasOf(extras, options));
      else parts.set(extras.part, extrasOf(extras, options));
    }
    all.set(object.key, { object, own: { ...object.attributes }, parts });
  }
  for (const { fold, attributes } of objects.all.values()) {
    if (!fold) continue;
    const into = all.get(fold.into);
    const target = into && (fold.part === null ? into.own : into.parts.get(fold.part));
    if (target) Object.assign(target, attributes);
  }
  return all;
}

function extrasOf(extras: Extras, options: CompareOptions): Attributes {
  return {
    ...(options.ignoreComments ? {} : { comment: extras.comment }),
    ...(options.ignorePrivileges || !extras.target
      ? {}
      : { privileges: describeGrants(extras.target.kind, extras, options.ignoreOwner ?? false) || null }),
  };
}

/** A column of a table as attributes; a view's columns are its query's. */
export function columnAttributes(table: TableModel, column: ColumnModel): Attributes {
  if (!isTable(table)) return {};
  return {
    type: column.type,
    collation: column.collation,
    'not null': yes(column.notNull),
    storage: column.storage,
    compression: column.compression,
    'statistics target': column.statistics === null ? null : String(column.statistics),
    options: realOptions(column.options).sort().join(', ') || null,
  };
}

/** Names as the server makes them up (`table_column_key`, with a number when taken). */
const generated = /_(pkey|key|idx|fkey|check|excl|not_null)\d*$/;
const indexName = /^(CREATE (?:UNIQUE )?INDEX )(?:"(?:[^"]|"")+"|[^ "]+)( ON )/;

function dropPairs(want: Objects, have: Objects): void {
  const kinds = new Set(['constraint', 'foreign key', 'index', 'domain constraint']);
  const essenceOf = (object: SchemaObject) => {
    const attributes = { ...object.attributes };
    if (typeof attributes.definition === 'string')
      attributes.definition = attributes.definition.replace(indexName, '$1$2');
    return JSON.stringify([object.kind, object.table, attributes]);
  };
  const spare = new Map<string, SchemaObject[]>();
  const eligible = (object: SchemaObject, other: Objects) =>
    kinds.has(object.kind) &&
    !object.fold &&
    !other.all.has(object.key) &&
    generated.test(object.of.kind === 'constraint' ? object.of.constraint.name : object.name) &&
    !Object.values(object.attributes).some((value) => value !== null && typeof value === 'object');
  for (const object of have.all.values()) {
    if (!eligible(object, want)) continue;
    const key = essenceOf(object);
    spare.set(key, [...(spare.get(key) ?? []), object]);
  }
  const dropped = new Set<string>();
  const droppedOther = new Set<string>();
  for (const object of [...want.all.values()]) {
    if (!eligible(object, have)) continue;
    const other = spare.get(essenceOf(object))?.shift();
    if (!other) continue;
    dropped.add(object.key);
    want.all.delete(object.key);
    droppedOther.add(other.key);
    have.all.delete(other.key);
  }
  for (const [objects, keys] of [
    [want, dropped],
    [have, droppedOther],
  ] as const) {
    if (!keys.size) continue;
    for (const one of [...objects.all.values()])
      if (one.table && keys.has(one.table)) objects.all.delete(one.key);
  }
}
