import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { HostPort } from '../../../preload/contract/connection.ts';
import type { Dial } from '../../lib/dial.ts';

/** An entrance on this machine to the far end of a tunnel. */
export interface Listener {
  /** Variables of libpq that lead there. */
  variables: Record<string, string>;
  close(): Promise<void>;
}

/** The longest path of a socket that every system takes, bytes (unix(7), sys/un.h of BSD). */
const longestSocket = 100;

/**
 * Opens an entrance to `target` through `dial`: a socket in `folder`, which only this account can reach, unless TLS is
 * wanted: that libpq does only over the network, so a port of the loopback then takes its place, and the host's name is
 * kept for its certificate.
 */
export async function openListener(
  { dial, target, tls }: { dial: Dial; target: HostPort; tls: boolean },
  folder: string,
): Promise<Listener> {
  const path = join(folder, `.s.PGSQL.${target.port}`);
  const bySocket = !tls && process.platform !== 'win32' && Buffer.byteLength(path) <= longestSocket;
  const open = new Set<Duplex>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    void joinStreams(near, dial, target, open);
  });
  await listen(server, bySocket ? { path } : { host: '127.0.0.1', port: 0 });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : target.port;
  return {
    variables: bySocket
      ? { PGHOST: folder, PGPORT: String(target.port) }
      : {
          PGHOST: target.host.startsWith('/') ? 'localhost' : target.host,
          PGHOSTADDR: '127.0.0.1',
          PGPORT: String(port),
        },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const stream of open) stream.destroy();
      await closed;
    },
  };
}

async function joinStreams(near: Socket, dial: Dial, target: HostPort, open: Set<Duplex>): Promise<void> {
  const stop = new AbortController();
  open.add(near);
  near.once('close', () => {
    open.delete(near);
    stop.abort();
  });
  near.on('error', () => near.destroy());
  try {
    const far = await dial(target, stop.signal);
    open.add(far);
    far.once('close', () => {
      open.delete(far);
      // What came last is still to be written out.
      if (far.readableEnded) near.end();
      else near.destroy();
    });
    far.on('error', () => near.destroy());
    near.once('close', () => far.destroy());
    if (near.destroyed) far.destroy();
    near.pipe(far);
    far.pipe(near);
  } catch {
    // The program says that the connection was closed; why the tunnel is down, its own status tells.
    near.destroy();
  }
}

function listen(server: Server, at: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}
