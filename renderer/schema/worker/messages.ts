import type {
  Diagram,
  DiagramFilter,
  DiagramRelation,
  DiagramTable,
} from '../../../preload/contract/diagram/model/diagram.ts';
import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';
import type { Placed } from '../../../preload/contract/diagram/scene/scene.ts';
import type { DiagramPlace } from '../../../preload/contract/schema.ts';
import type { Oid, Printed, SchemaModel } from '../../../preload/contract/schema-model.ts';
import type { ObjectDetails } from '../inspector/details/details.ts';
import type { OtherObject } from '../inspector/details/others.ts';

export type ExportFormat = 'svg' | 'png' | 'mermaid' | 'dbml';

/** What the window asks of the worker. */
export type ToWorker =
  | { kind: 'fonts'; mono: string; sans: string }
  /** A reading begins: parts of one before that never ended are no part of it. */
  | { kind: 'begin' }
  | { kind: 'part'; part: Partial<SchemaModel>; last: boolean }
  | { kind: 'definitions'; definitions: Record<string, Printed>; last: boolean }
  | { kind: 'arrange'; id: number; filter: DiagramFilter; opened: number[]; places: DiagramPlace[] }
  | { kind: 'details'; id: number; oid: Oid }
  | { kind: 'export'; id: number; format: ExportFormat; palette: Palette; placed: Placed };

/** What the worker answers. A diagram comes in pieces, so that taking one over never holds the window up. */
export type FromWorker =
  | { kind: 'tables'; tables: DiagramTable[]; relations: DiagramRelation[]; first: boolean }
  | {
      kind: 'diagram';
      schemas: Diagram['schemas'];
      types: Diagram['types'];
      others: OtherObject[];
      unseen: SchemaModel['unseen'];
      /** When and as whom it was read. */
      about: Pick<SchemaModel, 'at' | 'database' | 'user' | 'server'>;
    }
  | { kind: 'arranged'; id: number; stage: 'first' | 'refined' | 'routed'; placed: Placed; ms: number }
  | { kind: 'details'; id: number; details: ObjectDetails | null }
  | { kind: 'definitions' }
  | { kind: 'exported'; id: number; name: string; blob: Blob; note: string }
  | { kind: 'failed'; id: number | null; message: string };
