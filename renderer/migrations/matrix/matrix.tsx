import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconArrowsDiff, IconFilter, IconListSearch, IconRefresh, IconServer2 } from '@tabler/icons-react';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { count, plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { Progress } from '../../components/progress.tsx';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import type { KeptValues } from '../address.ts';
import { EntryInspector } from '../entry-inspector.tsx';
import styles from '../migrations.module.css';
import { Grid } from './grid.tsx';
import { allGroups, groupChoices, membersOf } from './groups.ts';
import { ProblemInspector } from './problem-inspector.tsx';
import { countDiffering, matrixRows } from './rows.ts';
import { useBlocks } from './use-blocks.ts';
import { useMatrix } from './use-matrix.ts';

interface MatrixProps {
  environment: Environment;
  kept: KeptValues;
  /** Chooses between the room's views. */
  choice: ReactNode;
}

type Opened =
  | { kind: 'entry'; environment: string; track: string; id: string }
  | { kind: 'problem'; environment: string };

/** The environments of a group side by side, migration by migration. */
export default function Matrix({ environment, kept, choice }: MatrixProps) {
  const { environments = [] } = useEnvironments();
  const group = kept.get('group') || environment.group || allGroups;
  const members = useMemo(() => membersOf(environments, group), [environments, group]);
  const matrix = useMatrix(useMemo(() => members.map(({ id }) => id), [members]));
  const [opened, setOpened] = useState<Opened>();
  const search = kept.get('search');
  const wanted = useDeferredValue(search);
  const onlyDiffering = kept.get('differ') === 'yes';

  const statuses = useMemo(
    () => members.flatMap(({ id }) => matrix.statuses.get(id) ?? []),
    [members, matrix.statuses],
  );
  const { blocks, isCurrent } = useBlocks(statuses);
  const rows = useMemo(
    () => matrixRows(blocks, { search: wanted, onlyDiffering }),
    [blocks, wanted, onlyDiffering],
  );
  const differing = useMemo(() => countDiffering(blocks), [blocks]);
  const answered = members.length - matrix.waiting;

  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          <NativeSelect
            aria-label="Group"
            value={group}
            onChange={({ currentTarget: { value } }) =>
              kept.set({ group: value === (environment.group || allGroups) ? '' : value })
            }
            data={groupChoices(environments, group)}
          />
          <TextInput
            data-filter
            type="search"
            aria-label="Search the migrations"
            placeholder="Search (/)"
            leftSection={<IconFilter size={14} />}
            className={styles.search ?? ''}
            value={search}
            onChange={(event) => kept.set({ search: event.currentTarget.value })}
          />
          <button
            type="button"
            className={styles.chip}
            aria-pressed={onlyDiffering}
            onClick={() => kept.set({ differ: onlyDiffering ? '' : 'yes' })}
          >
            <IconArrowsDiff size={14} />
            Only where they differ <b>{count(differing)}</b>
          </button>
          <span className={styles.space} />
          {matrix.waiting > 0 ? (
            <span className={styles.streaming} role="status">
              <span className={styles.bar}>
                <Progress done={answered} total={members.length} label="Environments looked at" />
              </span>
              {answered} of {plural(members.length, 'environment')}
              <Button onClick={matrix.cancel}>Cancel</Button>
            </span>
          ) : (
            <Button leftSection={<IconRefresh size={14} />} onClick={matrix.look}>
              Look again
            </Button>
          )}
        </div>
        {matrix.problem && (
          <div className={styles.problem}>
            <Explanation
              explanation={matrix.problem}
              actions={<Button onClick={matrix.look}>Try again</Button>}
            />
          </div>
        )}
        <Body
          members={members}
          isNarrowed={onlyDiffering || wanted !== ''}
          onClear={() => kept.set({ search: '', differ: '' })}
          matrix={matrix}
          isWithoutBlocks={isCurrent && blocks.length === 0}
        >
          <Grid
            environments={members}
            statuses={matrix.statuses}
            isWaiting={matrix.waiting > 0}
            rows={rows}
            hasOpened={opened !== undefined}
            onOpen={setOpened}
          />
        </Body>
      </div>
      {opened?.kind === 'entry' && (
        <OpenedEntry
          opened={opened}
          environment={members.find(({ id }) => id === opened.environment)}
          matrix={matrix}
          onOpen={setOpened}
        />
      )}
      {opened?.kind === 'problem' && (
        <ProblemInspector
          environment={members.find(({ id }) => id === opened.environment)}
          status={matrix.statuses.get(opened.environment)}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}

interface OpenedEntryProps {
  opened: Extract<Opened, { kind: 'entry' }>;
  environment: Environment | undefined;
  matrix: ReturnType<typeof useMatrix>;
  onOpen: (opened: Opened | undefined) => void;
}

function OpenedEntry({ opened, environment, matrix, onOpen }: OpenedEntryProps) {
  const track = matrix.statuses.get(opened.environment)?.tracks.find(({ key }) => key === opened.track);
  const entry = track?.entries.find(({ id }) => id === opened.id);
  if (!environment || !track || !entry) return null;
  return (
    <EntryInspector
      key={`${environment.id} ${track.key} ${entry.id}`}
      environment={environment}
      track={track}
      entry={entry}
      named
      onGo={(id) => onOpen({ ...opened, id })}
      onClose={() => onOpen(undefined)}
    />
  );
}

interface BodyProps {
  members: readonly Environment[];
  matrix: ReturnType<typeof useMatrix>;
  isWithoutBlocks: boolean;
  isNarrowed: boolean;
  onClear: () => void;
  children: ReactNode;
}

/** The grid, or why there is nothing in it. */
function Body({ members, matrix, isWithoutBlocks, children }: BodyProps) {
  if (members.length === 0)
    return (
      <Empty icon={IconServer2} title="No environment is in this group">
        Choose another group, or all environments.
      </Empty>
    );
  if (matrix.statuses.size === 0 && matrix.waiting > 0)
    return <Loading label="Looking at the environments" rows={14} />;
  const hasProblem = [...matrix.statuses.values()].some(({ problem }) => problem);
  if (isWithoutBlocks && matrix.waiting === 0 && !hasProblem && !matrix.problem)
    return (
      <Empty icon={IconListSearch} title="No migration tool has left anything in these environments">
        Link a project’s folder on an environment’s status, and what is to be run shows here.
      </Empty>
    );
  return <div className={styles.table}>{children}</div>;
}
