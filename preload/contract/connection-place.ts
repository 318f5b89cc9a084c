import { type Connection, serviceFields } from './connection.ts';
import { isLibpqParameter } from './connection-parts.ts';

/** Whether two connections say the same, however their parts are ordered. */
export function sameConnection(a: Connection, b: Connection): boolean {
  return flat(a) === flat(b);
}

function flat(connection: Connection): string {
  const { otherHosts, parameters, tunnel, companion } = connection;
  const set = Object.entries(parameters).filter(([name, value]) => value !== '' || !isLibpqParameter(name));
  return JSON.stringify([
    ownFields(connection, serviceFields),
    otherHosts ?? [],
    set.sort(),
    tunnel && Object.entries(tunnel).sort(),
    companion && Object.entries(companion).sort(),
  ]);
}

/**
 * Whether a secret for one connection may be used for another: the same hosts as the same role, by the same way.
 * Through another SSH server or another companion, `localhost:5432` is another server.
 */
export function samePlace(a: Connection, b: Connection): boolean {
  return place(a) === place(b);
}

function place(connection: Connection): string {
  const { otherHosts, parameters, tunnel, companion } = connection;
  return JSON.stringify([
    ownFields(connection, ['host', 'port', 'user']),
    otherHosts ?? [],
    parameters.hostaddr ?? null,
    parameters.service ?? null,
    tunnel ? [tunnel.host, tunnel.port ?? null, tunnel.jump ?? null] : null,
    companion ? [companion.command, companion.folder ?? null] : null,
  ]);
}

/** Fields as the connection itself says them; null where the service file does, whose defaults mean nothing. */
function ownFields(connection: Connection, fields: readonly (typeof serviceFields)[number][]) {
  return fields.map((field) => (connection.fromService?.includes(field) ? null : connection[field]));
}
