import type { Backup } from '../../../preload/contract/backups.ts';
import { bytes, dateTime, exactBytes } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { visible } from '../../migrations/words.ts';
import { kindWords } from '../words.ts';

const cell = (text: string | null) => text !== null && <bdi title={visible(text)}>{visible(text)}</bdi>;

/** Of files that were found; those that are in a list already say so. */
export function findColumns(nameOf: (environment: string) => string): readonly DataColumn<Backup>[] {
  const known = ({ id, environment }: Backup): string =>
    id === null ? 'New' : environment === null ? 'Noted' : `In ${nameOf(environment)}`;
  return [
    {
      id: 'path',
      header: 'Path',
      width: 240,
      grow: true,
      always: true,
      mono: true,
      value: ({ path }) => path,
      // The end of a path tells more than its beginning.
      cell: ({ path }) => (
        <span dir="rtl" title={visible(path)}>
          <bdi dir="ltr">{visible(path)}</bdi>
        </span>
      ),
    },
    { id: 'kind', header: 'Kind', width: 130, value: kindWords },
    {
      id: 'database',
      header: 'Database',
      width: 100,
      value: ({ database }) => database,
      cell: ({ database }) => cell(database),
    },
    {
      id: 'made',
      header: 'Made',
      width: 142,
      descendingFirst: true,
      value: ({ at }) => at,
      cell: ({ at }) => <span title={dateTime(at)}>{dateTime(at).slice(0, 16)}</span>,
    },
    {
      id: 'size',
      header: 'Size',
      width: 76,
      align: 'end',
      descendingFirst: true,
      value: (backup) => backup.bytes,
      cell: (backup) => <span title={exactBytes(backup.bytes)}>{bytes(backup.bytes)}</span>,
    },
    {
      id: 'known',
      header: 'List',
      width: 96,
      most: 160,
      value: known,
      cell: (backup) => cell(known(backup)),
    },
  ];
}
