import { parentPort } from 'node:worker_threads';
import { Assembly } from './assembly.ts';
import { type Header, partsOf } from './parts.ts';
import { beginPlan, type PrintingPlan } from './printing-plan.ts';

/**
 * Entry of the worker thread that joins catalogue rows into a model. Rows come as bytes; what goes back is JSON as
 * bytes, a part at a time and only when asked for, so that neither side holds more than it must.
 */
export type ToWorker =
  | { kind: 'rows'; statement: string; bytes: Uint8Array }
  | { kind: 'names' }
  | { kind: 'structure'; header: Header }
  | { kind: 'next' }
  | { kind: 'plan' };

let assembly = new Assembly();
let parts: Iterator<string, void, void> | undefined;
let upcoming: IteratorResult<string, void> | undefined;
let plan: PrintingPlan | undefined;

function answer(text: string | undefined): void {
  if (text === undefined) {
    parentPort?.postMessage(null);
    return;
  }
  const bytes = new TextEncoder().encode(text);
  parentPort?.postMessage(bytes, [bytes.buffer]);
}

/** Looks one ahead: the next part is ready by the time it is asked for. */
function next(): void {
  const current = upcoming ?? parts?.next();
  answer(current?.done ? undefined : (current?.value as string));
  upcoming = current?.done ? current : parts?.next();
}

function begin(header: Header): void {
  const { lists, columnsOf } = assembly.structure();
  assembly = new Assembly();
  const planned = beginPlan(lists);
  plan = planned;
  parts = partsOf(header, lists, (table) => {
    table.columns = columnsOf(table.oid);
    planned.addTable(table);
  });
}

parentPort?.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'rows':
      assembly.add(
        message.statement,
        Buffer.from(message.bytes.buffer, 0, message.bytes.byteLength).toString(),
      );
      return;
    case 'names':
      answer(JSON.stringify(assembly.names()));
      return;
    case 'structure':
      begin(message.header);
      next();
      return;
    case 'next':
      next();
      return;
    case 'plan': {
      // All parts have been written by then, so every table has been told.
      const tasks = plan?.tasks() ?? [];
      plan = undefined;
      parentPort?.postMessage(
        tasks,
        tasks.flatMap(({ first, second, lockStart, locks }) => [
          first.buffer,
          second.buffer,
          lockStart.buffer,
          locks.buffer,
        ]),
      );
    }
  }
});
