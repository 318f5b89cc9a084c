import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconKeyOff, IconPlugConnectedX, IconRoute } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import type { EnvironmentStatus } from '../../preload/contract/environments.ts';
import { duration, milliseconds, plural } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { connectionWord, StateDot } from '../components/state-dot.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useConsoleInfo } from '../console/use-console-info.ts';
import { openWay, useOpenedWay } from '../environments/way-opened.ts';
import { stateWord, wayIsBroken, wayParts } from '../environments/way-words.ts';
import { useLinkState } from '../lib/use-link-state.ts';
import { useSampleJob } from '../sample/sample-provider.tsx';
import { useEnvironments } from './environments-provider.tsx';
import { JobsLine } from './jobs-line.tsx';
import styles from './status-strip.module.css';
import { useLayers } from './use-layers.ts';
import { usePlace } from './use-place.ts';

const WayInspector = lazy(() => import('../environments/way-inspector.tsx'));

/** The last line of the window: connection and age of the sample, what Howdah costs, jobs, the console itself. */
export function StatusStrip() {
  const { statusOf, environments } = useEnvironments();
  const { current } = usePlace();
  const layers = useLayers();
  const info = useConsoleInfo();
  return (
    <footer className={styles.strip}>
      {current ? (
        <OneStatus status={statusOf(current.id)} />
      ) : (
        <AllStatus statuses={(environments ?? []).map(({ id }) => statusOf(id))} />
      )}
      <OpenedWay />
      <span className={styles.space} />
      <JobsLine />
      <SampleProgressLine />
      {info && !info.keychain.available && (
        <Tooltip label={`${info.keychain.detail} Passwords stay in memory for this run.`} multiline w={320}>
          <button type="button" className={styles.button} onClick={() => layers.open('about')}>
            <IconKeyOff size={14} aria-hidden /> No keychain: passwords stay in memory
          </button>
        </Tooltip>
      )}
      <LinkLine />
      <button type="button" className={styles.button} onClick={() => layers.open('about')}>
        Howdah {info?.version}
      </button>
    </footer>
  );
}

function OneStatus({ status }: { status: EnvironmentStatus }) {
  const { state, glance, cost } = status;
  const link = useLinkState();
  return (
    <>
      <span className={styles.part}>
        {link === 'open' ? (
          <StateWithWord status={status} />
        ) : (
          `Last known: ${stateWord(status).toLowerCase()}`
        )}
        {state !== 'connected' && status.since > 0 && (
          <span>
            for <TimeAgo at={status.since} as="age" />
          </span>
        )}
      </span>
      <WayButton status={status} />
      {glance && (
        <span className={styles.part}>
          Sample <TimeAgo at={glance.at} />
        </span>
      )}
      {cost && state === 'connected' && (
        <span
          className={styles.part}
          title={`Server time spent on Howdah over the last minute. A sample is taken every ${duration(cost.intervalMs)}.`}
        >
          Howdah costs {milliseconds(cost.msPerSecond)}/s, holds {plural(cost.sessions, 'session')}
          {cost.slowed && <span className={styles.slowed}>slowed to every {duration(cost.intervalMs)}</span>}
        </span>
      )}
    </>
  );
}

function StateWithWord({ status }: { status: EnvironmentStatus }) {
  const word = stateWord(status);
  if (word === connectionWord(status.state)) return <StateDot state={status.state} showWord />;
  return (
    <>
      <span className={styles.dot} aria-hidden>
        <StateDot state={status.state} />
      </span>
      {word}
    </>
  );
}

/** What stands between this machine and the server, in a few words; opens the whole of it. */
function WayButton({ status }: { status: EnvironmentStatus }) {
  const opened = useOpenedWay();
  const parts = wayParts(status);
  if (parts.length === 0) return null;
  const isOpen = opened === status.environment;
  const isBroken = wayIsBroken(status);
  return (
    <button
      type="button"
      className={`${styles.button} ${styles.way}`}
      data-severity={isBroken ? 'bad' : undefined}
      aria-pressed={isOpen}
      title={parts.map(({ text }) => text).join(' · ')}
      onClick={() => openWay(isOpen ? undefined : status.environment)}
    >
      {isBroken ? <IconAlertTriangle size={14} aria-hidden /> : <IconRoute size={14} aria-hidden />}
      {parts.map(({ text, long }, index) => (
        <span key={text} className={long ? styles.cut : undefined}>
          {index > 0 && '· '}
          {text}
        </span>
      ))}
    </button>
  );
}

/** The inspector of the way, while the environment it belongs to is in sight. */
function OpenedWay() {
  const { statusOf } = useEnvironments();
  const { current } = usePlace();
  const opened = useOpenedWay();
  if (!current || opened !== current.id) return null;
  return (
    <Suspense>
      <WayInspector
        key={current.id}
        environment={current}
        status={statusOf(current.id)}
        onClose={() => openWay(undefined)}
      />
    </Suspense>
  );
}

function AllStatus({ statuses }: { statuses: readonly EnvironmentStatus[] }) {
  const connected = statuses.filter(({ state }) => state === 'connected');
  if (statuses.length === 0) return null;
  const cost = connected.reduce((sum, status) => sum + (status.cost?.msPerSecond ?? 0), 0);
  const sessions = connected.reduce((sum, status) => sum + (status.cost?.sessions ?? 0), 0);
  return (
    <>
      <span className={styles.part}>
        {connected.length} of {plural(statuses.length, 'environment')} connected
      </span>
      {connected.length > 0 && (
        <span
          className={styles.part}
          title="Server time spent on Howdah over the last minute, all servers together"
        >
          Howdah costs {milliseconds(cost)}/s in all, holds {plural(sessions, 'session')}
        </span>
      )}
    </>
  );
}

function SampleProgressLine() {
  const { progress, cancel } = useSampleJob();
  if (!progress) return null;
  return (
    <span className={styles.part}>
      <span className={styles.bar}>
        <Progress done={progress.done} total={progress.total} label="Sample server" />
      </span>
      Sample server: {progress.step}
      <button type="button" className={styles.button} onClick={cancel}>
        Cancel
      </button>
    </span>
  );
}

function LinkLine() {
  const link = useLinkState();
  if (link === 'open') return null;
  return (
    <span className={styles.part} data-severity="bad" role="status">
      <IconPlugConnectedX size={14} aria-hidden />
      {link === 'connecting' ? 'Reaching the console' : 'The console does not answer; trying again'}
    </span>
  );
}
