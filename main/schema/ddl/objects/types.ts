import type { TypeModel } from '../../../../preload/contract/schema-model.ts';
import { literal, quoted } from '../quote.ts';
import { breakList, yes } from '../words.ts';
import type { Builder } from './builder.ts';

export function addType(b: Builder, type: TypeModel): void {
  const name = b.names.of(type);
  const key = `type ${name}`;
  const collate = (collation: string | null) => (collation ? ` COLLATE ${collation}` : '');
  const domain = type.kind === 'domain';
  const on = `${domain ? 'DOMAIN' : 'TYPE'} ${name}`;
  const extras = [b.extras(on, type, { target: { kind: 'type', on } })];
  const about = {
    schema: b.names.schema(type.schema),
    name: `${b.names.schema(type.schema)}.${type.name}`,
    drop: [`DROP ${on}`],
    of: { kind: 'type' as const, type },
  };
  const needs = [b.schemaKey(type.schema)];
  const kind = { kind: type.kind };
  switch (type.kind) {
    case 'enum':
      b.put('type', key, {
        ...about,
        extras,
        needs,
        attributes: { ...kind, values: type.values.map(literal).join(', ') },
        create: [`CREATE TYPE ${name} AS ENUM (${breakList(type.values.map(literal))})`],
      });
      return;
    case 'domain':
      b.put('type', key, {
        ...about,
        extras,
        needs: [
          ...needs,
          ...b.references.in(type.base),
          ...b.references.in(type.default ?? ''),
          ...b.references.in(type.collation ?? ''),
        ],
        attributes: {
          ...kind,
          base: type.base,
          collation: type.collation,
          default: type.default,
          'not null': yes(type.notNull),
        },
        create: [
          `CREATE DOMAIN ${name} AS ${type.base}${collate(type.collation)}${
            type.default === null ? '' : ` DEFAULT ${type.default}`
          }${type.notNull ? ' NOT NULL' : ''}`,
        ],
      });
      return;
    case 'composite':
      for (const column of type.columns) {
        extras.push(b.extras(`COLUMN ${name}.${quoted(column.name)}`, column, { part: column.name }));
      }
      b.put('type', key, {
        ...about,
        extras,
        needs: [
          ...needs,
          ...type.columns.flatMap((column) => [
            ...b.references.in(`${column.type} ${column.collation ?? ''}`),
          ]),
        ],
        attributes: kind,
        create: [
          `CREATE TYPE ${name} AS (${breakList(
            type.columns.map((column) => `${quoted(column.name)} ${column.type}${collate(column.collation)}`),
          )})`,
        ],
      });
      return;
    case 'range': {
      const parts = [
        `SUBTYPE = ${type.subtype}`,
        type.subtypeOperatorClass ? `SUBTYPE_OPCLASS = ${type.subtypeOperatorClass}` : '',
        type.collation ? `COLLATION = ${type.collation}` : '',
        type.canonical ? `CANONICAL = ${type.canonical}` : '',
        type.subtypeDiff ? `SUBTYPE_DIFF = ${type.subtypeDiff}` : '',
        type.multirange && b.version >= 140000 ? `MULTIRANGE_TYPE_NAME = ${type.multirange}` : '',
      ].filter(Boolean);
      b.put('type', key, {
        ...about,
        extras,
        needs: [
          ...needs,
          ...b.references.in(
            [type.subtype, type.subtypeOperatorClass, type.collation, type.canonical, type.subtypeDiff].join(
              ' ',
            ),
          ),
        ],
        attributes: {
          ...kind,
          subtype: type.subtype,
          'operator class': type.subtypeOperatorClass,
          collation: type.collation,
          canonical: type.canonical,
          difference: type.subtypeDiff,
          multirange: b.isBetween(140_000) ? null : type.multirange,
        },
        create: [
          // The canonical function takes the type, and the type names the function.
          ...(type.canonical ? [`CREATE TYPE ${name}`] : []),
          `CREATE TYPE ${name} AS RANGE (${breakList(parts)})`,
        ],
      });
      return;
    }
    default:
      b.put('type', key, {
        ...about,
        needs,
        attributes: kind,
        unknown: [`The ${type.kind} type ${about.name} is made by functions in C, which DDL can’t show.`],
      });
  }
}
