import { ORPCError } from '@orpc/client';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { Comparison, ComparisonProgress } from '../../../preload/contract/schema.ts';
import type { ComparedSide, Difference, MigrationStatement } from '../../../preload/contract/schema-diff.ts';
import type { Unseen } from '../../../preload/contract/schema-model.ts';
import { client } from '../../lib/client.ts';
import { errorField, explain } from '../../lib/errors.ts';

export interface Step {
  step: string;
  done: number;
  total: number;
}

export type StepOf = Extract<ComparisonProgress, { kind: 'step' }>['of'];

export interface RunState {
  phase: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  /** What is or was compared. */
  comparison: Comparison | undefined;
  /** How far each part is. */
  steps: Partial<Record<StepOf, Step>>;
  sides: { wanted: ComparedSide; actual: ComparedSide } | undefined;
  differences: readonly Difference[];
  /** Whether all differences have come. */
  isListed: boolean;
  statements: readonly MigrationStatement[];
  leftOut: readonly Unseen[];
  /** Whether the whole script has come. */
  isWritten: boolean;
  problem: { explanation: Explanation; code: string | undefined; field: string | undefined } | undefined;
}

const nothing: RunState = {
  phase: 'idle',
  comparison: undefined,
  steps: {},
  sides: undefined,
  differences: [],
  isListed: false,
  statements: [],
  leftOut: [],
  isWritten: false,
  problem: undefined,
};

/** A comparison under way or done. It goes on while another tab is in sight. */
export class DriftRun {
  #state: RunState = nothing;
  readonly #listeners = new Set<() => void>();
  #stop: AbortController | undefined;

  get state(): RunState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins anew; what is under way is given up. */
  start(comparison: Comparison): void {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#state = { ...nothing, phase: 'running', comparison };
    this.#tell();
    void this.#follow(comparison, stop.signal);
  }

  cancel(): void {
    if (this.#state.phase !== 'running') return;
    this.#stop?.abort();
    this.#set({ phase: 'cancelled' });
  }

  async #follow(comparison: Comparison, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of await client.schema.compare(comparison, { signal })) {
        if (signal.aborted) return;
        this.#take(event);
      }
      if (signal.aborted) return;
      if (!this.#state.isListed || !this.#state.isWritten) {
        throw new Error('The comparison ended before it was whole: the socket closed.');
      }
      this.#set({ phase: 'done' });
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof ORPCError ? error.code : undefined;
      this.#set({
        phase: 'failed',
        problem: { explanation: explain(error), code, field: errorField(error) },
      });
    }
  }

  #take(event: ComparisonProgress): void {
    const { differences, statements, leftOut, steps } = this.#state;
    switch (event.kind) {
      case 'step': {
        const { of, step, done, total } = event;
        this.#set({ steps: { ...steps, [of]: { step, done, total } } });
        return;
      }
      case 'sides':
        this.#set({ sides: { wanted: event.wanted, actual: event.actual } });
        return;
      case 'differences':
        this.#set({ differences: differences.concat(event.differences), isListed: event.last });
        return;
      case 'script':
        this.#set({
          statements: statements.concat(event.statements),
          leftOut: leftOut.concat(event.leftOut),
          isWritten: event.last,
        });
        return;
    }
  }

  #set(change: Partial<RunState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** By environment, for as long as this window is open. */
const runs = new Map<string, DriftRun>();

/** The comparison that the page of an environment shows. */
export function driftRunOf(environment: string): DriftRun {
  const known = runs.get(environment) ?? new DriftRun();
  runs.set(environment, known);
  return known;
}
