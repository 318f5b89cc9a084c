import { ActionIcon, Button, Menu, NativeSelect } from '@mantine/core';
import { IconDeviceDesktop, IconFile, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ImportKind } from '../../preload/contract/imports.ts';
import { bytes, exactBytes } from '../components/format.ts';
import { ChooseFiles } from './choose-files.tsx';
import styles from './import.module.css';
import { addPlaces, cancelReading, readAs, removeSource } from './import-job.ts';
import type { ImportState } from './import-store.ts';
import { kindWords } from './kinds.ts';
import { baseName, type Source } from './sources.ts';
import { usePlaces } from './use-places.ts';

const kinds = [
  { value: '', label: 'Read as: what they look like' },
  ...Object.entries(kindWords).map(([value, word]) => ({ value, label: `Read as: ${word}` })),
];

interface SourcesBarProps {
  state: ImportState;
  /** Whether to offer saying of which kind the files are. */
  offersKind: boolean;
}

/** The files that were read, each to be taken out, and the ways to add more. */
export function SourcesBar({ state, offersKind }: SourcesBarProps) {
  const { sources, kind, preview, reading } = state;
  const slow = useLasting(reading && preview !== undefined);
  const present = new Set(sources.map(({ id }) => id));
  const places = usePlaces().filter(({ path }) => !present.has(`path ${path}`));
  return (
    <div className={styles.sources}>
      <ul className={styles.files} aria-label="Files">
        {sources.map((source) => (
          <FileChip key={source.id} source={source} />
        ))}
      </ul>
      {(offersKind || kind) && (
        <NativeSelect
          aria-label="Kind of the files"
          className={styles.kind ?? ''}
          data={kinds}
          value={kind ?? ''}
          onChange={(event) => readAs((event.currentTarget.value || undefined) as ImportKind | undefined)}
        />
      )}
      {places.length > 0 && (
        <Menu position="bottom-end" width={360}>
          <Menu.Target>
            <Button leftSection={<IconDeviceDesktop size={14} />}>On this machine</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {places.map((place) => (
              <Menu.Item key={place.path} onClick={() => addPlaces([place])}>
                {place.label || kindWords[place.kind]}
                <bdi className={styles.path}>{place.path}</bdi>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {slow ? <Button onClick={cancelReading}>Stop reading</Button> : <ChooseFiles label="Add files" />}
    </div>
  );
}

/** Whether something has been true for longer than a glance, so that what is quick does not flicker. */
function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!now) return;
    const timer = setTimeout(() => setLasting(true), 400);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [now]);
  return lasting;
}

function FileChip({ source: { id, name, size } }: { source: Source }) {
  return (
    <li className={styles.file} title={size === null ? name : `${name}, ${exactBytes(size)}`}>
      <IconFile size={14} stroke={1.75} aria-hidden />
      <bdi className={styles.fileName}>{baseName(name)}</bdi>
      {size !== null && <span className={styles.soft}>{bytes(size)}</span>}
      <ActionIcon
        size={20}
        className={styles.takeOut ?? ''}
        aria-label={`Take ${baseName(name)} out`}
        onClick={() => removeSource(id)}
      >
        <IconX size={12} />
      </ActionIcon>
    </li>
  );
}
