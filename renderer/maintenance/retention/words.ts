import type {
  RetentionCandidate,
  RetentionDraft,
  RetentionRun,
  RetentionTarget,
} from '../../../preload/contract/maintenance-retention.ts';

/** What a job does, in one line. */
export function targetWords(target: RetentionTarget): string {
  if (target.kind === 'function') return `${target.name}('${target.table}', ${target.days})`;
  const { count, unit } = target.keep;
  const age = `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
  return target.kind === 'partitions'
    ? `Drops partitions of ${target.table} older than ${age}`
    : `Deletes rows of ${target.table} older than ${age}, by ${target.column}`;
}

export const outcomeWords: Record<
  RetentionRun['outcome'],
  { word: string; severity: 'warning' | 'bad' | undefined }
> = {
  running: { word: 'Runs', severity: undefined },
  done: { word: 'Done', severity: undefined },
  failed: { word: 'Failed', severity: 'bad' },
  stopped: { word: 'Stopped', severity: 'warning' },
  lost: { word: 'Lost', severity: 'warning' },
};

export const tableKey = ({ schema, table }: Pick<RetentionCandidate, 'schema' | 'table'>): string =>
  `${schema}.${table}`;

const isWhole = (type: string): boolean => /int|numeric/.test(type);

/** A target of a kind for a table, with what suits it. */
export function targetFor(candidate: RetentionCandidate, kind: RetentionTarget['kind']): RetentionTarget {
  const { schema, table, columns, functions } = candidate;
  const [column] = columns;
  const epoch = column && isWhole(column.type) ? ('s' as const) : null;
  if (kind === 'partitions')
    return { kind, schema, table, keep: { count: 30, unit: 'days' }, epoch, how: 'drop' };
  if (kind === 'function') {
    const [first] = functions;
    return { kind, schema: first?.schema ?? 'public', name: first?.name ?? '', table, days: 30 };
  }
  return {
    kind,
    schema,
    table,
    column: column?.name ?? '',
    keep: { count: 90, unit: 'days' },
    epoch,
    batch: 5000,
    pauseMs: 200,
    most: null,
  };
}

/** What a new job is made of until somebody changes it; by partitions where there are some. */
export const newDraft = (candidate: RetentionCandidate): RetentionDraft => ({
  name: `old ${candidate.table}`,
  target: targetFor(candidate, candidate.kind),
  schedule: null,
  lockTimeoutMs: 1000,
  retries: 5,
});

/** Of which table a target is, among those that were found. */
export const candidateOf = (
  target: RetentionTarget,
  candidates: readonly RetentionCandidate[],
): RetentionCandidate | undefined =>
  candidates.find(({ schema, table }) =>
    target.kind === 'function'
      ? table === target.table || `${schema}.${table}` === target.table
      : schema === target.schema && table === target.table,
  );

/** Whether the numbers of the column that counts have to be explained. */
export function wantsEpoch(target: RetentionTarget, candidate: RetentionCandidate | undefined): boolean {
  if (target.kind === 'function') return false;
  const name = target.kind === 'delete' ? target.column : candidate?.columns[0]?.name;
  return isWhole(candidate?.columns.find((one) => one.name === name)?.type ?? '');
}
