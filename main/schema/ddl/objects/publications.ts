import type { PublicationModel } from '../../../../preload/contract/schema-model.ts';
import { relationKey } from '../model-names.ts';
import { quoted } from '../quote.ts';
import { printed, publicationOptions, yes } from '../words.ts';
import type { Builder } from './builder.ts';

export function addPublication(b: Builder, publication: PublicationModel): void {
  const name = quoted(publication.name);
  const key = `publication ${name}`;
  b.put('publication', key, {
    name: publication.name,
    attributes: {
      'all tables': yes(publication.allTables),
      operations: [...publication.operations].sort().join(', '),
      'via root': yes(publication.viaRoot),
      'generated columns': publication.generatedColumns === 'stored' ? 'stored' : null,
    },
    create: [
      `CREATE PUBLICATION ${name}${publication.allTables ? ' FOR ALL TABLES' : ''} WITH (${publicationOptions(publication, b.version)})`,
    ],
    drop: [`DROP PUBLICATION ${name}`],
    of: { kind: 'publication', publication },
    extras: [b.extras(`PUBLICATION ${name}`, { comment: publication.comment, owner: publication.owner })],
  });
  for (const { table: oid, columns, filter } of publication.allTables ? [] : publication.tables) {
    const table = b.names.tables.get(oid);
    if (!table) continue;
    const on = b.names.of(table);
    const where = filter && printed(filter);
    const columnList = columns === null ? null : b.names.columns(oid, columns).map(quoted).join(', ');
    b.put('publication table', `publication table ${name} ${on}`, {
      name: publication.name,
      table: relationKey(b.names, table),
      needs: [key, relationKey(b.names, table), ...b.references.in(where?.text ?? '')],
      attributes: {
        [`publishes ${on}`]: 'yes',
        [`columns of ${on}`]: columnList,
        [`rows of ${on}`]: where ? where.value : null,
      },
      create: where?.why
        ? []
        : [
            `ALTER PUBLICATION ${name} ADD TABLE ONLY ${on}${columnList === null ? '' : ` (${columnList})`}${
              where ? ` WHERE (${where.text})` : ''
            }`,
          ],
      drop: [`ALTER PUBLICATION ${name} DROP TABLE ONLY ${on}`],
      unknown: [where?.why ? `What ${publication.name} publishes of ${on} is not known: ${where.why}` : null],
      fold: { into: key, part: null },
    });
  }
  for (const oid of publication.schemas) {
    const schema = quoted(b.names.schema(oid));
    b.put('publication schema', `publication schema ${name} ${schema}`, {
      name: publication.name,
      table: key,
      needs: [key, `schema ${schema}`],
      attributes: { [`publishes schema ${schema}`]: 'yes' },
      create: [`ALTER PUBLICATION ${name} ADD TABLES IN SCHEMA ${schema}`],
      drop: [`ALTER PUBLICATION ${name} DROP TABLES IN SCHEMA ${schema}`],
      fold: { into: key, part: null },
    });
  }
}
