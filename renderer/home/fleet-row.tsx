import { IconDots } from '@tabler/icons-react';
import { memo } from 'react';
import { Link, useLocation } from 'wouter';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { age, count, dateTime, duration, milliseconds, rate, shortAge } from '../components/format.ts';
import { ProtectionIcon } from '../components/protection-badge.tsx';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { connectionWord, StateDot } from '../components/state-dot.tsx';
import { Swatch } from '../components/swatch.tsx';
import { useNow } from '../components/use-now.ts';
import { worstFinding } from '../environments/findings.ts';
import { roomAddress } from '../shell/address.ts';
import { type MenuAt, menuAtElement, menuAtEvent } from '../shell/environment-menu.tsx';
import styles from './fleet-table.module.css';
import { SessionsBar } from './sessions-bar.tsx';
import { Sparkline } from './sparkline.tsx';

interface FleetRowProps {
  environment: Environment;
  status: EnvironmentStatus;
  onMenu: (menu: { environment: Environment; at: MenuAt }) => void;
}

/** One environment as a line. Figures of a connection that is gone are pale: they are the last known ones. */
export const FleetRow = memo(function FleetRow({ environment, status, onMenu }: FleetRowProps) {
  const [, navigate] = useLocation();
  const { server, glance, cost, state } = status;
  const { host, port, database, user } = environment.connection;
  const address = roomAddress(environment.id);
  const bound = glance && glance.hidden > 0 ? '≥ ' : '';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the row is the way for the keyboard.
    <tr
      className={styles.row}
      data-stale={state !== 'connected'}
      onClick={(event) => {
        if (!(event.target as Element).closest('a, button')) navigate(address);
      }}
      onContextMenu={(event) => onMenu({ environment, at: menuAtEvent(event) })}
    >
      <th scope="row" data-column="name">
        <span className={styles.name}>
          <Swatch color={environment.color} />
          <StateDot state={state} />
          <Link href={address} className={styles.link} data-walk title={environment.name}>
            <bdi>{environment.name}</bdi>
          </Link>
          <ProtectionIcon protection={environment.protection} />
          <button
            type="button"
            className={styles.more}
            aria-label={`Actions on ${environment.name}`}
            aria-haspopup="menu"
            onClick={(event) => onMenu({ environment, at: menuAtElement(event.currentTarget) })}
          >
            <IconDots size={14} />
          </button>
        </span>
      </th>
      <td data-column="server">
        {server ? (
          <>
            {server.version} <span className={styles.role}>{server.role}</span>
          </>
        ) : (
          <span className={styles.role}>{connectionWord(state)}</span>
        )}
      </td>
      <td data-column="address" title={`${host}:${port}`}>
        <bdi>
          {host}:{port}
        </bdi>
      </td>
      <td data-column="database" title={database}>
        <bdi>{database}</bdi>
      </td>
      <td data-column="user" title={user}>
        <bdi>{user}</bdi>
      </td>
      <td data-column="sessions">
        {glance && server && <SessionsBar sessions={glance.sessions} max={server.maxConnections} reserved={server.reservedConnections} />}
      </td>
      <Figure column="active" value={glance && `${bound}${count(glance.active)}`} zero={glance?.active === 0} />
      <Figure
        column="idle"
        value={glance && `${bound}${count(glance.idleInTransaction)}`}
        zero={glance?.idleInTransaction === 0}
      />
      <Figure
        column="waiting"
        value={glance && `${bound}${count(glance.waitingOnLock)}`}
        zero={glance?.waitingOnLock === 0}
        state="waiting"
      />
      <Figure
        column="oldest"
        value={glance && glance.oldestTransactionMs !== null ? shortAge(glance.oldestTransactionMs) : undefined}
        title={glance && glance.oldestTransactionMs !== null ? duration(glance.oldestTransactionMs) : undefined}
      />
      <Figure
        column="tps"
        value={glance && glance.transactionsPerSecond !== null ? rate(glance.transactionsPerSecond) : undefined}
        title={glance && glance.transactionsPerSecond !== null ? `${glance.transactionsPerSecond} a second` : undefined}
      />
      <td data-column="trend">
        <Sparkline points={status.trend} label="Sessions" />
      </td>
      <td data-column="uptime" data-right title={server && dateTime(server.startedAt)}>
        {server && state === 'connected' && <Uptime since={server.startedAt} />}
      </td>
      <Figure column="cost" value={cost && state === 'connected' ? `${milliseconds(cost.msPerSecond)}/s` : undefined} />
      <td data-column="finding">
        <Findings status={status} />
      </td>
    </tr>
  );
});

interface FigureProps {
  column: string;
  value: string | undefined;
  title?: string | undefined;
  /** A zero is pale, so that what is not zero stands out. */
  zero?: boolean;
  state?: 'waiting';
}

function Figure({ column, value, title, zero = false, state }: FigureProps) {
  return (
    <td data-column={column} data-right data-zero={zero} data-state={zero ? undefined : state} title={title}>
      {value ?? <span className={styles.none}>–</span>}
    </td>
  );
}

function Uptime({ since }: { since: number }) {
  return age(useNow() - since);
}

/** The worst finding, and how many more there are. All of them are on hover. */
function Findings({ status }: { status: EnvironmentStatus }) {
  const worst = worstFinding(status);
  if (!worst) return null;
  const others = status.findings.filter(({ id }) => id !== worst.id);
  const all = [worst, ...others].map(({ text }) => text).join('\n');
  return (
    <span className={styles.finding} data-severity={worst.severity} title={all}>
      <SeverityIcon severity={worst.severity} />
      <span className={styles.findingText}>{worst.text}</span>
      {others.length > 0 && <span className={styles.others}>+{others.length}</span>}
    </span>
  );
}
