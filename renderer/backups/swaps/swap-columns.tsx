import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import { bytes, dateTime, exactBytes } from '../../components/format.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import { visible } from '../../migrations/words.ts';
import { baseName } from '../words.ts';
import { holdsWords, stateWords } from './swap-words.ts';
import styles from './swaps.module.css';

const none = <span className={styles.soft}>–</span>;

export const swapColumns: readonly DataColumn<KeptDatabase>[] = [
  {
    id: 'kept',
    header: 'Kept as',
    width: 272,
    most: 360,
    always: true,
    mono: true,
    value: ({ kept }) => kept,
    cell: ({ kept }) => <bdi title={visible(kept)}>{visible(kept)}</bdi>,
  },
  {
    id: 'state',
    header: 'State',
    width: 136,
    always: true,
    value: ({ state }) => stateWords[state].word,
    cell: ({ state, said }) => {
      const { word, severity } = stateWords[state];
      return (
        <span className={styles.state} title={said}>
          {severity && <SeverityIcon severity={severity} />}
          {word}
        </span>
      );
    },
  },
  {
    id: 'age',
    header: 'Age',
    width: 88,
    align: 'end',
    value: ({ at }) => -at,
    text: ({ at }) => dateTime(at),
    cell: ({ at }) => <TimeAgo at={at} as="age" />,
  },
  {
    id: 'bytes',
    header: 'Size',
    width: 88,
    align: 'end',
    descendingFirst: true,
    value: ({ bytes: size }) => size,
    text: ({ bytes: size }) => (size === null ? '' : exactBytes(size)),
    cell: ({ bytes: size }) => (size === null ? none : <span title={exactBytes(size)}>{bytes(size)}</span>),
  },
  {
    id: 'database',
    header: 'In place of it',
    hint: 'The database whose name it had.',
    width: 136,
    most: 220,
    value: ({ database }) => database,
    cell: ({ database }) => <bdi title={visible(database)}>{visible(database)}</bdi>,
  },
  { id: 'holds', header: 'What it holds', width: 160, value: ({ holds }) => holdsWords[holds] },
  {
    id: 'path',
    header: 'From the backup',
    width: 200,
    grow: true,
    value: ({ path }) => path,
    cell: ({ path }) => (path === null ? none : <bdi title={visible(path)}>{visible(baseName(path))}</bdi>),
  },
];
