import { parentPort, workerData } from 'node:worker_threads';
import type { Plan } from '../../../preload/contract/plan-model.ts';
import { openParser } from '../../sql-text/index.ts';
import { readOut } from './find/index.ts';
import { indexIdeas } from './index-ideas/ideas.ts';
import type { Relation } from './index-ideas/relation.ts';
import { PlanUnreadable, relationsIn } from './read/outline.ts';
import { outlineOfText } from './read/plan-text.ts';

/**
 * Entry of the thread that reads one large plan. For one of a server it asks for the tables that it found, once, and goes
 * on with the answer.
 */
export interface PlanTask {
  text: string;
  /** The catalogue can be asked; `generic`: the plan is for parameters of any value. */
  catalogue: { generic: boolean } | undefined;
}

export type FromPlanThread =
  | { plan: Plan }
  | { unreadable: string }
  | { tables: { schema: string; name: string }[] };

const { text, catalogue } = workerData as PlanTask;

const tell = (message: FromPlanThread): void => parentPort?.postMessage(message);

async function read(): Promise<void> {
  try {
    const outline = outlineOfText(text);
    const parse = await openParser();
    if (!catalogue) {
      tell({ plan: readOut(outline, parse) });
      return;
    }
    const answer = new Promise<ReadonlyMap<string, Relation>>((resolve) =>
      parentPort?.once('message', resolve),
    );
    tell({ tables: relationsIn(outline) });
    tell({ plan: readOut(outline, parse, indexIdeas(outline, await answer, parse, catalogue)) });
  } catch (error) {
    if (!(error instanceof PlanUnreadable)) throw error;
    tell({ unreadable: error.message });
  }
}

await read();
