import { type Address, connectClient, endSoon } from '../../servers/index.ts';
import type { ProgramWay, Reached } from '../types.ts';
import endSessions from './end-sessions.sql?raw';

const reachedBy = new WeakMap<ProgramWay, Reached>();

export function rememberReached(way: ProgramWay, reached: Reached): void {
  reachedBy.set(way, reached);
}

/** The address with the one host that was reached, of several: what is seen there must not be done elsewhere. */
export function pinned({ address, way: { target } }: Reached): Address {
  const { otherHosts: _, ...connection } = address.connection;
  const {
    hostaddr: __,
    load_balance_hosts: ___,
    target_session_attrs: ____,
    ...parameters
  } = connection.parameters;
  return {
    ...address,
    connection: {
      ...connection,
      host: target.host,
      port: target.port,
      parameters: target.address === undefined ? parameters : { ...parameters, hostaddr: target.address },
    },
  };
}

/**
 * Ends what a program that is gone, or that can't be reached, has left on its server: known by the way's own name of
 * the application. Never throws: a server that does not answer now drops them when it notices.
 *
 * @returns how many there were
 */
export async function endSessionsOf(way: ProgramWay): Promise<number> {
  const reached = reachedBy.get(way);
  if (!reached) return 0;
  try {
    const { client } = await connectClient(pinned(reached), {
      applicationName: 'howdah',
      statementTimeoutMs: 5000,
      lockTimeoutMs: 500,
      connectTimeoutMs: 5000,
    });
    try {
      const { rows } = await client.query(endSessions, [way.variables.PGAPPNAME]);
      return rows.length;
    } finally {
      await endSoon(client);
    }
  } catch {
    return 0;
  }
}
