import type { Explanation } from '../../preload/contract/common.ts';
import type { ErdFormat } from '../../preload/contract/schema.ts';
import type { CompareOptions, Difference, MigrationStatement } from '../../preload/contract/schema-diff.ts';
import type { Unseen } from '../../preload/contract/schema-model.ts';
import type { PackedModel } from './packed.ts';
import type { Header } from './parts.ts';

/** A model by its name in this run; its content only when the thread has not got it yet. */
export interface ModelRef {
  id: string;
  packed?: PackedModel;
}

/** What is written beside the model into a snapshot's file. */
export interface FileNotes {
  origin: string;
  takenAt: number;
  name: string | null;
}

/** What the text thread is asked for. */
export type TextTask =
  | { kind: 'export'; model: ModelRef; format: ErdFormat; schemas: string[] }
  | { kind: 'table-ddl'; model: ModelRef; schema: string; table: string }
  | { kind: 'compare'; wanted: ModelRef; actual: ModelRef; options: CompareOptions; schemas: string[] }
  | { kind: 'digest'; packed: PackedModel }
  | { kind: 'write-file'; model: ModelRef; notes: FileNotes }
  | { kind: 'read-file'; path: string };

/** What it gives, a piece at a time. */
export type TextPiece =
  | { kind: 'text'; name: string; text: string; last: boolean }
  /** `isWaiting`: texts of the server are missing in it, because something was locked. */
  | { kind: 'table'; text: string | undefined; isWaiting: boolean }
  | { kind: 'differences'; differences: Difference[]; last: boolean }
  | { kind: 'script'; statements: MigrationStatement[]; leftOut: Unseen[]; last: boolean }
  | { kind: 'digest'; digest: string; tables: number }
  | { kind: 'file'; packed: PackedModel; header: Header; notes: FileNotes };

export type FromTextThread =
  | { kind: 'piece'; piece: TextPiece }
  | { kind: 'done' }
  | { kind: 'failed'; error: Error; problem: Explanation | undefined };

/** Something is wrong with what was given, in words for a person. */
export class TextProblem extends Error {
  readonly explanation: Explanation;
  constructor(explanation: Explanation) {
    super(explanation.what);
    this.explanation = explanation;
  }
}

/** How many characters go into a piece: well below a frame's limit, whatever they take there. */
const mostCharacters = 400_000;

/** A text in pieces; no character is torn apart. */
export function* textPieces(text: string): Generator<{ text: string; last: boolean }, void, void> {
  let from = 0;
  do {
    let to = Math.min(text.length, from + mostCharacters);
    // Not between the halves of a character beyond the basic plane.
    if (to < text.length && /[\uD800-\uDBFF]/.test(text[to - 1] ?? '')) to -= 1;
    yield { text: text.slice(from, to), last: to === text.length };
    from = to;
  } while (from < text.length);
}

/** A list in pieces; at least one, the last of them said so. */
export function* listPieces<T>(list: readonly T[]): Generator<{ items: T[]; last: boolean }, void, void> {
  let items: T[] = [];
  let characters = 0;
  for (const one of list) {
    const length = JSON.stringify(one).length;
    if (items.length > 0 && characters + length > mostCharacters) {
      yield { items, last: false };
      items = [];
      characters = 0;
    }
    items.push(one);
    characters += length;
  }
  yield { items, last: true };
}
