import { useSyncExternalStore } from 'react';

export interface Pointing {
  /** The instant under the pointer on any chart of the page; null when there is none. */
  at: number | null;
  /** Name of the chart that the pointer is on. */
  chart: string | null;
  /** The span being drawn with the pointer. */
  span: readonly [from: number, to: number] | null;
}

const nothing: Pointing = { at: null, chart: null, span: null };

/** What the pointer is on, shared by the charts of one page so that one crosshair crosses them all. */
export class Crosshair {
  #state = nothing;
  readonly #listeners = new Set<() => void>();

  readonly get = (): Pointing => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  point(at: number | null, chart: string | null): void {
    if (this.#state.at === at && this.#state.chart === chart) return;
    this.#set({ ...this.#state, at, chart });
  }

  draw(span: readonly [number, number] | null): void {
    this.#set({ ...this.#state, span });
  }

  #set(next: Pointing): void {
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}

export function usePointing(crosshair: Crosshair): Pointing {
  return useSyncExternalStore(crosshair.subscribe, crosshair.get);
}
