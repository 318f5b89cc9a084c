import { Button } from '@mantine/core';
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { addressText } from '../../preload/contract/connection-url.ts';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { age } from '../components/format.ts';
import { StateDot } from '../components/state-dot.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useNow } from '../components/use-now.ts';
import { CompanionOutput } from '../environments/companion-output.tsx';
import { ConnectionAsk } from '../environments/connection-ask.tsx';
import { WayFacts } from '../environments/way-facts.tsx';
import { openWay } from '../environments/way-opened.ts';
import { useActions } from './actions.tsx';
import styles from './connection-screen.module.css';
import { hasWay, knowsPast, showsWay } from './in-sight.ts';
import { PasswordForm } from './password-form.tsx';

interface ConnectionProps {
  environment: Environment;
  status: EnvironmentStatus;
}

interface ConnectionScreenProps extends ConnectionProps {
  /** Shows what is kept from before; undefined where the room keeps nothing. */
  onPast: (() => void) | undefined;
}

/** Stands in for a room while there is nothing to show: disconnected, connecting, or not to be reached. */
export function ConnectionScreen({ environment, status, onPast }: ConnectionScreenProps) {
  return (
    <div className={styles.scroll}>
      <State environment={environment} status={status} onPast={onPast} />
      <Way environment={environment} status={status} />
    </div>
  );
}

function State({ environment, status, onPast }: ConnectionScreenProps) {
  const { connect } = useActions();
  const { connection } = environment;
  const where = (
    <span className={styles.where}>
      <bdi>{connection.user}</bdi> on <bdi>{connection.database}</bdi> at <bdi>{addressText(connection)}</bdi>
    </span>
  );
  if (status.problem || status.ask) {
    return (
      <div className={styles.screen}>
        <Trouble environment={environment} status={status} />
        {where}
        {onPast && (
          <div>
            <Button onClick={onPast}>Show its history</Button>
          </div>
        )}
      </div>
    );
  }
  if (status.state === 'connecting' || status.state === 'lost') {
    return (
      <Empty
        icon={IconPlugConnected}
        title={`Connecting to ${environment.name}`}
        actions={<StopButton {...{ environment }} />}
      >
        {where}
        <div>
          Since <TimeAgo at={status.since} as="age" />
        </div>
      </Empty>
    );
  }
  return (
    <Empty
      icon={IconPlugConnectedX}
      title={`Not connected to ${environment.name}`}
      actions={
        <>
          <Button variant="filled" onClick={() => connect(environment)}>
            Connect
          </Button>
          {onPast && <Button onClick={onPast}>Show its history</Button>}
        </>
      }
    >
      {where}
    </Empty>
  );
}

/** Below the state: the stations of the way, and what the companion says. */
function Way({ environment, status }: ConnectionProps) {
  if (!showsWay(environment, status)) return null;
  return (
    <div className={styles.way}>
      <WayFacts environment={environment} status={status} />
      {(environment.connection.companion || status.companion) && (
        <div className={styles.output}>
          <CompanionOutput environment={environment.id} />
        </div>
      )}
    </div>
  );
}

/** Above a room that goes on showing what is known. */
export function ConnectionBanner({ environment, status }: ConnectionProps) {
  const { connect } = useActions();
  if (status.problem || status.ask) {
    return (
      <div className={styles.banner}>
        <Trouble environment={environment} status={status} compact />
      </div>
    );
  }
  return (
    <div className={styles.line} role="status">
      <StateDot state={status.state} showWord />
      <span className={styles.soft}>{knowsPast(status) && 'What is shown below was known before.'}</span>
      {hasWay(environment, status) && <Button onClick={() => openWay(environment.id)}>Show the way</Button>}
      {status.state === 'disconnected' ? (
        <Button onClick={() => connect(environment)}>Connect</Button>
      ) : (
        <StopButton environment={environment} />
      )}
    </div>
  );
}

/** Why there is no connection and what can be done here: an answer, the password, another try, the settings. */
function Trouble({ environment, status, compact = false }: ConnectionProps & { compact?: boolean }) {
  const { connect, edit } = useActions();
  const { problem, ask, retryAt, state } = status;
  if (ask) return <ConnectionAsk {...{ environment, ask, problem }} onEdit={() => edit(environment)} />;
  if (!problem) return null;
  const wantsPassword = /^password-/.test(problem.cause);
  const isOnTheWay = /^(companion|tunnel)-/.test(problem.cause);
  const buttons: ReactNode = (
    <>
      {!wantsPassword && (
        <Button variant="filled" loading={state === 'connecting'} onClick={() => connect(environment)}>
          {retryAt ? 'Try now' : 'Try again'}
        </Button>
      )}
      <Button onClick={() => edit(environment)}>Edit the environment</Button>
      {compact && isOnTheWay && <Button onClick={() => openWay(environment.id)}>Show the way</Button>}
      {state === 'lost' && <StopButton environment={environment} />}
      {retryAt !== undefined && <Countdown until={retryAt} />}
    </>
  );
  return (
    <Explanation
      explanation={problem}
      compact={compact}
      severity={state === 'connecting' ? 'warning' : 'bad'}
      actions={
        <>
          {wantsPassword && <PasswordForm environment={environment} />}
          {buttons}
        </>
      }
    />
  );
}

function StopButton({ environment }: { environment: Environment }) {
  const { disconnect } = useActions();
  return <Button onClick={() => disconnect(environment)}>Stop trying</Button>;
}

function Countdown({ until }: { until: number }) {
  const left = until - useNow();
  return (
    <span className={styles.countdown} role="timer">
      {left > 500 ? `Next attempt in ${age(left + 500)}` : 'Trying now'}
    </span>
  );
}
