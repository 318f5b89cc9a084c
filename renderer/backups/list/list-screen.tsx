import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDatabaseExport, IconDots, IconFolderSearch, IconRefresh } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { Backup } from '../../../preload/contract/backups.ts';
import type { Environment, EnvironmentStatus } from '../../../preload/contract/environments.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import { type Opened, openedAddress } from '../address.ts';
import { CreatePanel } from '../create/create-panel.tsx';
import { type BackupAsk, BackupDialog } from '../inspect/backup-dialog.tsx';
import { BackupInspector } from '../inspect/backup-inspector.tsx';
import { type ListDialog, listCommands } from '../palette-commands.ts';
import { createKey, useRun } from '../run/run-store.ts';
import { useBackups } from '../use-backups.ts';
import { backupColumns } from './backup-columns.tsx';
import styles from './list.module.css';
import { RoomDialog } from './room-dialog.tsx';
import { StandingLine } from './standing-line.tsx';

const SizeChart = lazy(() => import('./size-chart.tsx'));

interface ListScreenProps {
  environment: Environment;
  status: EnvironmentStatus;
  opened: Opened;
  /** Chooses between the room's views. */
  choice: ReactNode;
}

const keyOf = ({ id, path }: Backup): string => id ?? path;
const toneOf = ({ isThere, verification }: Backup): string | undefined =>
  isThere ? (verification.state === 'bad' ? 'bad' : undefined) : 'gone';
const newestFirst = [{ id: 'made', desc: true }];

/** The backups of one environment, and what is open beside them. */
export function ListScreen({ environment, status, opened, choice }: ListScreenProps) {
  const { backups, problem, isLooking, look } = useBackups(environment.id);
  const [, navigate] = useLocation();
  const [dialog, setDialog] = useState<ListDialog>();
  const [asked, setAsked] = useState<BackupAsk>();
  const making = useRun(createKey(environment.id));
  const isWalking = opened?.kind === 'backup';
  const go = useCallback(
    // To walk the list with one open is no step to come back to.
    (next: Opened) =>
      navigate(openedAddress(environment.id, next), { replace: isWalking && next?.kind === 'backup' }),
    [navigate, environment.id, isWalking],
  );
  const make = useCallback(() => go({ kind: 'new' }), [go]);
  const open = useCallback((one: Backup) => one.id !== null && go({ kind: 'backup', id: one.id }), [go]);
  const close = useCallback(() => go(undefined), [go]);
  usePaletteActions(useMemo(() => listCommands({ make, look, open: setDialog }), [make, look]));
  const shown = opened?.kind === 'backup' ? backups?.find(({ id }) => id === opened.id) : undefined;
  const isConnected = status.state === 'connected';
  const actionsOf = useCallback(
    ([backup]: readonly Backup[]): RowAction[] =>
      backup
        ? [
            { id: 'open', label: 'Open', run: () => open(backup) },
            { id: 'restore', label: 'Restore…', run: () => setAsked({ kind: 'restore', backup }) },
            { id: 'forget', label: 'Forget…', run: () => setAsked({ kind: 'forget', backup }) },
            {
              id: 'remove',
              label: 'Remove the files…',
              destroys: true,
              run: () => setAsked({ kind: 'remove', backup }),
            },
          ]
        : [],
    [open],
  );

  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          <span className={styles.space} />
          <Button
            variant="filled"
            color="accent"
            leftSection={<IconDatabaseExport size={14} />}
            onClick={make}
          >
            {making?.phase === 'running' ? 'Backing up: show' : 'New backup…'}
          </Button>
          <Button leftSection={<IconFolderSearch size={14} />} onClick={() => setDialog('find')}>
            Find files…
          </Button>
          <ActionIcon
            variant="default"
            aria-label="Look again"
            title="Look again"
            onClick={look}
            loading={isLooking}
          >
            <IconRefresh size={14} />
          </ActionIcon>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon
                variant="default"
                aria-label="Programs, buckets and key"
                title="Programs, buckets and key"
              >
                <IconDots size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog('tools')}>Programs…</Menu.Item>
              <Menu.Item onClick={() => setDialog('places')}>Buckets…</Menu.Item>
              <Menu.Item onClick={() => setDialog('key')}>Key…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
        {problem && (
          <div className={styles.problem}>
            <Explanation
              explanation={problem}
              severity={backups ? 'warning' : 'bad'}
              actions={<Button onClick={look}>Try again</Button>}
            />
          </div>
        )}
        {!backups ? (
          !problem && <Loading label="Loading the backups" rows={12} />
        ) : backups.length === 0 ? (
          <Nothing onMake={make} onFind={() => setDialog('find')} />
        ) : (
          <>
            <StandingLine backups={backups} onOpen={open} />
            {backups.length > 1 && (
              <Suspense fallback={<div style={{ height: 132 }} />}>
                <SizeChart backups={backups} onOpen={open} />
              </Suspense>
            )}
            <div className={styles.table}>
              <DataTable
                name="backups"
                label="Backups"
                noun="backup"
                columns={backupColumns}
                rows={backups}
                keyOf={keyOf}
                sorting={newestFirst}
                toneOf={toneOf}
                onOpen={open}
                onActive={(row) => row && isWalking && open(row)}
                actions={actionsOf}
                note="Enter or double-click opens"
              />
            </div>
          </>
        )}
      </div>
      {opened?.kind === 'new' && (
        <CreatePanel
          environment={environment}
          isConnected={isConnected}
          onOpen={open}
          onDialog={setDialog}
          onClose={close}
        />
      )}
      {opened?.kind === 'backup' && backups && (
        <BackupInspector
          key={opened.id}
          environment={environment}
          id={opened.id}
          backup={shown}
          onAsk={setAsked}
          onClose={close}
        />
      )}
      {dialog && (
        <RoomDialog dialog={dialog} environment={environment} onClose={() => setDialog(undefined)} />
      )}
      {asked && (
        <BackupDialog
          environment={environment}
          asked={asked}
          onGone={close}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

function Nothing({ onMake, onFind }: { onMake: () => void; onFind: () => void }) {
  return (
    <Empty
      icon={IconDatabaseExport}
      title="No backup of this environment is known"
      actions={
        <>
          <Button
            variant="filled"
            color="accent"
            leftSection={<IconDatabaseExport size={14} />}
            onClick={onMake}
          >
            Make a backup
          </Button>
          <Button leftSection={<IconFolderSearch size={14} />} onClick={onFind}>
            Find existing files
          </Button>
        </>
      }
    >
      Make one now, with PostgreSQL’s own programs; or have a folder looked through for dumps that others
      made, whatever they are called.
    </Empty>
  );
}
