import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { BackupJob, Retention } from '../../../preload/contract/backup-jobs.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { commonRules, sameRules } from './job-draft.ts';
import styles from './jobs.module.css';
import { PruneList } from './prune-list.tsx';

interface RetentionFieldsProps {
  environment: Environment;
  /** Undefined: a new one. */
  job: BackupJob | undefined;
  retention: Retention | null;
  onChange: (retention: Retention | null) => void;
}

const rules: readonly { rule: Exclude<keyof Retention, 'days'>; label: string }[] = [
  { rule: 'newest', label: 'Newest' },
  { rule: 'daily', label: 'Daily' },
  { rule: 'weekly', label: 'Weekly' },
  { rule: 'monthly', label: 'Monthly' },
  { rule: 'yearly', label: 'Yearly' },
];

/** Which backups of a job stay, and what that would come to with those that are there. */
export function RetentionFields({ environment, job, retention, onChange }: RetentionFieldsProps) {
  const common = commonRules.findIndex((one) => sameRules(one.retention, retention));
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>What stays</legend>
      <NativeSelect
        aria-label="What stays"
        value={common < 0 ? 'own' : String(common)}
        onChange={(event) => {
          const chosen = commonRules[Number(event.currentTarget.value)];
          if (chosen) onChange(chosen.retention);
          else onChange({ newest: 3, days: 14, daily: 0, weekly: 0, monthly: 0, yearly: 0 });
        }}
        data={[
          ...commonRules.map(({ label }, index) => ({ value: String(index), label })),
          { value: 'own', label: 'By rules of its own' },
        ]}
      />
      {retention && (
        <>
          <div className={styles.rules}>
            {rules.map(({ rule, label }) => (
              <NumberInput
                key={rule}
                label={label}
                min={0}
                max={1000}
                allowDecimal={false}
                allowNegative={false}
                value={retention[rule]}
                onChange={(value) =>
                  onChange({ ...retention, [rule]: typeof value === 'number' ? value : 0 })
                }
              />
            ))}
            <NumberInput
              label="Days"
              placeholder="–"
              min={0}
              max={100_000}
              allowNegative={false}
              value={retention.days ?? ''}
              onChange={(value) =>
                onChange({ ...retention, days: typeof value === 'number' && value > 0 ? value : null })
              }
            />
          </div>
          <p className={styles.note}>
            A backup stays when any rule keeps it. The newest, and the last one that was proven good, always
            stay.
          </p>
          <Preview environment={environment} job={job} retention={retention} />
        </>
      )}
    </fieldset>
  );
}

/** With rules as they are edited: of the environment's backups; with a job's own rules: of those it made. */
function Preview({
  environment,
  job,
  retention,
}: {
  environment: Environment;
  job: BackupJob | undefined;
  retention: Retention;
}) {
  const [settled] = useDebouncedValue(retention, 300);
  const isOwn = job !== undefined && sameRules(job.retention, settled);
  const { data, error, refetch } = useQuery({
    queryKey: ['backups', 'jobs', 'prune-preview', environment.id, isOwn ? job.id : null, settled],
    queryFn: ({ signal }) =>
      client.backups.jobs.planPrune(
        isOwn ? { job: job.id } : { environment: environment.id, retention: settled },
        { signal },
      ),
    placeholderData: (before) => before,
    staleTime: 0,
  });
  return (
    <details className={styles.preview}>
      <summary>
        {isOwn
          ? 'What it would come to for this job’s backups'
          : 'What it would come to for all backups here'}
      </summary>
      {error ? (
        <Explanation
          explanation={explain(error)}
          actions={<Button onClick={() => void refetch()}>Look again</Button>}
        />
      ) : (
        data && (
          <>
            {!isOwn && (
              <p className={styles.note}>
                Shown with all backups of {environment.name}; a job’s rules touch only what the job itself
                made.
              </p>
            )}
            <PruneList entries={data} />
          </>
        )
      )}
    </details>
  );
}
