/** What Howdah costs one server: server time of live samples and wall time of all else, over the last minute. */
export class CostMeter {
  #spent: { at: number; ms: number }[] = [];
  #poolTotal = 0;

  /** One more sample. `poolTotalMs` is all time spent by the pool so far. */
  add(at: number, sampleMs: number, poolTotalMs: number): void {
    // A pool that was opened anew counts from zero again.
    const poolMs = poolTotalMs >= this.#poolTotal ? poolTotalMs - this.#poolTotal : poolTotalMs;
    this.#poolTotal = poolTotalMs;
    this.#spent.push({ at, ms: sampleMs + poolMs });
    while (this.#spent[0] && this.#spent[0].at < at - 60_000) this.#spent.shift();
  }

  /** ms a second over the time covered so far, at most a minute. */
  msPerSecond(): number {
    const first = this.#spent[0];
    const last = this.#spent.at(-1);
    if (!first || !last) return 0;
    const seconds = Math.max(2, (last.at - first.at) / 1000);
    return this.#spent.reduce((sum, { ms }) => sum + ms, 0) / seconds;
  }
}
