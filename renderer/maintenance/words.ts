import type { MaintainedTable, MaintenanceAct, Toward } from '../../preload/contract/maintenance.ts';
import { dateTime, shortAge, shortCount } from '../components/format.ts';
import type { Severity } from '../theme/colors.ts';

/** What a table's state is called, and what it means. */
export const stateWords: Record<
  MaintainedTable['state'],
  { word: string; means: string; severity: Severity | undefined }
> = {
  danger: {
    word: 'In danger',
    means: 'Its oldest row is past the failsafe age: the server will refuse to write before long.',
    severity: 'bad',
  },
  wraparound: {
    word: 'Forced by age',
    means: 'Its oldest row is past autovacuum_freeze_max_age: autovacuum comes whatever is set.',
    severity: 'warning',
  },
  overdue: {
    word: 'Overdue',
    means: 'Far more rows are dead than autovacuum waits for, or it is off here.',
    severity: 'warning',
  },
  due: { word: 'Due', means: 'Past its threshold: autovacuum comes at its next round.', severity: 'notice' },
  'analyze-due': {
    word: 'Analyze due',
    means: 'Enough rows were changed that its statistics are renewed at the next round.',
    severity: undefined,
  },
  healthy: { word: 'Healthy', means: 'Nothing is due.', severity: undefined },
};

/** Rows as people say them; a dash where they are not known. */
export const rowsWords = (rows: number | null): string => (rows === null ? '–' : shortCount(rows));

/** When a counter passes its threshold, in short. */
export function dueWords({ due, dueAt, threshold }: Toward, now: number): string {
  if (due) return 'now';
  if (threshold === null) return 'never';
  return dueAt === null ? '–' : `in ${shortAge(Math.max(0, dueAt - now))}`;
}

export const dueTitle = ({ dueAt, due }: Toward): string =>
  due
    ? 'Past its threshold.'
    : dueAt === null
      ? 'Told once it was measured twice while it grew; measured every ten minutes.'
      : `About ${dateTime(dueAt)}, at the pace of late.`;

/** The sooner of the two reasons for a vacuum. */
export function nextVacuum({ dead, inserted, toast }: MaintainedTable): Toward {
  const all = [dead, inserted, ...(toast ? [toast.dead, toast.inserted] : [])];
  const rank = ({ due, dueAt }: Toward): number => (due ? 0 : (dueAt ?? Number.POSITIVE_INFINITY));
  return all.reduce((first, one) => (rank(one) < rank(first) ? one : first));
}

/** The later of two times; null where there is neither. */
export const latest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

export const actWords: Record<MaintenanceAct['kind'], string> = {
  vacuum: 'VACUUM',
  'vacuum-full': 'VACUUM FULL',
  analyze: 'ANALYZE',
  reindex: 'REINDEX CONCURRENTLY',
};
