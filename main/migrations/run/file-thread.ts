import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ReadyFile } from './analysis.ts';
import type { FileAnswer, FileRequest } from './migration-text-worker.ts';

/** The thread that looks at files, as the main thread sees it. */
export interface FileThread {
  /** One at a time. */
  look(request: FileRequest): Promise<ReadyFile>;
  close(): Promise<void>;
}

export function startFileThread(signal?: AbortSignal): FileThread {
  const worker = new Worker(workerFile());
  let waiting: { done(file: ReadyFile): void; fail(error: unknown): void } | undefined;
  let broken: { error: unknown } | undefined;
  const fail = (error: unknown): void => {
    broken ??= { error };
    waiting?.fail(error);
  };
  const onAbort = (): void => {
    fail(signal?.reason);
    void worker.terminate();
  };
  worker.on('message', (answer: FileAnswer) =>
    'file' in answer ? waiting?.done(answer.file) : waiting?.fail(answer.error),
  );
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread that looks at migrations ended early.')));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    look: (request) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken.error);
        waiting = { done: resolve, fail: reject };
        // Handed over, not copied: the reader of the file keeps nothing of it. Small ones share a block of memory.
        const { buffer, byteLength } = request.bytes;
        worker.postMessage(request, buffer.byteLength === byteLength ? [buffer as ArrayBuffer] : []);
      }),
    close: async () => {
      signal?.removeEventListener('abort', onAbort);
      await worker.terminate();
    },
  };
}

/** Beside this file from source; in a build, at the top of `dist/main`, and this file there or in a chunk below. */
function workerFile(): string {
  const places = ['migration-text-worker.ts', 'migration-text-worker.js', '../migration-text-worker.js'];
  const found = places.map((place) => join(import.meta.dirname, place)).find((file) => existsSync(file));
  if (!found) throw new Error('The file of the thread that looks at migrations is missing.');
  return found;
}
