import type { ReadyStep } from './ready-step.ts';
import type { ReadyUnit } from './ready-unit.ts';
import type { Records } from './record.ts';
import type { RunSession } from './session.ts';
import type { StatePlace } from './state-place.ts';

/** What a tool's way of running one step is given. */
export interface StepWay {
  session: RunSession;
  place: StatePlace;
  records: Records;
  /** Sends a text of the file. @throws {UnitFailure} */
  send(unit: ReadyUnit): Promise<void>;
  /**
   * Runs a piece of the step; when it did not get a lock in time and all of it was undone, once more, as often as is
   * allowed.
   */
  again(piece: 'state' | 'body', undone: boolean, work: () => Promise<void>): Promise<void>;
}

/** Runs one step as the tool does, and records it as the tool does. */
export type StepRunner = (way: StepWay, step: ReadyStep) => Promise<void>;
