import type { MaintainedTable, Toward } from '../../../preload/contract/maintenance.ts';
import { type Counted, dueAt } from '../pace/due.ts';
import { type AutovacuumSettings, autovacuumOptions, type Thresholds, thresholdsOf } from './thresholds.ts';

export interface TableRow extends Record<string, unknown> {
  oid: number;
  schema: string;
  name: string;
  kind: 'r' | 'm' | 'p';
  tuples: number;
  pages: number;
  frozen: number | null;
  xidAge: number | null;
  multixactAge: number | null;
  options: string[] | null;
  live: number;
  dead: number;
  inserted: number | null;
  changed: number;
  lastVacuum: number | null;
  lastAutovacuum: number | null;
  lastAnalyze: number | null;
  lastAutoanalyze: number | null;
  vacuums: number;
  autovacuums: number;
  analyzes: number;
  autoanalyzes: number;
  toast: number | null;
  toastTuples: number | null;
  toastPages: number | null;
  toastFrozen: number | null;
  toastXidAge: number | null;
  toastMultixactAge: number | null;
  toastOptions: string[] | null;
  toastLive: number | null;
  toastDead: number | null;
  toastInserted: number | null;
  toastLastVacuum: number | null;
  toastLastAutovacuum: number | null;
  toastVacuums: number | null;
  toastAutovacuums: number | null;
}

/** What was measured of heaps before, by oid, oldest first. */
export type Past = (oid: number) => readonly Counted[];

export interface Reading {
  settings: AutovacuumSettings;
  /** Bytes of a page. */
  block: number;
  /** ms since 1970, when the rows were read. */
  at: number;
  past: Past;
}

type Heap = NonNullable<MaintainedTable['toast']>;

export function maintainedTable(row: TableRow, reading: Reading): MaintainedTable {
  const { settings, block } = reading;
  const partitioned = row.kind === 'p';
  const thresholds = thresholdsOf(row, row.options, settings);
  const counts = settings.trackCounts && !partitioned;
  const at = { oid: row.oid, counts, thresholds };
  const own = heapOf(row, at, reading);
  const toast = toastOf(row, counts, reading);
  const table = {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    kind: kinds[row.kind],
    system: isSystem(row.schema),
    ...own,
    changed: toward('changed', row, at, reading, analyzable(row) ? thresholds.analyze : null),
    lastAnalyze: row.lastAnalyze,
    lastAutoanalyze: row.lastAutoanalyze,
    analyzes: row.analyzes,
    autoanalyzes: row.autoanalyzes,
    bytes: (row.pages + (row.toastPages ?? 0)) * block,
    options: [
      ...autovacuumOptions(row.options),
      ...autovacuumOptions(row.toastOptions).map((option) => `toast.${option}`),
    ],
    toast: toast?.heap ?? null,
  };
  return { ...table, state: stateOf(table, thresholds, toast?.thresholds, settings) };
}

const kinds = { r: 'table', m: 'materialized view', p: 'partitioned table' } as const;

export const isSystem = (schema: string): boolean =>
  schema === 'pg_catalog' || schema === 'information_schema' || schema.startsWith('pg_toast');

/** Autovacuum leaves partitioned tables alone, and never analyses pg_statistic. */
const analyzable = ({ kind, schema, name }: TableRow): boolean =>
  kind !== 'p' && !(schema === 'pg_catalog' && name === 'pg_statistic');

/** Of all tables what decides on their state; a value a table in each column. */
export type HeapColumns = {
  [Column in
    | 'oid'
    | 'kind'
    | 'tuples'
    | 'pages'
    | 'frozen'
    | 'xidAge'
    | 'multixactAge'
    | 'options'
    | 'dead'
    | 'inserted'
    | 'changed'
    | 'toast'
    | 'toastTuples'
    | 'toastPages'
    | 'toastFrozen'
    | 'toastXidAge'
    | 'toastMultixactAge'
    | 'toastOptions'
    | 'toastDead'
    | 'toastInserted']: TableRow[Column][];
} & { wanted: boolean[]; unanalyzed: boolean[] };

/** What matters of a table while all are looked at. */
export interface Judged {
  oid: number;
  wanted: boolean;
  state: MaintainedTable['state'];
  /** With its TOAST table's. */
  dead: number;
  due: boolean;
  analyzeDue: boolean;
}

const unknownRow = {
  live: 0,
  lastVacuum: null,
  lastAutovacuum: null,
  lastAnalyze: null,
  lastAutoanalyze: null,
  vacuums: 0,
  autovacuums: 0,
  analyzes: 0,
  autoanalyzes: 0,
  toastLive: null,
  toastLastVacuum: null,
  toastLastAutovacuum: null,
  toastVacuums: null,
  toastAutovacuums: null,
};

/** The table at a place of the columns, judged by the same rules as one that is shown. */
export function judge(columns: HeapColumns, at: number, reading: Omit<Reading, 'past'>): Judged {
  const row: Record<string, unknown> = { ...unknownRow };
  for (const [name, values] of Object.entries(columns)) row[name] = (values as unknown[])[at];
  const isStatistic = columns.unanalyzed[at] === true;
  Object.assign(row, isStatistic ? { schema: 'pg_catalog', name: 'pg_statistic' } : { schema: '', name: '' });
  const table = maintainedTable(row as TableRow, { ...reading, past: noPast });
  const { oid, state, dead, inserted, toast, changed } = table;
  return {
    oid,
    wanted: columns.wanted[at] === true,
    state,
    dead: deadIn(table),
    due: dead.due || inserted.due || (toast !== null && (toast.dead.due || toast.inserted.due)),
    analyzeDue: changed.due,
  };
}

const nothing: readonly Counted[] = [];
const noPast: Past = () => nothing;

interface Place {
  oid: number;
  counts: boolean;
  thresholds: Thresholds;
}

type Counters = Record<'dead' | 'changed', number> & { inserted: number | null };

function toward(
  counter: 'dead' | 'inserted' | 'changed',
  now: Counters,
  { oid, counts }: Place,
  { at, past }: Reading,
  threshold: number | null,
): Toward {
  const counted = counts ? now[counter] : null;
  if (counted === null || threshold === null) return { counted, threshold, due: false, dueAt: null };
  const known = [...past(oid), { at, dead: now.dead, inserted: now.inserted ?? 0, changed: now.changed }];
  return { counted, threshold, due: counted > threshold, dueAt: dueAt(known, counter, threshold) };
}

function heapOf(row: TableRow, place: Place, reading: Reading): Heap {
  const { thresholds, counts } = place;
  const isHeap = row.kind !== 'p';
  return {
    live: counts ? row.live : null,
    dead: toward('dead', row, place, reading, isHeap ? thresholds.vacuum : null),
    inserted: toward('inserted', row, place, reading, isHeap ? thresholds.insert : null),
    lastVacuum: row.lastVacuum,
    lastAutovacuum: row.lastAutovacuum,
    vacuums: row.vacuums,
    autovacuums: row.autovacuums,
    xidAge: row.xidAge,
    multixactAge: row.multixactAge,
    off: isHeap && !thresholds.enabled,
  };
}

/** Autovacuum treats it as a table of its own, by its table's parameters where it has none. */
function toastOf(
  row: TableRow,
  counts: boolean,
  reading: Reading,
): { heap: Heap; thresholds: Thresholds } | undefined {
  if (row.toast === null) return undefined;
  const thresholds = thresholdsOf(
    { tuples: row.toastTuples ?? -1, pages: row.toastPages ?? 0, frozen: row.toastFrozen },
    row.toastOptions ?? row.options,
    reading.settings,
  );
  const place = { oid: row.toast, counts, thresholds };
  const now = { dead: row.toastDead ?? 0, inserted: row.toastInserted, changed: 0 };
  const heap = {
    live: counts ? row.toastLive : null,
    dead: toward('dead', now, place, reading, thresholds.vacuum),
    inserted: toward('inserted', now, place, reading, thresholds.insert),
    lastVacuum: row.toastLastVacuum,
    lastAutovacuum: row.toastLastAutovacuum,
    vacuums: row.toastVacuums,
    autovacuums: row.toastAutovacuums,
    xidAge: row.toastXidAge,
    multixactAge: row.toastMultixactAge,
    off: !thresholds.enabled,
  };
  return { heap, thresholds };
}

type Known = Omit<MaintainedTable, 'state'>;

/** The default of vacuum_failsafe_age: where the server has none of its own, danger begins there too. */
const dangerousAge = 1_600_000_000;

function stateOf(
  table: Known,
  own: Thresholds,
  ofToast: Thresholds | undefined,
  settings: AutovacuumSettings,
): MaintainedTable['state'] {
  const heaps = [
    { heap: table as Heap, thresholds: own },
    ...(table.toast && ofToast ? [{ heap: table.toast, thresholds: ofToast }] : []),
  ];
  const isOlder = (xid: number, multixact: number) =>
    heaps.some(({ heap }) => (heap.xidAge ?? 0) > xid || (heap.multixactAge ?? 0) > multixact);
  if (isOlder(settings.failsafeAge ?? dangerousAge, settings.multixactFailsafeAge ?? dangerousAge))
    return 'danger';
  if (heaps.some(({ heap, thresholds }) => isForced(heap, thresholds))) return 'wraparound';
  const due = heaps.filter(({ heap }) => heap.dead.due || heap.inserted.due);
  const isOverdue = due.some(
    ({ heap }) =>
      heap.dead.due &&
      (heap.off || !settings.autovacuum || (heap.dead.counted ?? 0) > 2 * (heap.dead.threshold ?? 0)),
  );
  if (isOverdue) return 'overdue';
  if (due.length > 0) return 'due';
  return table.changed.due ? 'analyze-due' : 'healthy';
}

const isForced = (heap: Heap, { freeze, multixactFreeze }: Thresholds): boolean =>
  (heap.xidAge ?? 0) > freeze || (heap.multixactAge ?? 0) > multixactFreeze;

const ranks = { danger: 0, wraparound: 1, overdue: 2, due: 3, 'analyze-due': 4, healthy: 5 } as const;

/** The most urgent first; among equals those with most dead rows. */
export const byUrgency = (
  one: Pick<Judged, 'state' | 'dead' | 'oid'>,
  other: Pick<Judged, 'state' | 'dead' | 'oid'>,
): number => ranks[one.state] - ranks[other.state] || other.dead - one.dead || one.oid - other.oid;

/** With its TOAST table's. */
export const deadIn = ({ dead, toast }: MaintainedTable): number =>
  (dead.counted ?? 0) + (toast?.dead.counted ?? 0);
