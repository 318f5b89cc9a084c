import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromSqlWorker } from './sql-source-worker.ts';

export type SqlRead = Extract<FromSqlWorker, { kind: 'read' }>;
export type SqlProblem = Extract<FromSqlWorker, { kind: 'problem' }>;

/** The thread that reads SQL, as the main thread sees it. */
export interface SqlReader {
  /** Reads all of it. What is read stays in the thread. */
  read(onFile: (file: string, done: number, total: number) => void): Promise<SqlRead | SqlProblem>;
  /** The next steps, file after file. */
  next(): Promise<Extract<FromSqlWorker, { kind: 'steps' }>>;
  close(): void;
}

/** @param file the worker's entry; found beside this file unless given */
export function startSqlReader(path: string, signal?: AbortSignal, file: string = workerFile()): SqlReader {
  const worker = new Worker(file, { workerData: { path } });
  let waiting: { message(message: FromSqlWorker): void; fail(error: unknown): void } | undefined;
  let broken: unknown;
  const fail = (error: unknown): void => {
    broken ??= error;
    waiting?.fail(broken);
  };
  const onAbort = (): void => {
    fail(signal?.reason);
    void worker.terminate();
  };
  worker.on('message', (message: FromSqlWorker) => waiting?.message(message));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread that reads SQL ended early.')));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const wait = <T extends FromSqlWorker>(take: (message: FromSqlWorker) => message is T): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting = { message: (message) => (take(message) ? resolve(message) : undefined), fail: reject };
      if (broken !== undefined) reject(broken);
    });
  return {
    read: (onFile) =>
      wait((message): message is SqlRead | SqlProblem => {
        if (message.kind === 'reading') onFile(message.file, message.done, message.total);
        return message.kind === 'read' || message.kind === 'problem';
      }),
    next: () => {
      const steps = wait((message) => message.kind === 'steps');
      worker.postMessage('next');
      return steps;
    },
    close: () => {
      signal?.removeEventListener('abort', onAbort);
      void worker.terminate();
    },
  };
}

/** Beside this file from source; in a build, at the top of `dist/main`, and this file there or in a chunk below. */
function workerFile(): string {
  const places = ['sql-source-worker.ts', 'sql-source-worker.js', '../sql-source-worker.js'];
  const found = places.map((place) => join(import.meta.dirname, place)).find((file) => existsSync(file));
  if (!found) throw new Error('The file of the thread that reads SQL is missing.');
  return found;
}
