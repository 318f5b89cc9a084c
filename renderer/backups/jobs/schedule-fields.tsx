import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import type { JobSchedule } from '../../../preload/contract/backup-jobs.ts';
import { explain } from '../../lib/errors.ts';
import { commonTimes, firstSchedule, timeZones } from './job-draft.ts';
import { inZone } from './job-words.ts';
import styles from './jobs.module.css';
import { usePreview } from './schedule-words.tsx';

interface ScheduleFieldsProps {
  schedule: JobSchedule | null;
  onChange: (schedule: JobSchedule | null) => void;
}

/** When a job runs, by whom, and what becomes of times that passed. */
export function ScheduleFields({ schedule, onChange }: ScheduleFieldsProps) {
  const known = commonTimes.some(({ cron }) => cron === schedule?.cron);
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>When</legend>
      <NativeSelect
        aria-label="When"
        value={schedule === null ? 'asked' : known ? schedule.cron : 'own'}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value === 'asked') onChange(null);
          else if (value === 'own') onChange({ ...(schedule ?? firstSchedule()), cron: '30 1 * * *' });
          else onChange({ ...(schedule ?? firstSchedule()), cron: value });
        }}
        data={[
          ...commonTimes.map(({ cron, label }) => ({ value: cron, label })),
          { value: 'own', label: 'As cron writes it' },
          { value: 'asked', label: 'Only when somebody asks' },
        ]}
      />
      {schedule && <Times schedule={schedule} onChange={onChange} />}
    </fieldset>
  );
}

function Times({ schedule, onChange }: { schedule: JobSchedule; onChange: (next: JobSchedule) => void }) {
  const { cron, timeZone, by, missed } = schedule;
  const zones = useMemo(() => timeZones(timeZone), [timeZone]);
  return (
    <>
      <div className={styles.halves}>
        <TextInput
          label="Cron expression"
          title="Minute, hour, day of the month, month, day of the week"
          maxLength={200}
          value={cron}
          onChange={(event) => onChange({ ...schedule, cron: event.currentTarget.value })}
          classNames={{ input: styles.mono ?? '' }}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
        />
        <NativeSelect
          label="Time zone"
          value={timeZone}
          onChange={(event) => onChange({ ...schedule, timeZone: event.currentTarget.value })}
          data={zones}
        />
      </div>
      <NextTimes cron={cron} timeZone={timeZone} />
      <div className={styles.halves}>
        <NativeSelect
          label="Started by"
          value={by}
          onChange={(event) => onChange({ ...schedule, by: event.currentTarget.value as JobSchedule['by'] })}
          data={[
            { value: 'howdah', label: 'Howdah, while it runs' },
            { value: 'system', label: 'The system’s scheduler' },
          ]}
        />
        <NativeSelect
          label="Missed runs"
          disabled={by === 'system'}
          value={missed}
          onChange={(event) =>
            onChange({ ...schedule, missed: event.currentTarget.value as JobSchedule['missed'] })
          }
          data={[
            { value: 'catch-up', label: 'Are run once, later' },
            { value: 'tell', label: 'Are told, and not run' },
          ]}
        />
      </div>
      {by === 'system' && (
        <p className={styles.note}>
          Once the job is saved, it shows what to give to crontab, systemd, launchd or the Task Scheduler.
        </p>
      )}
    </>
  );
}

/** What the console reads it as, with the next five times by the zone's clock. */
function NextTimes({ cron, timeZone }: Pick<JobSchedule, 'cron' | 'timeZone'>) {
  const [settled] = useDebouncedValue(cron.trim(), 250);
  const { data, error } = usePreview({ cron: settled, timeZone });
  if (settled === '') return <p className={styles.wrong}>A schedule has five fields.</p>;
  if (error) {
    const { what, why, next } = explain(error);
    return (
      <p className={styles.wrong} role="alert">
        {what} {why} {next}
      </p>
    );
  }
  return (
    <div className={styles.times} role="status">
      <p>{data?.said ?? 'Reading it'}</p>
      {data && (
        <ol className={styles.next} aria-label="Next times">
          {data.next.slice(0, 5).map((at) => (
            <li key={at}>{inZone(at, timeZone)}</li>
          ))}
        </ol>
      )}
    </div>
  );
}
