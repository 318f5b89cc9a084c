/** How long sessions have waited behind one root, ms of the server's clock. */
export class EpisodeWaits {
  /** Of waits that have ended. */
  #ended: number;
  readonly #waits = new Map<number, { since: number; until: number }>();
  longestMs: number;

  constructor(before: { waitedMs: number; longestMs: number } = { waitedMs: 0, longestMs: 0 }) {
    this.#ended = before.waitedMs;
    this.longestMs = before.longestMs;
  }

  get waitedMs(): number {
    let sum = this.#ended;
    for (const { since, until } of this.#waits.values()) sum += until - since;
    return sum;
  }

  /** Whether it waited when it was last looked at. */
  has(pid: number): boolean {
    return this.#waits.has(pid);
  }

  /** Whether the wait of a session that began then is one that is known already. */
  #isKnown(pid: number, since: number): boolean {
    const known = this.#waits.get(pid);
    // Until the server tells since when it waits, the start of its statement stands in for that, which is earlier.
    return known !== undefined && since <= known.until;
  }

  /** Takes up who waits now; the others' waits have ended. `since` is when it began to wait behind this root. */
  see(now: number, waiting: ReadonlyMap<number, number>): void {
    for (const [pid, { since, until }] of this.#waits) {
      if (waiting.has(pid) && this.#isKnown(pid, waiting.get(pid) as number)) continue;
      this.#ended += until - since;
      this.#waits.delete(pid);
    }
    for (const [pid, since] of waiting) {
      const before = this.#waits.get(pid);
      const from = Math.min(now, before ? Math.max(before.since, since) : since);
      this.#waits.set(pid, { since: from, until: now });
      this.longestMs = Math.max(this.longestMs, now - from);
    }
  }
}
