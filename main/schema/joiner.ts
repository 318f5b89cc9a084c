import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { NamesModel, SchemaModel } from '../../preload/contract/schema-model.ts';
import type { Header } from './parts.ts';
import type { PrintingTask } from './printing-plan.ts';
import type { ToWorker } from './schema-worker.ts';

/** The thread that joins rows into a model, as the main thread sees it. One for each reading. */
export interface Joiner {
  /** Hands over a piece of a statement's output; the bytes are gone from here. */
  add(statement: string, bytes: Uint8Array<ArrayBuffer>): void;
  names(): Promise<Part<NamesModel>>;
  /** The model's first part. */
  structure(header: Header): Promise<Part<Partial<SchemaModel>> | undefined>;
  /** The model's next part; undefined after the last. */
  next(): Promise<Part<Partial<SchemaModel>> | undefined>;
  plan(): Promise<PrintingTask[]>;
  close(): void;
}

export interface Part<T> {
  value: T;
  /** The same as JSON. */
  bytes: Uint8Array;
}

/** What the thread makes lives on or dies at once: more room for short lives would only be memory. */
const youngGenerationMb = 12;

/** @param file the worker's entry; found beside this file unless given */
export function startJoiner(file: string = workerFile()): Joiner {
  const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb } });
  const waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = [];
  let broken: Error | undefined;
  const fail = (error: Error): void => {
    broken ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (answer) => waiting.shift()?.resolve(answer));
  worker.on('error', (error) => fail(error as Error));
  worker.on('exit', () => fail(new Error('The thread that joins the catalogues ended early.')));
  const ask = <T>(message: ToWorker): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (broken) return reject(broken);
      waiting.push({ resolve: resolve as (answer: unknown) => void, reject });
      worker.postMessage(message);
    });
  const parsed = async <T>(message: ToWorker): Promise<Part<T> | undefined> => {
    const bytes = await ask<Uint8Array | null>(message);
    if (!bytes) return undefined;
    return { value: parseJson<T>(bytes), bytes };
  };
  return {
    add: (statement, bytes) =>
      worker.postMessage({ kind: 'rows', statement, bytes } satisfies ToWorker, [bytes.buffer]),
    names: async () => (await parsed<NamesModel>({ kind: 'names' })) as Part<NamesModel>,
    structure: (header) => parsed({ kind: 'structure', header }),
    next: () => parsed({ kind: 'next' }),
    plan: () => ask({ kind: 'plan' }),
    close: () => {
      void worker.terminate();
    },
  };
}

export function parseJson<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as T;
}

/** Beside this file from source; in a build, at the top of `dist/main`, and this file there or in a chunk below. */
function workerFile(): string {
  const places = ['schema-worker.ts', 'schema-worker.js', '../schema-worker.js'];
  const found = places.map((place) => join(import.meta.dirname, place)).find((file) => existsSync(file));
  if (!found) throw new Error('The file of the thread that joins the catalogues is missing.');
  return found;
}
