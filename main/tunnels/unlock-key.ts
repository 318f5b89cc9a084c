import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ClosedKey, OpenedKey } from './private-key.ts';

/** A key may ask for any number of rounds; nobody's takes as long as this, in ms. */
const LONGEST = 30_000;

/** Opens an encrypted key in a thread of its own. Rejects only when the thread fails. */
export function unlockKey(data: string, passphrase: string): Promise<OpenedKey | ClosedKey> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile(), { workerData: { data, passphrase } });
    const late = setTimeout(() => {
      resolve({ problem: 'not-a-key', detail: 'Opening it takes longer than half a minute.' });
      void worker.terminate();
    }, LONGEST);
    worker.once('message', (answer: OpenedKey | ClosedKey) => {
      resolve(answer);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      clearTimeout(late);
      reject(new Error('The thread that opens keys ended without an answer.'));
    });
  });
}

/** Beside this file from source; in a build, at the top of `dist/main`, and this file there or in a chunk below. */
function workerFile(): string {
  const places = ['key-worker.ts', 'key-worker.js', '../key-worker.js'];
  const found = places.map((place) => join(import.meta.dirname, place)).find((file) => existsSync(file));
  if (!found) throw new Error('The file of the thread that opens keys is missing.');
  return found;
}
