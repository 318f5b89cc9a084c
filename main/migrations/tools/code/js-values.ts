import { masked } from './mask.ts';

/** A source with its masked twin (`mask.ts`). */
export interface JsSource {
  text: string;
  code: string;
}

export const jsSource = (text: string): JsSource => ({ text, code: masked(text, 'javascript') });

/** A stretch of a source. */
export interface Stretch {
  start: number;
  end: number;
}

const OPENING = '([{';
const CLOSING = ')]}';

/** Where the bracket that opens at `at` is closed, behind it; the text's end when it never is. */
export function bracketEnd(code: string, at: number): number {
  let depth = 0;
  for (let end = at; end < code.length; end++) {
    const char = code[end] as string;
    if (OPENING.includes(char)) depth++;
    else if (CLOSING.includes(char) && --depth === 0) return end + 1;
  }
  return code.length;
}

/** The values of `key: value` anywhere within a stretch, whether the key is quoted or not. */
export function valuesOf({ text, code }: JsSource, key: string, within?: Stretch): Stretch[] {
  const found: Stretch[] = [];
  const pattern = /(?:([A-Za-z_$][\w$]*)|(['"])( *)\2)\s*:(?!:)\s*/g;
  pattern.lastIndex = within?.start ?? 0;
  const limit = within?.end ?? code.length;
  for (let match = pattern.exec(code); match && match.index < limit; match = pattern.exec(code)) {
    const name = match[1] ?? text.slice(match.index + 1, match.index + 1 + (match[3]?.length ?? 0));
    if (name === key) found.push({ start: pattern.lastIndex, end: expressionEnd(code, pattern.lastIndex) });
  }
  return found;
}

/** The end of the expression at `start`: its comma, semicolon or the bracket around it. */
export function expressionEnd(code: string, start: number): number {
  for (let at = start; at < code.length; at++) {
    const char = code[at] as string;
    if (OPENING.includes(char)) at = bracketEnd(code, at) - 1;
    else if (char === ',' || char === ';' || CLOSING.includes(char)) return at;
  }
  return code.length;
}

/**
 * What a folder, glob or name is set to: strings of a literal, an array of them, `path.join(__dirname, 'a', 'b')`,
 * `` `${__dirname}/a` `` or `__dirname + '/a'`, the file's own folder written as `.`. Undefined when it would have to be
 * run to be known.
 */
export function stringsAt(source: JsSource, { start, end }: Stretch): string[] | undefined {
  const code = source.code.slice(start, end);
  const first = start + (code.length - code.trimStart().length);
  if (source.code[first] === '[') {
    const strings: string[] = [];
    const close = bracketEnd(source.code, first) - 1;
    for (let at = first + 1; at < close; ) {
      const item = { start: at, end: Math.min(expressionEnd(source.code, at), close) };
      if (source.code.slice(item.start, item.end).trim()) {
        const value = stringAt(source, item);
        if (value === undefined) return undefined;
        strings.push(value);
      }
      at = item.end + 1;
    }
    return strings;
  }
  const value = stringAt(source, { start, end });
  return value === undefined ? undefined : [value];
}

/** As `stringsAt`, for one string. */
export function stringAt(source: JsSource, { start, end }: Stretch): string | undefined {
  const code = source.code.slice(start, end);
  const lead = start + (code.length - code.trimStart().length);
  const trimmed = code.trim().replace(/\s+as\s+\w+$/, '');
  const joined = /^(?:path\.)?(join|resolve)\s*\(/.exec(trimmed);
  if (joined) {
    const parts = argumentsOf(source, lead + joined[0].length - 1).map((argument) =>
      stringAt(source, argument),
    );
    return parts.every((part) => part !== undefined) ? parts.join('/') : undefined;
  }
  const parts: string[] = [];
  for (let at = lead; at < lead + trimmed.length; ) {
    const char = source.code[at] as string;
    if (/[\s+]/.test(char)) at++;
    else if (source.code.startsWith('__dirname', at)) {
      parts.push('.');
      at += '__dirname'.length;
    } else if (/import\.meta\.dirname/y.test(source.code.slice(at, at + 19))) {
      parts.push('.');
      at += 'import.meta.dirname'.length;
    } else if (char === '"' || char === "'") {
      const close = source.code.indexOf(char, at + 1);
      if (close < 0) return undefined;
      parts.push(unescaped(source.text.slice(at + 1, close)));
      at = close + 1;
    } else if (char === '`') {
      const template = templateAt(source, at);
      if (!template) return undefined;
      parts.push(template.value);
      at = template.end;
    } else return undefined;
  }
  return parts.length > 0 ? parts.join('') : undefined;
}

/** The arguments of the call whose bracket opens at `open`. */
export function argumentsOf({ code }: JsSource, open: number): Stretch[] {
  const close = bracketEnd(code, open) - 1;
  const found: Stretch[] = [];
  for (let at = open + 1; at < close; ) {
    const end = Math.min(expressionEnd(code, at), close);
    if (code.slice(at, end).trim()) found.push({ start: at, end });
    at = end + 1;
  }
  return found;
}

function templateAt({ text, code }: JsSource, at: number): { value: string; end: number } | undefined {
  let value = '';
  for (let next = at + 1; next < code.length; ) {
    if (code[next] === '`') return { value: unescaped(value), end: next + 1 };
    if (code.startsWith('${', next)) {
      const close = bracketEnd(code, next + 1);
      if (!/^(?:__dirname|import\.meta\.dirname)$/.test(code.slice(next + 2, close - 1).trim()))
        return undefined;
      value += '.';
      next = close;
    } else value += text[next++];
  }
  return undefined;
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

/** Whether a module hands out `name`; null when it hands out something that can't be looked into. */
export function hasExport(code: string, name: string): boolean | null {
  const written = new RegExp(
    `\\bexports\\s*\\.\\s*${name}\\s*=|\\bexport\\s+(?:async\\s+)?(?:const|let|var|function\\s*\\*?)\\s*${name}\\b|\\bexport\\s*\\{[^}]*\\b${name}\\b|\\bmodule\\.exports\\s*=\\s*\\{[\\s\\S]*?\\b${name}\\s*[:(,}=]|\\bexport\\s+default\\s*\\{[\\s\\S]*?\\b${name}\\s*[:(,}=]|\\b(?:static\\s+)?(?:async\\s+)?${name}\\s*\\(`,
  );
  if (written.test(code)) return true;
  return /\bexports?\b/.test(code) ? false : null;
}
