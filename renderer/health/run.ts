import type { Explanation } from '../../preload/contract/common.ts';
import type { HealthReport } from '../../preload/contract/health.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';

export interface HealthRunState {
  phase: 'idle' | 'running' | 'failed';
  /** The report so far, while one is made. */
  soFar: HealthReport | undefined;
  problem: Explanation | undefined;
}

const idle: HealthRunState = { phase: 'idle', soFar: undefined, problem: undefined };

/** A report under way. It goes on while another screen is in sight. */
class HealthRun {
  #state = idle;
  readonly #listeners = new Set<() => void>();
  #stop: AbortController | undefined;
  readonly #environment: string;

  constructor(environment: string) {
    this.#environment = environment;
  }

  readonly state = (): HealthRunState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins one, unless one is under way. `onDone` is given the whole report. */
  readonly start = async (onDone: (report: HealthReport) => void): Promise<void> => {
    if (this.#state.phase === 'running') return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#set({ ...idle, phase: 'running' });
    try {
      let whole: HealthReport | undefined;
      const progress = await client.health.report(
        { environment: this.#environment },
        { signal: stop.signal },
      );
      for await (const { report, done } of progress) {
        if (stop.signal.aborted) return;
        this.#set({ phase: 'running', soFar: report, problem: undefined });
        if (done) whole = report;
      }
      if (!whole) throw new Error('The report ended before it was whole: the socket closed.');
      onDone(whole);
      this.#set(idle);
    } catch (error) {
      if (!stop.signal.aborted) this.#set({ phase: 'failed', soFar: undefined, problem: explain(error) });
    }
  };

  readonly cancel = (): void => {
    this.#stop?.abort();
    this.#set(idle);
  };

  #set(state: HealthRunState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** By environment, for as long as this window is open. */
const runs = new Map<string, HealthRun>();

/** The report that is made of an environment. */
export function healthRunOf(environment: string): HealthRun {
  const known = runs.get(environment) ?? new HealthRun(environment);
  runs.set(environment, known);
  return known;
}
