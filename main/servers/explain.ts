import { DatabaseError, escapeIdentifier } from 'pg';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Connection } from '../../preload/contract/environments.ts';

interface Known {
  cause: string;
  what: string;
  why: string;
  next: string;
  /** Whether trying again by itself can help and does no harm. */
  retry: boolean;
}

/** Whether PostgreSQL itself answered with this error. */
function cameFromServer(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError;
}

/**
 * Whether the session is still good after this error: the server spoke, and not to end it (classes 08 and 57P,
 * and the time-out of an idle transaction; PostgreSQL manual, appendix A).
 */
export function keepsSession(error: unknown): boolean {
  return cameFromServer(error) && !/^(08|57P|25P03)/.test(error.code ?? '');
}

/** The parts of an error that the server itself gave (PostgreSQL manual, "Error and Notice Message Fields"). */
export function serverWords(error: unknown): Explanation['server'] {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, detail, hint } = error as { code?: string; detail?: string; hint?: string };
  const place = cameFromServer(error) ? 'sqlstate' : 'system';
  return {
    message: error.message || codeOf(error) || 'no message',
    ...(code ? { [place]: code } : {}),
    ...(detail ? { detail } : {}),
    ...(hint ? { hint } : {}),
  };
}

/** Says why a connection failed: cause, why, and what to do, with the server's words beneath. */
export function explainFailure(error: unknown, connection: Connection, passwordKnown: boolean): Explanation {
  const { cause, what, why, next } = recognise(error, connection, passwordKnown);
  return { cause, what, why, next, server: serverWords(error) };
}

/**
 * Whether to try again by itself. Never after a refusal of who we are: repeated wrong passwords lock accounts,
 * and only a person can mend them.
 */
export function mayRetry(error: unknown, connection: Connection): boolean {
  return recognise(error, connection, true).retry;
}

function recognise(error: unknown, connection: Connection, passwordKnown: boolean): Known {
  const { host, port, user, database } = connection;
  const place = host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const known = (cause: string, what: string, why: string, next: string, retry: boolean): Known => ({
    cause,
    what,
    why,
    next,
    retry,
  });

  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return known(
        'nothing-listening',
        `Nothing listens on ${place}.`,
        'The server is not running there, or it listens on another address or port.',
        'Check that PostgreSQL is running (systemctl status postgresql, docker ps) and listens there (ss -tlnp).',
        true,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return known(
        'name-not-found',
        `The name "${host}" was not found.`,
        'Name resolution knows no address for it.',
        'Check the spelling, and whether a VPN must be up for that name.',
        true,
      );
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return known(
        'host-silent',
        `${place} does not answer.`,
        'No packet came back: a firewall, a wrong address, or a network that is down.',
        'Check firewall and VPN.',
        true,
      );
    case '28P01':
      return passwordKnown
        ? known(
            'password-wrong',
            `The server refused the password of "${user}".`,
            'The password is wrong, or the role does not exist: the server does not say which.',
            `Enter the password again. To set a new one: ALTER ROLE ${escapeIdentifier(user)} PASSWORD '…'`,
            false,
          )
        : passwordMissing(user);
    case '28000':
      return known(
        'refused-by-hba',
        `The server does not let "${user}" into "${database}" from here.`,
        'No line of pg_hba.conf allows this combination of role, database, address and encryption.',
        'Add a line to pg_hba.conf for it and reload, or use another sslmode.',
        false,
      );
    case '3D000':
      return known(
        'no-such-database',
        `There is no database "${database}" on ${place}.`,
        'The server is reached and the role is accepted; only the database is missing.',
        'Correct the database name; psql -l lists them.',
        false,
      );
    case '42501':
      return known(
        'no-connect-privilege',
        `"${user}" may not connect to "${database}".`,
        'The role lacks the CONNECT privilege there.',
        `GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(user)}`,
        false,
      );
    case '53300':
      return known(
        'too-many-connections',
        'The server has no free connection.',
        'All slots of max_connections, or of this role or database, are taken.',
        'End idle sessions or raise the limit. Howdah tries again by itself.',
        true,
      );
    case '57P03':
      return known(
        'starting-up',
        'The server is starting up or shutting down.',
        'It answers, but takes no sessions yet.',
        'Wait; Howdah tries again by itself.',
        true,
      );
    case '57P01':
    case '57P02':
      return known(
        'session-ended',
        'The server ended the session.',
        'An administrator, a restart or a shutdown ended it.',
        'Howdah connects again by itself.',
        true,
      );
  }
  if (
    /password must be a (non-empty )?string|no password supplied|empty password|SASL.*password/i.test(message)
  ) {
    return passwordMissing(user);
  }
  if (/does not support SSL/i.test(message)) {
    return known(
      'tls-not-offered',
      'The server offers no TLS.',
      `sslmode ${connection.sslmode} asks for an encrypted connection.`,
      'Turn on ssl on the server, or choose sslmode prefer or disable where the network is trusted.',
      false,
    );
  }
  if (/certificate|CERT_|self.signed|altname/i.test(message) || /CERT|SELF_SIGNED/.test(code ?? '')) {
    return known(
      'certificate-not-trusted',
      `The certificate of ${host} is not accepted.`,
      `sslmode ${connection.sslmode} checks it, and it is unknown, expired or made for another name.`,
      'Use the name in the certificate, install its authority, or choose sslmode require to skip the check.',
      false,
    );
  }
  if (/timeout expired|timeout exceeded|Connection terminated due to connection timeout/i.test(message)) {
    return known(
      'host-silent',
      `${place} took the connection but did not answer in time.`,
      'Something listens there that is slow, stuck, or not PostgreSQL.',
      'Check that the port is the right one. Howdah tries again by itself.',
      true,
    );
  }
  if (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /Connection terminated|not queryable|closed/i.test(message)
  ) {
    return known(
      'connection-lost',
      `The connection to ${place} was lost.`,
      'The server, the network or something between them closed it.',
      'Howdah connects again by itself.',
      true,
    );
  }
  return known(
    'other',
    `Connecting to ${place} failed.`,
    message,
    'The words of the server or the system are below.',
    code === undefined || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57') || code.startsWith('53'),
  );
}

function passwordMissing(user: string): Known {
  return {
    cause: 'password-missing',
    what: `The server wants a password for "${user}".`,
    why: 'None is stored for this environment.',
    next: 'Enter it; it is kept in the keychain, or in memory for this run where there is none.',
    retry: false,
  };
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Several addresses of one name fail together, each with its own error.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
