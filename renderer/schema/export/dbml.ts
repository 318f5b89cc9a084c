import { type Diagram, Flag } from '../model/diagram.ts';
import { oneLine } from '../scene/text.ts';

/**
 * DBML of some tables (dbml.dbdiagram.io/docs). Tables without columns are left out, because the language has none;
 * views too, and what inherits is told in a note.
 *
 * @param tables places in `diagram.tables`
 */
export function dbml(diagram: Diagram, tables: readonly number[]): string {
  const drawn = new Set(
    tables.filter((place) => {
      const table = diagram.tables[place];
      return table && table.columns.length > 0 && table.kind !== 'view' && table.kind !== 'materialized-view';
    }),
  );
  const full = (place: number): string => {
    const table = diagram.tables[place];
    return `${quote(diagram.schemas[table?.schema ?? -1] ?? '')}.${quote(table?.name ?? '')}`;
  };
  const blocks: string[] = [];
  const notes = new Map<number, string[]>();
  const enumOf = new Map<string, string>();
  for (const { kind, from, to, fromColumns } of diagram.relations) {
    if (kind === 'inherits')
      notes.set(from, [...(notes.get(from) ?? []), `inherits ${full(to).replaceAll('"', '')}`]);
    if (kind === 'enum' && drawn.has(to)) enumOf.set(`${from} ${fromColumns[0]}`, full(to));
  }
  for (const place of drawn) {
    const table = diagram.tables[place];
    if (table?.kind !== 'enum') continue;
    blocks.push(`Enum ${full(place)} {\n${table.columns.map((value) => `  ${quote(value)}`).join('\n')}\n}`);
  }
  for (const place of drawn) {
    const table = diagram.tables[place];
    if (!table || table.kind === 'enum') continue;
    const keys = table.columns.flatMap((_, column) =>
      (table.flags[column] ?? 0) & Flag.primary ? [column] : [],
    );
    const lines = table.columns.map((name, column) => {
      const flags = table.flags[column] ?? 0;
      const settings = [
        flags & Flag.primary && keys.length === 1 ? 'pk' : '',
        flags & Flag.unique && !(flags & Flag.primary) ? 'unique' : '',
        flags & Flag.notNull ? 'not null' : '',
      ].filter(Boolean);
      const type =
        enumOf.get(`${place} ${column}`) ?? dbmlType(diagram.types[table.types[column] ?? -1] ?? '');
      return `  ${quote(name)} ${type}${settings.length > 0 ? ` [${settings.join(', ')}]` : ''}`;
    });
    if (keys.length > 1) {
      lines.push(
        '',
        '  indexes {',
        `    (${keys.map((column) => quote(table.columns[column] ?? '')).join(', ')}) [pk]`,
        '  }',
      );
    }
    const said = [
      table.kind === 'partitioned' ? `partitioned, ${table.partitions} partitions` : '',
      table.kind === 'foreign-table' ? 'foreign table' : '',
      table.rowSecurity === 'off' ? '' : `row security ${table.rowSecurity}`,
      ...(notes.get(place) ?? []),
    ].filter(Boolean);
    if (said.length > 0)
      lines.push('', `  Note: '${said.join('; ').replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`);
    blocks.push(`Table ${full(place)} {\n${lines.join('\n')}\n}`);
  }
  for (const relation of diagram.relations) {
    if (relation.kind !== 'foreign-key' || !drawn.has(relation.from) || !drawn.has(relation.to)) continue;
    const side = (place: number, columns: readonly number[]): string => {
      const names = columns.map((column) => quote(diagram.tables[place]?.columns[column] ?? ''));
      return `${full(place)}.${names.length === 1 ? names[0] : `(${names.join(', ')})`}`;
    };
    if (relation.fromColumns.length === 0 || relation.toColumns.length === 0) continue;
    blocks.push(
      `Ref ${quote(relation.name)}: ${side(relation.from, relation.fromColumns)} ${relation.unique ? '-' : '>'} ${side(relation.to, relation.toColumns)}`,
    );
  }
  return `${blocks.join('\n\n')}\n`;
}

/** In double quotes a name may be anything but a quote or a line's end. */
const quote = (name: string): string => `"${oneLine(name).replaceAll('"', '”').replaceAll('\\', '/')}"`;

/** Types with spaces, dots or brackets are quoted whole. */
const dbmlType = (type: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*(\([0-9]+(,[0-9]+)?\))?$/.test(type) ? type : quote(type);
