import type { Explanation } from '../../preload/contract/common.ts';
import type { BoxMaker } from '../../preload/contract/diagram/layout/arrange.ts';
import {
  type Diagram,
  type DiagramFilter,
  everything,
} from '../../preload/contract/diagram/model/diagram.ts';
import type { Placed } from '../../preload/contract/diagram/scene/scene.ts';
import type { UnitMeasures } from '../../preload/contract/diagram/scene/text.ts';
import type { NamesModel, SchemaModel } from '../../preload/contract/schema-model.ts';
import type { OtherObject } from './inspector/details/others.ts';

export interface Loaded {
  diagram: Diagram;
  measure: UnitMeasures;
  boxOf: BoxMaker;
  /** What the diagram has no box for. */
  others: readonly OtherObject[];
  unseen: SchemaModel['unseen'];
  about: Pick<SchemaModel, 'at' | 'database' | 'user' | 'server'>;
}

export interface Shown {
  about: Loaded;
  placed: Placed;
  /** Everything is to come into sight: it is another selection of tables, not the same ones moved. */
  fit: boolean;
}

/** What the screen shows of a session. */
export interface SchemaState {
  /** How far the reading is; undefined when it has ended. */
  step: { step: string; done: number; total: number } | undefined;
  names: NamesModel | undefined;
  loaded: Loaded | undefined;
  shown: Shown | undefined;
  problem: Explanation | undefined;
  filter: DiagramFilter;
  /** Goes up whenever texts that came later have come. */
  definitions: number;
  /** How many of them wait for a lock that somebody holds. */
  waiting: number;
  /** When the structure was last found to be as it is shown, ms; undefined before. */
  knownAt: number | undefined;
  /** Whether boxes stand where somebody put them. */
  hasPlaces: boolean;
}

/** Before anything was read. */
export const initial: SchemaState = {
  step: { step: 'Asking the server', done: 0, total: 0 },
  names: undefined,
  loaded: undefined,
  shown: undefined,
  problem: undefined,
  filter: everything,
  definitions: 0,
  waiting: 0,
  knownAt: undefined,
  hasPlaces: false,
};
