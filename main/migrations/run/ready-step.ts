import type { ReadyFile } from './analysis.ts';
import type { Step } from './steps.ts';

export interface ReadyStep extends Step {
  /** Undefined: nothing is run, the tool only moves on. */
  ready: ReadyFile | undefined;
}
