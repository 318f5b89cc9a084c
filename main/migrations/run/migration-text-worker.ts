import { parentPort } from 'node:worker_threads';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import { openParser } from '../../sql-text/index.ts';
import { type AnalysisOptions, analyse, type ReadyFile, type ReadyPart } from './analysis.ts';

/** Entry of the thread that looks at migrations' files: one answer for each request, in their order. */
export interface FileRequest {
  tool: MigrationToolId;
  bytes: Uint8Array;
  direction: 'up' | 'down';
  /** False: for a look only, without the texts to send. */
  withTexts: boolean;
  options?: AnalysisOptions;
}

export type FileAnswer = { file: ReadyFile } | { error: unknown };

const ready = openParser();

parentPort?.on('message', async ({ tool, bytes, direction, withTexts, options }: FileRequest) => {
  let answer: FileAnswer;
  try {
    const parse = await ready;
    const file = analyse(
      tool,
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      direction,
      parse,
      options,
    );
    answer = { file: withTexts ? file : { ...file, parts: file.parts.map(withoutTexts) } };
  } catch (error) {
    answer = { error };
  }
  parentPort?.postMessage(answer, withTexts && 'file' in answer ? blocksOf(answer.file) : []);
});

function withoutTexts(part: ReadyPart): ReadyPart {
  return {
    ...part,
    units: part.units.map(({ line }) => ({ bytes: new Uint8Array(), line, places: new Uint32Array() })),
  };
}

/** The memory of all texts: handed over, not copied. */
const blocksOf = ({ parts }: ReadyFile): ArrayBuffer[] => [
  ...new Set(parts.flatMap(({ units }) => units.map(({ bytes }) => bytes.buffer as ArrayBuffer))),
];
