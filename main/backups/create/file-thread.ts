import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { SealBroken } from './age.ts';
import { BackupFailure } from './failure.ts';
import type { FileDone, FileTask, FromFileThread, ToFileThread } from './file-tasks.ts';

/** Chunks that may be on their way to the thread. */
const window = 16;

interface RunOptions {
  signal?: AbortSignal | undefined;
  /** Bytes dealt with since the last call. */
  onBytes?: ((bytes: number) => void) | undefined;
}

interface Thread {
  done: Promise<FileDone[]>;
  say(message: ToFileThread, transfer?: ArrayBuffer[]): void;
  on(listener: (message: FromFileThread) => void): void;
  stop(why: Error): void;
}

/**
 * Does one task in a thread of its own, which ends with it.
 *
 * @throws {SealBroken}; the system's error with its code; the signal's reason
 */
export function runFileTask(task: FileTask, options: RunOptions = {}): Promise<FileDone[]> {
  return start(task, options).done;
}

/** A stream into a file, through the thread. `done` settles after the stream has finished, or failed. */
export function fileSink(
  task: Extract<FileTask, { kind: 'sink' }>,
  options: RunOptions = {},
): { stream: Writable; done: Promise<FileDone> } {
  const thread = start(task, options);
  let allowed = window;
  let wake: (() => void) | undefined;
  thread.on((message) => {
    if (!('more' in message)) return;
    allowed += 1;
    wake?.();
  });
  const stream = new Writable({
    highWaterMark: 1024 * 1024,
    write(chunk: Buffer, _encoding, done) {
      allowed -= 1;
      // A copy, because the buffer may be a part of a larger one that others use.
      const copy = new Uint8Array(chunk);
      options.onBytes?.(copy.length);
      thread.say({ chunk: copy }, [copy.buffer]);
      if (allowed > 0) return done();
      wake = () => {
        wake = undefined;
        done();
      };
    },
    final(done) {
      thread.say({ end: true });
      thread.done.then(() => done(), done);
    },
    destroy(error, done) {
      thread.stop(error ?? new Error('Stopped.'));
      done(error);
    },
  });
  stream.on('error', () => undefined);
  const done = thread.done.then(([one]) => {
    if (!one) throw new Error('The thread that writes a backup gave no answer.');
    return one;
  });
  done.catch((error: Error) => stream.destroy(error));
  return { stream, done };
}

/**
 * What an encrypted file holds, as a stream. It fails when the key is wrong or the file damaged.
 *
 * @param onDone told what was read, once all of it was
 */
export function fileSource(
  task: Extract<FileTask, { kind: 'source' }>,
  options: RunOptions = {},
  onDone?: (done: FileDone) => void,
): Readable {
  const thread = start(task, options);
  let owed = 0;
  const stream = new Readable({
    highWaterMark: 1024 * 1024,
    read: () => {
      for (; owed > 0; owed -= 1) thread.say({ more: true });
    },
    destroy: (error, done) => {
      thread.stop(new Error('Stopped.'));
      done(error);
    },
  });
  thread.on((message) => {
    if (!('chunk' in message)) return;
    owed += 1;
    if (stream.push(Buffer.from(message.chunk.buffer))) {
      for (; owed > 0; owed -= 1) thread.say({ more: true });
    }
  });
  thread.done.then(
    ([done]) => {
      if (done) onDone?.(done);
      stream.push(null);
    },
    (error: Error) => stream.destroy(error),
  );
  return stream;
}

function start(task: FileTask, { signal, onBytes }: RunOptions): Thread {
  signal?.throwIfAborted();
  const worker = new Worker(workerFile(), { resourceLimits: { maxOldGenerationSizeMb: 64 } });
  const listeners: ((message: FromFileThread) => void)[] = [];
  let stop: (why: Error) => void = () => undefined;
  const done = new Promise<FileDone[]>((resolve, reject) => {
    stop = reject;
    worker.on('message', (message: FromFileThread) => {
      if ('done' in message) resolve(message.done);
      else if ('failed' in message) reject(errorOf(message.failed));
      else {
        if ('bytes' in message) onBytes?.(message.bytes);
        for (const listener of listeners) listener(message);
      }
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('The thread for a backup’s files ended early.')));
  });
  const onAbort = (): void => stop(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  const ended = (async () => {
    try {
      return await done;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      await worker.terminate();
    }
  })();
  ended.catch(() => undefined);
  worker.postMessage({ task } satisfies ToFileThread);
  return {
    done: ended,
    say: (message, transfer = []) => worker.postMessage(message, transfer),
    on: (listener) => listeners.push(listener),
    stop,
  };
}

function errorOf({
  name,
  message,
  code,
  why,
  problem,
}: Extract<FromFileThread, { failed: unknown }>['failed']): Error {
  if (problem !== undefined) return new BackupFailure(problem);
  if (why !== undefined) return new SealBroken(why as SealBroken['why'], message);
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}

/** Beside this file from source; in a build, at the top of `dist/main`, and this file there or in a chunk below. */
function workerFile(): string {
  const places = ['backup-file-worker.ts', 'backup-file-worker.js', '../backup-file-worker.js'];
  const found = places.map((place) => join(import.meta.dirname, place)).find((file) => existsSync(file));
  if (!found) throw new Error('The file of the thread for backups is missing.');
  return found;
}
