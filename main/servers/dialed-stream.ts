import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { HostPort } from '../../preload/contract/connection.ts';
import type { Dial } from '../lib/dial.ts';

/**
 * A stream to a server that is reached by {@link Dial}, with the methods of a socket that `pg` calls. `connect`
 * dials the target it was made for, whatever `pg` names: behind a tunnel only the tunnel knows the way.
 */
export class DialedStream extends Duplex {
  readonly #dial: Dial;
  readonly #target: HostPort;
  readonly #stop = new AbortController();
  #inner: Duplex | undefined;

  constructor(dial: Dial, target: HostPort) {
    super({ allowHalfOpen: false });
    this.#dial = dial;
    this.#target = target;
  }

  /** Known where the dial was by network from here; a tunnel's far end is nobody's business. */
  get remoteAddress(): string | undefined {
    return this.#inner instanceof Socket ? this.#inner.remoteAddress : undefined;
  }

  connect(): this {
    this.#dial(this.#target, this.#stop.signal).then(
      (inner) => this.#join(inner),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #join(inner: Duplex): void {
    if (this.destroyed) {
      inner.destroy();
      return;
    }
    this.#inner = inner;
    inner.on('data', (chunk) => {
      if (!this.push(chunk)) inner.pause();
    });
    inner.once('end', () => this.push(null));
    inner.once('error', (error) => this.destroy(error));
    // After an ordinary end what came last is still to be read: a server that refuses says why and hangs up.
    inner.once('close', () => {
      if (!inner.readableEnded) this.destroy();
    });
    this.emit('connect');
  }

  override _read(): void {
    this.#inner?.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#inner) this.#inner.write(chunk, encoding, done);
    else done(new Error('Not connected yet.'));
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#inner) this.#inner.end(() => done());
    else done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#stop.abort();
    this.#inner?.destroy();
    done(error);
  }
}
