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
 * Whether a secret that is stored for one connection may be used for another: the same hosts as the same role, by the
 * same way, and the server has to prove at least as well who it is. A stored password must not be had by asking for
 * less proof.
 */
export function samePlace(stored: Connection, other: Connection): boolean {
  return sameAddress(stored, other) && provesAsMuch(stored, other);
}

/**
 * Whether two connections go to the same hosts as the same role by the same way, whatever the database and the
 * encryption. Through another SSH server or another companion, `localhost:5432` is another server.
 */
export function sameAddress(a: Connection, b: Connection): boolean {
  return address(a) === address(b);
}

function address(connection: Connection): string {
  const { otherHosts, parameters, tunnel, companion } = connection;
  return JSON.stringify([
    ownFields(connection, ['host', 'port', 'user']),
    otherHosts ?? [],
    parameters.hostaddr || null,
    parameters.service ?? null,
    parameters.servicefile || null,
    tunnel ? [tunnel.host, tunnel.port ?? null, tunnel.user ?? null, tunnel.jump ?? null] : null,
    companion ? [companion.command, companion.folder ?? null, companion.waitFor ?? null] : null,
  ]);
}

/** Fields as the connection itself says them; null where the service file does, whose defaults mean nothing. */
function ownFields(connection: Connection, fields: readonly (typeof serviceFields)[number][]) {
  return fields.map((field) => (connection.fromService?.includes(field) ? null : connection[field]));
}

/** Levels of proof (PostgreSQL manual, "SSL Support"); below them nothing is asked for. */
const encrypted = 1;
const verified = 2;
const named = 3;

/** What the server has to prove before it gets the password; undefined where only the service file says it. */
interface Proof {
  /** 0: nothing, not even encryption. */
  certificate: number | undefined;
  /** 1: that it knows the password itself, on this very connection (`channel_binding=require`). */
  binding: number | undefined;
}

function provesAsMuch(stored: Connection, other: Connection): boolean {
  const before = proofOf(stored);
  const after = proofOf(other);
  // `require` too checks the certificate where there is a root for it (`~/.postgresql/root.crt`).
  const checks = before.certificate === undefined || before.certificate >= encrypted;
  return (
    isAsMuch(before.certificate, after.certificate, named) &&
    isAsMuch(before.binding, after.binding, 1) &&
    (!checks || checkedBy(stored) === checkedBy(other))
  );
}

/** What is not known is as much only as itself, or as the most there is. */
function isAsMuch(before: number | undefined, after: number | undefined, most: number): boolean {
  if (before === after || after === most) return true;
  return before !== undefined && after !== undefined && after > before;
}

function proofOf({ sslmode, parameters, fromService }: Connection): Proof {
  const fromFile = parameters.service !== undefined;
  // With a root certificate `require` checks as `verify-ca` does.
  const require = parameters.sslrootcert ? verified : encrypted;
  const certificate = {
    disable: 0,
    allow: 0,
    prefer: 0,
    require,
    'verify-ca': verified,
    'verify-full': named,
  }[sslmode];
  const binding = parameters.channel_binding || undefined;
  return {
    certificate: fromService?.includes('sslmode') ? undefined : certificate,
    binding: binding === undefined && fromFile ? undefined : Number(binding === 'require'),
  };
}

function checkedBy({ parameters: { sslrootcert, sslcrl, sslcrldir } }: Connection): string {
  return JSON.stringify([sslrootcert || null, sslcrl || null, sslcrldir || null]);
}
