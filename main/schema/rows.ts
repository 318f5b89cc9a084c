/** Reading what `COPY … TO STDOUT` writes, in its text form (PostgreSQL manual, "COPY"), and the literals inside. */

/** The rows of a piece of output that ends with a whole row; fields still escaped. */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  for (let from = 0; from < text.length; ) {
    const to = text.indexOf('\n', from);
    const end = to === -1 ? text.length : to;
    rows.push(text.slice(from, end).split('\t'));
    from = end + 1;
  }
  return rows;
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A field as text. */
export function textOf(field: string | undefined): string {
  if (field === undefined) return '';
  return field.includes('\\') ? field.replace(/\\(.)/gs, (_, one: string) => escapes[one] ?? one) : field;
}

/** A field as text, or null. */
export function textOrNull(field: string | undefined): string | null {
  return field === undefined || field === '\\N' ? null : textOf(field);
}

export const isTrue = (field: string | undefined): boolean => field === 't';

export function numberOrNull(field: string | undefined): number | null {
  return field === undefined || field === '\\N' ? null : Number(field);
}

/** A one-dimensional array as the server prints it, such as `{a,"b, c",NULL}`; null is given for no array. */
export function arrayOf(field: string | undefined): string[] {
  const text = textOrNull(field);
  if (text === null) return [];
  const items: string[] = [];
  for (let at = 1; at < text.length - 1; ) {
    if (text[at] === '"') {
      let item = '';
      for (at += 1; text[at] !== '"' && at < text.length; at += 1) {
        if (text[at] === '\\') at += 1;
        item += text[at];
      }
      items.push(item);
      at += 2;
    } else {
      const comma = text.indexOf(',', at);
      const end = comma === -1 ? text.length - 1 : comma;
      items.push(text.slice(at, end));
      at = end + 1;
    }
  }
  return items;
}

/** Numbers as `{1,2}` (arrays) or `1 2` (int2vector). */
export function numbersOf(field: string | undefined): number[] {
  if (field === undefined || field === '\\N') return [];
  const inner = field.startsWith('{') ? field.slice(1, -1) : field;
  return inner === '' ? [] : inner.split(/[ ,]/).map(Number);
}
