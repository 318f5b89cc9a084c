import type { ColumnModel, SchemaModel } from '../../../preload/contract/schema-model.ts';
import { type Diagram, type DiagramTable, diagramOf, type Relation } from './diagram.ts';

/**
 * The structure as DBML (dbml.dbdiagram.io/docs): tables, enums, indexes of plain columns, and foreign keys.
 * @param schemas names; all when empty
 */
export function dbml(model: SchemaModel, schemas: string[] = []): string {
  const diagram = diagramOf(model, schemas);
  const blocks = [
    ...diagram.enums.map(
      ({ schema, type }) =>
        `Enum ${path(schema, type.name)} {\n${type.values.map((value) => `  ${name(value)}\n`).join('')}}`,
    ),
    ...diagram.tables.map((table) => tableText(model, diagram, table)),
    ...diagram.relations.map(refText),
    ...diagram.outside.map(
      ({ from, to, constraint }) =>
        `// ${oneLine(`${from.schema}.${from.table.name} refers to ${to.schema}.${to.table.name} by ${constraint.name}`)}`,
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function tableText(model: SchemaModel, { enums }: Diagram, one: DiagramTable): string {
  const { schema, table, primary } = one;
  const lines = table.columns.map((column) => {
    const type = one.enums.get(column.number);
    const at = type && enums.find((each) => each.type === type);
    const typeText = at && !column.type.endsWith(']') ? path(at.schema, at.type.name) : name(column.type);
    const settings = columnSettings(column, one);
    return `  ${name(column.name)} ${typeText}${settings.length ? ` [${settings.join(', ')}]` : ''}`;
  });
  const indexes = indexLines(model, one);
  if (primary.size > 1) {
    const key = model.constraints.find(({ kind, table: oid }) => kind === 'primary-key' && oid === table.oid);
    const columns = (key?.columns ?? []).map((number) => columnName(one, number));
    indexes.unshift(`    (${columns.join(', ')}) [pk, name: ${text(key?.name ?? '')}]`);
  }
  if (indexes.length) lines.push('', '  indexes {', ...indexes, '  }');
  if (table.comment) lines.push('', `  Note: ${text(table.comment)}`);
  return `Table ${path(schema, table.name)} {\n${lines.join('\n')}\n}`;
}

function columnSettings(column: ColumnModel, { primary, unique }: DiagramTable): string[] {
  const expression = column.expression?.state === 'known' ? column.expression.text : null;
  return [
    primary.size === 1 && primary.has(column.number) ? 'pk' : '',
    column.identity ? 'increment' : '',
    column.notNull ? 'not null' : '',
    unique.has(column.number) ? 'unique' : '',
    // There is no way to write a backtick within backticks.
    expression === null || column.generated || expression.includes('`')
      ? ''
      : `default: \`${oneLine(expression)}\``,
    column.comment ? `note: ${text(column.comment)}` : '',
  ].filter(Boolean);
}

function indexLines(model: SchemaModel, one: DiagramTable): string[] {
  return model.indexes
    .filter(
      (index) =>
        index.table === one.table.oid && !index.primary && !index.partial && !index.columns.includes(0),
    )
    .map((index) => {
      const columns = index.columns.slice(0, index.keyColumns).map((number) => columnName(one, number));
      const settings = [
        index.unique ? 'unique' : '',
        `name: ${text(index.name)}`,
        /^(?:btree|hash)$/.test(index.method) ? `type: ${index.method}` : '',
      ];
      return `    (${columns.join(', ')}) [${settings.filter(Boolean).join(', ')}]`;
    })
    .sort();
}

const columnName = ({ table }: DiagramTable, number: number): string =>
  name(table.columns.find((column) => column.number === number)?.name ?? String(number));

function refText({ constraint, from, to, single }: Relation): string {
  const end = ({ schema, table, columns }: Relation['from']) => {
    const names = columns.map((column) => name(column.name));
    return `${path(schema, table.name)}.${names.length === 1 ? names[0] : `(${names.join(', ')})`}`;
  };
  const actions = [
    constraint.onDelete && constraint.onDelete !== 'no action' ? `delete: ${constraint.onDelete}` : '',
    constraint.onUpdate && constraint.onUpdate !== 'no action' ? `update: ${constraint.onUpdate}` : '',
  ].filter(Boolean);
  return `Ref ${name(constraint.name)}: ${end(from)} ${single ? '-' : '>'} ${end(to)}${actions.length ? ` [${actions.join(', ')}]` : ''}`;
}

const path = (schema: string, own: string): string => `${name(schema)}.${name(own)}`;
const name = (own: string): string => `"${escaped(own).replaceAll('"', '\\"')}"`;
const text = (own: string): string => `'${escaped(own).replaceAll("'", "\\'")}'`;
const escaped = (own: string): string =>
  own.replaceAll('\\', '\\\\').replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
const oneLine = (own: string): string => own.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
