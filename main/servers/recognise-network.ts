import { codeOf } from './error-code.ts';
import { type Circumstances, type Known, shell } from './known.ts';

/** Failures before PostgreSQL has spoken: names, ports, silence, and things that are not PostgreSQL. */
export function recogniseNetwork(error: unknown, at: Circumstances): Known | undefined {
  const { target, place, connection } = at;
  const message = error instanceof Error ? error.message : String(error);
  const isSocket = target.host.startsWith('/');
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return nothingListening(at);
    case 'ENOENT':
    case 'ENOTDIR':
      return isSocket ? nothingListening(at) : undefined;
    case 'EACCES':
    case 'EPERM':
      return {
        cause: 'socket-not-permitted',
        what: `This account may not use ${place}.`,
        why: 'The rights of the socket or of its folder forbid it.',
        next: 'Add this account to the group that owns the socket, or connect by TCP.',
        command: `ls -ld ${shell(target.host)} ${shell(place)}`,
        retry: false,
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
    case 'ENODATA':
      return {
        cause: 'name-not-found',
        what: `The name "${target.host}" was not found.`,
        why: connection.tunnel
          ? 'The SSH server at the end of the tunnel knows no address for it.'
          : 'Name resolution knows no address for it.',
        next: 'Check the spelling, and whether a VPN must be up for that name. A service name of a container network is known only inside it: use localhost and the published port.',
        command: `getent hosts ${shell(target.host)}`,
        retry: true,
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return at.reached ? serverSilent(at) : hostSilent(at);
  }
  if (codeOf(error) === 'EMALFORMED' || isForeign(at)) return notPostgres(at);
  if (/timeout expired|timeout exceeded|due to connection timeout/i.test(message)) {
    return at.reached ? serverSilent(at) : hostSilent(at);
  }
  return undefined;
}

/** A connection that was there and broke. */
export function recogniseLoss(error: unknown, { place, reached }: Circumstances): Known | undefined {
  const message = error instanceof Error ? error.message : String(error);
  const broke = /^(ECONNRESET|EPIPE|ECONNABORTED|ENETDOWN|EADDRNOTAVAIL)$/.test(codeOf(error) ?? '');
  if (
    !broke &&
    !/Connection terminated|not queryable|closed|socket disconnected|socket hang up/i.test(message)
  )
    return undefined;
  return {
    cause: 'connection-lost',
    what: reached ? `The connection to ${place} was lost.` : `${place} closed the connection.`,
    why: 'The server, the network or something between them closed it.',
    next: 'Howdah connects again by itself.',
    retry: true,
  };
}

function nothingListening({ target, place }: Circumstances): Known {
  const isSocket = target.host.startsWith('/');
  return {
    cause: 'nothing-listening',
    what: `Nothing listens on ${place}.`,
    why: isSocket
      ? 'The server is not running, or its sockets are in another folder (unix_socket_directories).'
      : 'The server is not running there, or it listens on another address or port (listen_addresses, port).',
    next: 'Start PostgreSQL, or correct the address. Howdah tries again by itself.',
    command: isSocket ? `ls -la ${shell(target.host)}` : `ss -tlnp | grep ${target.port}`,
    retry: true,
  };
}

function hostSilent({ target, place }: Circumstances): Known {
  return {
    cause: 'host-silent',
    what: `${place} does not answer.`,
    why: 'No packet came back: a firewall, a wrong address, or a network or VPN that is down.',
    next: 'Check VPN, firewall and security group. Howdah tries again by itself.',
    command: `nc -vz ${shell(target.host)} ${target.port}`,
    retry: true,
  };
}

function serverSilent({ place, target }: Circumstances): Known {
  return {
    cause: 'server-silent',
    what: `${place} takes connections but says nothing.`,
    why: 'What listens there is stuck, overloaded, or not PostgreSQL and waits for the other side to speak.',
    next: 'Check that the port is the right one, and the load of that machine. Howdah tries again by itself.',
    command: `pg_isready -h ${shell(target.host)} -p ${target.port}`,
    retry: true,
  };
}

/** Whether what came first can't have come from PostgreSQL (PostgreSQL manual, "Message Flow", "SSL Session Encryption"). */
function isForeign({ firstBytes, tls }: Circumstances): boolean {
  if (!firstBytes || firstBytes.length === 0) return false;
  const first = String.fromCharCode(firstBytes[0] ?? 0);
  // To the request for TLS the answer is one letter, or an error from a server that could not even fork.
  if (tls) return first === 'S' || first === 'N' ? firstBytes.length > 1 : first !== 'E';
  return (
    !['R', 'E', 'v', 'N', 'S'].includes(first) ||
    (firstBytes.length >= 5 && firstBytes.readUInt32BE(1) > 100_000)
  );
}

function notPostgres({ place, target, firstBytes }: Circumstances): Known {
  const text = (firstBytes ?? Buffer.alloc(0))
    .toString('latin1')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
  const guess = /^HTTP\//.test(text)
    ? 'a web server'
    : /^SSH-/.test(text)
      ? 'an SSH server'
      : /mysql|mariadb/i.test(text)
        ? 'MySQL or MariaDB'
        : /^[-+]?(ERR|DENIED)/.test(text)
          ? 'Redis'
          : undefined;
  return {
    cause: 'not-postgresql',
    what: `What listens on ${place} is not PostgreSQL.`,
    why: `It looks like ${guess ?? 'another program'}; it began with "${text.slice(0, 32)}".`,
    next: 'Correct the port: PostgreSQL is on 5432 where nothing else was chosen.',
    command: `pg_isready -h ${shell(target.host)} -p ${target.port}; ss -tlnp | grep ${target.port}`,
    retry: false,
  };
}
