import { parentPort, workerData } from 'node:worker_threads';
import { openKey } from './private-key.ts';

/**
 * Entry of the worker thread that opens one encrypted key: deriving the key from the passphrase is meant to take
 * long. `{ data, passphrase }` comes with it, an `OpenedKey` or `{ problem }` goes back.
 */
const { data, passphrase } = workerData as { data: string; passphrase: string };
parentPort?.postMessage(openKey(data, passphrase));
