import { Switch, TextInput } from '@mantine/core';
import type { RetentionDraft } from '../../../preload/contract/maintenance-retention.ts';
import styles from '../maintenance.module.css';

interface ScheduleFieldsProps {
  schedule: RetentionDraft['schedule'];
  onChange: (schedule: RetentionDraft['schedule']) => void;
}

/** Each night at half past three, by the clock of this machine. */
const usual = (): NonNullable<RetentionDraft['schedule']> => ({
  cron: '30 3 * * *',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
});

/** When a job runs by itself. */
export function ScheduleFields({ schedule, onChange }: ScheduleFieldsProps) {
  return (
    <>
      <Switch
        label="Run by the clock, while Howdah runs and the environment is connected"
        checked={schedule !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? usual() : null)}
      />
      {schedule && (
        <div className={styles.halves}>
          <TextInput
            label="Times, as cron has them"
            description="Minute, hour, day, month, weekday."
            value={schedule.cron}
            onChange={(event) => onChange({ ...schedule, cron: event.currentTarget.value })}
            autoComplete="off"
            spellCheck={false}
          />
          <TextInput
            label="Time zone"
            description="Such as Europe/Berlin."
            value={schedule.timeZone}
            onChange={(event) => onChange({ ...schedule, timeZone: event.currentTarget.value })}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
      )}
    </>
  );
}
