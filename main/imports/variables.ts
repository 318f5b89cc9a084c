/** A value in which `${NAME}` can't be put in. The message names names only, never values. */
export class ExpansionProblem extends Error {
  override name = 'ExpansionProblem';
}

export interface Expansion {
  /** The value of a name, undefined when it is not set. May throw {@link ExpansionProblem}. */
  lookUp(name: string): string | undefined;
  /** Told of each name without value and without default. */
  onUnknown(name: string): void;
  /** `compose`: `$$` is a dollar sign, and a malformed reference is an error. `env`: that one stays as written. */
  dialect: 'compose' | 'env';
}

/** Longest value that expanding may give, in characters: a few names can name each other into gigabytes. */
const longestValue = 65_536;

/** Longest text between braces, in characters. */
const longestWord = 1000;

/** How deep defaults may hold defaults. */
const deepest = 20;

/**
 * Puts values for `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}`, `${NAME?message}`,
 * `${NAME:+other}` and `${NAME+other}` (Compose specification, "Interpolation"; the shell's parameter expansion).
 *
 * @throws {ExpansionProblem}
 */
export function expand(text: string, expansion: Expansion, depth = 0): string {
  if (depth > deepest) throw new ExpansionProblem(`Defaults are nested more than ${deepest} deep.`);
  if (!text.includes('$')) return text;
  bounded(text);
  let result = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) return bounded(result + text.slice(at));
    result += text.slice(at, dollar);
    const [value, end] = reference(text, dollar, expansion, depth);
    result = bounded(result + value);
    at = end;
  }
  return result;
}

function bounded(text: string): string {
  if (text.length > longestValue) {
    throw new ExpansionProblem(
      `A value becomes longer than ${longestValue} characters once its names are replaced.`,
    );
  }
  return text;
}

/** What stands for the reference at a dollar sign, and where the text goes on. */
function reference(text: string, dollar: number, expansion: Expansion, depth: number): [string, number] {
  if (expansion.dialect === 'compose' && text[dollar + 1] === '$') return ['$', dollar + 2];
  const bare = /[A-Za-z_]\w{0,199}/y;
  bare.lastIndex = dollar + 1;
  const name = bare.exec(text)?.[0];
  if (name) return [value(name, expansion), dollar + 1 + name.length];
  if (text[dollar + 1] !== '{') {
    if (expansion.dialect === 'compose')
      throw new ExpansionProblem('A "$" stands alone; a dollar sign itself is written "$$".');
    return ['$', dollar + 1];
  }
  const braced = /([A-Za-z_]\w{0,199})(?:(:?[-?+])|(?=\}))/y;
  braced.lastIndex = dollar + 2;
  const match = braced.exec(text);
  const end = match ? closing(text, braced.lastIndex) : -1;
  if (!match || end < 0) {
    if (expansion.dialect === 'compose')
      throw new ExpansionProblem('A "${" is not closed or names no variable.');
    return ['$', dollar + 1];
  }
  const [, braceName = '', operator] = match;
  return [operated(braceName, operator, text.slice(braced.lastIndex, end), expansion, depth), end + 1];
}

/** The offset of the brace that closes, counting those opened in between; -1 without one. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length && at < from + longestWord; at += 1) {
    if (text[at] === '$' && text[at + 1] === '{') open += 1;
    else if (text[at] === '}') {
      open -= 1;
      if (open === 0) return at;
    }
  }
  return -1;
}

function operated(
  name: string,
  operator: string | undefined,
  word: string,
  expansion: Expansion,
  depth: number,
): string {
  if (operator === undefined) return value(name, expansion);
  const set = expansion.lookUp(name);
  const isThere = set !== undefined && (set !== '' || !operator.startsWith(':'));
  const kind = operator.at(-1);
  if (kind === '+') return isThere ? expand(word, expansion, depth + 1) : '';
  if (isThere) return set;
  if (kind === '-') return expand(word, expansion, depth + 1);
  throw new ExpansionProblem(`${name} must be set and is not.`);
}

function value(name: string, expansion: Expansion): string {
  const set = expansion.lookUp(name);
  if (set === undefined) expansion.onUnknown(name);
  return set ?? '';
}
