import { addressText } from '../../preload/contract/connection-url.ts';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { age, count, dateTime, duration, milliseconds, rate, shortAge } from '../components/format.ts';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { useNow } from '../components/use-now.ts';
import { worstFinding } from '../environments/findings.ts';
import { placeWords, stateWord } from '../environments/way-words.ts';
import type { FleetColumn } from './fleet-columns.ts';
import styles from './fleet-table.module.css';
import { SessionsBar } from './sessions-bar.tsx';
import { Sparkline } from './sparkline.tsx';

interface FleetCellProps {
  column: FleetColumn;
  environment: Environment;
  status: EnvironmentStatus;
  tall: boolean;
}

/** What a column says about an environment. A dash is what is not known. */
export function FleetCell({ column, environment, status, tall }: FleetCellProps) {
  const { server, cost, state } = status;
  const { database, user } = environment.connection;
  const isConnected = state === 'connected';
  // Figures of a connection that is gone are not figures of now.
  const glance = isConnected ? status.glance : undefined;
  switch (column.id) {
    case 'server':
      if (!server || !isConnected) {
        return (
          <span className={styles.pale} title={lastKnown(status)}>
            {stateWord(status)}
          </span>
        );
      }
      return (
        <>
          {server.version} <span className={styles.pale}>{server.role}</span>
        </>
      );
    case 'address':
      return <bdi title={placeWords(environment.connection)}>{addressText(environment.connection)}</bdi>;
    case 'database':
      return <Name text={database} />;
    case 'user':
      return <Name text={user} />;
    case 'sessions':
      if (!glance || !server) return <Unknown />;
      return (
        <SessionsBar
          sessions={glance.sessions}
          max={server.maxConnections}
          reserved={server.reservedConnections}
        />
      );
    case 'active':
      return <Count value={glance?.active} hidden={glance?.hidden} />;
    case 'idle':
      return <Count value={glance?.idleInTransaction} hidden={glance?.hidden} />;
    case 'waiting':
      return <Count value={glance?.waitingOnLock} hidden={glance?.hidden} alarming />;
    case 'oldest': {
      const ms = glance?.oldestTransactionMs ?? undefined;
      if (ms === undefined) return <Unknown />;
      return (glance?.hidden ?? 0) > 0 ? (
        <span title={`At least ${duration(ms)}: some sessions are hidden from this role`}>
          ≥ {ms < 1000 ? '0 s' : shortAge(ms)}
        </span>
      ) : (
        <span title={duration(ms)}>{shortAge(ms)}</span>
      );
    }
    case 'tps': {
      const tps = glance?.transactionsPerSecond ?? undefined;
      return tps === undefined ? <Unknown /> : <span title={`${tps} a second`}>{rate(tps)}</span>;
    }
    case 'trend':
      return (
        <Sparkline
          points={status.trend}
          label="Sessions"
          width={(column.width ?? 96) - 16}
          height={tall ? 36 : 20}
        />
      );
    case 'uptime':
      return server && isConnected ? <Uptime since={server.startedAt} /> : <Unknown />;
    case 'cost':
      return cost && isConnected ? `${milliseconds(cost.msPerSecond)}/s` : <Unknown />;
    case 'finding':
      return <Findings status={status} />;
    default:
      return null;
  }
}

/** What a connection that is gone last told, on hover. */
function lastKnown({ server, glance }: EnvironmentStatus): string | undefined {
  if (!server) return undefined;
  const sample = glance ? `, last sample ${dateTime(glance.at)}` : '';
  return `Last known: PostgreSQL ${server.version}, ${server.role}${sample}`;
}

function Name({ text }: { text: string }) {
  return <bdi title={text}>{text}</bdi>;
}

function Unknown() {
  return <span className={styles.pale}>–</span>;
}

interface CountProps {
  value: number | undefined;
  /** Sessions whose state can't be seen: the count is then a lower bound. */
  hidden: number | undefined;
  /** Anything above zero is marked. */
  alarming?: boolean;
}

/** A zero is pale, so that what is not zero stands out. */
function Count({ value, hidden = 0, alarming = false }: CountProps) {
  if (value === undefined) return <Unknown />;
  const className = value === 0 ? styles.pale : alarming ? styles.alarming : undefined;
  return (
    <span
      className={className}
      title={hidden > 0 ? `At least: the state of ${hidden} sessions is hidden from this role` : undefined}
    >
      {hidden > 0 ? '≥ ' : ''}
      {count(value)}
    </span>
  );
}

function Uptime({ since }: { since: number }) {
  return <span title={dateTime(since)}>{age(useNow() - since)}</span>;
}

/** The worst finding, and how many more there are. All of them are on hover. */
function Findings({ status }: { status: EnvironmentStatus }) {
  const worst = worstFinding(status);
  if (!worst) return null;
  const others = status.state === 'connected' ? status.findings.filter(({ id }) => id !== worst.id) : [];
  const all = [worst, ...others].map(({ text }) => text).join('\n');
  return (
    <span className={styles.finding} data-severity={worst.severity} title={all}>
      <SeverityIcon severity={worst.severity} />
      <span className={styles.findingText}>{worst.text}</span>
      {others.length > 0 && <span className={styles.pale}>+{others.length}</span>}
    </span>
  );
}
