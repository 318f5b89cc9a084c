import type {
  ColumnModel,
  ConstraintModel,
  PolicyModel,
  Printed,
  PublicationModel,
  SequenceModel,
  TableModel,
  TriggerModel,
} from '../../../preload/contract/schema-model.ts';
import { literal, quoted } from './quote.ts';
import type { AttributeValue } from './schema-object.ts';

export const notAsked = {
  text: null,
  value: { notKnown: 'it was not asked for.' },
  why: 'it was not asked for.',
};

/** A text of the server as an attribute, and why it is not there. */
export function printed(from: Printed): { text: string | null; value: AttributeValue; why: string | null } {
  switch (from.state) {
    case 'known':
      return { text: from.text, value: from.text, why: null };
    case 'later':
      return notAsked;
    case 'waiting': {
      const why = 'the object was locked when it was asked for. Try again when the lock is gone.';
      return { text: null, value: { notKnown: why }, why };
    }
    case 'hidden':
      return { text: null, value: { notKnown: from.why }, why: from.why };
  }
}

export const yes = (value: boolean): string => (value ? 'yes' : 'no');

export const list = (items: string[]): string | null => (items.length ? [...items].sort().join(', ') : null);

/** `pg_attver` is a mark of the server's own (15.20 and its kin), which no other server takes. */
export const realOptions = (options: string[]): string[] =>
  options.filter((option) => !option.startsWith('pg_attver='));

export const identityWord = (identity: 'always' | 'by-default'): string =>
  identity === 'always' ? 'ALWAYS' : 'BY DEFAULT';

export const persistenceWord = (persistence: TableModel['persistence']): string =>
  persistence === 'unlogged' ? 'UNLOGGED ' : persistence === 'temporary' ? 'TEMPORARY ' : '';

export function sequenceOptions(sequence: SequenceModel): string {
  return `START WITH ${sequence.start} INCREMENT BY ${sequence.increment} MINVALUE ${sequence.minimum} MAXVALUE ${sequence.maximum} CACHE ${sequence.cache} ${sequence.cycle ? 'CYCLE' : 'NO CYCLE'}`;
}

export function sequenceAttributes(sequence: SequenceModel, prefix = ''): Record<string, string> {
  return {
    ...(prefix ? {} : { type: sequence.type }),
    [`${prefix}start`]: sequence.start,
    [`${prefix}increment`]: sequence.increment,
    [`${prefix}minimum`]: sequence.minimum,
    [`${prefix}maximum`]: sequence.maximum,
    [`${prefix}cache`]: sequence.cache,
    [`${prefix}cycle`]: yes(sequence.cycle),
  };
}

export function publicationOptions(publication: PublicationModel, version: number): string {
  const generated =
    publication.generatedColumns && version >= 180000
      ? `, publish_generated_columns = ${publication.generatedColumns}`
      : '';
  return `publish = ${literal(publication.operations.join(', '))}${
    version >= 130000 ? `, publish_via_partition_root = ${publication.viaRoot}` : ''
  }${generated}`;
}

export const rolesOf = (policy: PolicyModel): string =>
  policy.roles.map((role) => (role === '' ? 'PUBLIC' : quoted(role))).join(', ') || 'PUBLIC';

export function enableTrigger(on: string, name: string, enabled: TriggerModel['enabled']): string {
  const word = { origin: 'ENABLE', disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' }[
    enabled
  ];
  return `ALTER TABLE ${on} ${word} TRIGGER ${name}`;
}

export function breakList(items: string[]): string {
  const short = items.join(', ');
  return short.length <= 80 ? short : `\n  ${items.join(',\n  ')}\n`;
}

/** Whether NOT NULL alone, without a name, would not make the same (18 and later). */
export function isSpecialNotNull(
  { name, noInherit, validated }: ConstraintModel,
  table: TableModel,
  column: ColumnModel,
): boolean {
  return noInherit || !validated || name !== `${table.name}_${column.name}_not_null`;
}
