/*
 * Text is measured once: the width of each character in each font, added up. Kerning and ligatures are left out, which
 * the monospaced fonts of identifiers do not have.
 */

/** Width of a text in the diagram's units. */
export type Measure = (text: string) => number;

/** Keeps the widths of characters that `measureText` gave, for one font. */
export function cachedMeasure(measureText: Measure): Measure {
  const ascii = new Float32Array(128).fill(-1);
  const others = new Map<string, number>();
  return (text) => {
    let width = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= 128) return width + measureOthers(text.slice(at));
      let one = ascii[code] ?? -1;
      if (one < 0) {
        one = measureText(text.charAt(at));
        ascii[code] = one;
      }
      width += one;
    }
    return width;
  };

  function measureOthers(text: string): number {
    let width = 0;
    for (const character of text) {
      let one = others.get(character);
      if (one === undefined) {
        one = measureText(character);
        others.set(character, one);
      }
      width += one;
    }
    return width;
  }
}

/** Where there is no canvas: as wide as common monospaced fonts are, wide characters twice. */
export function estimatedMeasure(size: number): Measure {
  return cachedMeasure((character) => ((character.codePointAt(0) ?? 0) >= 0x1100 ? 1.2 : 0.602) * size);
}

/** A name in one line: what can't be seen, or would break it, gets a sign. */
export function oneLine(name: string): string {
  return plain.test(name)
    ? name
    : name.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, signOf);
}

const plain = /^[\x20-\x7e]*$/;

function signOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a || code === 0x0d) return '↵';
  return code === 0x09 ? '⇥' : '·';
}

/** As much of a text as fits, with an ellipsis when some is missing. */
export function shorten(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const room = width - measure('…');
  if (room <= 0) return '';
  const characters = [...text];
  let used = 0;
  let kept = 0;
  for (const character of characters) {
    used += measure(character);
    if (used > room) break;
    kept += 1;
  }
  return `${characters.slice(0, kept).join('')}…`;
}

/** A name in at most so many lines, broken after `_`, `.`, `-` and spaces; the last one is shortened when more would follow. */
export function wrapped(text: string, width: number, measure: Measure, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of text.match(/[^_.\- ]*[_.\- ]*/g) ?? []) {
    if (part === '') continue;
    if (line === '' || lines.length === most - 1 || measure(line + part) <= width) line += part;
    else {
      lines.push(line);
      line = part;
    }
  }
  return [...lines, line].map((one) => shorten(one, width, measure));
}

/** Widths of text at a size of 1 px, to cut what does not fit. */
export interface UnitMeasures {
  name: Measure;
  header: Measure;
  label: Measure;
}

/** Shorter names that PostgreSQL knows too. */
export function shortType(type: string): string {
  return type
    .replace(/^character varying/, 'varchar')
    .replace(/^character/, 'char')
    .replace(/^timestamp(\(\d\))? with time zone/, 'timestamptz$1')
    .replace(/^timestamp(\(\d\))? without time zone/, 'timestamp$1')
    .replace(/^time(\(\d\))? with time zone/, 'timetz$1')
    .replace(/^time(\(\d\))? without time zone/, 'time$1')
    .replace(/^(?:public\.)/, '');
}
