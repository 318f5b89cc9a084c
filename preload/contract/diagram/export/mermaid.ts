import { Flag } from '../model/diagram.ts';
import { shortType } from '../scene/text.ts';
import { Described, type Drawing } from './drawing.ts';
import { apart, printable } from './names.ts';

/** Values of an enum that a column's comment names. */
const listedValues = 12;

/**
 * A drawing as a Mermaid `erDiagram` (Mermaid's documentation, "Entity Relationship Diagrams", and its lexer). What
 * Mermaid can't take in a name is replaced by `_`; the true name of a column stands in its comment then. Enums are told
 * in the comments of the columns that have them.
 */
export function mermaid(drawing: Drawing): string {
  const described = new Described(drawing);
  const { tables } = described;
  const names = entityNames(described);
  const { inside, outside } = described.relations();
  const full = (place: number): string => `${described.schema(place)}.${described.table(place).name}`;
  const lines = ['erDiagram'];
  for (const { kind, name, from, to, fromColumns, optional, unique } of inside) {
    const columns = fromColumns.map((column) => described.table(from).columns[column] ?? '');
    const how = kind === 'foreign-key' ? `${optional ? '|o' : '||'}--${unique ? 'o|' : 'o{'}` : '||..o{';
    const label = kind === 'foreign-key' ? columns.join(', ') || name : kind;
    lines.push(`    ${names.get(to)} ${how} ${names.get(from)} : ${comment(label)}`);
  }
  for (const { name, from, to } of outside)
    lines.push(`    %% ${plain(`${full(from)} refers to ${full(to)} by ${name}`)}`);
  for (const place of tables) {
    const columns = columnsOf(described, place);
    lines.push(
      ...(columns.length > 0
        ? [`    ${names.get(place)} {`, ...columns, '    }']
        : [`    ${names.get(place)}`]),
    );
  }
  return `${lines.join('\n')}\n`;
}

function columnsOf(described: Described, place: number): string[] {
  const table = described.table(place);
  const row = described.row(place);
  const taken = new Set<string>();
  return table.columns.map((name, at) => {
    const flags = table.flags[at] ?? 0;
    const keys = [
      flags & Flag.primary ? 'PK' : '',
      flags & Flag.foreign ? 'FK' : '',
      flags & Flag.unique && !(flags & Flag.primary) ? 'UK' : '',
    ].filter(Boolean);
    const shown = apart(word(name), taken);
    const column = row?.columns[at];
    const enumPlace = described.enumOf(column);
    const values = enumPlace === undefined ? [] : described.table(enumPlace).columns;
    const listed = values.slice(0, listedValues).join('|') + (values.length > listedValues ? '|…' : '');
    const notes = [shown === name ? '' : name, listed, column?.comment ?? ''].filter(Boolean).join(': ');
    const type = shortType(described.diagram.types[table.types[at] ?? -1] ?? '');
    const parts = [word(type), shown, keys.join(', '), notes ? comment(notes) : ''];
    return `        ${parts.filter(Boolean).join(' ')}`;
  });
}

/** The table's name alone where all are of one schema, with its schema where there are several. */
function entityNames(described: Described): Map<number, string> {
  const several = new Set(described.tables.map((place) => described.table(place).schema)).size > 1;
  const taken = new Set<string>();
  return new Map(
    described.tables.map((place) => {
      const { name } = described.table(place);
      return [place, apart(entity(several ? `${described.schema(place)}.${name}` : name), taken)];
    }),
  );
}

/** Words of the grammar, which would not be read as names. */
const reserved =
  /^(?:erdiagram|title|direction|tb|bt|lr|rl|acctitle|accdescr|style|class|classdef|one|zero|many|only|optionally|to|u|o)$/i;

/** Quoted unless it is a plain word: within quotes the lexer takes all but `"`, `%`, `\` and control characters. */
function entity(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.test(name)) return name;
  return `"${printable(name).replace(/["%\\]/g, '_') || '_'}"`;
}

/** Types and names of columns are words; keys' names are not. */
function word(text: string): string {
  const plain = text.replace(/\s/gu, '_').replace(/[^A-Za-z0-9_()[\]\-\u00C0-\uFFFF]/gu, '_');
  const begun = /^[A-Za-z_\u00C0-\uFFFF]/.test(plain) ? plain : `_${plain}`;
  return /^(?:PK|FK|UK)$/.test(begun) ? `_${begun}` : begun;
}

const comment = (text: string): string => `"${plain(text).replaceAll('"', "'")}"`;

/**
 * Two percent signs begin a comment, and with a brace a directive, wherever they stand; two tildes of one line make all
 * between them part of a type.
 */
const plain = (text: string): string =>
  printable(text)
    .replaceAll(/%(?=%)/g, '% ')
    .replaceAll('~', '∼');
