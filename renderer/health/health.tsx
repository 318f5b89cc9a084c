import { Button } from '@mantine/core';
import {
  IconDownload,
  IconMarkdown,
  IconPlayerPlay,
  IconRefresh,
  IconReportMedical,
  IconX,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { Loading } from '../components/loading.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import type { Command } from '../shell/palette/commands.ts';
import { usePaletteActions } from '../shell/palette/palette-actions.ts';
import type { ViewProps } from '../shell/room-props.ts';
import styles from './health.module.css';
import { Looks } from './looks.tsx';
import { Report } from './report.tsx';
import { type Health as HealthState, useHealth } from './use-health.ts';

/** What is wrong at a server, as one page that can be handed over. */
export default function Health(props: ViewProps) {
  return <HealthOf key={props.environment.id} {...props} />;
}

function HealthOf({ environment, status, choice }: ViewProps) {
  const health = useHealth(environment.id);
  const { last, soFar, isRunning, problem } = health;
  const isConnected = status.state === 'connected';
  usePaletteActions(useMemo(() => commands(health, isConnected), [health, isConnected]));

  return (
    <div className={styles.screen}>
      <div className={styles.tools}>
        {choice}
        <span className={styles.space} />
        {last && (
          <span className={styles.age}>
            Looked at <TimeAgo at={last.at} />
          </span>
        )}
        {last && (
          <>
            <Button leftSection={<IconDownload size={14} />} onClick={() => health.save('html')}>
              Save as HTML
            </Button>
            <Button leftSection={<IconMarkdown size={14} />} onClick={() => health.save('markdown')}>
              Save as Markdown
            </Button>
          </>
        )}
        {isRunning ? (
          <Button leftSection={<IconX size={14} />} onClick={health.cancel}>
            Cancel
          </Button>
        ) : (
          <Button
            leftSection={last ? <IconRefresh size={14} /> : <IconPlayerPlay size={14} />}
            variant="filled"
            disabled={!isConnected}
            title={isConnected ? undefined : 'Connect it first'}
            onClick={health.run}
          >
            {last ? 'Look again' : 'Run the report'}
          </Button>
        )}
      </div>
      {isRunning && <Looks looks={soFar?.looks} />}
      {problem && (
        <div className={styles.problem}>
          <Explanation
            explanation={problem}
            severity={last ? 'warning' : 'bad'}
            actions={isConnected && <Button onClick={health.run}>Try again</Button>}
          />
        </div>
      )}
      <Body health={health} environment={environment.id} isConnected={isConnected} />
    </div>
  );
}

/** The newest whole report; the one that is made stands in for it as long as there is none. */
function Body({
  health: { last, soFar, isRunning, problem, run },
  environment,
  isConnected,
}: {
  health: HealthState;
  environment: string;
  isConnected: boolean;
}) {
  const shown = last ?? soFar;
  if (shown) return <Report report={shown} environment={environment} isWhole={shown === last} />;
  if (problem) return null;
  if (isRunning || last === undefined) return <Loading label="Looking at the server" rows={10} />;
  return (
    <Empty
      icon={IconReportMedical}
      title="Nobody has looked yet"
      actions={
        isConnected && (
          <Button leftSection={<IconPlayerPlay size={14} />} onClick={run}>
            Run the report
          </Button>
        )
      }
    >
      {isConnected
        ? 'The report asks each room what is wrong: sessions, locks, statements, storage, vacuum, the server, access. It changes nothing.'
        : 'The report is made while the environment is connected; the newest one is kept and shows here afterwards.'}
    </Empty>
  );
}

function commands({ last, isRunning, run, cancel, save }: HealthState, isConnected: boolean): Command[] {
  const detail = 'Health';
  return [
    ...(isRunning
      ? [{ id: 'health cancel', label: 'Cancel the health report', detail, icon: IconX, run: cancel }]
      : isConnected
        ? [
            {
              id: 'health run',
              label: 'Run the health report',
              detail,
              keywords: 'look again findings advice',
              icon: IconReportMedical,
              run,
            },
          ]
        : []),
    ...(last
      ? [
          {
            id: 'health html',
            label: 'Save the health report as HTML',
            detail,
            keywords: 'export page print',
            icon: IconDownload,
            run: () => save('html'),
          },
          {
            id: 'health markdown',
            label: 'Save the health report as Markdown',
            detail,
            keywords: 'export ticket',
            icon: IconMarkdown,
            run: () => save('markdown'),
          },
        ]
      : []),
  ];
}
