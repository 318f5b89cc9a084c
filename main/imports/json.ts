import type { Fault } from './found.ts';

/** Deeper than any file of connections; what is nested further is an attack or a mistake. */
const deepest = 100;

/**
 * Reads JSON. A fault names its line and never quotes the text, which the engine's own message does.
 */
export function readJson(text: string): { value: unknown } | { fault: Fault } {
  const fault = firstFault(text);
  if (fault) return { fault: { line: lineAt(text, fault.at), text: fault.text } };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: { line: null, text: 'It is not JSON.' } };
  }
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** A field of a JSON object's own; never one of its prototype. */
export function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text, number or flag as text; programs write the same field as any of them. Empty text is none. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

/** Where a text stops being JSON (RFC 8259); undefined when it is. Iterative, so that no nesting ends the process. */
function firstFault(text: string): { at: number; text: string } | undefined {
  const open: ('{' | '[')[] = [];
  /** What may come next. */
  let want: 'value' | 'value or end' | 'name' | 'name or end' | 'comma or end' | 'nothing' = 'value';
  let at = 0;
  const wrong = (what: string) => ({ at, text: what });
  const afterValue = (): typeof want => (open.length > 0 ? 'comma or end' : 'nothing');

  for (;;) {
    at = afterBlanks(text, at);
    const next = text[at];
    if (next === undefined) {
      if (want === 'nothing') return undefined;
      return wrong('The JSON ends too early.');
    }
    if (want === 'nothing') return wrong('Something stands after the end of the JSON.');
    if (want === 'comma or end') {
      const inside = open.at(-1);
      if (next === ',') want = inside === '{' ? 'name' : 'value';
      else if (next === (inside === '{' ? '}' : ']')) {
        open.pop();
        want = afterValue();
      } else return wrong('A comma or a closing bracket is missing in the JSON.');
      at += 1;
    } else if (want === 'name' || want === 'name or end') {
      if (next === '}' && want === 'name or end') {
        open.pop();
        want = afterValue();
        at += 1;
        continue;
      }
      const end = next === '"' ? afterString(text, at) : undefined;
      if (end === undefined) return wrong('A field’s name in quotes is missing in the JSON.');
      at = afterBlanks(text, end);
      if (text[at] !== ':') return wrong('A colon is missing after a field’s name in the JSON.');
      at += 1;
      want = 'value';
    } else if (next === '{' || next === '[') {
      if (open.length >= deepest) return wrong(`The JSON is nested more than ${deepest} deep.`);
      open.push(next);
      want = next === '{' ? 'name or end' : 'value or end';
      at += 1;
    } else if (next === ']' && want === 'value or end') {
      open.pop();
      want = afterValue();
      at += 1;
    } else {
      const end = next === '"' ? afterString(text, at) : afterWord(text, at);
      if (end === undefined) return wrong('Something in the JSON is no value.');
      at = end;
      want = afterValue();
    }
  }
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

function afterString(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return undefined;
    if (code !== 0x5c) continue;
    at += 1;
    const escaped = text[at] ?? '';
    if (escaped === 'u') {
      if (!/^[0-9a-f]{4}$/i.test(text.slice(at + 1, at + 5))) return undefined;
      at += 4;
    } else if (!'"\\/bfnrt'.includes(escaped) || escaped === '') return undefined;
  }
  return undefined;
}

function afterWord(text: string, from: number): number | undefined {
  const word = /(?:true|false|null|-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:e[+-]?\d{1,10})?)(?![\w.+-])/iy;
  word.lastIndex = from;
  const match = word.exec(text);
  return match ? word.lastIndex : undefined;
}
