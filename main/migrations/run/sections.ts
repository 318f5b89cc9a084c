import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import type { TextProblem } from '../../sql-text/index.ts';
import { gooseStatements } from './goose-statements.ts';
import type { Unit } from './unit.ts';

/** Units with one row of state: dbmate's files may have several. */
export interface Part {
  units: Unit[];
  /** `own`: the tool's BEGIN and COMMIT around it; `implicit`: the server's, for one text; `none`: no transaction. */
  transaction: 'own' | 'implicit' | 'none';
}

export interface Sections {
  parts: Part[];
  /** Why the tool refuses the file. */
  problems: TextProblem[];
}

/** dbmate's `upRegExp` and `downRegExp`. */
const UP = /^--\s*migrate:up(\s*$|\s+\S+)/gm;
const DOWN = /^--\s*migrate:down(\s*$|\s+\S+)/gm;

/** What each tool sends of a file for one direction: texts are never changed, and split only as the tool itself does. */
export function sectionsOf(
  tool: MigrationToolId,
  text: string,
  direction: 'up' | 'down',
  { multiStatement = false }: { multiStatement?: boolean } = {},
): Sections {
  switch (tool) {
    case 'dbmate':
      return dbmate(text, direction);
    case 'goose': {
      const { statements, transaction, problems } = gooseStatements(text, direction);
      return { parts: [{ units: statements, transaction: transaction ? 'own' : 'none' }], problems };
    }
    case 'golang-migrate':
      if (multiStatement) return multiStatements(text);
      return { parts: [{ units: [{ text, start: 0 }], transaction: 'implicit' }], problems: [] };
    default:
      return { parts: [{ units: [{ text, start: 0 }], transaction: 'own' }], problems: [] };
  }
}

/**
 * golang-migrate with `x-multi-statement`: a text ends behind each semicolon, wherever it stands, and blank ones are
 * passed over (`database/multistmt/parse.go`, `database/postgres/postgres.go`).
 */
function multiStatements(text: string): Sections {
  const units: Unit[] = [];
  for (let start = 0; start < text.length; ) {
    const semicolon = text.indexOf(';', start);
    const end = semicolon < 0 ? text.length : semicolon + 1;
    const piece = text.slice(start, end);
    if (piece.length > multiStatementLimit && Buffer.byteLength(piece) > multiStatementLimit)
      return {
        parts: [],
        problems: [
          {
            line: lineAt(text, start),
            what: 'begins a statement of more than 10 MB, which golang-migrate does not take with x-multi-statement',
          },
        ],
      };
    if (piece.trim() !== '') units.push({ text: piece, start });
    start = end;
  }
  return { parts: [{ units, transaction: 'none' }], problems: [] };
}

/** `DefaultMultiStatementMaxSize`. Bytes. */
const multiStatementLimit = 10 * 1024 * 1024;

/** `parseMigrationContents`: sections from one `migrate:up` to the next, directive lines included. */
function dbmate(text: string, direction: 'up' | 'down'): Sections {
  const starts = [...text.matchAll(UP)].map(({ index }) => index);
  const [first] = starts;
  const wrong = (place: number, what: string): Sections => ({
    parts: [],
    problems: [{ line: lineAt(text, place), what }],
  });
  if (first === undefined) return wrong(0, 'has no line “-- migrate:up”');
  const before = text.slice(0, first).split('\n');
  const statement = before.findIndex((line) => !/^\s*(--.*)?$/.test(line));
  if (statement >= 0)
    return {
      parts: [],
      problems: [
        { line: statement + 1, what: 'holds something above “-- migrate:up”, which dbmate refuses' },
      ],
    };
  const parts: Part[] = [];
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? text.length;
    const downs = [...text.slice(start, end).matchAll(DOWN)].map((match) => start + match.index);
    const [down, second] = downs;
    if (down === undefined) return wrong(start, 'has no “-- migrate:down” after this “-- migrate:up”');
    if (second !== undefined)
      return wrong(second, 'has a second “-- migrate:down” without a “-- migrate:up” before it');
    const from = direction === 'up' ? start : down;
    const unit = { text: text.slice(from, direction === 'up' ? down : end), start: from };
    const options = unit.text.slice(0, Math.max(unit.text.indexOf('\n'), 0) || unit.text.length);
    const outside = /\stransaction:false(\s|$)/.test(lastOption(options));
    parts.push({ units: [unit], transaction: outside ? 'none' : 'own' });
  }
  return { parts, problems: [] };
}

/** Of an option that is given twice the last one counts. */
const lastOption = (line: string): string => {
  const all = line.match(/\stransaction:[^\s:]+(?=\s|$)/g);
  return all?.at(-1) ?? '';
};

const lineAt = (text: string, place: number): number => text.slice(0, place).split('\n').length;
