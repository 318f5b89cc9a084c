import { Button, SegmentedControl } from '@mantine/core';
import { IconChartLine, IconListTree, IconTrendingUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Regressions as Answer, Regression } from '../../../preload/contract/queries.ts';
import { Empty } from '../../components/empty.tsx';
import { count, duration, plural } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { useRoomView } from '../../shell/room-view.ts';
import { Banners } from '../top/banners.tsx';
import { layOut } from '../top/sql-layout.ts';
import { regressionColumns } from './columns.tsx';
import styles from './regressions.module.css';

type NowWindow = '1h' | '24h';

const keyOf = ({ key }: Regression): string => key;
const day = 24 * 3_600_000;

/** Statements that take longer now than in the week before. */
export default function Regressions({ environment, choice }: ViewProps) {
  const { go } = useRoomView(environment.id, 'queries', ['top', 'regressions', 'plans'] as const);
  const [window, setWindow] = useState<NowWindow>('1h');
  const [opened, setOpened] = useState<string>();
  const query = useQuery({
    queryKey: ['queries', environment.id, 'regressions', window],
    queryFn: () => client.queries.regressions({ environment: environment.id, window }),
    refetchInterval: 60_000,
  });
  usePaletteActions(
    useMemo(
      () =>
        (['1h', '24h'] as const).map((next) => ({
          id: `queries regressions ${next}`,
          label: `Compare the last ${next === '1h' ? 'hour' : 'day'} with the week before`,
          detail: 'Queries',
          keywords: 'slower regression',
          icon: IconTrendingUp,
          run: () => setWindow(next),
        })),
      [],
    ),
  );
  const answer = query.data;
  const shown = answer?.rows.find(({ key }) => key === opened);
  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          {answer && <Compared answer={answer} />}
          <span className={styles.space} />
          <SegmentedControl
            aria-label="What is held against the week before"
            value={window}
            onChange={(next) => setWindow(next === '24h' ? '24h' : '1h')}
            data={[
              { value: '1h', label: 'Last hour' },
              { value: '24h', label: 'Last day' },
            ]}
          />
        </div>
        <Banners
          limits={answer?.limits ?? []}
          problems={[query.isError ? explain(query.error) : undefined]}
        />
        {!answer && !query.isError && <Loading label="Comparing statements" rows={8} />}
        {answer && (
          <div className={styles.table}>
            <DataTable
              name="queries-regressions"
              label="Statements that have become slower"
              noun="statement"
              columns={regressionColumns}
              rows={answer.rows}
              keyOf={keyOf}
              onActive={(row) => shown && row && setOpened(row.key)}
              onOpen={(row) => setOpened(row.key)}
              actions={([row]) =>
                row
                  ? [
                      { id: 'open', label: 'Open', run: () => setOpened(row.key) },
                      { id: 'explain', label: 'Explain', run: () => go('plans', row.key) },
                    ]
                  : []
              }
              empty={<Nothing answer={answer} />}
            />
          </div>
        )}
      </div>
      {shown && (
        <Inspector
          title="Slower than last week"
          onClose={() => setOpened(undefined)}
          footer={
            <>
              <Button leftSection={<IconListTree size={14} />} onClick={() => go('plans', shown.key)}>
                Explain
              </Button>
              <Button leftSection={<IconChartLine size={14} />} onClick={() => go('top', shown.key)}>
                Trend
              </Button>
            </>
          }
        >
          <div className={styles.evidence}>
            {shown.evidence.map((line) => (
              <p key={line}>{line}</p>
            ))}
            <p>
              The slower calls took {duration(shown.extraMs)} more in this time than they would have before.
            </p>
            {shown.text !== null && <pre className={styles.text}>{layOut(shown.text)}</pre>}
          </div>
        </Inspector>
      )}
    </>
  );
}

function Compared({ answer: { compared, beforeCoveredMs } }: { answer: Answer }) {
  if (beforeCoveredMs === 0)
    return <span className={styles.soft}>Nothing of the week before is measured</span>;
  return (
    <span className={styles.soft}>
      {plural(compared, 'statement')} compared with {duration(beforeCoveredMs)} of the week before
    </span>
  );
}

function Nothing({ answer }: { answer: Answer }) {
  if (answer.compared === 0) {
    return (
      <Empty icon={IconTrendingUp} title="Nothing to compare yet">
        A statement is compared once there are three earlier hours with calls of it, and enough calls in both
        times.
      </Empty>
    );
  }
  return (
    <Empty icon={IconTrendingUp} title="No statement has become slower">
      {count(answer.compared)} were compared with {answer.beforeCoveredMs >= day ? 'the days' : 'the hours'}{' '}
      before.
    </Empty>
  );
}
