import { IconClockPause } from '@tabler/icons-react';
import type { Setting } from '../../../preload/contract/server-settings.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import styles from '../view.module.css';

/** What a setting's context means to whoever wants to change it. */
export const contextWords: Readonly<Record<string, string>> = {
  internal: 'can’t be changed',
  postmaster: 'restart',
  sighup: 'reload',
  'superuser-backend': 'new sessions',
  backend: 'new sessions',
  superuser: 'superuser, any time',
  user: 'any time',
};

export const settingColumns: readonly DataColumn<Setting>[] = [
  { id: 'name', header: 'Setting', width: 248, mono: true, always: true, value: ({ name }) => name },
  {
    id: 'value',
    header: 'Value',
    width: 144,
    mono: true,
    value: ({ value }) => value,
    text: ({ value }) => value ?? 'not told',
    cell: ({ value, differs }) =>
      value === null ? (
        <span className={styles.soft}>not told</span>
      ) : differs ? (
        <b>{value === '' ? '(empty)' : value}</b>
      ) : (
        value
      ),
  },
  {
    id: 'pending',
    header: 'Waits',
    hint: 'What the files say where that is not in effect yet.',
    width: 80,
    value: ({ pending, pendingRestart }) => pending ?? (pendingRestart ? 'restart' : null),
    cell: ({ pending, pendingRestart }) =>
      (pending !== null || pendingRestart) && (
        <span className={styles.mark} title={pendingRestart ? 'Waits for a restart' : 'Waits for a reload'}>
          <IconClockPause size={14} aria-label="Waits" />
          {pending ?? 'restart'}
        </span>
      ),
  },
  {
    id: 'standard',
    header: 'Built in',
    width: 104,
    mono: true,
    value: ({ standard }) => standard,
  },
  {
    id: 'source',
    header: 'Where from',
    hint: 'The file and line, where this role may see it.',
    width: 144,
    value: ({ place, source }) => place ?? source,
    cell: ({ place, source }) =>
      place ? (
        <span title={place}>{place.split(/[\\/]/).at(-1)}</span>
      ) : (
        <span className={styles.soft}>{source}</span>
      ),
  },
  {
    id: 'context',
    header: 'Takes',
    hint: 'What it takes to change it.',
    width: 104,
    value: ({ context }) => contextWords[context] ?? context,
  },
  {
    id: 'category',
    header: 'Group',
    width: 200,
    hiddenAtFirst: 'narrow',
    value: ({ category }) => category,
  },
  {
    id: 'description',
    header: 'What it does',
    width: 200,
    grow: true,
    value: ({ description }) => description,
  },
];
