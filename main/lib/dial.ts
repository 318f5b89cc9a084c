import type { Duplex } from 'node:stream';
import type { HostPort } from '../../preload/contract/connection.ts';

/**
 * Opens a stream to a host and port, or to the socket of a directory (`host` begins with "/"), in place of a plain
 * connection from this machine: through a tunnel.
 *
 * @throws WayProblem, or what the system throws.
 */
export type Dial = (target: HostPort, signal?: AbortSignal) => Promise<Duplex>;
