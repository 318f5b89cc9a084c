import { ActionIcon, Select, TextInput } from '@mantine/core';
import { IconFolderOpen, IconHistory, IconX } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { SchemaSource, SnapshotInfo } from '../../../preload/contract/schema.ts';
import { plural } from '../../components/format.ts';
import { StateDot } from '../../components/state-dot.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { byGroup } from '../../environments/groups.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { dayWords } from './dates.ts';
import styles from './setup.module.css';
import { readSide, sideKey } from './sides.ts';

interface SidePickerProps {
  /** "Wanted", and what that means. */
  label: string;
  hint: string;
  value: SchemaSource | null;
  onChange: (source: SchemaSource | null) => void;
  environments: readonly Environment[];
  snapshots: readonly SnapshotInfo[];
  /** The last comparison stumbled over this side. */
  isWrong: boolean;
  onConnect: (environment: Environment) => void;
}

const pathChoice = 'path:';
const pathHint =
  'On the console’s machine: a snapshot’s file, an SQL file, or a folder of SQL files, run into a scratch database';

/** One side of a comparison: an environment, a snapshot, or a path on the console's machine. */
export function SidePicker(props: SidePickerProps) {
  const { label, hint, value, onChange, environments, snapshots, isWrong } = props;
  const { statusOf } = useEnvironments();
  const now = Date.now();
  const data = useMemo(() => choices(environments, snapshots, Date.now()), [environments, snapshots]);
  const icons = useMemo(() => {
    const known = new Map<string, ReactNode>();
    for (const { id, color } of environments) known.set(`environment:${id}`, <Swatch color={color} />);
    for (const { id } of snapshots) known.set(`snapshot:${id}`, <IconHistory size={14} />);
    known.set(pathChoice, <IconFolderOpen size={14} />);
    return known;
  }, [environments, snapshots]);

  if (value?.kind === 'path') {
    return (
      <div className={styles.side}>
        <TextInput
          label={`${label}, ${hint}`}
          leftSection={<IconFolderOpen size={14} />}
          rightSection={
            <ActionIcon aria-label={`${label}: choose from the list again`} onClick={() => onChange(null)}>
              <IconX size={14} />
            </ActionIcon>
          }
          placeholder="/srv/app/migrations"
          value={value.path}
          onChange={(event) => onChange({ kind: 'path', path: event.currentTarget.value })}
          error={isWrong}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          ref={focusEmpty}
          classNames={{ label: styles.label ?? '', input: styles.path ?? '' }}
        />
        <p className={styles.facts}>
          <span className={styles.fact} title={pathHint}>
            {pathHint}
          </span>
        </p>
      </div>
    );
  }
  const key = value ? sideKey(value) : null;
  return (
    <div className={styles.side}>
      <Select
        label={`${label}, ${hint}`}
        placeholder="Choose an environment, a snapshot or a path"
        data={data}
        value={key}
        onChange={(next) => onChange(readSide(next))}
        leftSection={(key && icons.get(key)) ?? undefined}
        renderOption={({ option }) => (
          <span className={styles.option}>
            <span className={styles.optionIcon}>{icons.get(option.value)}</span>
            <bdi className={styles.optionName}>{option.label}</bdi>
            {option.value.startsWith('environment:') && (
              <StateDot state={statusOf(option.value.slice('environment:'.length)).state} />
            )}
          </span>
        )}
        searchable
        allowDeselect={false}
        nothingFoundMessage="Nothing is called that"
        comboboxProps={{ width: 380, position: 'bottom-start' }}
        // The list itself scrolls, which assistive technology knows of.
        withScrollArea={false}
        classNames={{ label: styles.label ?? '', options: styles.list ?? '' }}
        limit={200}
        error={isWrong}
      />
      <p className={styles.facts}>
        <Facts {...props} now={now} />
      </p>
    </div>
  );
}

/** What is known of a side before it is read. */
function Facts({ value, environments, snapshots, onConnect, now }: SidePickerProps & { now: number }) {
  const { statusOf } = useEnvironments();
  if (value?.kind === 'snapshot') {
    const snapshot = snapshots.find(({ id }) => id === value.id);
    if (!snapshot) return 'This snapshot is not there any more';
    const { takenAt, tables, database, serverVersion } = snapshot;
    const words = `Taken ${dayWords(takenAt, now)} · ${database} · ${plural(tables, 'table')} · PostgreSQL ${serverVersion}`;
    return (
      <span className={styles.fact} title={words}>
        {words}
      </span>
    );
  }
  if (value?.kind !== 'environment') return null;
  const environment = environments.find(({ id }) => id === value.environment);
  if (!environment) return 'This environment is not in the list any more';
  const { state, server } = statusOf(environment.id);
  const { database } = environment.connection;
  return (
    <>
      <StateDot state={state} showWord />
      <span className={styles.fact} dir="auto">
        {server ? `${database} · PostgreSQL ${server.version}` : database}
      </span>
      {(state === 'disconnected' || state === 'lost') && (
        <button type="button" className={styles.connect} onClick={() => onConnect(environment)}>
          Connect<span className="visually-hidden"> {environment.name}</span>
        </button>
      )}
    </>
  );
}

/** All that can be chosen, in groups. */
function choices(environments: readonly Environment[], snapshots: readonly SnapshotInfo[], now: number) {
  const groups = byGroup(environments).map(({ name, environments: members }) => ({
    group: name || 'Without a group',
    items: members.map(({ id, name: called }) => ({ value: `environment:${id}`, label: called })),
  }));
  const byOrigin = new Map<string, SnapshotInfo[]>();
  for (const snapshot of snapshots) {
    const list = byOrigin.get(snapshot.origin);
    if (list) list.push(snapshot);
    else byOrigin.set(snapshot.origin, [snapshot]);
  }
  for (const [origin, list] of byOrigin) {
    groups.push({
      group: `Snapshots · ${origin}`,
      items: list.map((snapshot) => ({
        value: `snapshot:${snapshot.id}`,
        label: snapshot.name
          ? `${origin}, ${snapshot.name} (${dayWords(snapshot.takenAt, now)})`
          : `${origin}, ${dayWords(snapshot.takenAt, now)}`,
      })),
    });
  }
  groups.push({
    group: 'From disk',
    items: [{ value: pathChoice, label: 'A snapshot’s file, SQL file or folder of SQL…' }],
  });
  return groups;
}

/** Somebody who chose a path goes on to type it. */
function focusEmpty(input: HTMLInputElement | null): void {
  if (input && input.value === '') input.focus();
}
