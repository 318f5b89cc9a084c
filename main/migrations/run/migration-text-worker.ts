import { parentPort } from 'node:worker_threads';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import { openParser } from '../../sql-text/index.ts';
import { analyse, type ReadyFile } from './analysis.ts';

/** Entry of the thread that looks at migrations' files: one answer for each request, in their order. */
export interface FileRequest {
  tool: MigrationToolId;
  bytes: Uint8Array;
  direction: 'up' | 'down';
}

export type FileAnswer = { file: ReadyFile } | { error: unknown };

const ready = openParser();

parentPort?.on('message', async ({ tool, bytes, direction }: FileRequest) => {
  let answer: FileAnswer;
  try {
    const parse = await ready;
    answer = {
      file: analyse(tool, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), direction, parse),
    };
  } catch (error) {
    answer = { error };
  }
  parentPort?.postMessage(answer);
});
