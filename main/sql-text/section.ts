import type { TextProblem } from './decode.ts';
import type { Convention } from './folder.ts';

export interface Section {
  /** The file's text with all else than the part that builds up blanked out: lines keep their numbers. */
  text: string;
  /** The tool runs it outside of a transaction. */
  noTransaction: boolean;
  problems: TextProblem[];
}

/** The part of a migration's file that builds up. Files of other tools than dbmate and goose are that as a whole. */
export function upSection(convention: Convention, text: string): Section {
  if (convention === 'dbmate') return dbmate(text);
  if (convention === 'goose') return goose(text);
  return { text, noTransaction: false, problems: [] };
}

/** dbmate: directives stand at the beginning of a line, options behind them. */
function dbmate(text: string): Section {
  let up = false;
  let seen = false;
  let noTransaction = false;
  const kept = eachLine(text, (line) => {
    const directive = /^--\s*migrate:(up|down)\b(.*)$/i.exec(line);
    if (directive) {
      up = directive[1]?.toLowerCase() === 'up';
      seen ||= up;
      if (up && /\btransaction:\s*false\b/i.test(directive[2] ?? '')) noTransaction = true;
    }
    return up;
  });
  const problems = seen ? [] : [{ line: 1, what: 'has no line “-- migrate:up”' }];
  return { text: kept, noTransaction, problems };
}

/** goose: annotations stand at the beginning of a line, in any case (goose's `sqlparser`). */
function goose(text: string): Section {
  let up = false;
  let seen = false;
  let noTransaction = false;
  let number = 0;
  const problems: TextProblem[] = [];
  const kept = eachLine(text, (line) => {
    number += 1;
    const word = /^--\s*\+goose\s+(.*?)\s*$/i.exec(line)?.[1]?.toLowerCase();
    if (word === 'up' || word === 'down') {
      up = word === 'up';
      seen ||= up;
    } else if (word === 'no transaction') noTransaction = true;
    else if (word === 'envsub on' && up) {
      problems.push({
        line: number,
        what: 'takes values from the environment (ENVSUB), which is not supported',
      });
    }
    return up;
  });
  if (!seen) problems.push({ line: 1, what: 'has no line “-- +goose Up”' });
  return { text: kept, noTransaction, problems };
}

/** Keeps the lines that are wanted and the ends of all. */
function eachLine(text: string, keeps: (line: string) => boolean): string {
  return text
    .split('\n')
    .map((line) => (keeps(line.replace(/\r$/, '')) ? line : ''))
    .join('\n');
}
