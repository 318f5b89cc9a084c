import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { type DiagramTable, diagramOf, type Relation } from './diagram.ts';

/**
 * The structure as a Mermaid `erDiagram` (Mermaid's documentation, "Entity Relationship Diagrams", and its lexer). What
 * Mermaid can't take in a name is replaced by `_`; the true name of a column stands in its comment then.
 * @param schemas names; all when empty
 */
export function mermaid(model: SchemaModel, schemas: string[] = []): string {
  const { tables, relations, outside } = diagramOf(model, schemas);
  const names = entityNames(tables);
  const lines = ['erDiagram'];
  for (const { from, to, constraint, single, required } of relations) {
    const left = names.get(to.table.oid);
    const right = names.get(from.table.oid);
    const label = comment(from.columns.map(({ name }) => name).join(', ') || constraint.name);
    lines.push(`    ${left} ${required ? '||' : '|o'}--${single ? 'o|' : 'o{'} ${right} : ${label}`);
  }
  for (const relation of outside) lines.push(`    %% ${leadsOut(relation)}`);
  for (const one of tables) {
    const name = names.get(one.table.oid);
    lines.push(
      ...(one.table.columns.length ? [`    ${name} {`, ...columnsOf(one), '    }'] : [`    ${name}`]),
    );
  }
  return `${lines.join('\n')}\n`;
}

function columnsOf({ table, primary, unique, foreign, enums }: DiagramTable): string[] {
  const taken = new Set<string>();
  return table.columns.map(({ number, name, type, comment: text }) => {
    const keys = [
      primary.has(number) ? 'PK' : '',
      foreign.has(number) ? 'FK' : '',
      unique.has(number) && !primary.has(number) ? 'UK' : '',
    ].filter(Boolean);
    const shown = apart(word(name), taken);
    const values = enums.get(number)?.values.join('|');
    const notes = [shown === name ? '' : name, values ?? '', text ?? ''].filter(Boolean).join(': ');
    const parts = [word(shortType(type)), shown, keys.join(', '), notes ? comment(notes) : ''];
    return `        ${parts.filter(Boolean).join(' ')}`;
  });
}

/** The table's name alone where it is clear, with its schema where there are several. */
function entityNames(tables: DiagramTable[]): Map<string, string> {
  const several = new Set(tables.map(({ schema }) => schema)).size > 1;
  const taken = new Set<string>();
  return new Map(
    tables.map(({ schema, table }) => {
      const name = several ? `${schema}.${table.name}` : table.name;
      return [table.oid, apart(entity(name), taken)];
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

/** A second one that would be written the same gets a number. */
function apart(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) {
    free = name.endsWith('"') ? `${name.slice(0, -1)}_${n}"` : `${name}_${n}`;
  }
  taken.add(free);
  return free;
}

const comment = (text: string): string => `"${printable(text).replaceAll('"', "'")}"`;

/** On one line, and nothing that can't be seen. */
const printable = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');

const leadsOut = ({ from, to, constraint }: Relation): string =>
  printable(
    `${from.schema}.${from.table.name} refers to ${to.schema}.${to.table.name} by ${constraint.name}`,
  );

/** Shorter names that PostgreSQL knows too. */
export function shortType(type: string): string {
  return type
    .replace(/^character varying/, 'varchar')
    .replace(/^character/, 'char')
    .replace(/^timestamp(\(\d\))? with time zone/, 'timestamptz$1')
    .replace(/^timestamp(\(\d\))? without time zone/, 'timestamp$1')
    .replace(/^time(\(\d\))? with time zone/, 'timetz$1')
    .replace(/^time(\(\d\))? without time zone/, 'time$1')
    .replace(/^(?:public\.)/, '');
}
