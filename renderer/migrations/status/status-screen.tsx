import { Button } from '@mantine/core';
import {
  IconFolder,
  IconFolderPlus,
  IconListSearch,
  IconPlugConnectedX,
  IconRefresh,
  IconSeedling,
} from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { Environment, EnvironmentStatus } from '../../../preload/contract/environments.ts';
import type { MigrationStatus, MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import type { Command } from '../../shell/palette/commands.ts';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { KeptValues } from '../address.ts';
import { FoldersPanel } from '../folders/folders-panel.tsx';
import { HomeMadePanel } from '../folders/home-made-panel.tsx';
import styles from '../migrations.module.css';
import { statusCommands } from '../palette-commands.ts';
import { takeAskedWork, useAskedWork } from '../run/asked-work.ts';
import { workKeys } from '../run/work-keys.ts';
import { SeedsPanel } from '../seeds/seeds-panel.tsx';
import { useStatus } from '../use-status.ts';
import { useShownTrack, viewKey } from './shown-track.ts';
import { TrackTabs } from './track-tabs.tsx';
import { TrackView } from './track-view.tsx';

interface StatusScreenProps {
  environment: Environment;
  status: EnvironmentStatus;
  kept: KeptValues;
  /** Chooses between the room's views. */
  choice: ReactNode;
}

type Panel = 'folders' | 'describe' | 'seeds';

/** Where one environment stands: every tool that left something in its database or has a folder in its projects. */
export function StatusScreen({ environment, status, kept, choice }: StatusScreenProps) {
  const isConnected = status.state === 'connected';
  const look = useStatus(environment.id, isConnected);
  const [panel, setPanel] = useState<Panel>();
  const folders = useCallback(() => setPanel('folders'), []);
  const describe = useCallback(() => setPanel('describe'), []);
  const seeds = useCallback(() => setPanel('seeds'), []);
  usePaletteActions(
    useMemo(
      () => [...statusCommands({ refresh: look.look, folders, describe }), seedsCommand(seeds)],
      [look.look, folders, describe, seeds],
    ),
  );
  useAskedTrack(environment.id, look.status, kept, seeds);
  const shown = look.status;
  const track = useShownTrack(shown?.tracks, kept.get('track'));
  const linked = shown?.folders.length ?? 0;

  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          {shown && (
            <span className={styles.soft}>
              Looked at <TimeAgo at={shown.at} />
            </span>
          )}
          <span className={styles.space} />
          <Button leftSection={<IconFolder size={14} />} onClick={folders} disabled={!isConnected}>
            {linked === 0 ? 'Link a folder' : `Folders (${linked})`}
          </Button>
          <Button leftSection={<IconSeedling size={14} />} onClick={seeds} disabled={!isConnected}>
            Seeds…
          </Button>
          <Button
            leftSection={<IconRefresh size={14} />}
            onClick={look.look}
            loading={look.isLooking}
            disabled={!isConnected}
          >
            Look again
          </Button>
        </div>
        {look.problem && (
          <div className={styles.problem}>
            <Explanation
              explanation={look.problem}
              severity={shown ? 'warning' : 'bad'}
              actions={isConnected && <Button onClick={look.look}>Try again</Button>}
            />
          </div>
        )}
        {shown?.problem && (
          <div className={styles.problem}>
            <Explanation explanation={shown.problem} severity="warning" compact />
          </div>
        )}
        {shown ? (
          <Tracks
            environment={environment}
            status={shown}
            track={track}
            kept={kept}
            onFolders={folders}
            onDescribe={describe}
            onTake={look.take}
            onLook={look.look}
          />
        ) : (
          !look.problem && <Nothing isConnected={isConnected} />
        )}
      </div>
      {panel === 'folders' && (
        <FoldersPanel
          environment={environment}
          folders={shown?.folders ?? []}
          onTake={look.take}
          onDescribe={describe}
          onClose={() => setPanel(undefined)}
        />
      )}
      {panel === 'seeds' && <SeedsPanel environment={environment} onClose={() => setPanel(undefined)} />}
      {panel === 'describe' && (
        <HomeMadePanel
          environment={environment}
          track={track?.tool === 'home-made' ? track : undefined}
          onTake={look.take}
          onClose={() => setPanel(undefined)}
        />
      )}
    </>
  );
}

const seedsCommand = (run: () => void): Command => ({
  id: 'migrations seeds',
  label: 'Run seeds…',
  detail: 'Migrations',
  keywords: 'seed fixtures data sql files mark',
  icon: IconSeedling,
  run,
});

/** Goes to what the status strip asked for: the seeds, or the track whose work it is, which then shows it. */
function useAskedTrack(
  environment: string,
  status: MigrationStatus | undefined,
  kept: KeptValues,
  onSeeds: () => void,
): void {
  const asked = useAskedWork(environment);
  const { get, set } = kept;
  useEffect(() => {
    if (asked?.kind === 'seeds') {
      onSeeds();
      takeAskedWork(environment);
    } else if (asked && status) {
      const at = status.tracks.findIndex((one) => workKeys(environment, one).includes(asked.key));
      const wanted = at > 0 ? (status.tracks[at]?.key ?? '') : '';
      if (at < 0) takeAskedWork(environment);
      else if (get('track') !== wanted) set({ track: wanted, state: '', search: '' });
    }
  }, [asked, status, environment, get, set, onSeeds]);
}

function Nothing({ isConnected }: { isConnected: boolean }) {
  if (isConnected) return <Loading label="Looking at the migrations" rows={14} />;
  return (
    <Empty icon={IconPlugConnectedX} title="Where it stands is known once it is connected">
      The migration tools’ tables are in its database. Connect, and they are read; the matrix shows the
      environments that are connected already.
    </Empty>
  );
}

interface TracksProps {
  environment: Environment;
  status: MigrationStatus;
  track: MigrationTrack | undefined;
  kept: KeptValues;
  onFolders: () => void;
  onDescribe: () => void;
  onTake: (status: MigrationStatus) => void;
  onLook: () => void;
}

function Tracks({ environment, status, track, kept, onFolders, onDescribe, onTake, onLook }: TracksProps) {
  if (!track) {
    return (
      <Empty
        icon={IconListSearch}
        title="No migration tool has left anything here"
        actions={
          <>
            <Button
              variant="filled"
              color="accent"
              leftSection={<IconFolderPlus size={14} />}
              onClick={onFolders}
            >
              Link a project’s folder
            </Button>
            <Button onClick={onDescribe}>Describe a home-made table</Button>
          </>
        }
      >
        Howdah looked in every schema of the database for the tables of Alembic, Atlas, dbmate, Diesel,
        Django, Drizzle, Ecto, Flyway, golang-migrate, goose, Knex, Laravel, Liquibase, node-pg-migrate,
        Prisma, Rails, Sequelize, Sqitch, sqlx and TypeORM, and for tables that hold names of SQL files
        {status.folders.length > 0
          ? ', and in the linked folders for their files.'
          : '. A project’s folder shows what is still to be run.'}
      </Empty>
    );
  }
  return (
    <>
      {status.tracks.length > 1 && (
        <TrackTabs
          tracks={status.tracks}
          chosen={track.key}
          onChoose={(key) =>
            kept.set({ track: key === status.tracks[0]?.key ? '' : key, state: '', search: '' })
          }
        />
      )}
      <TrackView
        key={viewKey(status.tracks, track)}
        environment={environment}
        track={track}
        kept={kept}
        onFolders={onFolders}
        onDescribe={onDescribe}
        onTake={onTake}
        onLook={onLook}
      />
    </>
  );
}
