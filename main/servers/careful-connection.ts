import type { Duplex } from 'node:stream';
import pg from 'pg';
import { WayProblem } from '../lib/way-problem.ts';

/** The part of `pg`'s connection that is built upon; its types leave it out. */
interface PgConnection extends NodeJS.EventEmitter {
  stream: Duplex & { remoteAddress?: string };
  attachListeners(stream: Pick<Duplex, 'on'>): void;
}
const PgConnection = (pg as unknown as { Connection: new (config: object) => PgConnection }).Connection;

/** Messages before a session is ready are short: an authentication request, parameters, an error. */
const longestMessage = 100_000;

/** Ways to authenticate that `pg` speaks: none, in the clear, MD5, and SCRAM with its two further messages. */
const spoken = new Set([0, 3, 5, 10, 11, 12]);

/**
 * `pg`'s connection, with what comes from the other side looked at until the session is ready. Its parser trusts
 * it: a message that is cut short makes it loop for ever, an unknown way to authenticate makes it throw where nobody
 * listens, and either can come from anything that listens on a port. After that, what it throws ends the connection.
 */
export class CarefulConnection extends PgConnection {
  override attachListeners(stream: Duplex): void {
    const check = new StartUp();
    const facade = {
      on: (event: string, listener: (chunk: Buffer) => void) => {
        stream.on(
          event,
          event === 'data' ? (chunk: Buffer) => deliver(stream, check, chunk, listener) : listener,
        );
        return facade;
      },
    };
    super.attachListeners(facade as never);
  }
}

function deliver(stream: Duplex, check: StartUp, chunk: Buffer, listener: (chunk: Buffer) => void): void {
  try {
    for (const part of check.take(chunk)) {
      if (stream.destroyed) return;
      listener(part);
    }
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Cuts what comes into whole messages until the server is ready; from then on everything passes as it is. */
class StartUp {
  #pending: Buffer = Buffer.alloc(0);
  #ready = false;

  /** @throws when a message is none (PostgreSQL manual, "Message Formats"), or asks for what can't be done */
  *take(chunk: Buffer): Generator<Buffer> {
    if (this.#ready) {
      yield chunk;
      return;
    }
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (!this.#ready && this.#pending.length >= 5) {
      const length = this.#pending.readUInt32BE(1);
      if (length < 4 || length > longestMessage) throw malformed();
      if (this.#pending.length < length + 1) return;
      const message = this.#pending.subarray(0, length + 1);
      this.#pending = this.#pending.subarray(length + 1);
      inspect(message);
      this.#ready = message[0] === 0x5a;
      yield message;
    }
    if (!this.#ready) return;
    const rest = this.#pending;
    this.#pending = Buffer.alloc(0);
    if (rest.length > 0) yield rest;
  }
}

function inspect(message: Buffer): void {
  const type = String.fromCharCode(message[0] ?? 0);
  if ((type === 'E' || type === 'N') && message.at(-1) !== 0) throw malformed();
  if (type !== 'R') return;
  if (message.length < 9) throw malformed();
  const method = message.readUInt32BE(5);
  if (!spoken.has(method)) throw notSpoken(method);
}

function malformed(): Error {
  return Object.assign(new Error('received a message that is none of PostgreSQL'), { code: 'EMALFORMED' });
}

function notSpoken(method: number): WayProblem {
  const names: Record<number, string> = { 2: 'Kerberos V5', 6: 'SCM credentials', 7: 'GSSAPI', 9: 'SSPI' };
  const name = names[method] ?? `method ${method}`;
  return new WayProblem({
    cause: 'authentication-not-supported',
    what: `The server wants authentication by ${name}.`,
    why: 'Howdah speaks passwords (SCRAM, MD5, in the clear) and client certificates.',
    next: 'Have a scram-sha-256 line for this role and address put before that one in pg_hba.conf.',
    command: 'SELECT * FROM pg_hba_file_rules;',
  });
}
