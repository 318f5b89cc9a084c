import type { Oid } from '../../../../preload/contract/schema-model.ts';
import { isTable } from '../model-names.ts';
import { quoted } from '../quote.ts';
import type { Builder } from './builder.ts';

/** A foreign key hangs on a unique index of the columns it refers to; which one, the catalogue's lists don't say. */
function foreignKeysNeed(b: Builder): void {
  const set = (columns: number[]) => [...columns].sort((a, b) => a - b).join();
  const unique = new Map<string, string[]>();
  const add = (table: Oid, columns: number[], key: string) => {
    const at = `${table} ${set(columns)}`;
    unique.set(at, [...(unique.get(at) ?? []), key]);
  };
  for (const { key, of } of b.all.values()) {
    if (of.kind === 'constraint' && of.constraint.index && of.constraint.table) {
      add(of.constraint.table, of.constraint.columns, key);
    } else if (of.kind === 'index' && of.index.unique && !of.index.partial) {
      add(of.index.table, of.index.columns.slice(0, of.index.keyColumns), key);
    }
  }
  for (const { needs, of } of b.all.values()) {
    if (of.kind !== 'constraint' || !of.constraint.references) continue;
    const { table, columns } = of.constraint.references;
    for (const key of unique.get(`${table} ${set(columns)}`) ?? []) needs.add(key);
  }
}

/** An heir's own check can't be dropped while its parent's is there; so it is made before, and goes after. */
function checksOfHeirs(b: Builder): void {
  for (const { key, of, fromParent } of b.all.values()) {
    if (of.kind !== 'constraint' || of.constraint.kind !== 'check' || fromParent) continue;
    for (const parent of b.names.tables.get(of.constraint.table ?? '')?.parents ?? [])
      b.all.get(`constraint ${b.names.relation(parent)} ${quoted(of.constraint.name)}`)?.wants.add(key);
  }
}

/**
 * A partition that is partitioned itself is attached when its indexes are whole: otherwise the server does not take them
 * for its parent's, and makes others.
 */
function indexesOfPartitions(b: Builder): void {
  for (const { key, needs } of b.all.values()) {
    if (!key.startsWith('index partition ')) continue;
    for (const need of needs) {
      const over = b.all.get(need);
      if (over?.of.kind !== 'index' && over?.of.kind !== 'constraint') continue;
      const table = over.of.kind === 'index' ? over.of.index.table : over.of.constraint.table;
      if (need !== b.all.get(key)?.table)
        b.all.get(`partition ${b.names.relation(table ?? '')}`)?.wants.add(key);
    }
  }
}

/** What the catalogue says beyond what the texts name, and primary keys that a view groups by. */
export function addDependencies(b: Builder): void {
  for (const { dependent, on } of b.model.dependencies) {
    const from = b.byOid.get(dependent);
    const to = b.byOid.get(on);
    const object = from === undefined ? undefined : b.all.get(from);
    // Tables find theirs by themselves: what they have by defaults and checks must not count as theirs.
    if (!object || to === undefined || object.of.kind !== 'table' || isTable(object.of.table)) continue;
    if (to !== from) object.needs.add(to);
  }
  foreignKeysNeed(b);
  checksOfHeirs(b);
  indexesOfPartitions(b);
  const keys = new Map<string, string[]>();
  for (const object of b.all.values()) {
    if (object.of.kind !== 'constraint' || object.of.constraint.kind !== 'primary-key' || !object.table)
      continue;
    keys.set(object.table, [...(keys.get(object.table) ?? []), object.key]);
  }
  for (const object of b.all.values()) {
    if (object.kind !== 'view' && object.kind !== 'materialized view') continue;
    for (const need of [...object.needs]) for (const key of keys.get(need) ?? []) object.wants.add(key);
  }
}
