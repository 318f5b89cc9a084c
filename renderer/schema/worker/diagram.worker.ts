import { placedOf } from '../../../preload/contract/diagram/export/picture.ts';
import { arrange, type BoxMaker } from '../../../preload/contract/diagram/layout/arrange.ts';
import {
  addDefinitions,
  addPart,
  type Definitions,
  emptyModel,
} from '../../../preload/contract/diagram/model/collect.ts';
import type { Diagram } from '../../../preload/contract/diagram/model/diagram.ts';
import { digest } from '../../../preload/contract/diagram/model/digest.ts';
import { findRoutes } from '../../../preload/contract/diagram/scene/routes.ts';
import { type Placed, Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import type { UnitMeasures } from '../../../preload/contract/diagram/scene/text.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { boxesBy, unitMeasures } from '../canvas/fonts.ts';
import { exportDiagram } from '../export/export.ts';
import { objectDetails } from '../inspector/details/object-details.ts';
import { otherObjects } from '../inspector/details/others.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/* Holds the whole model, so that the window holds only what it draws; digests, lays out and exports it. */

const piece = 400;
/** Ms that finding ways for lines goes on for at a time. */
const slice = 20;

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
      return arrangeThrice(message);
    case 'details':
      post({ kind: 'details', id: message.id, details: objectDetails(model, definitions, message.oid) });
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
  const { at, database, user, server, unseen } = model;
  const about = { at, database, user, server };
  post({ kind: 'diagram', schemas, types, others: otherObjects(model), unseen, about });
}

/** Answers with a first layout, and, as long as nothing else is asked, with a better one and with ways for its lines. */
function arrangeThrice({ id, filter, opened, places }: Extract<ToWorker, { kind: 'arrange' }>): void {
  clearTimeout(refining);
  const about = diagram;
  const boxes = boxOf;
  if (!about || !boxes) return;
  const send = (stage: 'first' | 'refined' | 'routed', from: number, placed: Placed): void => {
    // Copied, not transferred: the next stage needs them too, and they are small.
    post({ kind: 'arranged', id, stage, placed, ms: performance.now() - from });
  };
  const place = (sweeps: number): Placed => {
    const options = { filter, opened: new Set(opened), places, sweeps };
    return placedOf(arrange(about, options, boxes), opened);
  };
  const start = performance.now();
  send('first', start, place(2));
  refining = setTimeout(() => {
    const from = performance.now();
    const placed = place(24);
    send('refined', from, placed);
    const finding = findRoutes(new Scene(about, placed, boxes));
    // In slices, so that other questions are answered in between.
    const go = (): void => {
      const until = performance.now() + slice;
      while (performance.now() < until) {
        const { done, value } = finding.next();
        if (!done) continue;
        send('routed', from, { ...placed, routes: value });
        return;
      }
      refining = setTimeout(go, 0);
    };
    go();
  }, 0);
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
