/**
 * Hands the newest value to whoever follows. A follower that is slow skips values instead of queueing them:
 * for live views only the newest counts, and memory stays flat.
 */
export class Broadcast<T> {
  #latest: { value: T } | undefined;
  #version = 0;
  #wake = new Set<() => void>();
  #closed = false;

  get followers(): number {
    return this.#following;
  }
  #following = 0;

  get latest(): T | undefined {
    return this.#latest?.value;
  }

  publish(value: T): void {
    this.#latest = { value };
    this.#version += 1;
    this.#wakeAll();
  }

  /** Ends every follower's iteration. */
  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  /** Yields the latest value at once (unless `fresh`), then each newer one, until the signal or `close`. */
  async *follow(
    signal: AbortSignal | undefined,
    options: { fresh?: boolean } = {},
  ): AsyncGenerator<T, void, void> {
    let seen = options.fresh ? this.#version : -1;
    this.#following += 1;
    try {
      while (!this.#closed && !signal?.aborted) {
        if (this.#latest && this.#version !== seen) {
          seen = this.#version;
          yield this.#latest.value;
        } else {
          await this.#next(signal);
        }
      }
    } finally {
      this.#following -= 1;
    }
  }

  #next(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wake.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#wake.add(done);
      signal?.addEventListener('abort', done);
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#wake]) wake();
  }
}
