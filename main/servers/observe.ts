import type { PeerCertificate } from 'node:tls';
import type pg from 'pg';
import type { Attempt } from './connect-failure.ts';

interface Observed {
  version(): string;
  major(): number | undefined;
  /** What the encrypted stream itself said. */
  streamError(): Error | undefined;
}

/** Listens beside `pg` to what it does not tell: the first bytes, the version, how the server wants to authenticate. */
export function observe(client: pg.Client, attempt: Attempt): Observed {
  const { connection } = client as unknown as { connection: ObservedConnection };
  let version = '';
  let streamError: Error | undefined;
  connection.once('connect', () => {
    attempt.reached = true;
    attempt.peer = connection.stream.remoteAddress;
    attempt.marks.reached = performance.now();
  });
  connection.once('sslconnect', () => {
    connection.stream.once('secureConnect', () => {
      attempt.marks.encrypted = performance.now();
    });
    connection.stream.once('error', (error: Error) => {
      streamError = error;
    });
    // Before it is judged: a certificate that is refused is still worth a word.
    connection.stream.prependListener('secure', () => {
      attempt.certificate = connection.stream.getPeerCertificate?.();
    });
  });
  connection.once('authenticationOk', () => {
    attempt.marks.accepted = performance.now();
  });
  connection.stream.once('data', (bytes: Buffer) => {
    attempt.firstBytes = bytes.subarray(0, 32);
  });
  connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
    if (parameterName === 'server_version') version = parameterValue ?? '';
  });
  return {
    version: () => version.split(' ')[0] ?? version,
    major: () => {
      const major = Number.parseInt(version, 10);
      return Number.isNaN(major) ? undefined : major;
    },
    streamError: () => streamError,
  };
}

/** The part of `pg`'s connection that is listened to. */
interface ObservedConnection extends NodeJS.EventEmitter {
  stream: NodeJS.EventEmitter & {
    remoteAddress?: string;
    getPeerCertificate?(): PeerCertificate;
    destroy(error?: Error): void;
  };
  on(
    event: 'parameterStatus',
    listener: (message: { parameterName?: string; parameterValue?: string }) => void,
  ): this;
  on(event: string, listener: (...args: never[]) => void): this;
}
