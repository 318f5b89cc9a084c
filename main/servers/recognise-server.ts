import { DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';
import { type Circumstances, type Known, psql, shell } from './known.ts';

/**
 * Failures that the server itself told. SQLSTATE and the routine of the server's source decide where they can, since
 * messages are translated; where only the words differ (authentication methods), English ones are read.
 */
export function recogniseServer(error: unknown, at: Circumstances): Known | undefined {
  if (!(error instanceof DatabaseError)) return undefined;
  const { place, connection } = at;
  const { user, database } = connection;
  const { code = '', routine = '', message } = error;
  switch (code) {
    case '28P01':
      return at.passwordKnown ? passwordWrong(at) : passwordMissing(at);
    case '28000':
      return refused(error, at);
    case '3D000':
      return noSuchDatabase(at);
    case '55000':
      return {
        cause: 'database-closed',
        what: `The database "${database}" takes no connections.`,
        why: 'It is closed to everybody (datallowconn is false), as template0 is.',
        next: 'Connect to another database, or open it from there.',
        command: `ALTER DATABASE ${escapeIdentifier(database)} ALLOW_CONNECTIONS true;`,
        retry: false,
      };
    case '42501':
      return {
        cause: 'no-connect-privilege',
        what: `"${user}" may not connect to "${database}".`,
        why: 'The role lacks the CONNECT privilege there.',
        next: 'Have it granted by the database’s owner.',
        command: `GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(user)};`,
        retry: false,
      };
    case '53300':
      return tooMany(routine, at);
    case '57P03':
      return notNow(message, error.detail ?? '', at);
    case '57P01':
    case '57P02':
    case '57P05':
      return {
        cause: 'session-ended',
        what: 'The server ended the session.',
        why: 'An administrator, a time-out, a restart or a shutdown ended it.',
        next: 'Howdah connects again by itself.',
        retry: true,
      };
    case '08P01':
    case '08006':
    case '08004':
      // PgBouncer gives one code to all that it refuses.
      if (/SASL authentication failed|password authentication failed|auth failed/i.test(message)) {
        return at.passwordKnown ? passwordWrong(at) : passwordMissing(at);
      }
      if (/database.*does not exist|no such database/i.test(message)) return noSuchDatabase(at);
      return {
        cause: 'pooler-refused',
        what: `The pooler at ${place} refused the connection.`,
        why: message,
        next: /startup parameter/i.test(message)
          ? 'Take that parameter away, or name it in ignore_startup_parameters of the pooler.'
          : 'Check the pooler’s databases and users (pgbouncer.ini, userlist.txt), and the server behind it.',
        command: 'SHOW DATABASES; SHOW POOLS -- in the pooler’s admin console',
        retry: code !== '08P01' || /server|login|connect/i.test(message),
      };
  }
  return undefined;
}

function noSuchDatabase(at: Circumstances): Known {
  const { connection, place } = at;
  return {
    cause: 'no-such-database',
    what: `There is no database "${connection.database}" on ${place}.`,
    why: 'The server is reached; only the database is missing.',
    next: 'Correct the database’s name, or create it.',
    command: psql({ ...at, connection: { ...connection, database: 'postgres' } }, ' -l'),
    retry: false,
  };
}

/** No password was at hand when one was asked for. */
export function passwordMissing(at: Circumstances): Known {
  const { user } = at.connection;
  return {
    cause: 'password-missing',
    what: `The server wants a password for "${user}".`,
    why: 'None is stored for this environment, and the password file has none for it.',
    next: 'Enter it; it is kept in the keychain, or in memory for this run where there is none.',
    command: psql(at),
    retry: false,
  };
}

function passwordWrong({ connection: { user } }: Circumstances): Known {
  return {
    cause: 'password-wrong',
    what: `The server refused the password of "${user}".`,
    why: 'The password is wrong or has expired, or the role does not exist: the server does not say which.',
    next: 'Enter the password again, or have a new one set.',
    command: `ALTER ROLE ${escapeIdentifier(user)} PASSWORD '…';`,
    retry: false,
  };
}

/** SQLSTATE 28000 has many faces (src/backend/libpq/auth.c and utils/init/miscinit.c of PostgreSQL). */
function refused({ message, routine = '' }: DatabaseError, at: Circumstances): Known {
  const { user, database } = at.connection;
  if (routine === 'InitializeSessionUserId') {
    return /not permitted to log in|NOLOGIN/i.test(message) || !/exist/i.test(message)
      ? {
          cause: 'role-may-not-log-in',
          what: `The role "${user}" may not log in.`,
          why: 'It was made without LOGIN: a group, or a role that was locked.',
          next: 'Connect as another role, or allow it.',
          command: `ALTER ROLE ${escapeIdentifier(user)} LOGIN;`,
          retry: false,
        }
      : {
          cause: 'no-such-role',
          what: `There is no role "${user}".`,
          why: 'The server was reached and would have let it in.',
          next: 'Correct the user’s name, or create the role.',
          command: `CREATE ROLE ${escapeIdentifier(user)} LOGIN PASSWORD '…';`,
          retry: false,
        };
  }
  if (/valid client certificate|certificate authentication failed/i.test(message)) {
    return {
      cause: 'client-certificate-missing',
      what: /failed/i.test(message)
        ? `The client certificate is not one for "${user}".`
        : 'The server wants a client certificate.',
      why: /failed/i.test(message)
        ? 'The name in it (CN) is another one, and no map in pg_ident.conf joins the two.'
        : 'The line of pg_hba.conf for this connection says cert, or clientcert.',
      next: /failed/i.test(message)
        ? `Use a certificate whose CN is "${user}", or map the two names in pg_ident.conf.`
        : 'Give the paths of a certificate and its key as sslcert and sslkey.',
      command: 'SELECT * FROM pg_hba_file_rules;',
      retry: false,
    };
  }
  if (/\bPeer authentication failed/i.test(message)) {
    return {
      cause: 'peer-refused',
      what: `Peer authentication refused "${user}".`,
      why: 'On this socket the server lets in only the role that is named like this machine’s account.',
      next: 'Connect as that role, by TCP with a password, or change peer to scram-sha-256 in pg_hba.conf and reload.',
      command: `whoami; ${psql({ ...at, target: { ...at.target, host: 'localhost' } })}`,
      retry: false,
    };
  }
  if (/\bIdent authentication failed/i.test(message)) {
    return {
      cause: 'ident-refused',
      what: `Ident authentication refused "${user}".`,
      why: 'The server asks an ident service on this machine who is connecting; there is none, or it named another account.',
      next: 'Change ident to scram-sha-256 in pg_hba.conf and reload.',
      command: 'SELECT * FROM pg_hba_file_rules;',
      retry: false,
    };
  }
  if (/no pg_hba\.conf entry|pg_hba\.conf rejects/i.test(message) || routine === 'ClientAuthentication') {
    return {
      cause: 'no-hba-line',
      what: `The server does not let "${user}" into "${database}" from here.`,
      why: /rejects/i.test(message)
        ? 'A line of pg_hba.conf rejects this combination of role, database, address and encryption.'
        : `No line of pg_hba.conf allows this combination of role, database, address and encryption (${at.tls ? 'with' : 'without'} TLS).`,
      next: 'Add a line to pg_hba.conf for it and reload the server.',
      command: 'SELECT * FROM pg_hba_file_rules;',
      retry: false,
    };
  }
  return {
    cause: 'authentication-refused',
    what: `The server refused "${user}".`,
    why: message,
    next: 'Its log says more than it tells a client; look there, and into pg_hba.conf.',
    command: 'SELECT * FROM pg_hba_file_rules;',
    retry: false,
  };
}

/** Who is full: the role, the database, or the server. */
function tooMany(routine: string, { connection: { user, database } }: Circumstances): Known {
  const next = 'End idle sessions or raise the limit. Howdah tries again by itself.';
  if (routine === 'InitializeSessionUserId') {
    return {
      cause: 'too-many-connections-of-role',
      what: `The role "${user}" has no free connection.`,
      why: 'Its own limit (CONNECTION LIMIT) is reached.',
      next,
      command: `SELECT rolconnlimit FROM pg_roles WHERE rolname = ${escapeLiteral(user)}; ALTER ROLE ${escapeIdentifier(user)} CONNECTION LIMIT -1;`,
      retry: true,
    };
  }
  if (routine === 'CheckMyDatabase') {
    return {
      cause: 'too-many-connections-of-database',
      what: `The database "${database}" has no free connection.`,
      why: 'Its own limit (CONNECTION LIMIT) is reached.',
      next,
      command: `ALTER DATABASE ${escapeIdentifier(database)} CONNECTION LIMIT -1;`,
      retry: true,
    };
  }
  return {
    cause: 'too-many-connections',
    what: 'The server has no free connection.',
    why: 'All slots of max_connections are taken, or the rest is reserved for superusers.',
    next: 'End idle sessions, put a pooler in front, or raise max_connections. Howdah tries again by itself.',
    command:
      'SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC',
    retry: true,
  };
}

/** SQLSTATE 57P03: it answers but takes no sessions (canAcceptConnections in postmaster.c). */
function notNow(message: string, detail: string, at: Circumstances): Known {
  const { place } = at;
  if (/shutting down/i.test(message)) {
    return {
      cause: 'shutting-down',
      what: `The server at ${place} is shutting down.`,
      why: 'Somebody stopped or restarts it; it takes no new sessions.',
      next: 'Wait. Howdah tries again by itself.',
      command: ready(at),
      retry: true,
    };
  }
  if (/recovery mode|not (yet )?accepting connections|Hot standby|consistent/i.test(`${message} ${detail}`)) {
    return {
      cause: 'in-recovery',
      what: `The server at ${place} is in recovery.`,
      why: /Hot standby mode is disabled/i.test(detail)
        ? 'It replays WAL with hot_standby off, which takes no sessions.'
        : 'It replays WAL after a crash or as a standby and is not consistent yet.',
      next: 'Wait, and look into its log for how far it is. Howdah tries again by itself.',
      command: 'pg_controldata "$PGDATA" | grep -E "state|location"',
      retry: true,
    };
  }
  return {
    cause: 'starting-up',
    what: `The server at ${place} is starting up.`,
    why: 'It answers, but takes no sessions yet.',
    next: 'Wait. Howdah tries again by itself.',
    command: ready(at),
    retry: true,
  };
}

function ready({ target }: Circumstances): string {
  return `pg_isready -h ${shell(target.host)} -p ${target.port}`;
}
