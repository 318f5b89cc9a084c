import type { Io } from '../../../preload/contract/server.ts';
import { bytes, count, duration, exactBytes } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';

type IoRow = Io['rows'][number];
type SlruRow = Io['slru'][number];

const counted = <T extends object>(
  id: string,
  header: string,
  of: (row: T) => string | null,
  show: (value: string) => string = count,
): DataColumn<T> => ({
  id,
  header,
  width: 96,
  align: 'end',
  descendingFirst: true,
  value: (row) => (of(row) === null ? null : Number(of(row))),
  text: (row) => {
    const value = of(row);
    return value === null ? '' : show(value);
  },
});

const sized = (id: string, header: string, of: (row: IoRow) => string | null): DataColumn<IoRow> => ({
  ...counted<IoRow>(id, header, of, exactBytes),
  cell: (row) => {
    const value = of(row);
    return value === null ? '' : <span title={exactBytes(value)}>{bytes(value)}</span>;
  },
});

const timed = (id: string, header: string, of: (row: IoRow) => number | null): DataColumn<IoRow> => ({
  id,
  header,
  width: 96,
  align: 'end',
  descendingFirst: true,
  value: of,
  text: (row) => {
    const ms = of(row);
    return ms === null ? '' : duration(ms);
  },
});

export const ioColumns = (isTimed: boolean): DataColumn<IoRow>[] => [
  { id: 'backend', header: 'Who', width: 152, always: true, value: ({ backendType }) => backendType },
  { id: 'object', header: 'What', width: 128, value: ({ object }) => object },
  {
    id: 'context',
    header: 'How',
    hint: 'Within shared buffers, or past them',
    width: 88,
    value: ({ context }) => context,
  },
  counted<IoRow>('hits', 'Hits', ({ hits }) => hits),
  sized('read', 'Read', ({ readBytes }) => readBytes),
  ...(isTimed ? [timed('readMs', 'Reading', ({ readMs }) => readMs)] : []),
  sized('written', 'Written', ({ writeBytes }) => writeBytes),
  ...(isTimed ? [timed('writeMs', 'Writing', ({ writeMs }) => writeMs)] : []),
  sized('extended', 'Grown', ({ extendBytes }) => extendBytes),
  counted<IoRow>('evictions', 'Evictions', ({ evictions }) => evictions),
  counted<IoRow>('reuses', 'Reuses', ({ reuses }) => reuses),
  counted<IoRow>('fsyncs', 'Syncs', ({ fsyncs }) => fsyncs),
  ...(isTimed ? [timed('fsyncMs', 'Syncing', ({ fsyncMs }) => fsyncMs)] : []),
];

export const slruColumns: readonly DataColumn<SlruRow>[] = [
  { id: 'name', header: 'Cache', width: 176, grow: true, always: true, value: ({ name }) => name },
  counted<SlruRow>('hit', 'Hits', ({ hit }) => hit),
  counted<SlruRow>('read', 'Read', ({ read }) => read),
  counted<SlruRow>('written', 'Written', ({ written }) => written),
  counted<SlruRow>('zeroed', 'Zeroed', ({ zeroed }) => zeroed),
  counted<SlruRow>('flushes', 'Flushes', ({ flushes }) => flushes),
];
