import { Button } from '@mantine/core';
import { IconPlayerPlay, IconSeedling } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { Seed } from '../../../preload/contract/migration-runs.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import runStyles from '../run/run.module.css';
import { Where } from '../run/where.tsx';
import { visible } from '../words.ts';
import { FolderChoice } from './folder-choice.tsx';
import { MarkSeedsDialog } from './mark-seeds-dialog.tsx';
import { SeedFiles } from './seed-files.tsx';
import { dueSeeds, runnable } from './seed-words.ts';
import styles from './seeds.module.css';
import { startSeeds } from './seeds-store.ts';

/** The folder that was chosen last, by environment, for as long as this window is open. */
const lastFolders = new Map<string, string>();

/** Files of a folder of seeds: which ran here, and which of them are to run now. */
export function SeedList({ environment, onClose }: { environment: Environment; onClose: () => void }) {
  const { id } = environment;
  const queries = useQueryClient();
  const [wanted, setWanted] = useState(lastFolders.get(id));
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  const [asked, setAsked] = useState<'run' | 'ran' | 'not-ran'>();
  const folders = useQuery({
    queryKey: ['migrations', id, 'seed-folders'],
    queryFn: ({ signal }) => client.migrations.seedFolders({ environment: id }, { signal }),
    staleTime: 0,
  });
  const folder = wanted ?? folders.data?.[0]?.folder;
  const queryKey = ['migrations', id, 'seeds', folder];
  const list = useQuery({
    queryKey,
    queryFn: ({ signal }) => client.migrations.seeds({ environment: id, folder: folder ?? '' }, { signal }),
    enabled: folder !== undefined,
    staleTime: 0,
  });
  const seeds = list.data;
  const picked = chosen ?? new Set(seeds && dueSeeds(seeds));
  const inOrder = seeds?.filter(({ file }) => picked.has(file)).map(({ file }) => file) ?? [];
  const due = seeds ? runnable(seeds, picked) : [];
  const passed = inOrder.length - due.length;
  const refused = environment.protection === 'read-only';
  const choose = (next: string): void => {
    lastFolders.set(id, next);
    setWanted(next);
    setChosen(undefined);
  };
  const take = (all: Seed[]): void => {
    queries.setQueryData(queryKey, all);
    setChosen(undefined);
  };

  return (
    <Inspector
      title={`Seeds of ${environment.name}`}
      onClose={onClose}
      takeFocus
      footer={
        seeds &&
        seeds.length > 0 && (
          <>
            <Button
              variant="filled"
              color="accent"
              leftSection={<IconPlayerPlay size={14} />}
              disabled={due.length === 0 || refused}
              onClick={() => setAsked('run')}
            >
              {due.length === 0 ? 'Run…' : `Run ${plural(due.length, 'file')}…`}
            </Button>
            <Button disabled={inOrder.length === 0} onClick={() => setAsked('ran')}>
              Mark as ran…
            </Button>
            <Button
              disabled={!seeds.some(({ file, ranAt }) => ranAt !== null && picked.has(file))}
              onClick={() => setAsked('not-ran')}
            >
              Mark as not run…
            </Button>
            {refused && (
              <span className={runStyles.refused}>{environment.name} is read-only: no seed is run here.</span>
            )}
            {!refused && passed > 0 && (
              <span className={runStyles.refused}>
                {plural(passed, 'chosen file')} ran before and {passed === 1 ? 'is' : 'are'} as then: passed
                over, unless marked as not run.
              </span>
            )}
          </>
        )
      }
    >
      <div className={runStyles.sections}>
        <Where environment={environment} by="Seeds" />
        <p className={styles.soft}>
          SQL files, run once, in the order of their names. What ran is kept by Howdah, by the file’s content;
          the database itself does not tell. Each file is one transaction, unless it has its own.
        </p>
        {folders.isError && (
          <Explanation
            explanation={explain(folders.error)}
            actions={<Button onClick={() => void folders.refetch()}>Look again</Button>}
          />
        )}
        {folders.data ? (
          <FolderChoice folders={folders.data} folder={folder} onChoose={choose} />
        ) : (
          !folders.isError && <Loading label="Looking for seeds" rows={2} />
        )}
        {list.isError && (
          <Explanation
            explanation={explain(list.error)}
            actions={<Button onClick={() => void list.refetch()}>Look again</Button>}
          />
        )}
        {folders.data && folder === undefined && (
          <Empty icon={IconSeedling} title="No folder of seeds was found">
            The linked projects have no folder called “seeds” with SQL files in it. Another folder can be
            given above.
          </Empty>
        )}
        {folder !== undefined && !list.isError && !seeds && <Loading label="Reading the files" rows={4} />}
        {seeds && seeds.length === 0 && <Empty icon={IconSeedling} title="This folder holds no SQL file" />}
        {seeds && seeds.length > 0 && <SeedFiles seeds={seeds} chosen={picked} onChoose={setChosen} />}
      </div>
      {asked === 'run' && folder !== undefined && (
        <ConfirmDialog
          title={`Run ${plural(due.length, 'file')} of seeds on ${environment.name}`}
          environment={environment}
          action={`Run ${plural(due.length, 'file')}`}
          undo="What a file does is in its own hands; seeds have no way back."
          onConfirm={(confirm) => startSeeds({ environment: id, folder, files: due, confirm })}
          onClose={() => setAsked(undefined)}
        >
          <p>
            From <bdi className="mono">{visible(folder)}</bdi>, in this order:
          </p>
          <ol className={runStyles.names}>
            {due.slice(0, 12).map((file) => (
              <li key={file}>
                <bdi className="mono">{visible(file)}</bdi>
              </li>
            ))}
            {due.length > 12 && <li>and {due.length - 12} more</li>}
          </ol>
        </ConfirmDialog>
      )}
      {(asked === 'ran' || asked === 'not-ran') && folder !== undefined && (
        <MarkSeedsDialog
          environment={environment}
          folder={folder}
          files={inOrder}
          ran={asked === 'ran'}
          onTake={take}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Inspector>
  );
}
