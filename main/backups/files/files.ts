import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FoundBackups } from './find.ts';
import type { Checked } from './findings.ts';
import type { ReadBackup } from './read.ts';
import type { FileTask, FileTasks, FromFileThread } from './tasks.ts';

export interface ReadingOptions {
  signal?: AbortSignal | undefined;
}

/** Backups as files, read in threads of their own. Cancelling ends the thread at once and throws the signal's reason. */
export interface BackupFiles {
  /** A short look: what it is and what its first bytes say. Archives are told with their table of contents. */
  look(path: string, options?: ReadingOptions): Promise<ReadBackup>;
  /** Plain dumps to their end, with their table of contents. */
  read(path: string, options?: ReadingOptions): Promise<ReadBackup>;
  /** Backups of anybody in a folder and those below it. @throws the system's error for the folder itself */
  find(folder: string, options?: ReadingOptions): Promise<FoundBackups>;
  /** Reads all of it. `onBytes` is told now and then how many have been read. */
  check(path: string, options?: ReadingOptions & { onBytes?: (bytes: number) => void }): Promise<Checked>;
  /** Ends all threads. */
  close(): Promise<void>;
}

/** Threads at work at once. */
const most = 2;
/** How long one that has nothing to do is kept, ms. */
const keptMs = 30_000;

/** @param lz4 the program for LZ4, which Node can't unpack; found on PATH unless given */
export function openBackupFiles({ lz4 }: { lz4?: string } = {}): BackupFiles {
  const workers = new Set<Worker>();
  const idle: { worker: Worker; timer: NodeJS.Timeout }[] = [];
  const turns: (() => void)[] = [];
  let atWork = 0;
  let isClosed = false;

  const take = (): Worker => {
    const kept = idle.pop();
    if (kept) {
      clearTimeout(kept.timer);
      kept.worker.ref();
      return kept.worker;
    }
    const worker = new Worker(workerFile());
    workers.add(worker);
    // Nobody waits for one that has nothing to do.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      workers.delete(worker);
      const at = idle.findIndex((one) => one.worker === worker);
      if (at >= 0) clearTimeout(idle.splice(at, 1)[0]?.timer);
    });
    return worker;
  };
  const keep = (worker: Worker): void => {
    const timer = setTimeout(() => void worker.terminate(), keptMs).unref();
    worker.unref();
    idle.push({ worker, timer });
  };
  const run = async <K extends keyof FileTasks>(
    task: FileTasks[K]['task'],
    signal?: AbortSignal,
    onBytes?: (bytes: number) => void,
  ): Promise<FileTasks[K]['result']> => {
    signal?.throwIfAborted();
    if (atWork >= most) await new Promise<void>((resolve) => turns.push(resolve));
    else atWork += 1;
    try {
      signal?.throwIfAborted();
      if (isClosed) throw new Error('The console is closing.');
      return (await inThread({ ...task, lz4 }, signal, onBytes)) as FileTasks[K]['result'];
    } finally {
      // The turn is handed over as it is.
      const next = turns.shift();
      if (next) next();
      else atWork -= 1;
    }
  };
  const inThread = async (
    task: FileTask,
    signal: AbortSignal | undefined,
    onBytes: ((bytes: number) => void) | undefined,
  ): Promise<unknown> => {
    const worker = take();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onMessage = (message: FromFileThread): void => {
      if (message.kind === 'bytes') onBytes?.(message.bytes);
      else if (message.kind === 'done') resolve(message.result);
      else reject(message.error);
    };
    const onExit = (): void => reject(new Error('The thread that reads backups ended early.'));
    const onAbort = (): void => reject(signal?.reason);
    worker.on('message', onMessage).once('error', reject).once('exit', onExit);
    signal?.addEventListener('abort', onAbort, { once: true });
    let isFit = false;
    try {
      worker.postMessage(task);
      const result = await promise;
      isFit = true;
      return result;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', reject).off('exit', onExit);
      if (isFit && !isClosed) keep(worker);
      else await worker.terminate();
    }
  };
  return {
    look: (path, { signal } = {}) => run<'read'>({ kind: 'read', path, isWhole: false }, signal),
    read: (path, { signal } = {}) => run<'read'>({ kind: 'read', path, isWhole: true }, signal),
    find: (folder, { signal } = {}) => run<'find'>({ kind: 'find', folder }, signal),
    check: (path, { signal, onBytes } = {}) => run<'check'>({ kind: 'check', path }, signal, onBytes),
    close: async () => {
      isClosed = true;
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  };
}

/** Beside this file from source; in a build, at the top of `dist/main`, and this file there or in a chunk below. */
function workerFile(): string {
  const places = ['backup-files-worker.ts', 'backup-files-worker.js', '../backup-files-worker.js'];
  const found = places.map((place) => join(import.meta.dirname, place)).find((file) => existsSync(file));
  if (!found) throw new Error('The file of the thread that reads backups is missing.');
  return found;
}
