import type { Backup } from '../../../preload/contract/backups.ts';
import {
  bytes,
  count,
  dateTime,
  duration,
  exactBytes,
  milliseconds,
  shortAge,
} from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../migrations/words.ts';
import { kindWords, proofState, proofWords } from '../words.ts';
import styles from './list.module.css';
import { ProofMark } from './proof-mark.tsx';

const none = <span className={styles.soft}>–</span>;

function Made({ at }: { at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTime(at)}>
      {dateTime(at).slice(0, 16)}{' '}
      <span className={styles.soft}>{now - at < 60_000 ? 'just now' : `${shortAge(now - at)} ago`}</span>
    </time>
  );
}

function Name({ text }: { text: string }) {
  return <bdi title={visible(text)}>{visible(text)}</bdi>;
}

export const madeByWords = ({ job, madeBy }: Pick<Backup, 'job' | 'madeBy'>): string =>
  job === null ? (madeBy === 'howdah' ? 'Howdah' : 'Others') : `Job ${job}`;

export const backupColumns: readonly DataColumn<Backup>[] = [
  {
    id: 'made',
    header: 'Made',
    hint: 'When its snapshot was taken; the file’s own time where nothing tells.',
    width: 208,
    most: 240,
    always: true,
    descendingFirst: true,
    value: ({ at }) => at,
    text: ({ at }) => dateTime(at),
    cell: ({ at }) => <Made at={at} />,
  },
  {
    id: 'database',
    header: 'Database',
    width: 120,
    grow: true,
    always: true,
    value: ({ database, format }) => database ?? (format === 'globals' ? 'Roles and tablespaces' : null),
    cell: ({ database, format }) =>
      database === null ? (
        format === 'globals' ? (
          <span className={styles.soft}>Roles and tablespaces</span>
        ) : (
          <span className={styles.soft}>Not known</span>
        )
      ) : (
        <Name text={database} />
      ),
  },
  {
    id: 'proof',
    header: 'Proof',
    hint: 'How far it was proven that it is what it says, and when.',
    width: 188,
    most: 220,
    always: true,
    value: (backup) => proofWords[proofState(backup)].word,
    cell: (backup) => <ProofMark backup={backup} dated />,
  },
  {
    id: 'size',
    header: 'Size',
    width: 80,
    align: 'end',
    descendingFirst: true,
    value: (backup) => backup.bytes,
    cell: (backup) => <span title={exactBytes(backup.bytes)}>{bytes(backup.bytes)}</span>,
  },
  {
    id: 'kind',
    header: 'Kind',
    width: 150,
    most: 200,
    value: kindWords,
  },
  {
    id: 'took',
    header: 'Took',
    width: 76,
    align: 'end',
    descendingFirst: true,
    value: ({ durationMs }) => durationMs,
    cell: ({ durationMs }) =>
      durationMs === null ? none : <span title={milliseconds(durationMs)}>{duration(durationMs)}</span>,
  },
  {
    id: 'by',
    header: 'Made by',
    width: 92,
    most: 180,
    value: madeByWords,
    cell: (backup) => <Name text={madeByWords(backup)} />,
  },
  {
    id: 'objects',
    header: 'Objects',
    hint: 'Entries of its table of contents.',
    width: 76,
    align: 'end',
    descendingFirst: true,
    value: ({ objects }) => objects,
    cell: ({ objects }) => (objects === null ? none : count(objects)),
  },
  {
    id: 'server',
    header: 'Server',
    hint: 'Version of the server that it was taken from.',
    width: 84,
    most: 120,
    hiddenAtFirst: 'narrow',
    value: ({ serverVersion }) => serverVersion,
    cell: ({ serverVersion }) => (serverVersion === null ? none : <Name text={serverVersion} />),
  },
  {
    id: 'path',
    header: 'Path',
    width: 240,
    grow: true,
    mono: true,
    hiddenAtFirst: 'narrow',
    value: ({ path }) => path,
    cell: ({ path }) => <Name text={path} />,
  },
];
