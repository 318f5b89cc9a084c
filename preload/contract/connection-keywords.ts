import { type Given, give } from './connection-given.ts';
import { UrlProblem } from './connection-problem.ts';

/**
 * Reads `host=localhost dbname='my db'` (PostgreSQL manual, "Keyword/Value Connection Strings"; `conninfo_parse` in
 * fe-connect.c): blanks around "=" are allowed, a value with blanks stands in single quotes, a backslash takes the next
 * character as it is.
 *
 * @throws {UrlProblem} which quotes nothing, for a password may have been taken apart at its blanks.
 */
export function readKeywords(text: string): Given {
  const given: Given = new Map();
  let at = 0;
  const skipBlanks = (): void => {
    while (isBlank(text[at])) at += 1;
  };
  for (skipBlanks(); at < text.length; skipBlanks()) {
    const from = at;
    while (at < text.length && text[at] !== '=' && !isBlank(text[at])) at += 1;
    const name = text.slice(from, at);
    skipBlanks();
    if (text[at] !== '=') {
      throw new UrlProblem(
        'url',
        'A word stands without "=". Parameters read name=value; a value with blanks stands in single quotes.',
      );
    }
    at += 1;
    skipBlanks();
    const quoted = text[at] === "'";
    if (quoted) at += 1;
    let value = '';
    while (at < text.length && (quoted ? text[at] !== "'" : !isBlank(text[at]))) {
      if (text[at] === '\\') at += 1;
      value += text[at] ?? '';
      at += 1;
    }
    if (quoted) {
      if (at >= text.length) {
        throw new UrlProblem(
          'url',
          "A single quote is not closed. Within quotes, a single quote is written \\' and a backslash \\\\.",
        );
      }
      at += 1;
    }
    if (value.includes('\u0000')) throw new UrlProblem('url', 'A value holds a character of code 0.');
    give(given, name, value);
  }
  return given;
}

/** Prints parameters so that {@link readKeywords} and libpq read them back. */
export function printKeywords(given: Given): string {
  return [...given].map(([name, value]) => `${name}=${quoted(value)}`).join(' ');
}

function quoted(value: string): string {
  return /^[^\s'\\]+$/.test(value) ? value : `'${value.replace(/['\\]/g, '\\$&')}'`;
}

/** As isspace(3) has it. */
function isBlank(character: string | undefined): boolean {
  return character !== undefined && ' \t\n\v\f\r'.includes(character);
}
