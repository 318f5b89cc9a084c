import { printable } from '../../companions/index.ts';
import type { DumpTable } from './look.ts';

/** How far a dump is. */
export interface DumpState {
  object: string | null;
  /** Tables. */
  done: number;
  total: number;
  /** Of the tables' own sizes on the server. */
  bytes: number;
  bytesTotal: number;
  remainingMs: number | null;
}

interface Known {
  table: DumpTable;
  state: 'waiting' | 'active' | 'done';
  /** Bytes of COPY so far. */
  copied: number;
}

/** Of a table at work nothing is known to be its end: it counts as done to this share at most. */
const mostActive = 0.95;
/** Estimates before this make no sense, ms. */
const earliestMs = 1500;

/**
 * Follows a dump by the lines of `pg_dump -v`, matched against the tables known beforehand: names stand in them as they
 * are, unquoted, so that nothing can be told from the line alone. With one session a table is done when the next begins;
 * with several the program says so by the table's bare name.
 */
export class DumpProgress {
  readonly #byLine = new Map<string, Known>();
  readonly #byOid = new Map<string, Known>();
  readonly #active: Known[] = [];
  readonly #isParallel: boolean;
  readonly #bytesTotal: number;
  #done = 0;
  #bytesDone = 0;
  #began: number | undefined;
  #latest: Known | undefined;

  constructor(
    tables: readonly DumpTable[],
    { isParallel, secrets }: { isParallel: boolean; secrets: readonly string[] },
  ) {
    this.#isParallel = isParallel;
    for (const table of tables) {
      const known: Known = { table, state: 'waiting', copied: 0 };
      this.#byOid.set(table.oid, known);
      // As the line will come: its first line, printable, without what looks like a secret.
      const [first = ''] = `dumping contents of table "${table.schema}.${table.name}"`.split('\n');
      this.#byLine.set(printable(first, secrets), known);
    }
    this.#bytesTotal = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  onLine(line: string, now: number): void {
    const said = line.replace(/^[^:]*: /, '');
    const begun = this.#byLine.get(said);
    if (begun) {
      this.#began ??= now;
      if (!this.#isParallel) for (const one of [...this.#active]) this.#finish(one);
      if (begun.state !== 'waiting') return;
      begun.state = 'active';
      this.#active.push(begun);
      this.#latest = begun;
      return;
    }
    const finished = /^finished item \d+ TABLE DATA (.*)$/.exec(said);
    const name = finished?.[1];
    const one = name === undefined ? undefined : this.#active.find(({ table }) => table.name === name);
    if (one) this.#finish(one);
  }

  /** What the server says of tables that are being read: bytes of COPY by oid. */
  onCopying(bytes: ReadonlyMap<string, number>): void {
    for (const [oid, copied] of bytes) {
      const known = this.#byOid.get(oid);
      if (known) known.copied = copied;
    }
  }

  /** For servers that do not tell (before 14): bytes by which the files have grown, shared out by what tables weigh. */
  onWritten(grown: number): void {
    const weight = this.#active.reduce((sum, { table }) => sum + table.bytes, 0);
    for (const known of this.#active) {
      // Compressed they take about a third.
      if (weight > 0) known.copied += (3 * Math.max(0, grown) * known.table.bytes) / weight;
    }
  }

  /** The program has ended well. */
  finish(): void {
    for (const known of this.#byOid.values()) if (known.state !== 'done') this.#finish(known);
  }

  state(now: number): DumpState {
    const active = this.#active.reduce(
      (sum, { table, copied }) => sum + Math.min(copied, table.bytes * mostActive),
      0,
    );
    const bytes = Math.round(this.#bytesDone + active);
    const elapsed = this.#began === undefined ? 0 : now - this.#began;
    const { table } = this.#latest ?? {};
    return {
      object: this.#active.length > 0 && table ? `${table.schema}.${table.name}` : null,
      done: this.#done,
      total: this.#byOid.size,
      bytes,
      bytesTotal: this.#bytesTotal,
      remainingMs:
        elapsed < earliestMs || bytes < this.#bytesTotal / 100
          ? null
          : Math.round((elapsed * (this.#bytesTotal - bytes)) / bytes),
    };
  }

  #finish(known: Known): void {
    const at = this.#active.indexOf(known);
    if (at >= 0) this.#active.splice(at, 1);
    if (known === this.#latest) this.#latest = this.#active.at(-1);
    known.state = 'done';
    this.#done += 1;
    this.#bytesDone += known.table.bytes;
  }
}
