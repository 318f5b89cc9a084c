import { IconKey, IconPencil } from '@tabler/icons-react';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { Swatch } from '../components/swatch.tsx';
import type { DataColumn } from '../components/table/columns.ts';
import { addressOf } from '../environments/way-words.ts';
import styles from './import.module.css';
import { findingsOf, type ImportRow, isWrong, originWords } from './rows.ts';

/** The columns of the list of connections found. */
export const candidateColumns: readonly DataColumn<ImportRow>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 176,
    most: 320,
    always: true,
    value: ({ draft }) => draft.name,
    cell: (row) => (
      <span className={styles.name} title={row.draft.name}>
        <Swatch color={row.draft.color} />
        <bdi>{row.draft.name || 'No name'}</bdi>
        {Object.keys(row.corrections).length > 0 && (
          <IconPencil size={14} stroke={1.75} role="img" aria-label="Corrected" className={styles.edited} />
        )}
      </span>
    ),
  },
  {
    id: 'group',
    header: 'Group',
    width: 128,
    hiddenAtFirst: 'narrow',
    value: ({ draft }) => draft.group || null,
    cell: ({ draft }) => <bdi title={draft.group}>{draft.group}</bdi>,
  },
  {
    id: 'address',
    header: 'Address',
    hint: 'user@host:port/database',
    width: 264,
    most: 480,
    mono: true,
    value: ({ draft }) => addressOf(draft.connection),
    cell: ({ draft }) => {
      const address = addressOf(draft.connection);
      // From left to right whatever the names in it are written in.
      return (
        <bdi dir="ltr" title={address}>
          {address}
        </bdi>
      );
    },
  },
  {
    id: 'from',
    header: 'From',
    hint: 'File, line and what it was read from',
    width: 176,
    most: 320,
    value: ({ candidate }) => `${candidate.file} ${String(candidate.line ?? 0).padStart(9, '0')}`,
    text: ({ candidate }) => originWords(candidate),
    cell: ({ candidate }) => {
      const { file, line, from } = candidate;
      return (
        <span title={originWords(candidate)}>
          <bdi>{file}</bdi>
          {line === null ? '' : `:${line}`} <bdi className={styles.soft}>{from}</bdi>
        </span>
      );
    },
  },
  {
    id: 'password',
    header: 'Password',
    width: 84,
    value: ({ candidate }) => (candidate.hasPassword ? 'found' : null),
    cell: ({ candidate }) =>
      candidate.hasPassword ? (
        <span className={styles.found}>
          <IconKey size={14} stroke={1.75} aria-hidden /> Found
        </span>
      ) : (
        <span className={styles.soft}>None</span>
      ),
  },
  {
    id: 'notes',
    header: 'Notes',
    width: 232,
    grow: true,
    descendingFirst: true,
    value: (row) => (isWrong(row) ? 100 : 0) + findingsOf(row).length || null,
    text: (row) => notes(row),
    cell: (row) => <Notes row={row} />,
  },
];

function Notes({ row }: { row: ImportRow }) {
  const [worst, ...others] = findingsOf(row);
  if (!worst) return null;
  return (
    <span className={styles.notes} data-severity={worst.severity} title={notes(row)}>
      <SeverityIcon severity={worst.severity} />
      <span className={styles.note} dir="auto">
        {worst.text}
      </span>
      {others.length > 0 && <span className={styles.soft}>+{others.length}</span>}
    </span>
  );
}

function notes(row: ImportRow): string {
  return findingsOf(row)
    .map(({ text }) => text)
    .join('\n');
}
