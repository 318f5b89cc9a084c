import type { ColumnModel } from '../../schema-model.ts';
import { type DiagramRelation, Flag } from '../model/diagram.ts';
import { Described, type Drawing, isView } from './drawing.ts';

/**
 * A drawing as DBML (dbml.dbdiagram.io/docs): tables, enums, indexes of plain columns, and foreign keys. Views, tables
 * without columns and enums without values are left out, because the language has none; what it has no word for is told
 * in notes.
 */
export function dbml(drawing: Drawing): string {
  const described = new Described(drawing);
  const tables = described.tables.filter(
    (place) => described.table(place).columns.length > 0 && !isView(described.table(place).kind),
  );
  const enums = described.enums.filter((place) => described.table(place).columns.length > 0);
  const written = new Set(tables);
  const { inside, outside } = described.relations();
  const keys = inside.filter(
    ({ kind, from, to }) => kind === 'foreign-key' && written.has(from) && written.has(to),
  );
  const blocks = [
    ...enums.map(
      (place) =>
        `Enum ${path(described, place)} {\n${described
          .table(place)
          .columns.map((value) => `  ${name(value)}\n`)
          .join('')}}`,
    ),
    ...tables.map((place) => tableText(described, place)),
    ...refTexts(described, keys),
    ...outside.map((relation) => `// ${leadsOut(described, relation)}`),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function tableText(described: Described, place: number): string {
  const table = described.table(place);
  const row = described.row(place);
  const primary = table.columns.filter((_, at) => (table.flags[at] ?? 0) & Flag.primary);
  const lines = table.columns.map((own, at) => {
    const column = row?.columns[at];
    const enumPlace = described.enumOf(column);
    const type =
      enumPlace === undefined
        ? name(described.diagram.types[table.types[at] ?? -1] ?? '')
        : path(described, enumPlace);
    const settings = columnSettings(column, table.flags[at] ?? 0, primary.length === 1);
    return `  ${name(own)} ${type}${settings.length ? ` [${settings.join(', ')}]` : ''}`;
  });
  const indexes = indexLines(described, place, primary.length > 1);
  if (indexes.length) lines.push('', '  indexes {', ...indexes, '  }');
  const note = noteOf(described, place);
  if (note) lines.push('', `  Note: ${text(note)}`);
  return `Table ${path(described, place)} {\n${lines.join('\n')}\n}`;
}

function columnSettings(column: ColumnModel | undefined, flags: number, isKeyAlone: boolean): string[] {
  const expression = column?.expression?.state === 'known' ? column.expression.text : null;
  const generated = column?.generated ? `generated as ${expression ?? 'an expression'}` : '';
  const note = [column?.comment ?? '', generated].filter(Boolean).join('\n');
  return [
    isKeyAlone && flags & Flag.primary ? 'pk' : '',
    column?.identity ? 'increment' : '',
    flags & Flag.notNull ? 'not null' : '',
    flags & Flag.unique && !(flags & Flag.primary) ? 'unique' : '',
    // There is no way to write a backtick within backticks.
    expression === null || column?.generated || expression.includes('`')
      ? ''
      : `default: \`${oneLine(expression)}\``,
    note ? `note: ${text(note)}` : '',
  ].filter(Boolean);
}

/** A primary key of several columns, and indexes of plain ones. */
function indexLines(described: Described, place: number, isKeyLong: boolean): string[] {
  const { oid } = described.table(place);
  const columns = described.row(place)?.columns ?? [];
  const list = (numbers: readonly number[]): string =>
    numbers
      .map((number) => name(columns.find((column) => column.number === number)?.name ?? String(number)))
      .join(', ');
  const lines = described
    .indexesOf(oid)
    .filter((index) => !index.primary && !index.partial && !index.columns.includes(0))
    .map((index) => {
      const settings = [
        index.unique ? 'unique' : '',
        `name: ${text(index.name)}`,
        /^(?:btree|hash)$/.test(index.method) ? `type: ${index.method}` : '',
      ];
      return `    (${list(index.columns.slice(0, index.keyColumns))}) [${settings.filter(Boolean).join(', ')}]`;
    })
    .sort();
  const key = isKeyLong ? described.primaryKeyOf(oid) : undefined;
  if (key) lines.unshift(`    (${list(key.columns)}) [pk, name: ${text(key.name)}]`);
  return lines;
}

function noteOf(described: Described, place: number): string {
  const { kind, partitions, rowSecurity } = described.table(place);
  const parents = described.diagram.relations
    .filter((relation) => relation.kind === 'inherits' && relation.from === place)
    .map(({ to }) => `inherits ${described.schema(to)}.${described.table(to).name}`);
  const facts = [
    kind === 'partitioned' ? `partitioned, ${partitions} partitions` : '',
    kind === 'foreign-table' ? 'foreign table' : '',
    rowSecurity === 'off' ? '' : `row security ${rowSecurity}`,
    ...parents,
  ].filter(Boolean);
  return [described.row(place)?.comment ?? '', facts.join('; ')].filter(Boolean).join('\n');
}

/** The language takes no reference of columns to themselves, none without columns, and none between the same ends twice. */
function refTexts(described: Described, relations: readonly DiagramRelation[]): string[] {
  const said = new Set<string>();
  return relations.map((relation) => {
    const { from, to, fromColumns, toColumns } = relation;
    const ends = [endOf(described, from, fromColumns), endOf(described, to, toColumns)];
    const [one = '', other = ''] = [`${from} ${setOf(fromColumns)}`, `${to} ${setOf(toColumns)}`].sort();
    const key = `${one} ${other}`;
    const canBeSaid = fromColumns.length > 0 && fromColumns.length === toColumns.length && one !== other;
    if (!canBeSaid || said.has(key)) return `// ${leadsOut(described, relation)}`;
    said.add(key);
    const constraint = described.constraint(relation);
    const actions = [
      constraint?.onDelete && constraint.onDelete !== 'no action' ? `delete: ${constraint.onDelete}` : '',
      constraint?.onUpdate && constraint.onUpdate !== 'no action' ? `update: ${constraint.onUpdate}` : '',
    ].filter(Boolean);
    const settings = actions.length ? ` [${actions.join(', ')}]` : '';
    return `Ref ${name(relation.name)}: ${ends.join(relation.unique ? ' - ' : ' > ')}${settings}`;
  });
}

function endOf(described: Described, place: number, columns: readonly number[]): string {
  const names = columns.map((column) => name(described.table(place).columns[column] ?? ''));
  return `${path(described, place)}.${names.length === 1 ? names[0] : `(${names.join(', ')})`}`;
}

function leadsOut(described: Described, { from, to, name }: DiagramRelation): string {
  const full = (place: number): string => `${described.schema(place)}.${described.table(place).name}`;
  return oneLine(`${full(from)} refers to ${full(to)} by ${name}`);
}

const setOf = (columns: readonly number[]): string => [...columns].sort((a, b) => a - b).join();
const path = (described: Described, place: number): string =>
  `${name(described.schema(place))}.${name(described.table(place).name)}`;
const name = (own: string): string => `"${escaped(own).replaceAll('"', '\\"')}"`;
const text = (own: string): string => `'${escaped(own).replaceAll("'", "\\'")}'`;
const escaped = (own: string): string =>
  own.replaceAll('\\', '\\\\').replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
const oneLine = (own: string): string => own.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
