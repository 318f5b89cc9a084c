import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ServerHostKeyAlgorithm } from 'ssh2';
import type { WayProblem } from '../lib/way-problem.ts';
import { Authentication } from './authentication.ts';
import { identitiesFor } from './identities.ts';
import { fingerprintOf, hostPortOf, type KnownHosts, keyType, nameIn } from './known-hosts.ts';
import {
  authenticationRefused,
  hostKeyChanged,
  hostKeyUnknown,
  noCommonAlgorithm,
  notSsh,
  otherProblem,
  unreachable,
  wordsOf,
} from './problems.ts';
import type { Hop } from './route.ts';
import { openTransport } from './transport.ts';

export interface HopNeeds {
  secret(kind: 'ssh-password' | 'key-passphrase', of: string): Promise<string | undefined>;
  knownHosts: KnownHosts;
  signal: AbortSignal;
  /** In ms. */
  keepalive: number;
}

export interface HopConnection {
  client: Client;
  transport: Duplex;
  hop: Hop;
}

/** An agent may ask its person, and servers delay their answers; longer than this nobody waits, in ms. */
const AUTHENTICATION_TIMEOUT = 60_000;
/** A server ends a connection after a few wrong keys; this many connections are made to offer them all. */
const MOST_CONNECTIONS = 4;
/** At the usual pace of the keepalive; a faster one leaves as much time. */
const UNANSWERED_KEEPALIVES = 2;
/** What servers say when they end a connection for too many tries. */
const TOO_MANY_TRIES = /too many authentication failures|no more auth/i;

/**
 * Connects and logs in to one hop, directly or through the one before.
 *
 * @throws WayProblem, or the signal's reason
 */
export async function connectHop(
  hop: Hop,
  through: HopConnection | undefined,
  needs: HopNeeds,
): Promise<HopConnection> {
  const state: { authentication?: Authentication; end?: (problem: unknown) => void } = {};
  const identities = await identitiesFor({
    hop,
    passphrase: (path) => needs.secret('key-passphrase', path),
    onClosed: (path, wasWrong) => state.authentication?.onClosedKey(path, wasWrong),
  });
  const authentication = new Authentication({
    hop,
    identities,
    password: () => needs.secret('ssh-password', hop.name),
    onEnd: (problem) => state.end?.(problem),
  });
  state.authentication = authentication;
  for (let connection = 1; ; connection += 1) {
    if (connection === MOST_CONNECTIONS) authentication.goToPassword();
    const result = await connectOnce(hop, through, needs, authentication, (end) => {
      state.end = end;
    });
    if (result !== 'too-many-tries') return result;
    if (!authentication.hasMore || connection === MOST_CONNECTIONS) throw authentication.problem();
  }
}

async function connectOnce(
  hop: Hop,
  through: HopConnection | undefined,
  needs: HopNeeds,
  authentication: Authentication,
  onEnd: (end: (problem: unknown) => void) => void,
): Promise<HopConnection | 'too-many-tries'> {
  const { signal } = needs;
  const transport = await openTransport(hop, through, signal);
  const client = new ssh2.Client();
  // Stays on for good: an error after the end must not end the process.
  client.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    let over = false;
    let handshakeDone = false;
    const heard = new FirstWords();

    const settle = (act: () => void): void => {
      if (over) return;
      over = true;
      clearTimeout(late);
      signal.removeEventListener('abort', abort);
      transport.off('data', listen);
      act();
    };
    const listen = (chunk: Buffer): void => heard.add(chunk);
    const fail = (problem: unknown): void =>
      settle(() => {
        reject(problem);
        client.end();
        transport.destroy();
      });
    const abort = (): void => fail(signal.reason);
    let late = setTimeout(() => fail(silent(hop, heard)), hop.connectTimeout);
    onEnd(fail);
    signal.addEventListener('abort', abort);
    if (signal.aborted) return abort();

    // Once: each later exchange of keys is told as a handshake, too.
    client.once('handshake', () => {
      handshakeDone = true;
      clearTimeout(late);
      late = setTimeout(
        () =>
          fail(unreachable(hop, `${hop.address} stopped answering.`, 'The login took longer than a minute.')),
        AUTHENTICATION_TIMEOUT,
      );
    });
    client.on('ready', () => settle(() => resolve({ client, transport, hop })));
    client.on('change password', () =>
      fail(
        authenticationRefused(hop, {
          why: 'The password has expired: the server wants a new one before it lets anybody in.',
          next: 'Log in with ssh once and set a new password, then enter it here.',
          passwordWrong: false,
        }),
      ),
    );
    client.on('error', (error: Error & { level?: string }) => {
      // A key that could not sign is no end: the next one is tried.
      if (error.level === 'agent') return;
      if (TOO_MANY_TRIES.test(error.message)) {
        settle(() => {
          resolve('too-many-tries');
          transport.destroy();
        });
      } else {
        fail(explain(error, hop, heard, handshakeDone));
      }
    });
    client.on('close', () =>
      fail(
        // Closed in order just after a password: some servers say no in this way, and it must not be sent again.
        authentication.passwordSent
          ? authentication.problem()
          : explain(undefined, hop, heard, handshakeDone),
      ),
    );

    const verifier = new HostKeyVerifier(hop, needs.knownHosts, fail);
    try {
      client.connect({
        sock: transport,
        username: hop.user,
        // What the library types as an answer it also takes by the callback.
        authHandler: authentication.handle as never,
        hostVerifier: verifier.verify,
        algorithms: { serverHostKey: verifier.algorithms() },
        readyTimeout: 0,
        ...keepalive(hop, needs.keepalive),
        strictVendor: false,
      });
    } catch (error) {
      fail(otherProblem(hop, wordsOf(error)));
    }
    // After the library has paused it, so that nothing is read before the library reads.
    if (!over) transport.on('data', listen);
  });
}

/** The configuration may ask more often (ServerAliveInterval), but a loss takes no more time to be noticed. */
function keepalive(hop: Hop, usual: number): { keepaliveInterval: number; keepaliveCountMax: number } {
  const interval = Math.min(hop.aliveInterval ?? usual, usual);
  // The library gives up at the beat after the last unanswered one.
  const beats = Math.floor((usual * (UNANSWERED_KEEPALIVES + 1)) / interval);
  return { keepaliveInterval: interval, keepaliveCountMax: beats - 1 };
}

/** The first bytes of what listens, to tell an SSH server from others. */
class FirstWords {
  #bytes = Buffer.alloc(0);

  add(chunk: Buffer): void {
    if (this.#bytes.length < 256) this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, 256)]);
  }

  get isSsh(): boolean {
    return /^SSH-/m.test(this.#bytes.toString('latin1'));
  }

  /** One printable line; empty when nothing was heard. */
  get line(): string {
    const line = this.#bytes.toString('latin1').split(/[\r\n]/)[0] ?? '';
    const printable = line.replace(/[^\x20-\x7e]+/g, '·').slice(0, 120);
    return printable || (this.#bytes.length > 0 ? '·' : '');
  }
}

function silent(hop: Hop, heard: FirstWords): WayProblem {
  const seconds = hop.connectTimeout / 1000;
  if (heard.isSsh) {
    return unreachable(
      hop,
      `${hop.address} stopped answering.`,
      `The handshake was not done within ${seconds} s.`,
    );
  }
  if (heard.line) return notSsh(hop, heard.line);
  return unreachable(
    hop,
    `${hop.address} takes the connection but says nothing.`,
    `No word came within ${seconds} s: the SSH server is stuck or overloaded, or something else listens there.`,
  );
}

/** @param error undefined when the connection was closed */
function explain(error: Error | undefined, hop: Hop, heard: FirstWords, handshakeDone: boolean): WayProblem {
  const words = error ? wordsOf(error) : undefined;
  if (/MaxStartups/.test(heard.line)) {
    return unreachable(hop, `${hop.address} takes no more logins now.`, 'Too many are going on at once.', {
      message: heard.line,
    });
  }
  if (!heard.isSsh) return notSsh(hop, heard.line);
  if (words && /no matching|Unsupported/i.test(words.message)) return noCommonAlgorithm(hop, words);
  return unreachable(
    hop,
    `${hop.address} ended the connection.`,
    handshakeDone ? 'It did so during the login.' : 'It did so during the handshake.',
    words,
  );
}

const allAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const satisfies ServerHostKeyAlgorithm[] | string[];

/** Lets a handshake go on only with a host key that is known. */
class HostKeyVerifier {
  #hop: Hop;
  #knownHosts: KnownHosts;
  #fail: (problem: WayProblem) => void;
  #accepted: Buffer | undefined;

  constructor(hop: Hop, knownHosts: KnownHosts, fail: (problem: WayProblem) => void) {
    this.#hop = hop;
    this.#knownHosts = knownHosts;
    this.#fail = fail;
  }

  /** Those of known keys first, as OpenSSH does, so that a server with several keys shows one that is known. */
  algorithms(): ServerHostKeyAlgorithm[] {
    const { keyName, knownHosts } = this.#hop;
    const types = this.#knownHosts.knownTypes(keyName.host, keyName.port, knownHosts);
    const isKnown = (algorithm: string): boolean =>
      types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
    const all: readonly string[] = allAlgorithms;
    const sorted = [...all.filter(isKnown), ...all.filter((algorithm) => !isKnown(algorithm))];
    return sorted as ServerHostKeyAlgorithm[];
  }

  verify = (key: Buffer): boolean => {
    // Asked again at each new exchange of keys; the server must stay the one it was.
    if (this.#accepted) return this.#accepted.equals(key);
    const { keyName, knownHosts } = this.#hop;
    const found = this.#knownHosts.check(keyName.host, keyName.port, key, knownHosts);
    if (found.verdict === 'known') {
      this.#accepted = Buffer.from(key);
      return true;
    }
    const type = keyType(key);
    const fingerprint = fingerprintOf(key);
    this.#fail(
      found.verdict === 'unknown'
        ? hostKeyUnknown(this.#hop, {
            kind: 'host-key',
            host: hostPortOf(keyName.host, keyName.port),
            type,
            fingerprint,
            key: key.toString('base64'),
          })
        : hostKeyChanged(this.#hop, {
            file: found.file,
            line: found.line,
            name: nameIn(keyName.host, keyName.port),
            type,
            fingerprint,
            revoked: found.verdict === 'revoked',
          }),
    );
    return false;
  };
}
