import { ActionIcon } from '@mantine/core';
import { IconRefresh, IconReplace } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Replication as Found } from '../../../preload/contract/server-replication.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, dateTime, plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { client } from '../../lib/client.ts';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { Block, Limits, tableHeight } from '../parts.tsx';
import { useServer } from '../use-server.ts';
import styles from '../view.module.css';
import { publicationColumns, senderColumns, slotColumns, subscriptionColumns } from './columns.tsx';

/** ms between two looks while the screen shows. */
const beat = 5000;

/** Who gets this server's changes and how far behind they are, and whose changes it gets. */
export default function Replication({ environment, status, choice }: ViewProps) {
  const { data, problem, isAsking, ask } = useServer(
    status,
    ['replication'],
    (options) => client.server.replication({ environment: environment.id }, options),
    status.state === 'connected' ? beat : false,
  );
  usePaletteActions(
    useMemo(
      () => [
        {
          id: 'server replication look',
          label: 'Look at the replication again',
          detail: 'Server',
          icon: IconRefresh,
          run: ask,
        },
      ],
      [ask],
    ),
  );
  return (
    <div className={styles.view}>
      <div className={styles.head}>
        {choice}
        <span className={styles.space} />
        <ActionIcon
          variant="default"
          aria-label="Look again"
          title="Look again"
          onClick={ask}
          loading={isAsking && !data}
        >
          <IconRefresh size={14} />
        </ActionIcon>
      </div>
      {problem && (
        <div className={styles.limits}>
          <Explanation explanation={problem} severity={data ? 'warning' : 'bad'} compact />
        </div>
      )}
      {!data && !problem && <Loading label="Loading the replication" rows={8} />}
      {data && <Limits limits={data.limits} />}
      {data && (isAlone(data) ? <Alone found={data} /> : <All found={data} />)}
    </div>
  );
}

const isAlone = ({ senders, slots, standby, subscriptions, publications, archiver }: Found): boolean =>
  senders.length + slots.length + subscriptions.length + publications.length === 0 &&
  standby === null &&
  archiver.mode === 'off';

function Alone({ found }: { found: Found }) {
  return (
    <Empty icon={IconReplace} title="This server stands alone">
      It has no standby, slot, publication or subscription, and archives no WAL
      {found.archiver.mode === 'off' ? ' (archive_mode is off)' : ''}. Its backups are all there is.
    </Empty>
  );
}

function All({ found }: { found: Found }) {
  const { senders, slots, slotLimit, standby, subscriptions, publications } = found;
  const slotsColumns = useMemo(() => slotColumns(slotLimit), [slotLimit]);
  return (
    <div className={styles.scroll}>
      {standby && <StandbyBlock standby={standby} />}
      <Block title="Receivers" line={senders.length === 0 ? 'Nobody receives WAL from here.' : undefined}>
        {senders.length > 0 && (
          <div className={styles.blockTable} style={{ height: tableHeight(senders.length) }}>
            <DataTable
              name="server-senders"
              label="Receivers"
              columns={senderColumns}
              rows={senders}
              keyOf={({ pid }) => String(pid)}
              live
              footer={false}
            />
          </div>
        )}
      </Block>
      <Block
        title="Slots"
        line={
          slots.length === 0
            ? 'There are none.'
            : slotLimit === null
              ? 'max_slot_wal_keep_size sets no limit: a slot that nobody reads keeps WAL until the disk is full.'
              : `Each may keep ${bytes(slotLimit)} of WAL.`
        }
      >
        {slots.length > 0 && (
          <div className={styles.blockTable} style={{ height: tableHeight(slots.length) }}>
            <DataTable
              name="server-slots"
              label="Slots"
              columns={slotsColumns}
              rows={slots}
              keyOf={({ name }) => name}
              live
              footer={false}
            />
          </div>
        )}
      </Block>
      <ArchiverBlock archiver={found.archiver} />
      {subscriptions.length > 0 && (
        <Block title="Subscriptions of this database">
          <div className={styles.blockTable} style={{ height: tableHeight(subscriptions.length) }}>
            <DataTable
              name="server-subscriptions"
              label="Subscriptions"
              columns={subscriptionColumns}
              rows={subscriptions}
              keyOf={({ name }) => name}
              live
              footer={false}
            />
          </div>
        </Block>
      )}
      {publications.length > 0 && (
        <Block title="Publications of this database">
          <div className={styles.blockTable} style={{ height: tableHeight(publications.length) }}>
            <DataTable
              name="server-publications"
              label="Publications"
              columns={publicationColumns}
              rows={publications}
              keyOf={({ name }) => name}
              footer={false}
            />
          </div>
        </Block>
      )}
    </div>
  );
}

function StandbyBlock({ standby }: { standby: NonNullable<Found['standby']> }) {
  const { receiver, toReplay, replayedAt, paused, conflicts } = standby;
  return (
    <Block
      title="This standby"
      line={
        <>
          <span>
            {receiver
              ? `receives from ${receiver.from ?? 'a server hidden from this role'}${receiver.slot ? ` by slot ${receiver.slot}` : ''}, ${receiver.state ?? 'state hidden'}`
              : 'no WAL receiver runs: it reads archived WAL, or nothing'}
          </span>
          {toReplay !== null && <span>{bytes(toReplay)} to replay</span>}
          <span>
            last transaction replayed: <TimeAgo at={replayedAt} />
          </span>
          {paused && <b>replay is paused</b>}
          {conflicts.map(({ database, ...kinds }) => (
            <span key={database}>
              statements ended in {database}:{' '}
              {Object.entries(kinds)
                .filter(([, many]) => many !== null && many !== '0')
                .map(([kind, many]) => `${count(many ?? '0')} by ${kind}`)
                .join(', ')}
            </span>
          ))}
        </>
      }
    />
  );
}

function ArchiverBlock({ archiver }: { archiver: Found['archiver'] }) {
  const { mode, archived, lastArchived, lastArchivedAt, failed, lastFailed, lastFailedAt, failing } =
    archiver;
  if (mode === 'off') return <Block title="Archiving" line="archive_mode is off." />;
  return (
    <Block
      title="Archiving"
      line={
        <>
          {failing && <b>The last attempt failed.</b>}
          <span>
            {plural(Number(archived), 'segment')} archived
            {lastArchived && (
              <>
                , the last <code>{lastArchived}</code> <TimeAgo at={lastArchivedAt} />
              </>
            )}
          </span>
          <span title={lastFailedAt === null ? undefined : dateTime(lastFailedAt)}>
            {plural(Number(failed), 'failure')}
            {lastFailed && (
              <>
                , the last <code>{lastFailed}</code> <TimeAgo at={lastFailedAt} />
              </>
            )}
          </span>
        </>
      }
    />
  );
}
