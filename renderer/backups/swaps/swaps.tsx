import { Button } from '@mantine/core';
import { IconArrowsExchange, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import type { Environment, EnvironmentStatus } from '../../../preload/contract/environments.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import { swapColumns } from './swap-columns.tsx';
import { type SwapAsk, SwapDialog } from './swap-dialogs.tsx';
import { SwapInspector } from './swap-inspector.tsx';
import { able, stateWords } from './swap-words.ts';
import styles from './swaps.module.css';
import { useSwaps } from './use-swaps.ts';

const keyOf = ({ id, kept }: KeptDatabase): string => id ?? kept;
const newestFirst = [{ id: 'age', desc: false }];
const toneOf = ({ state }: KeptDatabase): string | undefined => (state === 'gone' ? 'gone' : undefined);

interface SwapsProps {
  environment: Environment;
  status: EnvironmentStatus;
  /** Of the room's views, to stand in the same line. */
  choice: ReactNode;
}

/** Databases that swaps keep on an environment's server: swapped back, dropped, or found changed by others. */
export default function Swaps({ environment, status, choice }: SwapsProps) {
  const { swaps, limits, problem, isLooking, look } = useSwaps(environment.id, status.state);
  const [opened, setOpened] = useState<string>();
  const [asked, setAsked] = useState<SwapAsk>();
  const shown = swaps?.find((one) => keyOf(one) === opened);
  const actionsOf = useMemo(
    () =>
      ([swap]: readonly KeptDatabase[]): RowAction[] =>
        swap ? actions(swap, setAsked) : [],
    [],
  );
  usePaletteActions(
    useMemo(
      () => [
        {
          id: 'backups swaps look',
          label: 'Look at the kept databases again',
          detail: 'Backups',
          keywords: 'refresh swap undo',
          icon: IconRefresh,
          run: look,
        },
        ...(shown
          ? actions(shown, setAsked)
              .filter(({ refused }) => refused === undefined)
              .map(({ id, label, run }) => ({
                id: `backups swaps ${id}`,
                label,
                detail: shown.kept,
                keywords: 'swap undo kept database',
                icon: IconArrowsExchange,
                run,
              }))
          : []),
      ],
      [look, shown],
    ),
  );
  return (
    <>
      <div className={styles.screen}>
        <div className={styles.tools}>
          {choice}
          <span className={styles.space} />
          <Button leftSection={<IconRefresh size={14} />} loading={isLooking} onClick={look}>
            Look again
          </Button>
        </div>
        {problem && (
          <div className={styles.problem}>
            <Explanation
              explanation={problem}
              severity={swaps ? 'warning' : 'bad'}
              actions={<Button onClick={look}>Try again</Button>}
            />
          </div>
        )}
        {limits.map((limit) => (
          <div key={limit.cause} className={styles.problem}>
            <Explanation explanation={limit} severity="warning" />
          </div>
        ))}
        {!swaps ? (
          !problem && <Loading label="Looking at what swaps keep" rows={4} />
        ) : swaps.length === 0 ? (
          <Empty icon={IconArrowsExchange} title="No swap keeps a database here">
            A restore that swaps keeps the database whose place it takes, under a dated name. Until somebody
            drops that one, the swap can be undone from here.
          </Empty>
        ) : (
          <div className={styles.table}>
            <DataTable
              name="backup-swaps"
              label="Kept databases"
              noun="kept database"
              columns={swapColumns}
              rows={swaps}
              keyOf={keyOf}
              sorting={newestFirst}
              toneOf={toneOf}
              onOpen={(one) => setOpened(keyOf(one))}
              onActive={(one) => one && opened !== undefined && setOpened(keyOf(one))}
              actions={actionsOf}
              note="Enter or double-click opens"
            />
          </div>
        )}
      </div>
      {shown && (
        <SwapInspector
          key={opened}
          environment={environment}
          swap={shown}
          onAsk={setAsked}
          onClose={() => setOpened(undefined)}
        />
      )}
      {asked && (
        <SwapDialog
          environment={environment}
          asked={asked}
          onDone={look}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

function actions(swap: KeptDatabase, ask: (ask: SwapAsk) => void): RowAction[] {
  const can = able(swap);
  const refused = (may: true | string) => (may === true ? {} : { refused: may });
  if (can.forget)
    return [
      {
        id: 'forget',
        label: `Take it off the list… (${stateWords[swap.state].word.toLowerCase()})`,
        run: () => ask({ kind: 'forget', swap }),
      },
    ];
  return [
    { id: 'back', label: 'Swap back…', run: () => ask({ kind: 'back', swap }), ...refused(can.swapBack) },
    {
      id: 'drop',
      label: 'Drop the kept database…',
      destroys: true,
      run: () => ask({ kind: 'drop', swap }),
      ...refused(can.drop),
    },
  ];
}
