import type { EngineBackup } from '../../../preload/contract/backup-engines.ts';
import { bytes, dateTime, duration, exactBytes } from '../../components/format.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import { stateWords } from './engine-words.ts';
import styles from './engines.module.css';

const size = (value: number | null) =>
  value === null ? (
    <span className={styles.soft}>–</span>
  ) : (
    <span title={exactBytes(value)}>{bytes(value)}</span>
  );

const engineColumns: readonly DataColumn<EngineBackup>[] = [
  {
    id: 'label',
    header: 'Backup',
    width: 240,
    most: 320,
    always: true,
    mono: true,
    value: ({ label }) => label,
  },
  { id: 'type', header: 'Type', width: 96, value: ({ type }) => type },
  {
    id: 'ended',
    header: 'Ended',
    width: 168,
    descendingFirst: true,
    value: ({ endedAt }) => endedAt,
    text: ({ endedAt }) => (endedAt === null ? '' : dateTime(endedAt)),
  },
  {
    id: 'age',
    header: 'Age',
    width: 88,
    align: 'end',
    hiddenAtFirst: 'narrow',
    value: ({ endedAt }) => (endedAt === null ? null : -endedAt),
    cell: ({ endedAt }) => <TimeAgo at={endedAt} as="age" />,
  },
  {
    id: 'took',
    header: 'Took',
    width: 80,
    align: 'end',
    descendingFirst: true,
    value: ({ startedAt, endedAt }) => (startedAt === null || endedAt === null ? null : endedAt - startedAt),
    text: ({ startedAt, endedAt }) =>
      startedAt === null || endedAt === null ? '' : duration(endedAt - startedAt),
  },
  {
    id: 'bytes',
    header: 'Cluster',
    hint: 'Size of the cluster that was backed up.',
    width: 80,
    align: 'end',
    descendingFirst: true,
    value: (row) => row.bytes,
    cell: (row) => size(row.bytes),
  },
  {
    id: 'repository',
    header: 'Repository',
    hint: 'What this backup takes in the repository.',
    width: 88,
    align: 'end',
    descendingFirst: true,
    value: ({ repositoryBytes }) => repositoryBytes,
    cell: ({ repositoryBytes }) => size(repositoryBytes),
  },
  {
    id: 'needs',
    header: 'Needs',
    hint: 'Backups without which it can’t be restored.',
    width: 72,
    align: 'end',
    value: ({ needs }) => needs.length,
    cell: ({ needs }) =>
      needs.length === 0 ? (
        <span className={styles.soft}>none</span>
      ) : (
        <span title={needs.join('\n')}>{needs.length}</span>
      ),
  },
  {
    id: 'state',
    header: 'State',
    width: 96,
    grow: true,
    value: ({ state }) => stateWords[state].word,
    cell: ({ state, said }) => {
      const { word, severity } = stateWords[state];
      return (
        <span className={styles.mark} data-severity={severity} title={said}>
          {severity && <SeverityIcon severity={severity} />}
          {word}
          {said !== '' && said.toLowerCase() !== word.toLowerCase() && (
            <span className={styles.said}>{said}</span>
          )}
        </span>
      );
    },
  },
];

const [label, ...others] = engineColumns;
const ofSeveral: readonly DataColumn<EngineBackup>[] = [
  ...(label ? [label] : []),
  {
    id: 'repo',
    header: 'In',
    hint: 'The repository that holds it.',
    width: 104,
    value: ({ repository }) => repository,
    text: ({ repository }) => (repository === null ? '' : `repository ${repository}`),
  },
  ...others,
];

/** Where there are several repositories, each backup says which one holds it. */
export const columnsFor = (hasSeveral: boolean): readonly DataColumn<EngineBackup>[] =>
  hasSeveral ? ofSeveral : engineColumns;
