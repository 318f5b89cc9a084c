import { linesBefore, type TextProblem } from './decode.ts';
import { Scanner } from './scanner.ts';

/** A piece of a script; `start` and `end` are offsets in the text, `line` counts from 1. */
export type ScriptItem =
  /** Without the comments before it and without its semicolon. */
  | { kind: 'statement'; text: string; start: number; end: number; line: number }
  /** A command of psql's own, such as `\connect other`, which no server understands. */
  | { kind: 'meta'; text: string; start: number; end: number; line: number }
  /** Rows that follow `COPY … FROM stdin`, without the `\.` that ends them. */
  | { kind: 'rows'; start: number; end: number; line: number };

export interface Split {
  items: ScriptItem[];
  problems: TextProblem[];
}

/**
 * Splits a script into statements as psql does (PostgreSQL's `psqlscan.l`): by semicolons outside of quotes, comments,
 * parentheses and the bodies of `BEGIN ATOMIC`. Text of any server version can be split; whether it is right is for
 * `parseStatement` and the server to say. Goes over the text once: the server's own scanner, as WASM, makes some three
 * hundred thousand tokens of a megabyte, which is no way to split fifty of them. Tests hold both against each other.
 */
export function splitScript(text: string): Split {
  const split: Split = { items: [], problems: [] };
  for (const item of scriptItems(text, (problem) => split.problems.push(problem))) split.items.push(item);
  return split;
}

/** The same, item by item. */
export function* scriptItems(
  text: string,
  onProblem: (problem: TextProblem) => void,
): Generator<ScriptItem, void, void> {
  const scanner = new Scanner(text);
  let line = 1;
  let counted = 0;
  const lineAt = (place: number): number => {
    line += linesBefore(text, place, counted);
    counted = Math.max(counted, place);
    return line;
  };
  for (let found = scanner.next(); found; found = scanner.next()) {
    const { start, end } = found;
    const at = lineAt(start);
    if (found.kind === 'meta') {
      yield { kind: 'meta', text: text.slice(start, end), start, end, line: at };
      continue;
    }
    const statement = text.slice(start, end);
    yield { kind: 'statement', text: statement, start, end, line: at };
    if (found.open) onProblem({ line: lineAt(found.open.place), what: `${found.open.what} is not closed` });
    if (found.copiesIn) {
      const rows = rowsAfter(text, scanner.place);
      if (rows) {
        yield { kind: 'rows', start: rows.start, end: rows.end, line: lineAt(rows.start) };
        scanner.place = rows.next;
      }
    }
    const setting = standardStrings(statement);
    if (setting !== undefined) scanner.standardStrings = setting;
  }
}

/** Rows begin on the line after the COPY and end with a line `\.`, or with the text (PostgreSQL manual, COPY). */
function rowsAfter(text: string, from: number): { start: number; end: number; next: number } | undefined {
  const lineEnd = text.indexOf('\n', from);
  if (lineEnd < 0) return undefined;
  const start = lineEnd + 1;
  const mark = /^\\\.[ \t]*\r?$/gm;
  mark.lastIndex = start;
  const found = mark.exec(text);
  if (!found) return { start, end: text.length, next: text.length };
  return { start, end: found.index, next: found.index + found[0].length };
}

/** Whether a statement sets `standard_conforming_strings`, after which quotes read otherwise. */
function standardStrings(statement: string): boolean | undefined {
  if (statement.length > 200) return undefined;
  const set =
    /^set\s+(?:session\s+|local\s+)?standard_conforming_strings\s*(?:=|to)\s*'?(on|off|true|false|yes|no|1|0|default)'?$/i.exec(
      statement.trim(),
    );
  if (!set) return /^reset\s+(?:standard_conforming_strings|all)$/i.test(statement.trim()) ? true : undefined;
  return !/off|false|no|0/i.test(set[1] ?? '');
}
