import { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { HostPort } from '../../preload/contract/connection.ts';
import { hostPortOf } from './known-hosts.ts';
import { forwardRefused, type Place, wordsOf } from './problems.ts';

export interface ForwardOptions {
  /** How long the server may take to answer, in ms. */
  timeout?: number;
  signal?: AbortSignal | undefined;
}

const FORWARD_TIMEOUT = 10_000;

/** Why a server refuses a channel (RFC 4254, 5.1). */
const PROHIBITED = 1;
const UNKNOWN_TYPE = 3;
const SHORTAGE = 4;

/**
 * Has an SSH server connect to a host and port, or to PostgreSQL's socket in a folder (`host` begins with "/").
 *
 * @throws WayProblem when the server forbids it; otherwise an Error with the code that the system would have given
 *   (ECONNREFUSED, ENOTFOUND, ETIMEDOUT, …), with the server's words.
 */
export function forward(
  { client, hop }: { client: Client; hop: Place },
  { host, port }: HostPort,
  { timeout = FORWARD_TIMEOUT, signal }: ForwardOptions = {},
): Promise<ForwardedStream> {
  const socket = host.startsWith('/') ? `${host.replace(/\/+$/, '')}/.s.PGSQL.${port}` : undefined;
  const target = socket ?? hostPortOf(host, port);
  return new Promise((resolve, reject) => {
    let over = false;
    const settle = (act: () => void): void => {
      if (over) return;
      over = true;
      clearTimeout(late);
      signal?.removeEventListener('abort', abort);
      act();
    };
    const abort = (): void => settle(() => reject(signal?.reason));
    const late = setTimeout(
      () => settle(() => reject(systemError('ETIMEDOUT', `${hop.address} did not reach ${target} in time.`))),
      timeout,
    );
    const opened = (error: Error | undefined, channel: ClientChannel): void => {
      if (error) settle(() => reject(refusal(error, hop, target, socket !== undefined)));
      // Nobody waits for it any more.
      else if (over) discard(channel);
      else settle(() => resolve(new ForwardedStream(channel)));
    };
    if (signal?.aborted) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort);
    try {
      if (socket) client.openssh_forwardOutStreamLocal(socket, opened);
      else client.forwardOut('127.0.0.1', 0, host, port, opened);
    } catch (error) {
      // The library throws when its connection is gone.
      settle(() => reject(systemError('ECONNRESET', wordsOf(error).message)));
    }
  });
}

/**
 * One forwarded connection. The library's own channel never says that it is destroyed, keeps writes waiting for ever
 * once it is closed, and reports no loss; this one behaves as a socket does.
 */
export class ForwardedStream extends Duplex {
  #channel: ClientChannel;

  constructor(channel: ClientChannel) {
    super({ allowHalfOpen: false });
    this.#channel = channel;
    // Whoever reads hears of it by their own listener; nobody listening must not end the process.
    this.on('error', () => undefined);
    channel.on('error', (error: Error) => this.destroy(error));
    channel.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) channel.pause();
    });
    channel.on('end', () => {
      this.push(null);
      // As a socket does: an end behind which nothing is buffered is told to those who don't read, too.
      this.read(0);
    });
    channel.on('close', () => {
      // After a proper end the reader gets to what is buffered first.
      if (this.readableEnded || !this.readable) this.destroy();
      else this.once('end', () => this.destroy());
    });
    channel.stderr?.resume();
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#channel.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    discard(this.#channel);
    done(error);
  }
}

function discard(channel: ClientChannel): void {
  channel.on('error', () => undefined);
  // Its remaining data must be taken, or it never closes.
  channel.resume();
  channel.destroy();
}

function refusal(error: Error, hop: Place, target: string, isSocket: boolean): Error {
  const words = {
    message: error.message.replace(/^\(SSH\) Channel open failure: /, '') || 'no reason given',
  };
  const reason = 'reason' in error ? error.reason : undefined;
  if (reason === PROHIBITED || reason === UNKNOWN_TYPE) return forwardRefused(hop, target, words);
  if (reason === SHORTAGE) return forwardRefused(hop, target, words, true);
  const { message } = words;
  const seen = `${hop.address} could not connect to ${target}: ${message}`;
  if (/no response from server|not connected/i.test(message)) return systemError('ECONNRESET', seen);
  if (/name or service|not known|unknown host|nodename|resolv|no address/i.test(message)) {
    return systemError('ENOTFOUND', seen);
  }
  if (/timed? ?out/i.test(message)) return systemError('ETIMEDOUT', seen);
  if (/no route|unreachable/i.test(message)) return systemError('EHOSTUNREACH', seen);
  if (/permission denied/i.test(message)) return systemError('EACCES', seen);
  // For a socket OpenSSH says the same whether it is missing, not permitted, or forbidden by its configuration.
  return isSocket
    ? systemError('ENOENT', `${seen} (no such socket, not permitted, or AllowStreamLocalForwarding is off)`)
    : systemError('ECONNREFUSED', seen);
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
