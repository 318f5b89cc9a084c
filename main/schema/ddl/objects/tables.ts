import type { TableModel } from '../../../../preload/contract/schema-model.ts';
import { alterWord, isPartition, relationKey, relationKind } from '../model-names.ts';
import { quoted, visibleOptions } from '../quote.ts';
import { ranks } from '../schema-object.ts';
import {
  identityWord,
  list,
  printed,
  realOptions,
  sequenceAttributes,
  sequenceOptions,
  yes,
} from '../words.ts';
import type { Builder } from './builder.ts';
import { columnExtras } from './views.ts';

export function addTable(b: Builder, table: TableModel): void {
  const names = b.names;
  const name = names.of(table);
  const kind = relationKind(table) as 'table' | 'foreign table';
  const key = relationKey(names, table);
  const label = `${names.schema(table.schema)}.${table.name}`;
  const partitionKey = table.partitionKey && printed(table.partitionKey);
  const partition = isPartition(table);
  const ofType = table.ofType === null ? null : names.types.get(table.ofType);
  const identity = names.replicaIdentity(table);
  const object = b.put(kind, key, {
    schema: names.schema(table.schema),
    name: label,
    attributes: {
      persistence: table.persistence,
      options: list(realOptions(table.options)),
      'access method': table.accessMethod === 'heap' ? null : table.accessMethod,
      tablespace: table.tablespace,
      'row security': yes(table.rowSecurity),
      'forced row security': yes(table.forceRowSecurity),
      'replica identity': kind === 'foreign table' || identity === 'default' ? null : identity,
      'of type': ofType ? names.of(ofType) : null,
      'partition key': partitionKey ? partitionKey.value : null,
      server: table.server,
      'server options': list(table.serverOptions),
    },
    needs: [
      b.schemaKey(table.schema),
      ...(partition ? [] : table.parents.map((parent) => b.byOid.get(parent))),
      table.server === null ? null : `foreign server ${quoted(table.server)}`,
      ofType ? `type ${names.of(ofType)}` : null,
      ...b.references.in(partitionKey?.text ?? ''),
      ...table.columns.flatMap((column) => [...b.references.in(`${column.type} ${column.collation ?? ''}`)]),
    ],
    // A parent goes before its partitions, and what is done to it goes to them.
    wants: partition ? table.parents.map((parent) => b.byOid.get(parent)) : [],
    drop: [`DROP ${alterWord(kind)} ${name}`],
    lacks:
      visibleOptions(table.serverOptions).length < table.serverOptions.length
        ? ['Options that sound like secrets are never read. ALTER FOREIGN TABLE sets them.']
        : [],
    unknown: [partitionKey?.why ? `The partition key of ${label} is not known: ${partitionKey.why}` : null],
    of: { kind: 'table', table },
    extras: [
      b.extras(`${alterWord(kind)} ${name}`, table, { target: { kind: 'table', on: `TABLE ${name}` } }),
      ...columnExtras(b, table),
    ],
  });
  for (const column of table.columns) {
    const expression = column.expression && printed(column.expression);
    if (expression) {
      const needs = b.references.in(expression.text ?? '');
      const generated = column.generated;
      if (generated) for (const need of needs) object.needs.add(need);
      else for (const need of needs) object.wants.add(need);
      b.put('default', `default ${name}.${quoted(column.name)}`, {
        name: `${label}.${column.name}`,
        table: key,
        needs: [key, ...needs],
        attributes: {
          [generated ? `generated ${generated}` : 'default']: expression.value,
        },
        create:
          expression.text === null || generated
            ? []
            : [
                `ALTER ${alterWord(kind)} ONLY ${name} ALTER COLUMN ${quoted(column.name)} SET DEFAULT ${expression.text}`,
              ],
        drop: generated
          ? [`ALTER ${alterWord(kind)} ${name} DROP COLUMN ${quoted(column.name)}`]
          : [`ALTER ${alterWord(kind)} ONLY ${name} ALTER COLUMN ${quoted(column.name)} DROP DEFAULT`],
        inline:
          expression.text === null
            ? null
            : generated
              ? `GENERATED ALWAYS AS (${expression.text}) ${generated.toUpperCase()}`
              : `DEFAULT ${expression.text}`,
        unknown: [expression.why && `The default of ${label}.${column.name} is not known: ${expression.why}`],
        fold: { into: key, part: column.name },
        of: { kind: 'column', table, column, sequence: null },
      });
    }
    if (column.identity) {
      const sequence = names.identity(table, column);
      // A partition has it from its parent, from 17 on.
      if (!sequence) continue;
      const text = `GENERATED ${identityWord(column.identity)} AS IDENTITY (SEQUENCE NAME ${names.of(sequence)} ${sequenceOptions(sequence)})`;
      b.put('identity', `identity ${name}.${quoted(column.name)}`, {
        name: `${label}.${column.name}`,
        table: key,
        needs: [key],
        attributes: { identity: column.identity, ...sequenceAttributes(sequence, 'identity ') },
        create: [`ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} ADD ${text}`],
        drop: [`ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} DROP IDENTITY`],
        inline: text,
        fold: { into: key, part: column.name },
        of: { kind: 'column', table, column, sequence },
        extras: [
          b.extras(`SEQUENCE ${names.of(sequence)}`, sequence, {
            ownerOf: '',
            target: { kind: 'sequence', on: `SEQUENCE ${names.of(sequence)}` },
          }),
        ],
      });
    }
  }
  if (partition) {
    const parent = names.tables.get(table.parents[0] ?? '');
    const bound = table.partitionBound && printed(table.partitionBound);
    if (parent) {
      const parentName = names.of(parent);
      b.put('partition', `partition ${name}`, {
        name: label,
        table: key,
        needs: [key, relationKey(names, parent)],
        attributes: { 'partition of': parentName, bound: bound?.value ?? null },
        create:
          bound?.text == null
            ? []
            : [`ALTER TABLE ONLY ${parentName} ATTACH PARTITION ${name} ${bound.text}`],
        drop: [`ALTER TABLE ${parentName} DETACH PARTITION ${name}`],
        unknown: [bound?.why ? `The bound of ${label} is not known: ${bound.why}` : null],
        fold: { into: key, part: null },
      });
    }
  } else {
    for (const [index, oid] of table.parents.entries()) {
      const parent = names.tables.get(oid);
      if (!parent) continue;
      const parentName = names.of(parent);
      b.put('inheritance', `inheritance ${name} ${parentName}`, {
        name: label,
        table: key,
        needs: [key, relationKey(names, parent)],
        // Which comes first decides the order of columns only.
        rank: ranks.inheritance + index / 1000,
        attributes: { [`inherits ${parentName}`]: 'yes' },
        create: [`ALTER TABLE ${name} INHERIT ${parentName}`],
        drop: [`ALTER TABLE ${name} NO INHERIT ${parentName}`],
        inline: parentName,
        fold: { into: key, part: null },
      });
    }
  }
}
