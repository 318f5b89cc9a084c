import type { ColumnModel } from '../../../preload/contract/schema-model.ts';
import { isTable } from '../ddl/model-names.ts';
import { quoted } from '../ddl/quote.ts';
import type { Objects, SchemaObject } from '../ddl/schema-object.ts';
import { isGenerated } from '../ddl/script.ts';
import { lasting } from './lasting.ts';
import type { ColumnChanges, Sides } from './sides.ts';

export function compareColumns(s: Sides): void {
  for (const [key, want] of s.want.all) {
    const have = s.have.all.get(key);
    if (!have || want.of.kind !== 'table' || have.of.kind !== 'table' || !isTable(want.of.table)) continue;
    const before = new Map(have.of.table.columns.map((column) => [column.name, column]));
    const after = new Map(want.of.table.columns.map((column) => [column.name, column]));
    const changes: ColumnChanges = { dropped: [], added: [], retyped: [] };
    for (const [name, from] of before) {
      const to = after.get(name);
      if (!to) changes.dropped.push(from);
      else if (generationDiffers(s, want, have, name)) {
        changes.dropped.push(from);
        changes.added.push(to);
      } else if (
        from.type !== to.type ||
        from.collation !== to.collation ||
        [...typesOf(s, from)].some((type) => s.aside.has(type))
      ) {
        changes.retyped.push({ from, to });
      }
    }
    for (const [name, to] of after) if (!before.has(name)) changes.added.push(to);
    s.columns.set(key, changes);
  }
}

/** Actual types that a column is made of. */
export const typesOf = (s: Sides, column: ColumnModel): Set<string> => s.typesIn(column.type);

/** A generated column can't become a plain one with another default, nor the other way round, nor generate otherwise. */
function generationDiffers(s: Sides, want: SchemaObject, have: SchemaObject, column: string): boolean {
  const at = (objects: Objects, table: SchemaObject) => {
    if (table.of.kind !== 'table') return undefined;
    const object = objects.all.get(`default ${objects.names.of(table.of.table)}.${quoted(column)}`);
    return object && isGenerated(object) ? JSON.stringify(object.attributes) : undefined;
  };
  return at(s.want, want) !== at(s.have, have);
}

/** What hangs on columns that are dropped or change their type. */
export function columnsGo(s: Sides, table: string, columns: Set<string>): void {
  const { names } = s.have;
  const uses = (oid: string, numbers: number[]) =>
    names.columns(oid, numbers).some((name) => columns.has(name));
  for (const object of s.nextTo().get(table) ?? []) {
    const { of } = object;
    if (object.table === table) {
      if (object.kind === 'default' && of.kind === 'column') {
        if (columns.has(of.column.name) || (of.column.generated && mentions(object, columns)))
          s.gone.add(object.key);
      } else if (object.kind === 'identity' && of.kind === 'column') {
        if (columns.has(of.column.name)) s.gone.add(object.key);
      } else if (of.kind === 'constraint') {
        const { table: oid, columns: numbers, kind } = of.constraint;
        const byText = numbers.length === 0 || kind === 'exclusion';
        if (uses(oid ?? '', numbers) || (byText && mentions(object, columns))) s.gone.add(object.key);
      } else if (of.kind === 'index') {
        const byText = of.index.partial || of.index.columns.includes(0);
        if (uses(of.index.table, of.index.columns) || (byText && mentions(object, columns)))
          s.gone.add(object.key);
      } else if (['trigger', 'policy', 'publication table'].includes(object.kind)) {
        if (mentions(object, columns)) s.gone.add(object.key);
      }
    } else if (object.needs.has(table)) {
      if (of.kind === 'constraint' && of.constraint.references) {
        if (uses(of.constraint.references.table, of.constraint.references.columns)) s.gone.add(object.key);
      } else if (
        !lasting.has(object.kind) &&
        !['inheritance', 'partition', 'sequence owner', 'default', 'index'].includes(object.kind) &&
        mentions(object, columns)
      ) {
        s.gone.add(object.key);
      }
    }
    if (object.kind === 'sequence owner' && object.needs.has(table)) {
      const owned = object.attributes['owned by'];
      const touched = [...columns].some(
        (column) => typeof owned === 'string' && owned.endsWith(`.${quoted(column)}`),
      );
      if (touched) s.gone.add(object.key);
    }
  }
}

export function regenerate(s: Sides, table: string, column: ColumnModel): void {
  const changes = s.columns.get(table);
  const want = s.want.all.get(table);
  if (!changes || want?.of.kind !== 'table') return;
  if (!changes.dropped.some(({ name }) => name === column.name)) changes.dropped.push(column);
  const to = want.of.table.columns.find(({ name }) => name === column.name);
  changes.retyped = changes.retyped.filter(({ to }) => to.name !== column.name);
  if (to && !changes.added.some(({ name }) => name === column.name)) changes.added.push(to);
}
/** Whether a column may be used: too often is no harm, since what is made anew is the same as before. */
function mentions(object: SchemaObject, columns: Set<string>): boolean {
  const text = Object.values(object.attributes)
    .filter((value) => typeof value === 'string')
    .join(' ');
  if (text.includes('.*')) return true;
  return [...columns].some((name) => text.includes(name.replaceAll('"', '""')));
}
