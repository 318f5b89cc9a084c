import { Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Backup } from '../../../preload/contract/backups.ts';
import { client } from '../../lib/client.ts';
import type { RestoreDraft } from './draft.ts';
import { belowInput } from './field-order.ts';
import styles from './restore.module.css';

interface OptionFieldsProps {
  backup: Backup;
  draft: RestoreDraft;
  onChange: (changes: Partial<RestoreDraft>) => void;
}

/** How a backup is restored: sessions, owners, privileges, programs, and SQL afterwards. */
export function OptionFields({ backup, draft, onChange }: OptionFieldsProps) {
  const isPlain = backup.format === 'plain';
  const tools = useQuery({
    queryKey: ['backups', 'tools'],
    queryFn: ({ signal }) => client.backups.tools({ again: false }, { signal }),
  });
  const able = (tools.data ?? []).filter(({ programs }) =>
    programs.includes(isPlain ? 'psql' : 'pg_restore'),
  );
  return (
    <>
      <div className={styles.pair}>
        <NumberInput
          label="Sessions at once"
          placeholder={draft.single ? '1' : 'By the machine'}
          min={1}
          max={64}
          allowDecimal={false}
          allowNegative={false}
          disabled={draft.single || isPlain}
          value={draft.single ? '' : (draft.jobs ?? '')}
          onChange={(value) => onChange({ jobs: typeof value === 'number' && value >= 1 ? value : null })}
        />
        <NativeSelect
          label="Programs"
          value={draft.tools}
          onChange={(event) => onChange({ tools: event.currentTarget.value })}
          data={[
            { value: '', label: 'Those that fit best' },
            ...able.map(({ id, version, source, where }) => ({
              value: id,
              label: `${version}, ${source} (${where})`,
            })),
          ]}
        />
      </div>
      <div className={styles.checks}>
        <Checkbox
          label="One transaction"
          title="All or nothing, by one session."
          checked={draft.single}
          onChange={(event) => onChange({ single: event.currentTarget.checked })}
        />
        <Checkbox
          label="With owners"
          checked={draft.owners}
          onChange={(event) => onChange({ owners: event.currentTarget.checked })}
        />
        <Checkbox
          label="With privileges"
          checked={draft.privileges}
          onChange={(event) => onChange({ privileges: event.currentTarget.checked })}
        />
      </div>
      <TextInput
        label="As the role"
        placeholder="That of the environment"
        inputWrapperOrder={belowInput}
        description={
          draft.owners
            ? 'It runs the restore. It becomes the owner of everything when owners are left out.'
            : 'It becomes the owner of everything.'
        }
        maxLength={63}
        value={draft.role}
        onChange={(event) => onChange({ role: event.currentTarget.value })}
        classNames={{ input: styles.mono ?? '' }}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
      />
      <Textarea
        label="SQL script afterwards"
        placeholder="UPDATE customers SET email = 'user' || id || '@example.com';"
        inputWrapperOrder={belowInput}
        description="Runs in the restored database before anybody else can use it, such as one that makes it anonymous."
        maxLength={1_000_000}
        rows={4}
        resize="vertical"
        value={draft.after}
        onChange={(event) => onChange({ after: event.currentTarget.value })}
        classNames={{ input: styles.mono ?? '' }}
        spellCheck={false}
        dir="ltr"
      />
    </>
  );
}
