import { type Printing, printings } from '../../preload/contract/schema-definitions.ts';
import type { Oid, TableModel } from '../../preload/contract/schema-model.ts';
import type { Lists } from './assembly/lists.ts';

/** What one statement of `printing/` is to be asked for. Numbers, so that they cross threads without copying. */
export interface PrintingTask {
  printing: Printing;
  first: Uint32Array<ArrayBuffer>;
  /** attnum, or the table of a publication; zeros where there is none. */
  second: Uint32Array<ArrayBuffer>;
  /** Relations that printing may have to lock, for each item: from `lockStart[i]` to `lockStart[i + 1]`. */
  lockStart: Uint32Array<ArrayBuffer>;
  locks: Uint32Array<ArrayBuffer>;
}

/** What few have and people look at first comes first; constraints and indexes are the bulk. */
const order: readonly Printing[] = [
  ...printings.filter((one) => one !== 'constraints' && one !== 'indexes'),
  'constraints',
  'indexes',
];

export interface PrintingPlan {
  /** Tables may be told later than the rest, when their columns are there. */
  addTable(table: TableModel): void;
  tasks(): PrintingTask[];
}

/** Everything in a model that the server's printing functions tell. */
export function planPrinting(lists: Lists): PrintingTask[] {
  const plan = beginPlan(lists);
  for (const table of lists.tables) plan.addTable(table);
  return plan.tasks();
}

/** The same of all but the tables, which are to be added. */
export function beginPlan(lists: Lists): PrintingPlan {
  const tasks = new Map<Printing, { first: number[]; second: number[]; start: number[]; locks: number[] }>();
  const add = (printing: Printing, first: Oid, locks: Oid[], second: Oid | number = 0): void => {
    let task = tasks.get(printing);
    if (!task) {
      task = { first: [], second: [], start: [0], locks: [] };
      tasks.set(printing, task);
    }
    task.first.push(Number(first));
    task.second.push(Number(second));
    for (const lock of locks) task.locks.push(Number(lock));
    task.start.push(task.locks.length);
  };
  const uses = new Map<Oid, Oid[]>();
  for (const { dependent, on } of lists.dependencies) {
    const known = uses.get(dependent);
    if (known) known.push(on);
    else uses.set(dependent, [on]);
  }
  const used = (one: Oid): Oid[] => uses.get(one) ?? [];

  for (const { oid, table, references } of lists.constraints)
    add(
      'constraints',
      oid,
      [table, references?.table].filter((one) => one !== null && one !== undefined),
    );
  for (const { oid, table } of lists.indexes) add('indexes', oid, [table]);
  for (const { oid, definition } of lists.routines)
    if (definition.state === 'later') add('routines', oid, used(oid));
  for (const { oid, table } of lists.triggers) add('triggers', oid, [table]);
  for (const { oid, table, using, check } of lists.policies) {
    if (using) add('policies-using', oid, [table, ...used(oid)]);
    if (check) add('policies-check', oid, [table, ...used(oid)]);
  }
  for (const { oid, tables } of lists.publications)
    for (const { table, filter } of tables) if (filter) add('publication-filters', oid, [table], table);

  for (const { oid, kind, table, definition } of lists.others ?? []) {
    if (definition.state !== 'later') continue;
    add(kind === 'rule' ? 'rules' : 'statistics', oid, [...(table ? [table] : []), ...used(oid)]);
  }

  return {
    addTable: ({ oid, columns, partitionBound, partitionKey, definition }) => {
      for (const { number, expression, generated } of columns) {
        if (expression) add(generated ? 'generated' : 'defaults', oid, generated ? [oid] : [], number);
      }
      if (partitionBound) add('bounds', oid, []);
      if (partitionKey) add('partition-keys', oid, [oid]);
      if (definition) add('views', oid, [oid, ...used(oid)]);
    },
    tasks: () =>
      order.flatMap((printing) => {
        const task = tasks.get(printing);
        return task
          ? {
              printing,
              first: Uint32Array.from(task.first),
              second: Uint32Array.from(task.second),
              lockStart: Uint32Array.from(task.start),
              locks: Uint32Array.from(task.locks),
            }
          : [];
      }),
  };
}
