import { stringEnd } from './python-lines.ts';

/**
 * A value as it stands in a source. What would have to be run to be known is a `name` or a `call`; anything else that
 * is no plain value is `computed`.
 */
export type PythonValue =
  | null
  | string
  | number
  | boolean
  | PythonValue[]
  | { name: string }
  | { call: string; args: PythonValue[] }
  | typeof computed;

export const computed = { computed: true } as const;

/** `name = value` or `name: annotation = value`; undefined for another statement. */
export interface Assignment {
  name: string;
  value: PythonValue;
}

const ASSIGNED = /([A-Za-z_][\w]*)\s*(?::[^=]*)?=(?!=)\s*/y;

/** Reads an assignment at `start` of a logical line that ends at `end`. */
export function assignment(text: string, start: number, end: number): Assignment | undefined {
  ASSIGNED.lastIndex = start;
  const match = ASSIGNED.exec(text);
  if (!match || ASSIGNED.lastIndex > end) return undefined;
  return { name: match[1] as string, value: pythonValue(text.slice(ASSIGNED.lastIndex, end)) };
}

/** The value that `source` writes, read and never run. */
export function pythonValue(source: string): PythonValue {
  const tokens = tokensOf(source);
  const reader = new Reader(tokens);
  const value = reader.tuple();
  return reader.atEnd ? value : computed;
}

/** A value's strings when it is None (none), a string (one) or a sequence of strings; undefined when it is not. */
export function stringsOf(value: PythonValue): string[] | undefined {
  if (value === null) return [];
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  const strings = value.filter((item) => typeof item === 'string');
  return strings.length === value.length ? strings : undefined;
}

type Token =
  | { kind: 'string'; value: string | typeof computed }
  | { kind: 'word' | 'number' | 'sign'; text: string };

const SPACE = /(?:[\s]+|\\\r?\n|#[^\n]*)+/y;
const PREFIXED = /([rRbBuUfF]{0,2})(?=['"])/y;
const WORD = /[A-Za-z_][\w]*(?:\s*\.\s*[A-Za-z_][\w]*)*/y;
const NUMBER = /[-+]?\d[\w.]*/y;

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const space = matchAt(SPACE, source, at);
    if (space) {
      at += space[0].length;
      continue;
    }
    const prefixed = matchAt(PREFIXED, source, at);
    if (prefixed) {
      const quote = at + prefixed[0].length;
      const { end, closed } = stringEnd(source, quote);
      tokens.push({
        kind: 'string',
        value: closed ? content(source, quote, end, prefixed[0].toLowerCase()) : computed,
      });
      at = end;
      continue;
    }
    const word = matchAt(WORD, source, at);
    const number = word ? null : matchAt(NUMBER, source, at);
    const text = word?.[0] ?? number?.[0] ?? (source[at] as string);
    tokens.push({ kind: word ? 'word' : number ? 'number' : 'sign', text: text.replaceAll(/\s/g, '') });
    at += text.length;
  }
  return tokens;
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function content(source: string, quote: number, end: number, prefix: string): string | typeof computed {
  const triple = source.startsWith((source[quote] as string).repeat(3), quote) && end - quote >= 6;
  const width = triple ? 3 : 1;
  const inner = source.slice(quote + width, end - width);
  if (prefix.includes('b') || (prefix.includes('f') && /[{}]/.test(inner))) return computed;
  return prefix.includes('r') ? inner : unescaped(inner);
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\n': '', '\r\n': '' };

const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(
        /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r\n|[\s\S])/g,
        (_, code: string) =>
          ESCAPES[code] ??
          (code.length > 1
            ? String.fromCodePoint(Number.parseInt(code.slice(1), 16))
            : code.replace(/^0$/, '\0')),
      )
    : text;

class Reader {
  readonly #tokens: Token[];
  #next = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#next >= this.#tokens.length || this.#sign(';');
  }

  /** An expression, or several with commas between, which are a tuple without brackets. */
  tuple(): PythonValue {
    const first = this.#sum();
    if (!this.#sign(',')) return first;
    const items = [first];
    while (this.#take(',') && !this.atEnd && !this.#sign(')')) items.push(this.#sum());
    return items;
  }

  /** Values joined by `+`; others operators make it computed. */
  #sum(): PythonValue {
    let value = this.#value();
    while (this.#take('+')) {
      const other = this.#value();
      if (typeof value === 'string' && typeof other === 'string') value += other;
      else if (Array.isArray(value) && Array.isArray(other)) value = [...value, ...other];
      else if (Array.isArray(value)) value = [...value, computed];
      else if (Array.isArray(other)) value = [computed, ...other];
      else value = computed;
    }
    return value;
  }

  #value(): PythonValue {
    const token = this.#tokens[this.#next];
    if (!token) return computed;
    if (token.kind === 'string') return this.#strings();
    this.#next++;
    if (token.kind === 'number') return Number(token.text.replaceAll('_', ''));
    if (token.kind === 'word') return this.#named(token.text);
    if (token.text === '(') return this.#bracketed(')');
    if (token.text === '[') return this.#bracketed(']');
    if (token.text === '{') return this.#bracketed('}');
    return computed;
  }

  /** Strings beside one another are one. */
  #strings(): PythonValue {
    let whole: string | typeof computed = '';
    for (let token = this.#tokens[this.#next]; token?.kind === 'string'; token = this.#tokens[++this.#next])
      whole =
        whole === computed || token.value === computed
          ? computed
          : `${whole as string}${token.value as string}`;
    return whole;
  }

  #named(word: string): PythonValue {
    if (word === 'None') return null;
    if (word === 'True' || word === 'False') return word === 'True';
    if (!this.#take('(')) return { name: word };
    const args: PythonValue[] = [];
    while (!this.atEnd && !this.#take(')')) {
      args.push(this.#sum());
      if (!this.#take(',') && !this.#sign(')')) this.#next++;
    }
    return { call: word, args };
  }

  #bracketed(closing: string): PythonValue {
    const items: PythonValue[] = [];
    let commas = 0;
    while (this.#next < this.#tokens.length && !this.#sign(closing)) {
      items.push(this.#sum());
      if (this.#take(',')) commas++;
      else if (!this.#sign(closing)) {
        // Something that is no plain list, such as a comprehension or a dictionary.
        this.#skipTo(closing);
        return computed;
      }
    }
    this.#take(closing);
    return closing === ')' && commas === 0 && items.length === 1 ? (items[0] as PythonValue) : items;
  }

  #skipTo(closing: string): void {
    let depth = 0;
    for (; this.#next < this.#tokens.length; this.#next++) {
      const token = this.#tokens[this.#next] as Token;
      if (token.kind !== 'sign') continue;
      if (depth === 0 && token.text === closing) {
        this.#next++;
        return;
      }
      if ('([{'.includes(token.text)) depth++;
      else if (')]}'.includes(token.text)) depth--;
    }
  }

  #sign(text: string): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === 'sign' && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#sign(text)) return false;
    this.#next++;
    return true;
  }
}
