import type { IndexRow } from './facts.ts';
import type { IndexTree } from './tree.ts';

/** An index that another one makes superfluous. */
export interface Superfluous {
  index: IndexRow;
  /** The one that stays. */
  keeper: IndexRow;
  kind: 'index-duplicate' | 'index-redundant';
}

/**
 * Indexes that may go because another one of the same table does all they do: the same one twice, or one whose columns
 * another begins with.
 */
export function findSuperfluous(tree: IndexTree): Superfluous[] {
  const found: Superfluous[] = [];
  for (const indexes of tree.byTable.values()) {
    if (indexes.length < 2) continue;
    const sound = indexes.filter(isSound);
    const going = new Set<number>();
    for (const group of Map.groupBy(sound, signatureOf).values()) {
      for (const one of duplicatesIn(group, tree)) {
        going.add(one.index.oid);
        found.push(one);
      }
    }
    const left = sound.filter(({ oid }) => !going.has(oid));
    for (const index of left) {
      // The longest one: it may not itself be made superfluous by a longer one still.
      const keeper = left
        .filter((other) => isBegunWith(other, index))
        .sort((a, b) => b.keys - a.keys || vector(b.key).length - vector(a.key).length || a.oid - b.oid)[0];
      if (keeper) found.push({ index, keeper, kind: 'index-redundant' });
    }
  }
  return found;
}

const isSound = ({ is_valid, is_ready, is_exclusion, persistence, of_extension }: IndexRow): boolean =>
  is_valid && is_ready && !is_exclusion && persistence !== 't' && !of_extension;

/** The same text for indexes that find the same rows in the same order. */
function signatureOf(index: IndexRow): string {
  const { method, keys, key, classes, collations, options, expressions, predicate } = index;
  return JSON.stringify([
    method,
    keys,
    vector(key).slice(0, keys).join(' '),
    // What is included has no order.
    vector(key).slice(keys).sort().join(' '),
    classes,
    collations,
    options,
    nodes(expressions),
    nodes(predicate),
  ]);
}

/**
 * An expression's node tree without where it stood in the text it was read from: `location`, and in newer versions where
 * lists began and ended. (PostgreSQL, src/include/nodes: ParseLoc.)
 */
export function nodes(text: string | null): string | null {
  return text === null
    ? null
    : text.replace(/ :(location|stmt_location|stmt_len|list_start|list_end) -?\d+/g, '');
}

const vector = (text: string): string[] => text.split(' ').filter(Boolean);

function duplicatesIn(group: readonly IndexRow[], tree: IndexTree): Superfluous[] {
  if (group.length < 2) return [];
  const scans = (index: IndexRow): number => tree.scansOf(index) ?? 0;
  const ranked = [...group].sort((a, b) => worth(b) - worth(a) || scans(b) - scans(a) || a.oid - b.oid);
  const found: Superfluous[] = [];
  for (const index of ranked.slice(1)) {
    if (!mayGo(index)) continue;
    const keeper = ranked.find(
      (other) => other !== index && !isGoing(found, other) && keepsAlso(other, index),
    );
    if (keeper) found.push({ index, keeper, kind: 'index-duplicate' });
  }
  return found;
}

const isGoing = (found: readonly Superfluous[], index: IndexRow): boolean =>
  found.some((one) => one.index === index);

/** What hangs on an index, most first. */
function worth(index: IndexRow): number {
  const { is_primary, is_referenced, constraint, is_identity, is_unique, parent, is_clustered } = index;
  return (
    (is_primary ? 64 : 0) +
    (is_referenced ? 32 : 0) +
    (constraint === null ? 0 : 16) +
    (is_identity ? 8 : 0) +
    (parent === null ? 0 : 4) +
    (is_unique ? 2 : 0) +
    (is_clustered ? 1 : 0)
  );
}

/** Part of an index above it, it goes only with that; and what a key, a foreign key or replication needs stays. */
function mayGo({ parent, is_primary, is_referenced, is_identity }: IndexRow): boolean {
  return parent === null && !is_primary && !is_referenced && !is_identity;
}

/** Whether the uniqueness that an index keeps is kept by another one with the same columns too. */
function keepsAlso(keeper: IndexRow, index: IndexRow): boolean {
  if (!index.is_unique) return true;
  return (
    keeper.is_unique &&
    keeper.nulls_alike === index.nulls_alike &&
    (index.is_deferrable || !keeper.is_deferrable)
  );
}

/** Whether a longer B-tree begins with all of an index that keeps nothing unique, so that it can stand in for it. */
function isBegunWith(longer: IndexRow, index: IndexRow): boolean {
  if (longer === index || !mayGo(index) || index.is_unique || index.constraint !== null) return false;
  if (longer.method !== 'btree' || index.method !== 'btree' || index.expressions !== null) return false;
  if (nodes(longer.predicate) !== nodes(index.predicate)) return false;
  const all = vector(longer.key);
  const own = vector(index.key);
  if (longer.keys < index.keys || all.length <= own.length) return false;
  const begins = (a: string, b: string): boolean => {
    const wanted = vector(b).slice(0, index.keys);
    return vector(a).slice(0, index.keys).join(' ') === wanted.join(' ');
  };
  return (
    begins(longer.key, index.key) &&
    begins(longer.classes, index.classes) &&
    begins(longer.collations, index.collations) &&
    begins(longer.options, index.options) &&
    own.slice(index.keys).every((column) => all.includes(column))
  );
}
