import type { BackupJob, JobAction, JobRun, Retention } from '../../../preload/contract/backup-jobs.ts';
import { plural } from '../../components/format.ts';
import type { Severity } from '../../theme/colors.ts';

/** What a job does, in a line. */
export function actionWords(action: JobAction): string {
  switch (action.kind) {
    case 'backup': {
      const { format, encryption, contents } = action.options;
      const what = contents.what === 'all' ? '' : ` of ${contents.what}`;
      const closed = encryption.kind === 'none' ? '' : ', encrypted';
      const proof = action.proof === 'restorable' ? ', restored as a proof' : '';
      return `Backup${what}, ${format}${closed}${proof}`;
    }
    case 'verify':
      return action.newest === 1
        ? `Prove the newest backup ${action.level}`
        : `Prove the newest ${action.newest} backups ${action.level}`;
    case 'engine':
      return `${action.type[0]?.toUpperCase()}${action.type.slice(1)} backup by an engine${action.repository === null ? '' : `, repository ${action.repository}`}`;
  }
}

/** Which backups stay, in a line. */
export function retentionWords(retention: Retention | null): string {
  if (retention === null) return 'All stay';
  const { newest, days, daily, weekly, monthly, yearly } = retention;
  const parts = [
    newest > 0 && `newest ${newest}`,
    days !== null && days > 0 && plural(days, 'day'),
    daily > 0 && `daily ${daily}`,
    weekly > 0 && `weekly ${weekly}`,
    monthly > 0 && `monthly ${monthly}`,
    yearly > 0 && `yearly ${yearly}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'All stay' : parts.join(', ');
}

interface OutcomeWords {
  word: string;
  /** Undefined: as it should be. */
  severity: Severity | undefined;
}

export const outcomeWords: Record<JobRun['outcome'], OutcomeWords> = {
  running: { word: 'Running', severity: undefined },
  done: { word: 'Done', severity: undefined },
  failed: { word: 'Failed', severity: 'bad' },
  cancelled: { word: 'Cancelled', severity: 'notice' },
  missed: { word: 'Missed', severity: 'warning' },
  overlapped: { word: 'Left out: another was running', severity: 'warning' },
  lost: { word: 'Lost with the console', severity: 'bad' },
};

export const byWords: Record<JobRun['by'], string> = {
  schedule: 'on time',
  'catch-up': 'caught up',
  hand: 'by hand',
  system: 'by the system',
};

/** Why a job has no next time. */
export function noNextWords({ schedule, isOn }: Pick<BackupJob, 'schedule' | 'isOn'>): string {
  if (schedule === null) return 'When somebody asks';
  if (!isOn) return 'Off';
  return schedule.by === 'system' ? 'The system decides' : 'Never';
}

/** An instant in a time zone: `Sat 2026-11-21 02:00`. The sum of a day is done by that zone's clock. */
export function inZone(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)?.value ?? '';
  return `${of('weekday')} ${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`;
}
