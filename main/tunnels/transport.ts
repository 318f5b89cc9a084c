import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { forward } from './forward.ts';
import { nameNotFound, otherProblem, unreachable, wordsOf } from './problems.ts';
import type { Hop } from './route.ts';

/** The connection that a hop's SSH runs over: from this machine, or through the hop before. */
export async function openTransport(
  hop: Hop,
  through: { client: Client; hop: Hop } | undefined,
  signal: AbortSignal,
): Promise<Duplex> {
  try {
    if (!through) return await dialDirectly(hop, signal);
    return await forward(
      through,
      { host: hop.host, port: hop.port },
      { signal, timeout: hop.connectTimeout },
    );
  } catch (error) {
    throw signal.aborted ? signal.reason : explain(error, hop, through?.hop);
  }
}

function dialDirectly({ host, port, family, connectTimeout }: Hop, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...(family ? { family } : {}) });
    socket.setNoDelay(true);
    const late = setTimeout(
      () =>
        fail(Object.assign(new Error(`no answer within ${connectTimeout / 1000} s`), { code: 'ETIMEDOUT' })),
      connectTimeout,
    );
    const abort = (): void => fail(signal.reason);
    const tidy = (): void => {
      clearTimeout(late);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: unknown): void => {
      tidy();
      socket.destroy();
      reject(error);
    };
    // Stays on: an error later on must not end the process.
    socket.on('error', fail);
    socket.once('connect', () => {
      tidy();
      resolve(socket);
    });
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}

function explain(error: unknown, hop: Hop, before: Hop | undefined): unknown {
  const words = wordsOf(error);
  const from = before ? ` by ${before.address}` : '';
  switch (words.system) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return nameNotFound(hop, from, words);
    case 'ECONNREFUSED':
      return unreachable(
        hop,
        `No SSH server listens on ${hop.address}${before ? `, seen from ${before.address}` : ''}.`,
        'No SSH server runs there, or it listens on another port.',
        words,
      );
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return unreachable(
        hop,
        `The SSH server ${hop.address} does not answer${before ? `, seen from ${before.address}` : ''}.`,
        'No packet came back: a firewall, a wrong address, or a network that is down.',
        words,
      );
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EADDRNOTAVAIL':
      return unreachable(hop, `The connection to ${hop.address} failed.`, 'It was closed at once.', words);
  }
  return error instanceof Error && 'explanation' in error ? error : otherProblem(hop, words);
}
