import { IconAlertTriangle } from '@tabler/icons-react';
import type { Replication, Sender, Slot } from '../../../preload/contract/server-replication.ts';
import { bytes, count, duration, exactBytes } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from '../view.module.css';

const size = (value: string | null) =>
  value === null ? (
    <span className={styles.soft}>–</span>
  ) : (
    <span title={exactBytes(value)}>{bytes(value)}</span>
  );
const lag = (
  id: string,
  header: string,
  hint: string,
  of: (row: Sender) => string | null,
): DataColumn<Sender> => ({
  id,
  header,
  hint,
  width: 88,
  align: 'end',
  descendingFirst: true,
  value: (row) => (of(row) === null ? null : Number(of(row))),
  text: (row) => of(row) ?? '',
  cell: (row) => size(of(row)),
});

export const senderColumns: readonly DataColumn<Sender>[] = [
  {
    id: 'application',
    header: 'Receiver',
    width: 160,
    always: true,
    value: ({ application }) => application,
    text: ({ application }) => application ?? 'hidden',
  },
  { id: 'client', header: 'Address', width: 128, value: ({ client }) => client },
  {
    id: 'state',
    header: 'State',
    width: 96,
    value: ({ state }) => state,
    text: ({ state }) => state ?? 'hidden',
  },
  { id: 'sync', header: 'Sync', width: 80, value: ({ sync }) => sync },
  { id: 'slot', header: 'Slot', width: 128, value: ({ slot }) => slot },
  lag('sent', 'To send', 'WAL written here and not sent yet', ({ sentLag }) => sentLag),
  lag('write', 'To write', 'not written there yet', ({ writeLag }) => writeLag),
  lag('flush', 'To flush', 'not safe on its disk yet', ({ flushLag }) => flushLag),
  lag('replay', 'To replay', 'not to be seen there yet', ({ replayLag }) => replayLag),
  {
    id: 'replayMs',
    header: 'Replay lag',
    hint: 'As the server measures it; none is known when nothing was sent lately.',
    width: 96,
    align: 'end',
    descendingFirst: true,
    value: ({ replayMs }) => replayMs,
    text: ({ replayMs }) => (replayMs === null ? '' : duration(replayMs)),
  },
  {
    id: 'since',
    header: 'Connected',
    width: 112,
    align: 'end',
    value: ({ since }) => since,
    cell: ({ since }) => <TimeAgo at={since} as="age" />,
  },
  { id: 'user', header: 'User', width: 112, grow: true, value: ({ user }) => user },
];

export const slotColumns = (limit: string | null): DataColumn<Slot>[] => [
  { id: 'name', header: 'Slot', width: 176, always: true, value: ({ name }) => name },
  {
    id: 'kind',
    header: 'Kind',
    width: 144,
    value: ({ kind, plugin }) => (plugin ? `${kind}, ${plugin}` : kind),
  },
  { id: 'database', header: 'Database', width: 128, value: ({ database }) => database },
  {
    id: 'active',
    header: 'In use',
    width: 96,
    value: ({ active, activePid }) => (active ? `by ${activePid}` : 'no'),
  },
  {
    id: 'kept',
    header: 'Keeps',
    hint:
      limit === null ? 'WAL; no limit is set (max_slot_wal_keep_size)' : `WAL, of at most ${bytes(limit)}`,
    width: 96,
    align: 'end',
    descendingFirst: true,
    value: ({ kept }) => (kept === null ? null : Number(kept)),
    text: ({ kept }) => kept ?? '',
    cell: ({ kept }) => size(kept),
  },
  {
    id: 'safe',
    header: 'Until lost',
    hint: 'WAL that may still be written before the slot is lost',
    width: 96,
    align: 'end',
    value: ({ safe }) => (safe === null ? null : Number(safe)),
    text: ({ safe }) => safe ?? '',
    cell: ({ safe }) => size(safe),
  },
  {
    id: 'status',
    header: 'WAL',
    width: 112,
    value: ({ walStatus }) => walStatus,
    cell: ({ walStatus }) =>
      walStatus === 'lost' || walStatus === 'unreserved' ? (
        <span className={styles.mark}>
          <IconAlertTriangle size={14} aria-hidden />
          {walStatus}
        </span>
      ) : (
        walStatus
      ),
  },
  {
    id: 'xmin',
    header: 'Holds xmin',
    hint: 'Age of the oldest transaction that it holds, in transactions',
    width: 96,
    align: 'end',
    value: ({ xminAge }) => xminAge,
    text: ({ xminAge }) => (xminAge === null ? '' : count(xminAge)),
  },
  {
    id: 'inactive',
    header: 'Unused for',
    width: 112,
    align: 'end',
    value: ({ inactiveSince }) => inactiveSince,
    cell: ({ inactiveSince }) => <TimeAgo at={inactiveSince} as="age" />,
  },
  {
    id: 'invalid',
    header: 'Remark',
    width: 160,
    grow: true,
    value: ({ invalid, temporary }) => invalid ?? (temporary ? 'temporary' : ''),
  },
];

export const subscriptionColumns: readonly DataColumn<Replication['subscriptions'][number]>[] = [
  { id: 'name', header: 'Subscription', width: 176, always: true, value: ({ name }) => name },
  {
    id: 'state',
    header: 'State',
    width: 128,
    value: ({ enabled, running }) => (!enabled ? 'disabled' : running ? 'running' : 'enabled, not running'),
  },
  { id: 'slot', header: 'Slot', width: 128, value: ({ slot }) => slot },
  {
    id: 'tables',
    header: 'Tables ready',
    width: 104,
    align: 'end',
    value: ({ tablesReady }) => tablesReady,
    text: ({ tables, tablesReady }) => `${tablesReady} of ${tables}`,
  },
  {
    id: 'apply',
    header: 'Apply errors',
    width: 104,
    align: 'end',
    value: ({ applyErrors }) => (applyErrors === null ? null : Number(applyErrors)),
  },
  {
    id: 'sync',
    header: 'Copy errors',
    width: 104,
    align: 'end',
    value: ({ syncErrors }) => (syncErrors === null ? null : Number(syncErrors)),
  },
  {
    id: 'conflicts',
    header: 'Conflicts',
    width: 88,
    align: 'end',
    value: ({ conflicts }) => (conflicts === null ? null : Number(conflicts)),
  },
  {
    id: 'last',
    header: 'Last message',
    width: 112,
    align: 'end',
    value: ({ lastMessageAt }) => lastMessageAt,
    cell: ({ lastMessageAt }) => <TimeAgo at={lastMessageAt} as="age" />,
  },
  {
    id: 'publications',
    header: 'Publications',
    width: 160,
    grow: true,
    value: ({ publications }) => publications.join(', '),
  },
];

export const publicationColumns: readonly DataColumn<Replication['publications'][number]>[] = [
  { id: 'name', header: 'Publication', width: 176, always: true, value: ({ name }) => name },
  {
    id: 'tables',
    header: 'Tables',
    width: 96,
    align: 'end',
    value: ({ tables }) => tables,
    text: ({ allTables, tables }) => (allTables ? 'all' : count(tables)),
  },
  {
    id: 'operations',
    header: 'Publishes',
    width: 240,
    grow: true,
    value: ({ operations }) => operations.join(', '),
  },
];
