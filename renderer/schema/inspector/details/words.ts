import type { ColumnModel, ConstraintModel, TableModel } from '../../../../preload/contract/schema-model.ts';

export interface DetailFact {
  label: string;
  value: string;
}

export const keyWords: Partial<Record<ConstraintModel['kind'], string>> = {
  'primary-key': 'Primary key',
  unique: 'Unique',
  check: 'Check',
  exclusion: 'Exclusion',
};

export const triggerWords = {
  origin: '',
  disabled: 'disabled',
  replica: 'on replicas only',
  always: 'always, on replicas too',
} as const;

/** Kinds of which changes can be replicated row by row. */
const replicated: readonly TableModel['kind'][] = ['table', 'partitioned', 'partition', 'sub-partitioned'];

/** What of a table is not as it is with most. */
export function tableFacts(table: TableModel): DetailFact[] {
  const all: DetailFact[] = [];
  if (table.persistence !== 'permanent') all.push({ label: 'Persistence', value: table.persistence });
  if (table.rowSecurity) {
    all.push({ label: 'Row security', value: table.forceRowSecurity ? 'on, for the owner too' : 'on' });
  }
  if (table.tablespace) all.push({ label: 'Tablespace', value: table.tablespace });
  if (table.accessMethod && table.accessMethod !== 'heap')
    all.push({ label: 'Access method', value: table.accessMethod });
  if (table.options.length > 0) all.push({ label: 'Options', value: table.options.join(', ') });
  // Views say `nothing`, as if somebody had chosen it.
  if (table.replicaIdentity !== 'default' && replicated.includes(table.kind))
    all.push({ label: 'Replica identity', value: table.replicaIdentity });
  if (table.checkOption) all.push({ label: 'Check option', value: table.checkOption });
  if (table.server) all.push({ label: 'Foreign server', value: table.server });
  if (table.serverOptions.length > 0)
    all.push({ label: 'Foreign options', value: table.serverOptions.join(', ') });
  if (table.extension) all.push({ label: 'Extension', value: table.extension });
  if (table.kind === 'materialized-view' && !table.populated)
    all.push({ label: 'Content', value: 'not populated yet' });
  return all;
}

export function columnNotes(column: ColumnModel): string[] {
  return [
    column.identity ? `identity ${column.identity === 'always' ? 'always' : 'by default'}` : '',
    column.generated ? `generated, ${column.generated}` : '',
    column.collation ? `collation ${column.collation}` : '',
    column.compression ? `compressed with ${column.compression}` : '',
    column.statistics !== null && column.statistics >= 0 ? `statistics target ${column.statistics}` : '',
    column.options.length > 0 ? column.options.join(', ') : '',
    column.local ? '' : 'inherited',
  ].filter(Boolean);
}

export function constraintNotes(one: ConstraintModel): string[] {
  return [
    one.deferrable ? (one.deferred ? 'deferrable, initially deferred' : 'deferrable') : '',
    one.validated ? '' : 'not validated',
    one.enforced ? '' : 'not enforced',
    // Of a check somebody chose it; keys are never inherited.
    one.noInherit && one.kind === 'check' ? 'not inherited' : '',
    one.onDelete && one.onDelete !== 'no action' ? `on delete ${one.onDelete}` : '',
    one.onUpdate && one.onUpdate !== 'no action' ? `on update ${one.onUpdate}` : '',
    one.match === 'full' ? 'match full' : '',
  ].filter(Boolean);
}
