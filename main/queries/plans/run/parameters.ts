import { escapeLiteral } from 'pg';

/** Highest `$n` in a text, strings, quoted names and comments aside; 0 when there is none. */
export function parametersIn(text: string): number {
  let most = 0;
  for (const { number } of places(text)) most = Math.max(most, number);
  return most;
}

/**
 * Texts of pg_stat_statements have `$1` in the place of each constant, also where the grammar wants a literal:
 * `interval $1`, `date $2`, `EXTRACT($3 FROM …)`. Writes these so that the server takes them.
 */
export function withPlainParameters(text: string): string {
  let result = '';
  let from = 0;
  for (const { start, end, number } of places(text)) {
    const before = text.slice(from, start);
    const typed = literalType.exec(before);
    const extract = typed ? null : /\bextract\s*\(\s*$/i.exec(before);
    const after = extract ? /^\s+from\b/i.exec(text.slice(end, end + 20)) : null;
    if (typed) result += `${before.slice(0, typed.index)}$${number}::${typed[1] ?? ''}`;
    else if (extract && after) result += `${before.slice(0, extract.index)}pg_catalog.date_part($${number}, `;
    else result += before + text.slice(start, end);
    from = extract && after ? end + after[0].length : end;
  }
  return result + text.slice(from);
}

/** A text with quoted literals in the place of its parameters; a NULL where null is given. All of them have to be there. */
export function withValues(text: string, values: readonly (string | null)[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, number } of places(text)) {
    const value = values[number - 1];
    result +=
      text.slice(from, start) + (value === null || value === undefined ? 'NULL' : escapeLiteral(value));
    from = end;
  }
  return result + text.slice(from);
}

/** Types that a literal may have in front of it (PostgreSQL manual, "Constants of Other Types"). */
const literalType =
  /\b(interval|date|timestamp(?:\s+with(?:out)?\s+time\s+zone)?|timestamptz|timetz|time(?:\s+with(?:out)?\s+time\s+zone)?|uuid|inet|cidr|jsonb?|numeric|bytea)\s+$/i;

/** Where parameters stand. */
function* places(text: string): Generator<{ start: number; end: number; number: number }> {
  // Strings, E'' ones with backslashes, quoted names, bodies between $tags$, comments; then what is looked for.
  const tokens =
    /\bE'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$([A-Za-z_][\w]*)?\$[\s\S]*?\$\1\$|[A-Za-z_][\w$]*|\$(\d{1,5})/gi;
  for (const match of text.matchAll(tokens)) {
    if (match[2] === undefined) continue;
    yield { start: match.index, end: match.index + match[0].length, number: Number(match[2]) };
  }
}
