import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../lib/client.ts';
import { placesKey } from '../use-backups.ts';
import styles from './jobs.module.css';

interface PlaceFieldsProps {
  /** A folder, `s3://PLACE/prefix`, or null: the environment's own folder. */
  folder: string | null;
  onChange: (folder: string | null) => void;
}

/** Where the backups of a job go. */
export function PlaceFields({ folder, onChange }: PlaceFieldsProps) {
  const places = useQuery({
    queryKey: placesKey,
    queryFn: ({ signal }) => client.backups.places.list(undefined, { signal }),
  });
  const [, place, prefix = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(folder ?? '') ?? [];
  const known = places.data?.map(({ name }) => name) ?? [];
  const names = place === undefined || known.includes(place) ? known : [...known, place];
  const chosen = folder === null ? 'own' : place === undefined ? 'folder' : `s3 ${place}`;
  const choose = (value: string): void => {
    if (value === 'own') onChange(null);
    else onChange(value === 'folder' ? '/' : `s3://${value.slice(3)}/${prefix}`);
  };
  return (
    <div className={chosen === 'own' ? undefined : styles.halves}>
      <NativeSelect
        label="Into"
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: 'own', label: 'The environment’s own folder' },
          { value: 'folder', label: 'Another folder' },
          ...names.map((name) => ({ value: `s3 ${name}`, label: `Bucket ${name}` })),
        ]}
      />
      {chosen === 'folder' && (
        <TextInput
          label="Folder on the console’s machine"
          maxLength={4096}
          value={folder ?? ''}
          onChange={(event) => onChange(event.currentTarget.value)}
          classNames={{ input: styles.mono ?? '' }}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
        />
      )}
      {place !== undefined && (
        <TextInput
          label="Keys begin with"
          maxLength={512}
          value={prefix}
          onChange={(event) => onChange(`s3://${place}/${event.currentTarget.value}`)}
          classNames={{ input: styles.mono ?? '' }}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
        />
      )}
    </div>
  );
}
