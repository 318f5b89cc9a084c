import type { Ask } from '../../preload/contract/connection.ts';
import { WayProblem } from '../lib/way-problem.ts';

/** An SSH server on the way, as problems name it. */
export interface Place {
  host: string;
  port: number;
  user: string;
  /** `user@host:port` */
  name: string;
  /** `host:port` */
  address: string;
  /** Goes the same way in a shell and says what happens on it. */
  command: string;
}

type Words = { message: string; system?: string };

const companionInstead =
  'a companion command such as ssh -N -L 5433:db:5432 HOST takes the way through the ssh of this machine';

export function configMalformed(where: { file: string; line?: number }, why: string): WayProblem {
  const place = where.line === undefined ? where.file : `${where.file}, line ${where.line}`;
  return new WayProblem({
    cause: 'tunnel-config-malformed',
    what: `The SSH configuration can't be used: ${place}.`,
    why,
    next: 'Correct it there, or fill in the fields of the tunnel.',
  });
}

export function jumpMalformed(why: string): WayProblem {
  return new WayProblem({
    cause: 'tunnel-config-malformed',
    what: 'The jump hosts of the tunnel make no way.',
    why,
    next: 'Give them first to last, as ssh -J has it: [user@]host[:port],…',
  });
}

export function proxyCommandNotRun(where: { file: string; line: number }, host: string): WayProblem {
  return new WayProblem({
    cause: 'tunnel-config-malformed',
    what: `The SSH configuration reaches ${host} by a ProxyCommand: ${where.file}, line ${where.line}.`,
    why: 'Howdah does not run commands of the SSH configuration.',
    next: `Where it goes through another SSH server, ProxyJump says the same; otherwise ${companionInstead}.`,
    command: `ssh -G ${shellWord(host)}`,
  });
}

export function nameNotFound(place: Place, from: string, words?: Words): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-name-not-found',
      what: `The name "${place.host}" of the SSH server was not found${from}.`,
      why: 'Name resolution knows no address for it.',
      next: 'Check the spelling, and whether a VPN must be up for that name.',
      command: place.command,
      ...(words ? { server: words } : {}),
    },
    { retry: true },
  );
}

export function unreachable(place: Place, what: string, why: string, words?: Words): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-unreachable',
      what,
      why,
      next: 'Check host, port, firewall and VPN. Howdah tries again by itself.',
      command: place.command,
      ...(words ? { server: words } : {}),
    },
    { retry: true },
  );
}

export function notSsh(place: Place, said: string): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-not-ssh',
      what: `What listens on ${place.address} does not speak SSH.`,
      why: said
        ? 'Its first words are below; an SSH server begins with "SSH-2.0-".'
        : 'It closed the connection without a word: another service, or a forwarder with no SSH server behind it.',
      next: 'Check the port of the SSH server; it is 22 unless somebody chose another.',
      command: place.command,
      ...(said ? { server: { message: said } } : {}),
    },
    // Other words will not change by themselves; a forwarder may get its server back.
    { retry: !said },
  );
}

export function noCommonAlgorithm(place: Place, words: Words): WayProblem {
  return new WayProblem({
    cause: 'other',
    what: `${place.address} and Howdah know no common SSH algorithm.`,
    why: 'The server offers only algorithms that are too old or too new for it.',
    next: `Allow a usual one in its sshd_config; until then ${companionInstead}.`,
    command: place.command,
    server: words,
  });
}

export function hostKeyUnknown(place: Place, ask: Ask & { kind: 'host-key' }): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-host-key-unknown',
      what: `The SSH server ${place.address} is not known yet.`,
      why: `It shows a host key of type ${ask.type} that no known_hosts file has: ${ask.fingerprint}.`,
      next: 'Compare the fingerprint with what the administrator of that server says, then trust it. Nothing was sent to it.',
      command: `ssh-keyscan -p ${place.port} ${shellWord(place.host)} | ssh-keygen -lf -`,
    },
    { ask },
  );
}

export function hostKeyChanged(
  place: Place,
  found: { file: string; line: number; name: string; type: string; fingerprint: string; revoked: boolean },
): WayProblem {
  const where = `${found.file}, line ${found.line}`;
  return new WayProblem({
    cause: 'tunnel-host-key-changed',
    what: found.revoked
      ? `The host key of ${place.address} has been revoked.`
      : `${place.address} shows another host key than the one that is known.`,
    why: found.revoked
      ? `${where} revokes it (${found.type} ${found.fingerprint}).`
      : `${where} has another ${found.type} key than ${found.fingerprint}: the server was set up anew, or somebody else answers in its place.`,
    next: found.revoked
      ? 'Give the server a new host key. The connection was refused and nothing was sent.'
      : 'Ask the administrator whether the key was changed. Only if it was, remove the old one and connect again. Nothing was sent.',
    ...(found.revoked
      ? {}
      : { command: `ssh-keygen -R ${shellWord(found.name)} -f ${shellWord(found.file)}` }),
  });
}

export function keyUnreadable(path: string, why: string, command?: string): WayProblem {
  return new WayProblem({
    cause: 'tunnel-key-unreadable',
    what: `The key file ${path} can't be used.`,
    why,
    next: 'Choose the file of a private key, the one without .pub at the end.',
    command: command ?? `ssh-keygen -y -f ${shellWord(path)}`,
  });
}

export function agentMissing(place: Place, socket: string | undefined): WayProblem {
  return new WayProblem({
    cause: 'tunnel-agent-missing',
    what: `There is no SSH agent to log in to ${place.address} with.`,
    why: socket
      ? `Nothing answers at ${socket}.`
      : 'SSH_AUTH_SOCK is not set: Howdah was started where no agent is known.',
    next: 'Start the agent and add a key, then start Howdah from there; or choose a key file.',
    command: 'ssh-add -l',
  });
}

export function passphraseMissing(path: string, wasWrong: boolean): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-passphrase-missing',
      what: wasWrong ? `The passphrase of ${path} is wrong.` : `The key ${path} wants its passphrase.`,
      why: wasWrong ? 'The key could not be opened with the one that was given.' : 'None is stored for it.',
      next: 'Enter it; it is kept in the keychain, or in memory for this run where there is none.',
      command: `ssh-keygen -y -f ${shellWord(path)}`,
    },
    { ask: { kind: 'secret', secret: 'key-passphrase', of: path, wasWrong } },
  );
}

export function passwordMissing(place: Place, tried: string): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-password-missing',
      what: `The SSH server wants a password for ${place.name}.`,
      why: `${tried}None is stored for it.`,
      next: 'Enter it; it is kept in the keychain, or in memory for this run where there is none.',
      command: place.command,
    },
    { ask: { kind: 'secret', secret: 'ssh-password', of: place.name, wasWrong: false } },
  );
}

export function authenticationRefused(
  place: Place,
  { why, next, passwordWrong }: { why: string; next: string; passwordWrong: boolean },
): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-authentication-refused',
      what: passwordWrong
        ? `The SSH server refused the password of ${place.name}.`
        : `The SSH server did not let ${place.user} in at ${place.address}.`,
      why,
      next,
      command: place.command,
    },
    passwordWrong ? { ask: { kind: 'secret', secret: 'ssh-password', of: place.name, wasWrong: true } } : {},
  );
}

export function forwardRefused(place: Place, target: string, words: Words, retry = false): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-forward-refused',
      what: `The SSH server ${place.address} does not pass connections on to ${target}.`,
      why: 'Its configuration forbids it (AllowTcpForwarding, AllowStreamLocalForwarding, PermitOpen), or the key is restricted there.',
      next: 'Ask its administrator to allow forwarding to that address, or go through another server.',
      command: place.command.replace(/ (\S+) true$/, ` -W ${shellWord(target)} $1`),
      server: words,
    },
    { retry },
  );
}

export function tunnelLost(place: Place, why: string): WayProblem {
  return new WayProblem(
    {
      cause: 'tunnel-lost',
      what: `The SSH tunnel through ${place.address} was lost.`,
      why,
      next: 'Howdah connects again by itself.',
      command: place.command,
    },
    { retry: true },
  );
}

export function otherProblem(place: Place, words: Words): WayProblem {
  return new WayProblem({
    cause: 'other',
    what: `The SSH tunnel through ${place.address} failed.`,
    why: words.message,
    next: 'The words of the server or the library are below.',
    command: place.command,
    server: words,
  });
}

/** What an error says, with the operating system's code where it has one. */
export function wordsOf(error: unknown): Words {
  if (!(error instanceof Error)) return { message: String(error) };
  // Several addresses of one name fail together, each with its own error.
  if (error instanceof AggregateError && error.errors.length > 0) return wordsOf(error.errors[0]);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { message: error.message || code || 'no message', ...(code ? { system: code } : {}) };
}

/** A word for a POSIX shell, quoted where it must be: the commands shown are made to be copied. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) && !word.startsWith('-') && !word.startsWith('~')
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
