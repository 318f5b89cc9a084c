import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../lib/client.ts';
import type { ListDialog } from '../palette-commands.ts';
import { placesKey } from '../use-backups.ts';
import styles from './create.module.css';
import type { Draft, DraftFaults, Passphrases } from './draft.ts';

export interface FieldsProps {
  draft: Draft;
  faults: DraftFaults;
  change: (changes: Partial<Draft>) => void;
}

interface MainFieldsProps extends FieldsProps {
  passphrases: Passphrases;
  onPassphrases: (passphrases: Passphrases) => void;
  onDialog: (dialog: ListDialog) => void;
}

const whats = [
  { value: 'all', label: 'Whole database' },
  { value: 'schema', label: 'Structure only' },
  { value: 'data', label: 'Rows only' },
  { value: 'globals', label: 'Roles and tablespaces' },
];

const formats = [
  { value: 'directory', label: 'Directory (fastest)' },
  { value: 'custom', label: 'Custom, one file' },
  { value: 'tar', label: 'Tar, one file' },
  { value: 'plain', label: 'Plain SQL' },
];

const formatNotes: Record<Draft['format'], string> = {
  directory: 'A folder, written and restored by several sessions.',
  custom: 'One compressed file; parts of it can be restored.',
  tar: 'One file, never compressed.',
  plain: 'A script for psql; it can only be restored as a whole.',
};

/** What most backups need: what, how, where to, and whether it is encrypted. */
export function MainFields({ draft, faults, change, passphrases, onPassphrases, onDialog }: MainFieldsProps) {
  const isGlobals = draft.what === 'globals';
  return (
    <>
      <div className={styles.pair}>
        <NativeSelect
          label="What"
          data={whats}
          value={draft.what}
          onChange={({ currentTarget }) => change({ what: currentTarget.value as Draft['what'] })}
          data-autofocus
        />
        <NativeSelect
          label="Format"
          data={isGlobals ? [{ value: draft.format, label: 'Plain SQL' }] : formats}
          value={draft.format}
          disabled={isGlobals}
          onChange={({ currentTarget }) => change({ format: currentTarget.value as Draft['format'] })}
        />
      </div>
      <p className={styles.note}>
        {isGlobals
          ? 'What belongs to the server and to no database; pg_dumpall writes it as plain SQL.'
          : formatNotes[draft.format]}
      </p>
      <div className={styles.pair}>
        <Place draft={draft} change={change} />
        <NativeSelect
          label="Encryption"
          data={[
            { value: 'none', label: 'None' },
            { value: 'key', label: 'Key of the keychain' },
            { value: 'passphrase', label: 'Passphrase' },
          ]}
          value={draft.encryption}
          onChange={({ currentTarget }) => change({ encryption: currentTarget.value as Draft['encryption'] })}
        />
      </div>
      {draft.place !== '' && (
        <TextInput
          label={draft.place === 'path' ? 'Path on the console’s machine' : `Key below ${draft.place}`}
          description={
            draft.place === 'path'
              ? 'Of a file or folder that is not there yet. Ending in /, it is a folder to put it in.'
              : 'Empty or ending in /: named by database and time.'
          }
          placeholder={draft.place === 'path' ? '/srv/backups/shop.dump' : ''}
          classNames={{ input: styles.mono ?? '' }}
          value={draft.path}
          error={draft.path === '' ? undefined : faults.path}
          onChange={({ currentTarget }) => change({ path: currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
        />
      )}
      {draft.encryption === 'key' && (
        <p className={styles.note}>
          Whoever loses the keychain loses every backup made with it.{' '}
          <Button variant="transparent" className={styles.inline ?? ''} onClick={() => onDialog('key')}>
            Keep a copy of the key
          </Button>
        </p>
      )}
      {draft.encryption === 'passphrase' && (
        <>
          <div className={styles.pair}>
            <PasswordInput
              label="Passphrase"
              value={passphrases.first}
              error={passphrases.first === '' ? undefined : faults.first}
              autoComplete="new-password"
              onChange={({ currentTarget }) => onPassphrases({ ...passphrases, first: currentTarget.value })}
            />
            <PasswordInput
              label="Once more"
              value={passphrases.again}
              error={passphrases.again === '' ? undefined : faults.again}
              autoComplete="new-password"
              onChange={({ currentTarget }) => onPassphrases({ ...passphrases, again: currentTarget.value })}
            />
          </div>
          <p className={styles.note}>It is kept nowhere. Without it nobody opens this backup again.</p>
        </>
      )}
    </>
  );
}

function Place({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  const { data: places = [] } = useQuery({
    queryKey: placesKey,
    queryFn: ({ signal }) => client.backups.places.list(undefined, { signal }),
  });
  return (
    <NativeSelect
      label="Where to"
      data={[
        { value: '', label: 'Howdah’s own folder' },
        { value: 'path', label: 'A path…' },
        ...places.map(({ name }) => ({ value: `s3://${name}/`, label: `Bucket ${name}` })),
      ]}
      value={draft.place}
      onChange={({ currentTarget }) => change({ place: currentTarget.value, path: '' })}
    />
  );
}
