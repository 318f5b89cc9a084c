import { EnvironmentDraft, type Finding } from '../../preload/contract/environments.ts';
import type { ImportKind } from '../../preload/contract/imports.ts';

/** A connection found in a file. Stays in the main process: it may hold the password. */
export interface Found {
  kind: ImportKind;
  draft: EnvironmentDraft;
  /** From 1; null where the format has none. */
  line: number | null;
  /** What it was read from: `DATABASE_URL`, `service db`. */
  from: string;
  password?: string;
  notes: Finding[];
}

/** Why a file, or a part of it, could not be read. */
export interface Fault {
  line: number | null;
  text: string;
}

/** The most connections that one preview holds; as many as can be taken at once. */
export const mostFound = 500;

/** The most problems that are told of one file. */
const mostFaults = 50;

/** Gathers what a parser finds in one file. */
export class Finds {
  readonly found: Found[] = [];
  readonly faults: Fault[] = [];
  #faultsLeftOut = 0;
  #foundLeftOut = 0;

  /** Takes a connection, or tells which of its fields Howdah can't take. */
  add(found: Found): void {
    if (this.found.length >= mostFound) {
      this.#foundLeftOut += 1;
      return;
    }
    const checked = EnvironmentDraft.safeParse(found.draft);
    if (checked.success) {
      this.found.push({ ...found, draft: checked.data, from: shown(found.from, 120) });
      return;
    }
    // What zod says may quote the value; the field's name does not.
    const path = checked.error.issues[0]?.path ?? [];
    const field = path.filter((part) => part !== 'connection' && typeof part === 'string').join(' ');
    this.fault(found.line, `The ${field || 'connection'} of ${shown(found.from, 120)} can’t be taken.`);
  }

  fault(line: number | null, text: string): void {
    if (this.faults.length < mostFaults) this.faults.push({ line, text: shown(text, 400) });
    else this.#faultsLeftOut += 1;
  }

  /** All faults, with a word on those there was no room for. */
  allFaults(): Fault[] {
    const more: Fault[] = [];
    if (this.#faultsLeftOut > 0) {
      more.push({ line: null, text: `${this.#faultsLeftOut} more places could not be read.` });
    }
    if (this.#foundLeftOut > 0) {
      more.push({
        line: null,
        text: `It has ${this.#foundLeftOut} more connections; ${mostFound} are read at a time.`,
      });
    }
    return [...this.faults, ...more];
  }
}

/** A name from a file, fit to be shown: no control characters, not endless. */
export function shown(text: string, most = 80): string {
  // Controls, and the format characters that turn the direction of a text round.
  const printable = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return printable.length <= most ? printable : `${printable.slice(0, most - 1)}…`;
}
