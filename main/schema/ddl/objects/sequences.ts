import type { SequenceModel } from '../../../../preload/contract/schema-model.ts';
import { relationKey } from '../model-names.ts';
import { quoted } from '../quote.ts';
import { persistenceWord, sequenceAttributes, sequenceOptions } from '../words.ts';
import type { Builder } from './builder.ts';

export function addSequence(b: Builder, sequence: SequenceModel): void {
  const name = b.names.of(sequence);
  const key = `sequence ${name}`;
  b.put('sequence', key, {
    schema: b.names.schema(sequence.schema),
    name: `${b.names.schema(sequence.schema)}.${sequence.name}`,
    needs: [b.schemaKey(sequence.schema)],
    attributes: { ...sequenceAttributes(sequence), persistence: sequence.persistence },
    create: [
      `CREATE ${persistenceWord(sequence.persistence)}SEQUENCE ${name} AS ${sequence.type} ${sequenceOptions(sequence)}`,
    ],
    drop: [`DROP SEQUENCE ${name}`],
    of: { kind: 'sequence', sequence },
    extras: [
      b.extras(`SEQUENCE ${name}`, sequence, { target: { kind: 'sequence', on: `SEQUENCE ${name}` } }),
    ],
  });
  if (!sequence.ownedBy) return;
  const table = b.names.tables.get(sequence.ownedBy.table);
  if (!table || table.extension) return;
  const column = b.names.columns(table.oid, [sequence.ownedBy.column])[0] ?? '';
  b.put('sequence owner', `sequence owner ${name}`, {
    name: `${b.names.schema(sequence.schema)}.${sequence.name}`,
    table: key,
    needs: [key, relationKey(b.names, table)],
    attributes: { 'owned by': `${b.names.of(table)}.${quoted(column)}` },
    create: [`ALTER SEQUENCE ${name} OWNED BY ${b.names.of(table)}.${quoted(column)}`],
    drop: [`ALTER SEQUENCE ${name} OWNED BY NONE`],
    fold: { into: key, part: null },
  });
}
