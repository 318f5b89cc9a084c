import type { Connection } from '../../preload/contract/connection.ts';
import { addressText } from '../../preload/contract/connection-url.ts';
import type {
  CompanionStatus,
  EnvironmentStatus,
  TunnelStatus,
} from '../../preload/contract/environments.ts';
import { connectionWord } from '../components/state-dot.tsx';

/** The whole of where an environment points at: `ada@db:5432/app through bastion, after cloud-sql-proxy …` */
export function placeWords(connection: Connection): string {
  const { tunnel, companion } = connection;
  const parts = [addressOf(connection)];
  if (tunnel) parts.push(`through ${tunnelWords(tunnel)}`);
  if (companion) parts.push(`after ${companion.command}`);
  return parts.join(' ');
}

/**
 * `user@host:port/database`, with {@link addressText} in the middle; what only the service file says is left out. A port
 * that is no number, as it may be while somebody types, is a question mark.
 */
export function addressOf(connection: Connection): string {
  const { user, database, port, fromService = [] } = connection;
  const as = fromService.includes('user') ? '' : `${user}@`;
  const into = fromService.includes('database') ? '' : `/${database}`;
  const where = addressText(connection);
  return `${as}${Number.isNaN(port) ? where.replace(/([:.])NaN/, '$1?') : where}${into}`;
}

/** An SSH server as it was given, with the jump hosts before it. */
export function tunnelWords({ host, port, user, jump }: NonNullable<Connection['tunnel']>): string {
  const last = `${user ? `${user}@` : ''}${host}${port ? `:${port}` : ''}`;
  return jump ? `${jump}, ${last}` : last;
}

/** What the states of a tunnel are called. */
export const tunnelStates: Record<TunnelStatus['state'], string> = {
  opening: 'opening',
  open: 'open',
  lost: 'lost',
};

export const companionStates: Record<CompanionStatus['state'], string> = {
  starting: 'starting',
  ready: 'ready',
  done: 'done',
  restarting: 'starting again',
  failed: 'failed',
};

/** A part of the way in a few words; one with an address in it may be cut short where there is little room. */
export interface WayPart {
  text: string;
  long: boolean;
}

/** What stands between this machine and the server; empty when nothing does. */
export function wayParts({ tunnel, companion, host }: EnvironmentStatus): WayPart[] {
  const parts: WayPart[] = [];
  if (tunnel) {
    const text = `tunnel ${tunnel.hops.at(-1) ?? ''}`;
    parts.push({
      text: tunnel.state === 'open' ? text : `${text} ${tunnelStates[tunnel.state]}`,
      long: true,
    });
  }
  if (companion) parts.push({ text: `companion ${companionStates[companion.state]}`, long: false });
  if (host) parts.push({ text: `on ${host}`, long: true });
  return parts;
}

/** Whether something on the way is broken. */
export function wayIsBroken({ tunnel, companion }: EnvironmentStatus): boolean {
  return tunnel?.state === 'lost' || companion?.state === 'failed' || companion?.state === 'restarting';
}

/** Which station of the way is to blame for there being no connection; `server` when none before it is. */
export function brokenStation({
  problem,
  tunnel,
  companion,
}: Pick<EnvironmentStatus, 'problem' | 'tunnel' | 'companion'>): 'companion' | 'tunnel' | 'server' {
  if (problem?.cause.startsWith('companion-')) return 'companion';
  if (problem?.cause.startsWith('tunnel-')) return 'tunnel';
  if (companion?.state === 'failed' || companion?.state === 'restarting') return 'companion';
  return tunnel?.state === 'lost' ? 'tunnel' : 'server';
}

/** What the state of a connection is called. What was never had was not lost. */
export function stateWord({ state, server }: Pick<EnvironmentStatus, 'state' | 'server'>): string {
  return state === 'lost' && server === undefined ? 'Not reached' : connectionWord(state);
}
