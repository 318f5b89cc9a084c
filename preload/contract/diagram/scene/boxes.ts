import { type Diagram, type DiagramTable, Flag } from '../model/diagram.ts';
import { type Measure, oneLine, shorten, shortType } from './text.ts';

/* The inside of a box: which rows it has, what they say, and how large that makes it. In units of the diagram. */

export const measures = {
  header: 28,
  row: 20,
  /** Below the last row. */
  foot: 6,
  /** Left of a row's name: the marks of keys. */
  marks: 30,
  padding: 10,
  /** Between a row's name and its type. */
  between: 18,
  narrowest: 120,
  widest: 440,
  /** Rows of a box that are columns. */
  most: 36,
  fontSize: 12,
  headerFontSize: 13,
} as const;

export type Row =
  | { kind: 'column'; column: number; name: string; type: string; flags: number }
  | { kind: 'value'; name: string }
  | { kind: 'more'; name: string }
  | { kind: 'partition'; name: string };

export interface Box {
  table: number;
  width: number;
  height: number;
  title: string;
  rows: Row[];
}

export interface Measures {
  name: Measure;
  header: Measure;
}

/** What a table looks like. Of very wide ones, keys come along whatever their place; the others as many as there is room. */
export function makeBox(diagram: Diagram, place: number, opened: boolean, measure: Measures): Box {
  const table = diagram.tables[place] as DiagramTable;
  const rows: Row[] = [];
  const { shown, left } = chooseColumns(table);
  for (const column of shown) {
    const name = oneLine(table.columns[column] ?? '');
    rows.push(
      table.kind === 'enum'
        ? { kind: 'value', name }
        : {
            kind: 'column',
            column,
            name,
            type: oneLine(shortType(diagram.types[table.types[column] ?? -1] ?? '')),
            flags: table.flags[column] ?? 0,
          },
    );
  }
  if (left > 0) {
    rows.push({
      kind: 'more',
      name: `${left.toLocaleString('en-US')} more ${table.kind === 'enum' ? 'values' : 'columns'}`,
    });
  }
  if (opened && table.partitions > 0) {
    for (const name of table.partitionNames) rows.push({ kind: 'partition', name: oneLine(name) });
    const others = table.partitions - table.partitionNames.length;
    if (others > 0) rows.push({ kind: 'more', name: `${others.toLocaleString('en-US')} more partitions` });
  }

  let width: number = measures.narrowest;
  for (const row of rows) {
    const typed = row.kind === 'column' ? measures.between + measure.name(row.type) + typeMarks(row) : 0;
    width = Math.max(width, measures.marks + measure.name(row.name) + typed + measures.padding);
  }
  const title = oneLine(table.name);
  const aside = badgesWidth(table, measure.name);
  width = Math.max(width, measures.padding * 2 + measure.header(title) + aside);
  width = Math.min(measures.widest, Math.ceil(width / 4) * 4);
  for (const row of rows) cut(row, width, measure.name);
  return {
    table: place,
    width,
    height: measures.header + rows.length * measures.row + measures.foot,
    title: shorten(title, width - measures.padding * 2 - aside, measure.header),
    rows,
  };
}

/** What stands at the right of a header: how the thing is called when it is no plain table, partitions, RLS. */
export function badges(table: DiagramTable): { kind: 'word' | 'partitions' | 'rls'; text: string }[] {
  const all: { kind: 'word' | 'partitions' | 'rls'; text: string }[] = [];
  const word = kindWords[table.kind];
  if (word) all.push({ kind: 'word', text: word });
  if (table.kind === 'partitioned')
    all.push({ kind: 'partitions', text: `⊞ ${table.partitions.toLocaleString('en-US')}` });
  if (table.rowSecurity !== 'off')
    all.push({ kind: 'rls', text: table.rowSecurity === 'forced' ? 'RLS!' : 'RLS' });
  return all;
}

/** Between a badge's edge and its text, and between badges. */
export const badgePadding = 5;
export const badgeGap = 4;

const kindWords: Partial<Record<DiagramTable['kind'], string>> = {
  view: 'view',
  'materialized-view': 'mat. view',
  'foreign-table': 'foreign',
  enum: 'enum',
};

export function badgesWidth(table: DiagramTable, measure: Measure): number {
  let width = 0;
  for (const { text } of badges(table)) width += measure(text) + badgePadding * 2 + badgeGap;
  return width === 0 ? 0 : width + badgeGap;
}

/** A sign behind the type where null may stand. */
const typeMarks = (row: { flags: number }): number => (row.flags & Flag.notNull ? 0 : 8);

function cut(row: Row, width: number, measure: Measure): void {
  const room = width - measures.marks - measures.padding;
  if (row.kind !== 'column') {
    row.name = shorten(row.name, room, measure);
    return;
  }
  const type = measure(row.type) + measures.between + typeMarks(row);
  if (measure(row.name) + type <= room) return;
  // The name matters more than the type, up to most of the line.
  row.name = shorten(row.name, Math.max(room - type, room * 0.65), measure);
  row.type = shorten(row.type, room - measure(row.name) - measures.between - typeMarks(row), measure);
}

/** The row a column stands in, or that of "more columns". */
export function columnRow(table: DiagramTable, column: number): number {
  if (table.columns.length <= measures.most) return column;
  const { shown } = chooseColumns(table);
  const row = shown.indexOf(column);
  return row >= 0 ? row : shown.length;
}

function chooseColumns(table: DiagramTable): { shown: number[]; left: number } {
  const all = table.columns.length;
  if (all <= measures.most) return { shown: Array.from({ length: all }, (_, column) => column), left: 0 };
  const isKey = (column: number): boolean =>
    ((table.flags[column] ?? 0) & (Flag.primary | Flag.foreign)) !== 0;
  const chosen = new Set<number>();
  for (let column = 0; column < all && chosen.size < measures.most; column += 1) {
    if (isKey(column)) chosen.add(column);
  }
  for (let column = 0; column < all && chosen.size < measures.most; column += 1) chosen.add(column);
  return { shown: [...chosen].sort((a, b) => a - b), left: all - chosen.size };
}

/** The sign left of a row. */
export function rowMark(row: Row): string {
  if (row.kind === 'value') return '•';
  if (row.kind !== 'column') return '';
  if (row.flags & Flag.primary) return row.flags & Flag.foreign ? 'PF' : 'PK';
  if (row.flags & Flag.foreign) return 'FK';
  return row.flags & Flag.unique ? 'U' : '';
}
