import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import type { Room } from './rooms.ts';

/** Whether anything is known of the server from before: a lost connection keeps its screens, marked with their age. */
export function knowsPast({ server, trend }: Pick<EnvironmentStatus, 'server' | 'trend'>): boolean {
  return server !== undefined || trend.some((point) => point !== null);
}

/** Whether there is anything between this machine and the server. */
export function hasWay(
  { connection }: Pick<Environment, 'connection'>,
  { tunnel, companion }: Pick<EnvironmentStatus, 'tunnel' | 'companion'>,
): boolean {
  return Boolean(connection.tunnel || connection.companion || tunnel || companion);
}

/**
 * Whether a room's screen is in sight; otherwise the state of the connection stands in for it.
 *
 * @param wantsPast the person asked for what is kept from before.
 */
export function showsRoom(
  { worksOffline }: Pick<Room, 'worksOffline'>,
  environment: Pick<Environment, 'connection'>,
  status: EnvironmentStatus,
  wantsPast: boolean,
): boolean {
  const { state, problem } = status;
  if (state === 'connected') return true;
  const hasPast = knowsPast(status);
  if (hasPast && state !== 'disconnected') return true;
  // A companion or a tunnel may take its time: its stations and its output say more than empty charts.
  const isAboutToCome = state === 'connecting' && !problem && !hasWay(environment, status);
  return worksOffline && (hasPast || isAboutToCome || wantsPast);
}

/**
 * Whether the stations of the way stand below the state of the connection: while it is under way or broken. A
 * companion's stay when nothing is tried any more, for what it has printed tells why somebody gave up.
 */
export function showsWay(environment: Pick<Environment, 'connection'>, status: EnvironmentStatus): boolean {
  const { state, problem, tunnel, companion } = status;
  const isIdle = state === 'disconnected' && !problem && !tunnel && !companion;
  return hasWay(environment, status) && (!isIdle || environment.connection.companion !== undefined);
}
