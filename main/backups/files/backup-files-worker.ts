import { parentPort } from 'node:worker_threads';
import { check } from './check.ts';
import { findBackups } from './find.ts';
import { readBackup } from './read.ts';
import type { FileTask, FromFileThread } from './tasks.ts';

/** Entry of the worker thread that reads backups: one task after the other. */
const post = (message: FromFileThread): void => parentPort?.postMessage(message);

/** How often it is told how far it is, ms. */
const beatMs = 100;

async function work(task: FileTask): Promise<unknown> {
  switch (task.kind) {
    case 'read':
      return await readBackup(task.path, task);
    case 'find':
      return await findBackups(task.folder, task.lz4);
    case 'check': {
      let bytes = 0;
      let told = 0;
      return await check(
        task.path,
        (more) => {
          bytes += more;
          const now = performance.now();
          if (now - told < beatMs) return;
          told = now;
          post({ kind: 'bytes', bytes });
        },
        task.lz4,
      );
    }
  }
}

parentPort?.on('message', (task: FileTask) => {
  work(task).then(
    (result) => post({ kind: 'done', result }),
    (error: unknown) => post({ kind: 'failed', error }),
  );
});
