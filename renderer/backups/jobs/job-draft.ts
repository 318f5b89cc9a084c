import type {
  BackupJob,
  BackupJobDraft,
  JobAction,
  JobSchedule,
  Retention,
} from '../../../preload/contract/backup-jobs.ts';
import { BackupOptions } from '../../../preload/contract/backups.ts';

/** Common times, each as cron writes it. */
export const commonTimes: readonly { cron: string; label: string }[] = [
  { cron: '0 * * * *', label: 'Every hour' },
  { cron: '0 */6 * * *', label: 'Every 6 hours' },
  { cron: '0 2 * * *', label: 'Daily at 02:00' },
  { cron: '0 2 * * 1-5', label: 'Monday to Friday at 02:00' },
  { cron: '0 3 * * 0', label: 'Weekly, Sunday at 03:00' },
  { cron: '0 4 1 * *', label: 'Monthly, on the 1st at 04:00' },
];

const noRules: Retention = { newest: 0, days: null, daily: 0, weekly: 0, monthly: 0, yearly: 0 };

/** Common rules. Thirty days have parts of five weeks. */
export const commonRules: readonly { label: string; retention: Retention | null }[] = [
  { label: 'All stay', retention: null },
  { label: 'The newest 7', retention: { ...noRules, newest: 7 } },
  { label: '30 days', retention: { ...noRules, days: 30 } },
  { label: 'Daily 7, weekly 30 days', retention: { ...noRules, daily: 7, weekly: 5 } },
  {
    label: 'Daily 7, weekly 4, monthly 12',
    retention: { ...noRules, daily: 7, weekly: 4, monthly: 12 },
  },
];

export const sameRules = (a: Retention | null, b: Retention | null): boolean =>
  a === null || b === null
    ? a === b
    : (Object.keys(noRules) as (keyof Retention)[]).every((rule) => a[rule] === b[rule]);

export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Zones that this window knows, with one that a job has already. */
export const timeZones = (also: string): string[] => [
  ...new Set(['UTC', ownTimeZone(), also, ...Intl.supportedValuesOf('timeZone')]),
];

export const firstSchedule = (): JobSchedule => ({
  cron: '0 2 * * *',
  timeZone: ownTimeZone(),
  by: 'howdah',
  missed: 'catch-up',
});

export const firstAction = (kind: JobAction['kind'], engine: string): JobAction => {
  switch (kind) {
    case 'backup':
      return { kind, options: BackupOptions.parse({}), folder: null, proof: 'readable' };
    case 'verify':
      return { kind, level: 'restorable', newest: 1 };
    case 'engine':
      return { kind, engine, type: 'full', repository: null };
  }
};

/** A new job: each night, a week of days and some weeks. `taken`: names of the jobs that there are. */
export function newJob(
  environment: { id: string; name: string },
  taken: ReadonlySet<string>,
): BackupJobDraft {
  const base = `${environment.name} nightly`.slice(0, 90);
  let name = base;
  for (let more = 2; taken.has(name); more += 1) name = `${base} ${more}`;
  return {
    name,
    environment: environment.id,
    action: firstAction('backup', ''),
    schedule: firstSchedule(),
    retention: { ...noRules, daily: 7, weekly: 5 },
    isOn: true,
  };
}

/** What of a job can be changed. */
export const draftOf = ({
  name,
  environment,
  action,
  schedule,
  retention,
  isOn,
}: BackupJob): BackupJobDraft => ({ name, environment, action, schedule, retention, isOn });
