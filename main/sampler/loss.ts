/**
 * The loss of a connection, which may come at any time. Kept by hand and not as a promise to race with: a promise that
 * stays pending keeps whatever it was raced with, each sample of a whole session.
 */
export class Loss {
  #error: Error | undefined;
  readonly #waiting = new Set<(error: Error) => void>();

  happen(error: Error): void {
    if (this.#error) return;
    this.#error = error;
    for (const reject of [...this.#waiting]) reject(error);
  }

  /** What `work` gives, unless the connection is lost before. @throws the loss */
  async or<T>(work: Promise<T>): Promise<T> {
    let reject: (error: Error) => void = () => undefined;
    try {
      return await new Promise<T>((resolve, fail) => {
        reject = fail;
        this.#waiting.add(reject);
        work.then(resolve, fail);
        if (this.#error) fail(this.#error);
      });
    } finally {
      this.#waiting.delete(reject);
    }
  }
}
