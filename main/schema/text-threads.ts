import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PackedModel } from './packed.ts';
import {
  type FromTextThread,
  type ModelRef,
  type TextPiece,
  TextProblem,
  type TextTask,
} from './text-tasks.ts';

/** A model that can be handed to a thread. */
export interface SharedModel {
  /** The same for the same content, as long as the console runs. */
  id: string;
  packed(): Promise<PackedModel>;
}

/** A model that may still grow, by the name that it has now. */
export const sharedModel = (model: SharedModel): SharedModel => ({
  id: model.id,
  packed: () => model.packed(),
});

/** A task as it is asked for here: models go along only where the thread has not got them. */
export type TextWork = TextTask extends infer T ? (T extends TextTask ? Shared<T> : never) : never;
type Shared<T> = { [K in keyof T]: T[K] extends ModelRef ? SharedModel : T[K] };

/** The threads that write models as text and compare them, as the main thread sees them. */
export interface TextThreads {
  /**
   * Does one task; its pieces come as they are made. The thread ends at once when the signal is given or the iteration
   * is left.
   *
   * @throws {TextProblem} when something is wrong with what was given; whatever went wrong in the thread
   */
  run(work: TextWork, signal?: AbortSignal): AsyncGenerator<TextPiece, void, void>;
  /** Does a task that gives one piece, of this kind. @throws as `run` does */
  ask<K extends TextPiece['kind']>(
    work: TextWork,
    kind: K,
    signal?: AbortSignal,
  ): Promise<Extract<TextPiece, { kind: K }>>;
  /** Ends all threads; tasks that run end with an error. */
  close(): Promise<void>;
}

/** Threads at work at once: each may hold two large models. */
const most = 2;
/** How long a thread that has nothing to do is kept, for the next table of the same model, ms. */
const keptMs = 30_000;

interface Thread {
  worker: Worker;
  /** Models that it holds. */
  holds: Set<string>;
  end(): Promise<void>;
}

/** @param file the worker's entry; found beside this file unless given */
export function openTextThreads(file?: string): TextThreads {
  const all = new Set<Thread>();
  const turns: (() => void)[] = [];
  let atWork = 0;
  let idle: { thread: Thread; timer: NodeJS.Timeout } | undefined;
  let closed = false;

  const start = (): Thread => {
    const worker = new Worker(file ?? workerFile());
    // Nobody waits for one that has nothing to do.
    worker.on('error', () => undefined);
    const thread: Thread = {
      worker,
      holds: new Set(),
      end: async () => {
        all.delete(thread);
        await worker.terminate();
      },
    };
    worker.once('exit', () => {
      all.delete(thread);
      if (idle?.thread === thread) {
        clearTimeout(idle.timer);
        idle = undefined;
      }
    });
    all.add(thread);
    return thread;
  };
  const takeThread = (): Thread => {
    if (!idle) return start();
    const { thread, timer } = idle;
    clearTimeout(timer);
    idle = undefined;
    thread.worker.ref();
    return thread;
  };
  const keep = (thread: Thread): void => {
    if (idle || closed) {
      void thread.end();
      return;
    }
    const timer = setTimeout(() => void thread.end(), keptMs).unref();
    thread.worker.unref();
    idle = { thread, timer };
  };
  const turn = async (signal: AbortSignal | undefined): Promise<void> => {
    while (atWork >= most) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve) => {
        turns.push(resolve);
        const giveUp = (): void => {
          // Its turn is for somebody else.
          const at = turns.indexOf(resolve);
          if (at >= 0) turns.splice(at, 1);
          resolve();
        };
        signal?.addEventListener('abort', giveUp, { once: true });
      });
    }
    signal?.throwIfAborted();
    if (closed) throw new Error('The console is closing.');
    atWork += 1;
  };

  const threads: TextThreads = {
    run: async function* (work, signal) {
      await turn(signal);
      let thread: Thread | undefined;
      let isDone = false;
      try {
        thread = takeThread();
        const task = await taskFor(work, thread.holds);
        signal?.throwIfAborted();
        if (closed) throw new Error('The console is closing.');
        yield* answers(thread.worker, task, signal);
        isDone = true;
        const models = modelsOf(work);
        if (models.length > 0) thread.holds = new Set(models.map(({ id }) => id));
      } finally {
        atWork -= 1;
        turns.shift()?.();
        if (thread && isDone) keep(thread);
        else await thread?.end();
      }
    },
    ask: async <K extends TextPiece['kind']>(work: TextWork, kind: K, signal?: AbortSignal) => {
      let found: Extract<TextPiece, { kind: K }> | undefined;
      // To its end: a thread that is left early is ended.
      for await (const piece of threads.run(work, signal))
        if (piece.kind === kind) found = piece as Extract<TextPiece, { kind: K }>;
      if (!found) throw new Error(`The text thread gave no ${kind}.`);
      return found;
    },
    close: async () => {
      closed = true;
      clearTimeout(idle?.timer);
      await Promise.all([...all].map((thread) => thread.end()));
    },
  };
  return threads;
}

const isModel = (value: unknown): value is SharedModel =>
  typeof value === 'object' && value !== null && 'id' in value && 'packed' in value;

const modelsOf = (work: TextWork): SharedModel[] => Object.values(work).filter(isModel);

async function taskFor(work: TextWork, holds: ReadonlySet<string>): Promise<TextTask> {
  const fields = Object.entries(work).map(async ([name, value]) => {
    if (!isModel(value)) return [name, value];
    const { id } = value;
    return [name, holds.has(id) ? { id } : { id, packed: await value.packed() }];
  });
  return Object.fromEntries(await Promise.all(fields)) as TextTask;
}

/** What the worker answers to one task. */
async function* answers(
  worker: Worker,
  task: TextTask,
  signal: AbortSignal | undefined,
): AsyncGenerator<TextPiece, void, void> {
  const come: FromTextThread[] = [];
  let wake: (() => void) | undefined;
  const tell = (message: FromTextThread): void => {
    come.push(message);
    wake?.();
  };
  const onError = (error: unknown): void =>
    tell({ kind: 'failed', error: error as Error, problem: undefined });
  const onExit = (): void => onError(new Error('The thread that writes texts ended early.'));
  const onAbort = (): void => wake?.();
  worker.on('message', tell).on('error', onError).on('exit', onExit);
  signal?.addEventListener('abort', onAbort);
  try {
    worker.postMessage(task);
    for (;;) {
      signal?.throwIfAborted();
      const message = come.shift();
      if (message?.kind === 'done') return;
      if (message?.kind === 'piece') yield message.piece;
      else if (message) throw message.problem ? new TextProblem(message.problem) : message.error;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    worker.off('message', tell).off('error', onError).off('exit', onExit);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Beside this file from source; in a build, at the top of `dist/main`, and this file there or in a chunk below. */
function workerFile(): string {
  const places = ['text-worker.ts', 'text-worker.js', '../text-worker.js'];
  const found = places.map((place) => join(import.meta.dirname, place)).find((file) => existsSync(file));
  if (!found) throw new Error('The file of the thread that writes texts is missing.');
  return found;
}
