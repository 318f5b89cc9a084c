import { NativeSelect, NumberInput, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JobAction } from '../../../preload/contract/backup-jobs.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { client } from '../../lib/client.ts';
import { repositoryChoices } from '../engines/engine-words.ts';
import { enginesKey } from '../engines/use-engines.ts';
import { BackupFields } from './backup-fields.tsx';
import { firstAction } from './job-draft.ts';
import styles from './jobs.module.css';
import { proofs } from './proofs.ts';

interface ActionFieldsProps {
  environment: Environment;
  action: JobAction;
  onChange: (action: JobAction) => void;
}

/** What a job does: make a backup, prove those that are there, or ask an engine for one. */
export function ActionFields({ environment, action, onChange }: ActionFieldsProps) {
  const engines = useQuery({
    queryKey: enginesKey,
    queryFn: ({ signal }) => client.backups.engines.list({}, { signal }),
  });
  const able = (engines.data ?? []).filter(
    (one) => one.environment === null || one.environment === environment.id,
  );
  const repositories =
    action.kind === 'engine' ? (able.find(({ id }) => id === action.engine)?.repositories ?? []) : [];
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>What it does</legend>
      <SegmentedControl
        aria-label="What it does"
        fullWidth
        value={action.kind}
        onChange={(kind) => onChange(firstAction(kind as JobAction['kind'], able[0]?.id ?? ''))}
        data={[
          { value: 'backup', label: 'Make a backup' },
          { value: 'verify', label: 'Prove backups' },
          { value: 'engine', label: 'Engine', disabled: able.length === 0 && action.kind !== 'engine' },
        ]}
      />
      {action.kind === 'backup' && (
        <BackupFields environment={environment} action={action} onChange={onChange} />
      )}
      {action.kind === 'verify' && (
        <div className={styles.halves}>
          <NumberInput
            label="The newest"
            min={1}
            max={1000}
            allowDecimal={false}
            allowNegative={false}
            value={action.newest}
            onChange={(value) =>
              typeof value === 'number' && value >= 1 && onChange({ ...action, newest: value })
            }
          />
          <NativeSelect
            label="Proof"
            value={action.level}
            onChange={(event) =>
              onChange({ ...action, level: event.currentTarget.value as typeof action.level })
            }
            data={proofs}
          />
        </div>
      )}
      {action.kind === 'engine' && (
        <div className={styles.halves}>
          <NativeSelect
            label="Engine"
            value={action.engine}
            onChange={(event) => onChange({ ...action, engine: event.currentTarget.value, repository: null })}
            data={able.map(({ id, name, kind }) => ({
              value: id,
              label: `${name} (${kind === 'pgbackrest' ? 'pgBackRest' : 'Barman'})`,
            }))}
          />
          <NativeSelect
            label="Type"
            value={action.type}
            onChange={(event) =>
              onChange({ ...action, type: event.currentTarget.value as typeof action.type })
            }
            data={['full', 'differential', 'incremental']}
          />
          {(repositories.length > 0 || action.repository !== null) && (
            <NativeSelect
              label="Repository"
              value={action.repository ?? ''}
              onChange={(event) =>
                onChange({
                  ...action,
                  repository: event.currentTarget.value === '' ? null : Number(event.currentTarget.value),
                })
              }
              data={repositoryChoices(repositories, action.repository)}
            />
          )}
        </div>
      )}
    </fieldset>
  );
}
