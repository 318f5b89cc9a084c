import type { Grant } from '../../../preload/contract/schema-model.ts';
import { isPartition } from './model-names.ts';
import { inOrder, type Placed } from './order.ts';
import { grantStatements } from './privileges.ts';
import { literal, quoted } from './quote.ts';
import type { Extras, Objects, SchemaObject } from './schema-object.ts';
import { type Inlined, tableStatements } from './tables.ts';

export interface ScriptOptions {
  /** Write owners. Without, objects belong to whoever runs the script. */
  owners?: boolean;
  privileges?: boolean;
  comments?: boolean;
  /** What a new object begins with, where that is not what PostgreSQL gives by itself. */
  startsWith?: (extras: Extras) => { grants: Grant[]; owner: string } | null;
}

/** Order of the objects, and what of them is written within CREATE TABLE. */
export function arrange(objects: Objects): { placed: Placed[]; inlined: Inlined } {
  const placed = inOrder(objects.all);
  const at = new Map<string, number>();
  for (const [index, { object, stub }] of placed.entries()) if (!stub) at.set(object.key, index);
  const inlined: Inlined = new Map();
  for (const { object, stub } of placed) {
    if (stub || object.inline === null || object.table === null || isBrought(object, objects)) continue;
    const table = at.get(object.table);
    if (table === undefined) continue;
    const ready = [...object.needs].every((need) => need === object.table || (at.get(need) ?? -1) < table);
    if (!ready && !isGenerated(object)) continue;
    const list = inlined.get(object.table);
    if (list) list.push(object);
    else inlined.set(object.table, [object]);
  }
  for (const [table, list] of inlined) {
    list.sort((a, b) => order(a) - order(b));
    const single = list.filter((one, at) => !list.slice(0, at).some((other) => isTwin(one, other)));
    inlined.set(table, single);
  }
  return { placed, inlined };
}

/** CREATE TABLE makes but one of two unique constraints of the same columns (transformIndexConstraints in its source). */
function isTwin(one: SchemaObject, other: SchemaObject): boolean {
  if (one.of.kind !== 'constraint' || other.of.kind !== 'constraint') return false;
  const [a, b] = [one.of.constraint, other.of.constraint];
  return a.index !== null && b.index !== null && a.columns.join() === b.columns.join();
}

export const isGenerated = (object: SchemaObject): boolean =>
  object.kind === 'default' && object.of.kind === 'column' && object.of.column.generated !== null;

/** Keys first, then uniques, then checks; parents in their order. */
function order(object: SchemaObject): number {
  if (object.of.kind === 'constraint') {
    const at = ['primary-key', 'unique', 'exclusion', 'check'].indexOf(object.of.constraint.kind);
    return at < 0 ? 9 : at;
  }
  if (object.kind === 'inheritance') return object.rank;
  return 0;
}

/** A constraint that the object's table has from a parent, which brings it along. */
export const comesFromParent = (object: SchemaObject): boolean => object.fromParent;

/**
 * Statements that make one object, with its owner, comment and privileges.
 * @param alone False when its table is made in the same script, so that what is inlined there is not repeated.
 */
export function creation(
  object: SchemaObject,
  stub: boolean,
  objects: Objects,
  inlined: Inlined,
  stubbed: boolean,
  options: ScriptOptions,
): string[] {
  if (stub) return object.stub === null ? [] : [object.stub];
  const statements =
    object.kind === 'table' || object.kind === 'foreign table'
      ? tableStatements(object, objects.names, inlined.get(object.key) ?? [])
      : stubbed
        ? object.create.map((text) => text.replace(/^CREATE VIEW /, 'CREATE OR REPLACE VIEW '))
        : [...object.create];
  return [...statements, ...object.extras.flatMap((extras) => extrasStatements(null, extras, options))];
}

/** Whether a partition or heir brings the constraint when its table is made. */
export function isBrought(object: SchemaObject, objects: Objects): boolean {
  if (!comesFromParent(object)) return false;
  const table = object.table === null ? undefined : objects.all.get(object.table);
  return table?.of.kind === 'table' && !isPartition(table.of.table);
}

/** From one owner, comment and privileges to others; from nothing when the object is new. */
export function extrasStatements(from: Extras | null, to: Extras, options: ScriptOptions): string[] {
  const { owners = true, privileges = true, comments = true } = options;
  const statements: string[] = [];
  if (owners && to.ownerOf && to.owner && to.owner !== from?.owner) {
    statements.push(`ALTER ${to.ownerOf} OWNER TO ${quoted(to.owner)}`);
  }
  const comment = to.comment ?? null;
  const before = from ? from.comment : to.on === 'SCHEMA "public"' ? 'standard public schema' : null;
  if (comments && comment !== before) {
    statements.push(`COMMENT ON ${to.on} IS ${comment === null ? 'NULL' : literal(comment)}`);
  }
  if (privileges && to.target) {
    const start = from ?? options.startsWith?.(to) ?? { grants: null, owner: to.owner };
    const now = { grants: start.grants, owner: start.owner, version: from?.version ?? to.version };
    statements.push(...grantStatements(to.target, now, to, owners));
  }
  return statements;
}
