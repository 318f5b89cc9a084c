import type { TableModel } from '../../../../preload/contract/schema-model.ts';
import { alterWord, relationKey, relationKind } from '../model-names.ts';
import { parameters, quoted } from '../quote.ts';
import { type Extras, ranks } from '../schema-object.ts';
import { columnSettings } from '../tables.ts';
import { list, notAsked, printed, realOptions } from '../words.ts';
import type { Builder } from './builder.ts';

export function addView(b: Builder, table: TableModel): void {
  const names = b.names;
  const name = names.of(table);
  const kind = relationKind(table) as 'view' | 'materialized view';
  const key = relationKey(names, table);
  const label = `${names.schema(table.schema)}.${table.name}`;
  const definition = table.definition ? printed(table.definition) : notAsked;
  const query = definition.text?.trim().replace(/;$/, '') ?? null;
  const options = realOptions(table.options).filter((option) => !option.startsWith('check_option='));
  const materialized = kind === 'materialized view';
  const with_ = options.length ? ` WITH (${parameters(options)})` : '';
  const using =
    materialized && table.accessMethod && table.accessMethod !== 'heap'
      ? ` USING ${quoted(table.accessMethod)}`
      : '';
  const tablespace = table.tablespace ? ` TABLESPACE ${quoted(table.tablespace)}` : '';
  const needs = new Set([b.schemaKey(table.schema), ...b.references.in(query ?? '')]);
  b.put(kind, key, {
    schema: names.schema(table.schema),
    name: label,
    needs,
    attributes: {
      definition: definition.value,
      options: list(options),
      'check option': table.checkOption,
      ...(materialized
        ? {
            tablespace: table.tablespace,
            'access method': table.accessMethod === 'heap' ? null : table.accessMethod,
            ...columnsOf(table),
          }
        : {}),
    },
    create:
      query === null
        ? []
        : [
            `CREATE ${materialized ? 'MATERIALIZED VIEW' : 'VIEW'} ${name}${using}${with_}${tablespace} AS\n${query}${
              materialized
                ? '\nWITH NO DATA'
                : table.checkOption
                  ? `\nWITH ${table.checkOption.toUpperCase()} CHECK OPTION`
                  : ''
            }`,
            ...(materialized
              ? table.columns.flatMap((column) => columnSettings(table, names, null, column))
              : []),
          ],
    drop: [`DROP ${alterWord(kind)} ${name}`],
    stub: materialized
      ? null
      : `CREATE VIEW ${name} AS\nSELECT ${table.columns
          .map(
            (column) =>
              `NULL::${column.type}${column.collation ? ` COLLATE ${column.collation}` : ''} AS ${quoted(column.name)}`,
          )
          .join(', ')}`,
    unknown: [definition.why && `The query of ${kind} ${label} is not known: ${definition.why}`],
    of: { kind: 'table', table },
    extras: [
      b.extras(`${alterWord(kind)} ${name}`, table, { target: { kind: 'table', on: `TABLE ${name}` } }),
      ...columnExtras(b, table),
    ],
  });
  for (const column of table.columns) {
    const expression = column.expression && printed(column.expression);
    if (!expression) continue;
    b.put('default', `default ${name}.${quoted(column.name)}`, {
      name: `${label}.${column.name}`,
      table: key,
      rank: ranks.view + 0.5,
      needs: [key, ...b.references.in(expression.text ?? '')],
      attributes: { default: expression.value },
      create:
        expression.text === null
          ? []
          : [`ALTER VIEW ${name} ALTER COLUMN ${quoted(column.name)} SET DEFAULT ${expression.text}`],
      drop: [`ALTER VIEW ${name} ALTER COLUMN ${quoted(column.name)} DROP DEFAULT`],
      unknown: [expression.why && `The default of ${label}.${column.name} is not known: ${expression.why}`],
      fold: { into: key, part: column.name },
      of: { kind: 'column', table, column, sequence: null },
    });
  }
}

/** Comments and privileges of columns; most have neither. */
export function columnExtras(b: Builder, table: TableModel): Extras[] {
  const name = b.names.of(table);
  const spoken = table.columns.filter(({ comment, grants }) => comment !== null || grants !== null);
  return spoken.map((column) =>
    b.extras(
      `COLUMN ${name}.${quoted(column.name)}`,
      { comment: column.comment, grants: column.grants, owner: table.owner },
      {
        ownerOf: '',
        part: column.name,
        target: { kind: 'column', on: `TABLE ${name}`, column: column.name },
      },
    ),
  );
}

/** What columns of a materialised view have beyond its query. */
function columnsOf(table: TableModel): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const { name, storage, compression, statistics, options } of table.columns) {
    const parts = [storage, compression, statistics, ...realOptions(options)].filter((one) => one !== null);
    if (parts.length > 0) attributes[`column ${name}`] = parts.join(', ');
  }
  return attributes;
}
