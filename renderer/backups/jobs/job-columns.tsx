import { Switch } from '@mantine/core';
import type { BackupJob } from '../../../preload/contract/backup-jobs.ts';
import { dateTime } from '../../components/format.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import { actionWords, inZone, noNextWords, outcomeWords, retentionWords } from './job-words.ts';
import styles from './jobs.module.css';
import { OutcomeMark } from './outcome-mark.tsx';
import { ScheduleWords } from './schedule-words.tsx';

/** @param onSwitch turns a job on or off */
export const jobColumns = (
  onSwitch: (job: BackupJob, isOn: boolean) => void,
): readonly DataColumn<BackupJob>[] => [
  {
    id: 'on',
    header: 'On',
    width: 52,
    value: ({ isOn }) => (isOn ? 'on' : 'off'),
    cell: (job) => (
      <span className={styles.switch} data-mark>
        <Switch
          size="xs"
          aria-label={`${job.name}: on`}
          tabIndex={-1}
          checked={job.isOn}
          onChange={(event) => onSwitch(job, event.currentTarget.checked)}
        />
      </span>
    ),
  },
  {
    id: 'name',
    header: 'Job',
    width: 176,
    most: 280,
    always: true,
    value: ({ name }) => name,
    cell: ({ name, trouble }) => (
      <span className={styles.name}>
        {trouble !== null && (
          <span title={trouble}>
            <SeverityIcon severity="warning" />
          </span>
        )}
        <bdi title={name}>{name}</bdi>
      </span>
    ),
  },
  {
    id: 'next',
    header: 'Next',
    hint: 'The next run, by the clock of the job’s time zone.',
    width: 172,
    value: ({ nextAt }) => nextAt,
    text: (job) => (job.nextAt === null ? noNextWords(job) : dateTime(job.nextAt)),
    cell: (job) =>
      job.nextAt === null ? (
        <span className={styles.soft}>{noNextWords(job)}</span>
      ) : (
        <time dateTime={new Date(job.nextAt).toISOString()} title={`${dateTime(job.nextAt)} here`}>
          {inZone(job.nextAt, job.schedule?.timeZone ?? 'UTC')}
        </time>
      ),
  },
  {
    id: 'last',
    header: 'Last outcome',
    width: 112,
    value: ({ lastRun, run }) =>
      run !== null ? 'Running' : lastRun ? outcomeWords[lastRun.outcome].word : null,
    cell: ({ lastRun, run }) =>
      run !== null ? (
        <OutcomeMark outcome="running" />
      ) : lastRun ? (
        <span title={lastRun.said}>
          <OutcomeMark outcome={lastRun.outcome} />
        </span>
      ) : (
        <span className={styles.soft}>Never ran</span>
      ),
  },
  {
    id: 'age',
    header: 'Age',
    width: 88,
    align: 'end',
    value: ({ lastRun }) => (lastRun ? -lastRun.startedAt : null),
    text: ({ lastRun }) => (lastRun ? dateTime(lastRun.startedAt) : ''),
    cell: ({ lastRun }) => <TimeAgo at={lastRun?.startedAt} as="age" />,
  },
  {
    id: 'action',
    header: 'What it does',
    width: 168,
    grow: true,
    value: ({ action }) => actionWords(action),
  },
  {
    id: 'schedule',
    header: 'When',
    width: 200,
    most: 360,
    value: ({ schedule }) => (schedule ? `${schedule.cron} ${schedule.timeZone}` : ''),
    cell: ({ schedule }) => <ScheduleWords schedule={schedule} />,
  },
  {
    id: 'retention',
    header: 'What stays',
    width: 136,
    most: 200,
    value: ({ retention, action }) => (action.kind === 'backup' ? retentionWords(retention) : null),
  },
];
