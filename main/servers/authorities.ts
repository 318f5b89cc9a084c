import { Worker } from 'node:worker_threads';

/** Certificates of authorities, PEM, one each. */
export interface Authorities {
  /** Those that the operating system trusts. */
  system: string[];
  /** Those, and the ones that come with Node and from `NODE_EXTRA_CA_CERTS`. */
  every: string[];
}

let known: Promise<Authorities> | undefined;

/**
 * The authorities that are trusted on this machine, as they were when first asked for. Reading the system's takes a
 * tenth of a second and more, so a thread of its own does it.
 *
 * @throws what the thread throws; the next call tries again.
 */
export function trustedAuthorities(): Promise<Authorities> {
  known ??= read().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

// Text, not a file: the bundled program has no file of this name beside it.
const program = `
const { parentPort } = require('node:worker_threads');
const { getCACertificates } = require('node:tls');
const once = (list) => [...new Map(list.map((pem) => [pem.replace(/\\s/g, ''), pem])).values()];
const system = once(getCACertificates('system'));
parentPort.postMessage({ system, every: once([...getCACertificates('default'), ...system]) });
`;

function read(): Promise<Authorities> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('Reading the certificates of the authorities ended early.')));
  });
}
