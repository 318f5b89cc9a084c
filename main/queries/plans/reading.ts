import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Plan } from '../../../preload/contract/plan-model.ts';
import type { ServerPool } from '../../servers/index.ts';
import { readOut } from './find/index.ts';
import { indexIdeas } from './index-ideas/ideas.ts';
import { readRelations } from './index-ideas/read-relations.ts';
import type { FromPlanThread, PlanTask } from './plan-worker.ts';
import { PlanUnreadable, relationsIn } from './read/outline.ts';
import { outlineOfText } from './read/plan-text.ts';
import { parser } from './run/parser.ts';

/** Characters that are read here; more takes long enough to be for a thread. */
const small = 60_000;

/** Where the plan's tables and their indexes can be looked up, and whether it is for parameters of any value. */
export interface PlanSource {
  pool: Pick<ServerPool, 'query'>;
  generic: boolean;
}

/**
 * A plan with its findings. With the catalogue in sight they say which indexes are missing.
 *
 * @throws {PlanUnreadable}; the server's error; the signal's reason
 */
export async function readPlan(text: string, signal?: AbortSignal, source?: PlanSource): Promise<Plan> {
  if (text.length > small) return inThread(text, signal, source);
  const outline = outlineOfText(text);
  const parse = await parser();
  if (!source) return readOut(outline, parse);
  const relations = await readRelations(source.pool, relationsIn(outline));
  return readOut(outline, parse, indexIdeas(outline, relations, parse, source));
}

async function inThread(
  text: string,
  signal: AbortSignal | undefined,
  source: PlanSource | undefined,
): Promise<Plan> {
  const catalogue = source && { generic: source.generic };
  const worker = new Worker(workerFile(), { workerData: { text, catalogue } satisfies PlanTask });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<Plan>((resolve, reject) => {
      worker.on('message', (message: FromPlanThread) => {
        if ('plan' in message) resolve(message.plan);
        else if ('unreadable' in message) reject(new PlanUnreadable(message.unreadable));
        else if (source)
          readRelations(source.pool, message.tables).then(
            (relations) => worker.postMessage(relations),
            reject,
          );
      });
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(signal?.reason ?? new Error('The thread that reads plans ended early.')),
      );
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** Beside this file from source; in a build, at the top of `dist/main`, and this file there or in a chunk below. */
function workerFile(): string {
  const places = ['plan-worker.ts', 'plan-worker.js', '../plan-worker.js'];
  const found = places.map((place) => join(import.meta.dirname, place)).find((file) => existsSync(file));
  if (!found) throw new Error('The file of the thread that reads plans is missing.');
  return found;
}
