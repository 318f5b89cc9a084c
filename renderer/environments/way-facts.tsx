import {
  IconAlertTriangle,
  IconCheck,
  IconCircle,
  IconLoader2,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { plural } from '../components/format.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import styles from './way-inspector.module.css';
import { brokenStation, companionStates, stateWord, tunnelStates, tunnelWords } from './way-words.ts';

type Tone = 'good' | 'busy' | 'bad' | 'off';

const icons = { good: IconCheck, busy: IconLoader2, bad: IconAlertTriangle, off: IconCircle } as const;

/** Each station of the way with its state, from this machine to the server. */
export function WayFacts({ environment, status }: { environment: Environment; status: EnvironmentStatus }) {
  const { connection } = environment;
  const hosts = [{ host: connection.host, port: connection.port }, ...(connection.otherHosts ?? [])];
  const fromService = connection.fromService?.includes('host');
  return (
    <ol className={styles.stations}>
      {(connection.companion || status.companion) && <CompanionStation {...{ environment, status }} />}
      {(connection.tunnel || status.tunnel) && <TunnelStation {...{ environment, status }} />}
      <Station title="Server" {...serverStation(status)}>
        <ul className={styles.hops}>
          {fromService && !status.host && <li>as service {connection.parameters.service} has it</li>}
          {(fromService ? [] : hosts).map(({ host, port }) => {
            const address = `${host}:${port}`;
            const isIt = hosts.length > 1 && status.host === address;
            return (
              <li key={address}>
                <bdi className={styles.mono}>{address}</bdi>
                {isIt && <span className={styles.tag}>connected</span>}
              </li>
            );
          })}
          {status.host && !hosts.some(({ host, port }) => `${host}:${port}` === status.host) && (
            <li>
              <bdi className={styles.mono}>{status.host}</bdi>
              <span className={styles.tag}>connected</span>
            </li>
          )}
        </ul>
      </Station>
    </ol>
  );
}

function CompanionStation({ environment, status }: { environment: Environment; status: EnvironmentStatus }) {
  const { companion } = status;
  const isBroken = brokenStation(status) === 'companion';
  const command = environment.connection.companion?.command;
  const tones = { starting: 'busy', ready: 'good', done: 'good', restarting: 'busy', failed: 'bad' } as const;
  return (
    <Station
      title="Companion"
      tone={companion ? tones[companion.state] : isBroken ? 'bad' : 'off'}
      state={companion ? companionStates[companion.state] : isBroken ? 'failed' : 'not running'}
      since={companion?.since}
    >
      {command && <pre className={styles.command}>{command}</pre>}
      {companion && companion.restarts > 0 && (
        <p className={styles.soft}>Started again {plural(companion.restarts, 'time')} because it had died.</p>
      )}
      {companion?.state === 'done' && (
        <p className={styles.soft}>The command ended well; what it started goes on by itself.</p>
      )}
    </Station>
  );
}

function TunnelStation({ environment, status }: { environment: Environment; status: EnvironmentStatus }) {
  const { tunnel } = status;
  // A tunnel that waits for an answer is not broken.
  const isBroken = !status.ask && brokenStation(status) === 'tunnel';
  const configured = environment.connection.tunnel;
  const tones = { opening: 'busy', open: 'good', lost: 'bad' } as const;
  const hops = tunnel?.hops ?? (configured ? tunnelWords(configured).split(/,\s*/) : []);
  return (
    <Station
      title="SSH tunnel"
      tone={tunnel ? tones[tunnel.state] : isBroken ? 'bad' : 'off'}
      state={tunnel ? tunnelStates[tunnel.state] : isBroken ? 'failed' : 'closed'}
      since={tunnel?.since}
    >
      <ol
        className={`${styles.hops} ${hops.length > 1 ? styles.numbered : ''}`}
        aria-label="SSH servers on the way"
      >
        {hops.map((hop, index) => (
          <li key={hop}>
            {hops.length > 1 && <span className={styles.number}>{index + 1}</span>}
            <bdi className={styles.mono}>{hop}</bdi>
          </li>
        ))}
      </ol>
    </Station>
  );
}

interface StationProps {
  title: string;
  tone: Tone;
  state: string;
  since: number | undefined;
  children: ReactNode;
}

function Station({ title, tone, state, since, children }: StationProps) {
  const Icon = tone === 'bad' && title !== 'Companion' ? IconPlugConnectedX : icons[tone];
  return (
    <li className={styles.station} data-tone={tone}>
      <span className={styles.icon} aria-hidden>
        <Icon size={tone === 'off' ? 10 : 16} />
      </span>
      <div className={styles.about}>
        <p className={styles.line}>
          <b>{title}</b>
          <span className={styles.state}>{state}</span>
          {since !== undefined && since > 0 && (
            <span className={styles.soft}>
              for <TimeAgo at={since} as="age" />
            </span>
          )}
        </p>
        {children}
      </div>
    </li>
  );
}

/** A server that the way does not reach is not itself what is broken. */
function serverStation(status: EnvironmentStatus): Pick<StationProps, 'tone' | 'state' | 'since'> {
  const { state, since, problem } = status;
  const isReached = brokenStation(status) === 'server';
  if (state === 'connected') return { tone: 'good', state: 'connected', since };
  if (!isReached) return { tone: 'off', state: 'not reached', since: undefined };
  if (state === 'connecting') return { tone: 'busy', state: 'connecting', since };
  return {
    tone: state === 'lost' || problem ? 'bad' : 'off',
    state: stateWord(status).toLowerCase(),
    since,
  };
}
