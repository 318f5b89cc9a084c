import { isPartition } from '../ddl/model-names.ts';
import { quoted } from '../ddl/quote.ts';
import type { SchemaObject } from '../ddl/schema-object.ts';
import { comesFromParent, isGenerated } from '../ddl/script.ts';
import { columnsGo, regenerate } from './columns.ts';
import { changesInPlace } from './in-place.ts';
import { lasting, late } from './lasting.ts';
import type { Sides } from './sides.ts';

/** Fills `gone`: what is not wanted, what can only be made anew, and what stands in the way of either. */
export function whatGoes(s: Sides): void {
  const routineNames = new Set<string>();
  for (const object of s.want.all.values()) {
    if (object.of.kind === 'routine') routineNames.add(s.want.names.of(object.of.routine));
  }
  const columnsTouched = new Map<string, Set<string>>();
  const seedColumns = (key: string, names: string[]) => {
    const set = columnsTouched.get(key) ?? new Set();
    for (const name of names) set.add(name);
    columnsTouched.set(key, set);
  };
  for (const [key, have] of s.have.all) {
    const want = s.want.all.get(key);
    if (!want) {
      const sameName = have.of.kind === 'routine' && routineNames.has(s.have.names.of(have.of.routine));
      if (!late.has(have.kind) || sameName) s.gone.add(key);
    } else if (s.differs(key) && !changesInPlace(want, have)) s.gone.add(key);
    const changes = s.columns.get(key);
    if (changes) {
      const names = [...changes.dropped, ...changes.retyped.map(({ from }) => from)].map(({ name }) => name);
      if (names.length) seedColumns(key, names);
    }
  }
  for (const [key, names] of columnsTouched) columnsGo(s, key, names);
  do spread(s);
  while (indexesStayOff(s) || checksStayUnproven(s) || clonesStay(s) || checksGoAlong(s));
}

/**
 * A partition that is attached gets every index that its parent has. Where it is to have none, the parent's goes
 * before and is made again after. Tells whether there were more of these.
 */
function indexesStayOff(s: Sides): boolean {
  const size = s.gone.size;
  const attached = new Set<string>();
  for (const { key, needs } of s.want.all.values()) {
    if (!key.startsWith('index partition ')) continue;
    const partition = [...needs].find((need) => need.startsWith('partition '));
    for (const need of needs) attached.add(`${partition} ${need}`);
  }
  for (const partition of s.want.all.values()) {
    if (partition.kind !== 'partition') continue;
    if (s.have.all.has(partition.key) && !s.gone.has(partition.key)) continue;
    for (const parent of partition.needs) {
      if (parent === partition.table) continue;
      for (const object of s.nextTo().get(parent) ?? []) {
        const isOwn = object.of.kind === 'index' && !object.fold && object.table === parent;
        if (!isOwn || !s.want.all.has(object.key)) continue;
        if (!attached.has(`${partition.key} ${object.key}`)) s.gone.add(object.key);
      }
    }
  }
  return s.gone.size > size;
}

/**
 * A new heir gets its parent's checks as valid, whatever they are at the parent. Where it is to have one that is NOT
 * VALID, the parent's goes before and is made again after, which reads no rows. Tells whether there were more of these.
 */
function checksStayUnproven(s: Sides): boolean {
  const size = s.gone.size;
  for (const object of s.want.all.values()) {
    if (!comesFromParent(object) || object.of.kind !== 'constraint' || object.of.constraint.validated)
      continue;
    const table = s.want.all.get(object.table ?? '');
    if (table?.of.kind !== 'table' || isPartition(table.of.table)) continue;
    if (s.have.all.has(table.key) && !s.gone.has(table.key)) continue;
    for (const parent of table.of.table.parents) {
      const key = `constraint ${s.want.names.relation(parent)} ${quoted(object.of.constraint.name)}`;
      const check = s.have.all.get(key);
      if (check && !comesFromParent(check)) s.gone.add(key);
      else if (check) for (const above of checksAbove(s, check)) s.gone.add(above);
    }
  }
  return s.gone.size > size;
}

/**
 * A partition that is taken off keeps the foreign keys that it had from its parent, as its own. Tells whether there were
 * more of these.
 */
function clonesStay(s: Sides): boolean {
  let found = false;
  for (const [key, clone] of s.have.clones) {
    const table = s.have.all.get(clone.table ?? '');
    if (table?.of.kind !== 'table' || s.have.all.has(key) || s.gone.has(table.key)) continue;
    if (!s.want.all.has(table.key) || !s.parentLinks(table.of.table).some((link) => s.gone.has(link)))
      continue;
    s.have.all.set(key, clone);
    const want = s.want.all.get(key);
    if (!want || s.differs(key)) s.gone.add(key);
    found = true;
  }
  if (found) s.forgetNeighbours();
  return found;
}

/** A check that is to be its table's own goes with the last parent that gives it. Tells whether there were more of these. */
function checksGoAlong(s: Sides): boolean {
  const size = s.gone.size;
  for (const [key, have] of s.have.all) {
    if (!have.fromParent || s.gone.has(key) || have.of.kind !== 'constraint') continue;
    if (s.want.all.get(key)?.fromParent !== false) continue;
    const table = s.have.all.get(have.table ?? '');
    if (table?.of.kind !== 'table') continue;
    const name = quoted(have.of.constraint.name);
    const givers = s
      .keptParents(table.of.table)
      .map(({ was }) => `constraint ${was ? s.have.names.of(was) : ''} ${name}`)
      .filter((check) => s.have.all.has(check));
    if (givers.length > 0 && givers.every((check) => s.gone.has(check))) s.gone.add(key);
  }
  return s.gone.size > size;
}

/** Keys of the checks that heirs have an inherited check from. */
function checksAbove(s: Sides, check: SchemaObject): string[] {
  const table = s.have.all.get(check.table ?? '');
  if (table?.of.kind !== 'table' || check.of.kind !== 'constraint') return [];
  const { name } = check.of.constraint;
  return table.of.table.parents.flatMap((parent) => {
    const key = `constraint ${s.have.names.relation(parent)} ${quoted(name)}`;
    const above = s.have.all.get(key);
    if (!above) return [];
    return comesFromParent(above) ? checksAbove(s, above) : [key];
  });
}

/** A partitioned table whose key calls a function can't outlive it; its partitions, which hold the rows, can. */
function isPartitionedBy(table: SchemaObject, routine: SchemaObject | undefined): boolean {
  const key = table.attributes['partition key'];
  if (routine?.of.kind !== 'routine' || typeof key !== 'string') return false;
  const { name } = routine.of.routine;
  return key.includes(`.${name}(`) || key.includes(`${quoted(name)}(`);
}

/** From what goes to what needs it, until nothing more is found. */
function spread(s: Sides): void {
  const dependents = s.nextTo();
  const queue = [...s.gone, ...s.aside.keys()];
  const add = (object: SchemaObject) => {
    if (s.gone.has(object.key)) return;
    s.gone.add(object.key);
    queue.push(object.key);
  };
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const object = s.have.all.get(key);
    for (const dependent of dependents.get(key) ?? []) {
      if (isPartitionedBy(dependent, object)) add(dependent);
      if (lasting.has(dependent.kind)) continue;
      if (dependent.needs.has(key) || (dependent.rank >= 14 && dependent.wants.has(key))) add(dependent);
    }
    if (!object) continue;
    if (isGenerated(object) && object.of.kind === 'column' && s.want.all.has(object.table ?? '')) {
      regenerate(s, object.table ?? '', object.of.column);
    }
    // A partition's index goes with its parent's, and can't go alone.
    if (object.key.startsWith('index partition ')) {
      const child = s.have.all.get(object.table ?? '');
      if (child && !s.isDetached(object)) add(child);
    }
    if (object.of.kind === 'index' || object.of.kind === 'constraint') {
      const attached = s.attachedIndex(object.key);
      if (attached && !s.isDetached(attached) && !s.gone.has(object.table ?? '')) {
        for (const need of attached.needs) {
          const parent = s.have.all.get(need);
          if (parent && need !== object.key && !need.startsWith('partition ')) add(parent);
        }
      }
    }
  }
}
