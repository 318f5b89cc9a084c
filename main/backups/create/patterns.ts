/** A name as one of psql's patterns means it. `schema` null: any. */
export interface NamePattern {
  schema: RegExp | null;
  name: RegExp;
}

/**
 * A pattern for names as psql and pg_dump read it (psql's manual, "Patterns"; `patternToSQLRegex` in string_utils.c):
 * letters are folded unless quoted, `*` is anything, `?` any letter, a dot parts schema and name, the rest is a regular
 * expression of which `$` is a letter. For what only looks at tables beforehand: the program's own reading decides.
 *
 * @returns undefined where it is no pattern
 */
export function namePattern(pattern: string, kind: 'schema' | 'table'): NamePattern | undefined {
  const parts = [''];
  let isQuoted = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at] as string;
    const put = (text: string): void => {
      parts[parts.length - 1] += text;
    };
    if (letter === '"') {
      if (isQuoted && pattern[at + 1] === '"') {
        put('"');
        at += 1;
      } else isQuoted = !isQuoted;
    } else if (isQuoted) put(letter.replace(/[|*+?()[\]{}.^$\\]/g, '\\$&'));
    else if (letter === '*') put('.*');
    else if (letter === '?') put('.');
    else if (letter === '.') parts.push('');
    else if (letter === '$') put('\\$');
    else put(letter.toLowerCase());
  }
  const expressions = parts.map(expression);
  if (isQuoted || expressions.some((one) => one === undefined)) return undefined;
  const name = expressions.at(-1) as RegExp;
  if (kind === 'schema') return { schema: null, name };
  return { schema: expressions.at(-2) ?? null, name };
}

function expression(part: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${part})$`, 's');
  } catch {
    return undefined;
  }
}
