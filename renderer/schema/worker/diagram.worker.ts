import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { boxesBy, unitMeasures } from '../canvas/fonts.ts';
import type { UnitMeasures } from '../canvas/paint.ts';
import { exportDiagram } from '../export/export.ts';
import { type Arrangement, arrange, type BoxMaker } from '../layout/arrange.ts';
import { addDefinitions, addPart, type Definitions, emptyModel } from '../model/collect.ts';
import { tableDetails } from '../model/details.ts';
import type { Diagram } from '../model/diagram.ts';
import { digest } from '../model/digest.ts';
import type { Placed } from '../scene/scene.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/* Holds the whole model, so that the window holds only what it draws; digests, lays out and exports it. */

const piece = 400;

let model = emptyModel();
/** The model that is being put together; the last whole one stays until it is whole. */
let next: { model: SchemaModel; definitions: Definitions } | undefined;
let diagram: Diagram | undefined;
let definitions: Definitions = new Map();
let measure: UnitMeasures | undefined;
let boxOf: BoxMaker | undefined;
let refining: ReturnType<typeof setTimeout> | undefined;

const post = (message: FromWorker, transfer: Transferable[] = []): void =>
  self.postMessage(message, { transfer });

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  const id = 'id' in data ? data.id : null;
  try {
    void Promise.resolve(answer(data)).catch((error: unknown) => fail(id, error));
  } catch (error) {
    fail(id, error);
  }
});

function fail(id: number | null, error: unknown): void {
  post({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
}

function answer(message: ToWorker): void | Promise<void> {
  switch (message.kind) {
    case 'fonts':
      measure = unitMeasures(message);
      boxOf = diagram && boxesBy(diagram, measure);
      return;
    case 'begin':
      next = undefined;
      return;
    case 'part':
      return takePart(message);
    case 'definitions':
      addDefinitions(next?.definitions ?? definitions, message.definitions);
      post({ kind: 'definitions' });
      return;
    case 'arrange':
      return arrangeTwice(message);
    case 'details':
      post({ kind: 'details', id: message.id, details: tableDetails(model, definitions, message.oid) });
      return;
    case 'export':
      return exportAll(message);
  }
}

function takePart({ part, last }: Extract<ToWorker, { kind: 'part' }>): void {
  next ??= { model: emptyModel(), definitions: new Map() };
  addPart(next.model, part);
  if (!last) return;
  ({ model, definitions } = next);
  next = undefined;
  clearTimeout(refining);
  diagram = digest(model);
  boxOf = measure && boxesBy(diagram, measure);
  const { tables, relations, schemas, types } = diagram;
  const pieces = Math.max(1, Math.ceil(tables.length / piece), Math.ceil(relations.length / (piece * 4)));
  for (let at = 0; at < pieces; at += 1) {
    post({
      kind: 'tables',
      first: at === 0,
      tables: tables.slice(at * piece, (at + 1) * piece),
      relations: relations.slice(at * piece * 4, (at + 1) * piece * 4),
    });
  }
  post({ kind: 'diagram', schemas, types, unseen: model.unseen });
}

/** Answers with a first layout, and, when nothing else was asked meanwhile, with a better one. */
function arrangeTwice({ id, filter, opened, places }: Extract<ToWorker, { kind: 'arrange' }>): void {
  clearTimeout(refining);
  const about = diagram;
  const boxes = boxOf;
  if (!about || !boxes) return;
  const send = (stage: 'first' | 'refined', sweeps: number): void => {
    const from = performance.now();
    const arrangement = arrange(about, { filter, opened: new Set(opened), places, sweeps }, boxes);
    const placed = toPlaced(arrangement, opened);
    post({ kind: 'arranged', id, stage, placed, ms: performance.now() - from }, [
      placed.tables.buffer,
      placed.x.buffer,
      placed.y.buffer,
      placed.width.buffer,
      placed.height.buffer,
    ]);
  };
  send('first', 2);
  refining = setTimeout(() => send('refined', 24), 0);
}

function toPlaced({ boxes, x, y, regions }: Arrangement, opened: number[]): Placed {
  return {
    tables: Int32Array.from(boxes, ({ table }) => table),
    x,
    y,
    width: Float32Array.from(boxes, ({ width }) => width),
    height: Float32Array.from(boxes, ({ height }) => height),
    regions,
    opened,
  };
}

async function exportAll({
  id,
  format,
  palette,
  placed,
}: Extract<ToWorker, { kind: 'export' }>): Promise<void> {
  if (!diagram || !measure || !boxOf) throw new Error('There is no diagram yet.');
  const made = await exportDiagram({ format, model, diagram, placed, palette, measure, boxOf });
  post({ kind: 'exported', id, ...made });
}
