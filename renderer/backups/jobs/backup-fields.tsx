import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { JobAction } from '../../../preload/contract/backup-jobs.ts';
import { backupFormats } from '../../../preload/contract/backups.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { client } from '../../lib/client.ts';
import createStyles from '../create/create.module.css';
import { type Draft, draftOf, faultsOf, optionsOf } from '../create/draft.ts';
import { MoreFields } from '../create/more-fields.tsx';
import styles from './jobs.module.css';
import { PlaceFields } from './place-fields.tsx';
import { proofs } from './proofs.ts';

type BackupAction = Extract<JobAction, { kind: 'backup' }>;

interface BackupFieldsProps {
  environment: Environment;
  action: BackupAction;
  onChange: (action: BackupAction) => void;
}

/** What a job's backups are made of, and where they go. */
export function BackupFields({ environment, action, onChange }: BackupFieldsProps) {
  const [draft, setDraft] = useState(() => draftOf(action.options));
  const faults = faultsOf(draft);
  const { data: tools } = useQuery({
    queryKey: ['backups', 'tools', 'for', environment.id],
    queryFn: ({ signal }) => client.backups.toolsFor({ environment: environment.id }, { signal }),
    retry: false,
    staleTime: 60_000,
  });
  const change = (changes: Partial<Draft>): void => {
    const next = { ...draft, ...changes };
    setDraft(next);
    if (Object.keys(faultsOf(next)).length === 0) onChange({ ...action, options: optionsOf(next) });
  };
  return (
    <>
      <div className={styles.halves}>
        <NativeSelect
          label="Format"
          value={draft.format}
          onChange={({ currentTarget }) => change({ format: currentTarget.value as Draft['format'] })}
          data={[...backupFormats]}
        />
        <NativeSelect
          label="Encryption"
          value={draft.encryption}
          onChange={({ currentTarget }) => change({ encryption: currentTarget.value as Draft['encryption'] })}
          data={[
            { value: 'none', label: 'None' },
            { value: 'key', label: 'By the key of the keychain' },
          ]}
        />
        <NativeSelect
          label="What of the database"
          value={draft.what}
          onChange={({ currentTarget }) => change({ what: currentTarget.value as Draft['what'] })}
          data={[
            { value: 'all', label: 'All of it' },
            { value: 'schema', label: 'The schema alone' },
            { value: 'data', label: 'The data alone' },
            { value: 'globals', label: 'Roles and tablespaces' },
          ]}
        />
        <NativeSelect
          label="Proof of each backup"
          value={action.proof}
          onChange={({ currentTarget }) =>
            onChange({ ...action, proof: currentTarget.value as BackupAction['proof'] })
          }
          data={proofs}
        />
      </div>
      <PlaceFields folder={action.folder} onChange={(folder) => onChange({ ...action, folder })} />
      <details className={createStyles.details}>
        <summary>More</summary>
        <MoreFields draft={draft} faults={faults} change={change} tools={tools} />
      </details>
    </>
  );
}
