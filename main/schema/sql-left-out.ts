import type { Unseen } from '../../preload/contract/schema-model.ts';

/** What was left out of SQL that was run, told once for each kind of statement and reason in a file. */
export class LeftOut {
  readonly #found = new Map<
    string,
    { what: string; file: string; line: number | undefined; why: string; count: number }
  >();

  add(what: string, file: string, line: number | undefined, why: string): void {
    const key = JSON.stringify([what, file, why]);
    const known = this.#found.get(key);
    if (known) known.count += 1;
    else this.#found.set(key, { what, file, line, why, count: 1 });
  }

  all(): Unseen[] {
    return [...this.#found.values()].map(({ what, file, line, why, count }) => ({
      what: `${what} in ${file}${line === undefined ? '' : `, line ${line}`}${count > 1 ? ` and ${count - 1} more` : ''}`,
      why,
    }));
  }
}
