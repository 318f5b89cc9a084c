import { qualified } from '../ddl/quote.ts';
import type { SchemaObject } from '../ddl/schema-object.ts';
import { changed } from './compare.ts';
import { own, type Sides } from './sides.ts';

/** Types that can't be altered into what is wanted, and those that are made of them. */
export function typesAside(s: Sides): void {
  const add = (object: SchemaObject) => {
    if (object.of.kind !== 'type' || s.aside.has(object.key)) return;
    const schema = s.have.names.schema(object.of.type.schema);
    s.aside.set(object.key, qualified(schema, freeName(s, schema, object.of.type.name)));
  };
  for (const [key, want] of s.want.all) {
    const have = s.have.all.get(key);
    if (have && want.of.kind === 'type' && have.of.kind === 'type' && !alterable(want, have)) add(have);
  }
  for (let size = -1; size !== s.aside.size; ) {
    size = s.aside.size;
    for (const object of s.have.all.values()) {
      if (object.kind !== 'type' || !s.want.all.has(object.key)) continue;
      if ([...object.needs].some((need) => s.aside.has(need))) add(object);
    }
  }
}

export function freeName(s: Sides, schema: string, name: string): string {
  const taken = new Set<string>();
  for (const model of [s.wanted, s.actual]) {
    const names = model === s.wanted ? s.want.names : s.have.names;
    for (const list of [model.types, model.tables, model.sequences]) {
      for (const item of list) if (names.schema(item.schema) === schema) taken.add(item.name);
    }
    for (const { name } of model.indexes) taken.add(name);
  }
  for (let n = 0; ; n += 1) {
    // 63 bytes at most.
    const suffix = `_replaced${n || ''}`;
    let start = name;
    while (Buffer.byteLength(start) + suffix.length > 63) start = [...start].slice(0, -1).join('');
    if (!taken.has(start + suffix)) return start + suffix;
  }
}

function alterable(want: SchemaObject, have: SchemaObject): boolean {
  if (want.of.kind !== 'type' || have.of.kind !== 'type') return false;
  const to = want.of.type;
  const from = have.of.type;
  if (to.kind === 'enum' && from.kind === 'enum') return isSubsequence(from.values, to.values);
  if (to.kind === 'domain' && from.kind === 'domain') {
    return to.base === from.base && to.collation === from.collation;
  }
  if (to.kind === 'composite' && from.kind === 'composite') {
    const before = new Map(from.columns.map((column) => [column.name, column]));
    const same = to.columns.every((column) => {
      const one = before.get(column.name);
      return !one || (one.type === column.type && one.collation === column.collation);
    });
    return same;
  }
  return changed(own(want), own(have)).length === 0;
}
function isSubsequence(part: string[], whole: string[]): boolean {
  let at = 0;
  for (const value of whole) if (value === part[at]) at += 1;
  return at === part.length;
}
