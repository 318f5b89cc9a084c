import { parentPort } from 'node:worker_threads';
import type { SchemaModel, TableModel } from '../../preload/contract/schema-model.ts';
import { around, withinSchemas } from './compare-scope.ts';
import { printTable } from './ddl/index.ts';
import { compareSchemas, migrationScript } from './diff/index.ts';
import { exportAs } from './export/index.ts';
import { unpackModel } from './packed.ts';
import { givesToNobody, withRealRoles } from './sql-roles.ts';
import { digestOf } from './text-digest.ts';
import { readSnapshotFile, writeSnapshotFile } from './text-file.ts';
import {
  type FromTextThread,
  listPieces,
  type ModelRef,
  type TextPiece,
  TextProblem,
  type TextTask,
  textPieces,
} from './text-tasks.ts';

/**
 * Entry of the thread that writes models as text and compares them. One task at a time. The models of the last task are
 * kept, for a table after a table of one database.
 */
let held = new Map<string, SchemaModel>();

function* work(task: TextTask): Generator<TextPiece, void, void> {
  switch (task.kind) {
    case 'export': {
      const { name, text } = exportAs(task.format, withRealRoles(take(task.model)), task.schemas);
      for (const piece of textPieces(text)) yield { kind: 'text', name, ...piece };
      return;
    }
    case 'table-ddl': {
      const model = withRealRoles(take(task.model));
      const schema = model.schemas.find(({ name }) => name === task.schema)?.oid;
      const table = model.tables.find((one) => one.schema === schema && one.name === task.table);
      yield {
        kind: 'table',
        text: table && printTable(around(model, table), table.oid),
        isWaiting: table !== undefined && isWaiting(model, table),
      };
      return;
    }
    case 'compare':
      yield* compare(task);
      return;
    case 'digest':
      yield { kind: 'digest', ...digestOf(task.packed) };
      return;
    case 'write-file':
      yield* writeSnapshotFile(withRealRoles(take(task.model)), task.notes);
      return;
    case 'read-file':
      yield readSnapshotFile(task.path);
  }
}

/** Whether something of a table, or of what belongs to it, was locked when it was asked for. */
function isWaiting({ constraints, indexes, triggers, policies }: SchemaModel, table: TableModel): boolean {
  const { oid, definition, partitionKey, partitionBound, columns } = table;
  const texts = [definition, partitionKey, partitionBound, ...columns.map(({ expression }) => expression)];
  for (const list of [constraints, indexes, triggers])
    for (const one of list) if (one.table === oid) texts.push(one.definition);
  for (const one of policies) if (one.table === oid) texts.push(one.using, one.check);
  return texts.some((text) => text?.state === 'waiting');
}

function* compare(task: Extract<TextTask, { kind: 'compare' }>): Generator<TextPiece, void, void> {
  const [one, other] = takeBoth(task.wanted, task.actual);
  const { wanted, actual } = withinSchemas(
    withRealRoles(one, other),
    withRealRoles(other, one),
    task.schemas,
  );
  for (const { items, last } of listPieces(compareSchemas(wanted, actual, task.options)))
    yield { kind: 'differences', differences: items, last };
  const { statements, leftOut } = migrationScript(wanted, actual, task.options);
  for (const { items, last } of listPieces(statements.filter(({ sql }) => !givesToNobody(sql))))
    yield { kind: 'script', statements: items, leftOut: last ? leftOut : [], last };
}

function take(ref: ModelRef): SchemaModel {
  return takeBoth(ref, ref)[0];
}

/** Others are let go before these are unpacked. */
function takeBoth(one: ModelRef, other: ModelRef): [SchemaModel, SchemaModel] {
  held = new Map([...held].filter(([id]) => id === one.id || id === other.id));
  const get = ({ id, packed }: ModelRef): SchemaModel => {
    const model = held.get(id) ?? (packed && unpackModel(packed));
    if (!model) throw new Error(`The text thread has no model ${id}.`);
    held.set(id, model);
    return model;
  };
  return [get(one), get(other)];
}

const answer = (message: FromTextThread): void => parentPort?.postMessage(message);

parentPort?.on('message', (task: TextTask) => {
  try {
    for (const piece of work(task)) answer({ kind: 'piece', piece });
    answer({ kind: 'done' });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const problem = thrown instanceof TextProblem ? thrown.explanation : undefined;
    answer({ kind: 'failed', error, problem });
  }
});
