import type { TextProblem } from '../../sql-text/index.ts';
import type { Unit } from './unit.ts';

export interface GooseStatements {
  statements: Unit[];
  /** False: `NO TRANSACTION`. */
  transaction: boolean;
  /** Where goose stops; nothing of the file is run then. */
  problems: TextProblem[];
}

type Place = 'start' | 'up' | 'up-block' | 'down' | 'down-block';

/** `scanBufSize`: a longer line is more than its scanner takes. Bytes. */
const lineLimit = 4 * 1024 * 1024;
const known = /^(up|down|statementbegin|statementend|no transaction|envsub on|envsub off)$/;

/**
 * The statements that goose makes of a file for one direction: they end with a line whose last word before a comment ends
 * with a semicolon, or with the block that they stand in (goose's `internal/sqlparser/parser.go`).
 */
export function gooseStatements(text: string, direction: 'up' | 'down'): GooseStatements {
  const statements: Unit[] = [];
  let transaction = true;
  let place: Place = 'start';
  /** Offsets of what has been gathered of a statement; -1: nothing. */
  let from = -1;
  let to = 0;
  let line = 0;
  let begun = 0;
  const stop = (what: string, at = line): GooseStatements => ({
    statements: [],
    transaction,
    problems: [{ line: at, what }],
  });
  const isOpen = (): boolean => from >= 0 && text.slice(from, to).trim() !== '';
  const close = (): void => {
    if (from >= 0) statements.push(trimmed(text, from, to));
    from = -1;
  };

  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const next = feed < 0 ? text.length : feed + 1;
    const end = feed < 0 ? text.length : feed;
    const content = text.slice(start, end).replace(/\r$/, '');
    const here = start;
    start = next;
    line += 1;
    if (content.length > lineLimit / 4 && Buffer.byteLength(content) >= lineLimit)
      return stop('is longer than 4 MB, which goose can’t read');
    if (place === 'start' && content.trim() === '') continue;

    let blockEnds = false;
    if (content.trimStart().startsWith('--') && content.includes('+goose')) {
      if (/^[ \t]/.test(content)) return stop('has blanks before an annotation, which goose refuses');
      const word = content.replaceAll('--', '').replace('+goose', '').trim().toLowerCase();
      if (!known.test(word)) return stop('has an annotation that goose does not know');
      if (word === 'no transaction') transaction = false;
      else if (word === 'envsub on')
        return stop('takes values from the environment (ENVSUB ON), which is not supported here');
      else if (word === 'up') {
        if (place !== 'start') return stop('is a second “-- +goose Up”');
        place = 'up';
      } else if (word === 'down') {
        if (place !== 'up') return stop('has “-- +goose Down” where goose does not expect it');
        if (isOpen()) return stop('begins a statement that no semicolon ends', begun);
        place = 'down';
      } else if (word === 'statementbegin') {
        if (place !== 'up' && place !== 'down')
          return stop('has “-- +goose StatementBegin” at a wrong place');
        place = place === 'up' ? 'up-block' : 'down-block';
      } else if (word === 'statementend') {
        if (place !== 'up-block' && place !== 'down-block')
          return stop('has “-- +goose StatementEnd” without a StatementBegin');
        blockEnds = true;
      }
      if (!blockEnds) continue;
    }
    // What stands in a block that is empty so far may be a comment too; it is left out all the same.
    if (from < 0 && !blockEnds && (content.trimStart().startsWith('--') || content === '')) continue;
    if (place === 'start') return stop('stands above “-- +goose Up”');
    const isWanted = place.startsWith(direction);
    if (!blockEnds && isWanted) {
      if (from < 0) {
        from = here;
        begun = line;
      }
      to = end;
    }
    if (blockEnds) {
      if (isWanted) close();
      place = place === 'up-block' ? 'up' : 'down';
    } else if (isWanted && !place.endsWith('-block') && endsStatement(content)) close();
  }

  if (place === 'start') return stop('has no line “-- +goose Up”', 1);
  if (place.endsWith('-block')) return stop('has no “-- +goose StatementEnd” for its last StatementBegin');
  if (isOpen()) return stop('begins a statement that no semicolon ends', begun);
  return { statements, transaction, problems: [] };
}

/** `endsWithSemicolon`. */
function endsStatement(line: string): boolean {
  let last = '';
  for (const word of line.trim().split(/\s+/)) {
    if (word.startsWith('--')) break;
    last = word;
  }
  return last.endsWith(';');
}

function trimmed(text: string, from: number, to: number): Unit {
  const piece = text.slice(from, to);
  const start = from + (piece.length - piece.trimStart().length);
  // goose reads lines, and puts them together without carriage returns.
  return { text: piece.trim().replaceAll('\r\n', '\n'), start };
}
