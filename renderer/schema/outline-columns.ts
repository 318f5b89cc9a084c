import { type Diagram, Flag } from '../../preload/contract/diagram/model/diagram.ts';
import type { OutlineRow } from './outline-row.ts';

/** Columns with what they refer to, then what refers to the table. */
export function columnRows(diagram: Diagram, place: number, key: string): OutlineRow[] {
  const table = diagram.tables[place];
  if (!table) return [];
  const targets = new Map<number, string[]>();
  const into: string[] = [];
  const full = (other: number): string => {
    const one = diagram.tables[other];
    return one?.schema === table.schema
      ? one.name
      : `${diagram.schemas[one?.schema ?? -1] ?? ''}.${one?.name ?? ''}`;
  };
  for (const relation of diagram.relations) {
    if (relation.kind !== 'foreign-key') continue;
    if (relation.from === place) {
      for (const [at, column] of relation.fromColumns.entries()) {
        const there = diagram.tables[relation.to]?.columns[relation.toColumns[at] ?? -1] ?? '';
        targets.set(column, [...(targets.get(column) ?? []), `${full(relation.to)}.${there}`]);
      }
    }
    if (relation.to === place) {
      const columns = relation.fromColumns.map(
        (column) => diagram.tables[relation.from]?.columns[column] ?? '',
      );
      into.push(`${full(relation.from)}.${columns.join(', ')}`);
    }
  }
  const leaf = (at: number, label: string, aside: string, spoken: string): OutlineRow => ({
    kind: 'column',
    key: `${key} ${at}`,
    level: 3,
    label,
    aside,
    spoken: () => spoken,
    expanded: undefined,
    position: at + 1,
    siblings: table.columns.length + into.length,
  });
  return [
    ...table.columns.map((name, column) => {
      if (table.kind === 'enum') return leaf(column, name, '', name);
      const flags = table.flags[column] ?? 0;
      const type = diagram.types[table.types[column] ?? -1] ?? '';
      const refers = targets.get(column);
      return leaf(
        column,
        name,
        `${type}${refers ? ` → ${refers.join(', ')}` : ''}`,
        [
          name,
          type,
          flags & Flag.primary ? 'primary key' : '',
          flags & Flag.unique ? 'unique' : '',
          flags & Flag.notNull ? 'not null' : 'may be null',
          refers ? `refers to ${refers.join(', ')}` : '',
        ]
          .filter(Boolean)
          .join(', '),
      );
    }),
    ...into.map((from, at) => leaf(table.columns.length + at, `← ${from}`, '', `referred to by ${from}`)),
  ];
}
