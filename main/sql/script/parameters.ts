/** A `:name` in a statement, as psql writes its variables. */
interface Place {
  name: string;
  start: number;
  end: number;
  /** How it is written: `:name`, `:'name'` or `:"name"`. */
  form: 'plain' | 'literal' | 'identifier';
}

const pieces =
  /--[^\n]*|\/\*|\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:=|:'(\w+)'|:"(\w+)"|:([A-Za-z_]\w*)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g;

/** Where a statement's parameters stand; what lies in quotes, comments and bodies is none, nor is a slice or a cast. */
function placesIn(text: string): Place[] {
  const found: Place[] = [];
  pieces.lastIndex = 0;
  for (let piece = pieces.exec(text); piece; piece = pieces.exec(text)) {
    const [whole, literal, identifier, plain] = piece;
    if (whole === '/*') pieces.lastIndex = endOfComment(text, piece.index);
    else if (whole.startsWith('$')) {
      const end = text.indexOf(whole, pieces.lastIndex);
      pieces.lastIndex = end < 0 ? text.length : end + whole.length;
    } else {
      const name = literal ?? identifier ?? plain;
      if (name === undefined) continue;
      // A slice: `a[1:n]`. psql would take it for a variable only if there were one.
      if (plain !== undefined && /\[[^\]]*$/.test(text.slice(Math.max(0, piece.index - 60), piece.index)))
        continue;
      const form = literal !== undefined ? 'literal' : identifier !== undefined ? 'identifier' : 'plain';
      found.push({ name, start: piece.index, end: pieces.lastIndex, form });
    }
  }
  return found;
}

/** Comments nest (PostgreSQL manual, "Comments"). */
function endOfComment(text: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

/** Names of a statement's `:name` parameters, each once, in their order. */
export function parametersOf(text: string): string[] {
  return text.includes(':') ? [...new Set(placesIn(text).map(({ name }) => name))] : [];
}

/** The text with something of the same length in the place of each parameter, for a parser that knows none. */
export function withStandIns(text: string): string {
  let plain = '';
  let from = 0;
  for (const { start, end, form } of placesIn(text)) {
    const length = end - start;
    const inside = 'x'.repeat(Math.max(1, length - 2));
    plain += text.slice(from, start);
    plain += form === 'identifier' ? `"${inside}"` : length < 3 ? '1'.padEnd(length) : `'${inside}'`;
    from = end;
  }
  return plain + text.slice(from);
}

export interface Bound {
  text: string;
  /** Values of `$1`, `$2`, … */
  values: (string | null)[];
  /** Turns an offset in the bound text into one of the text as it was written. */
  back(offset: number): number;
}

/**
 * Puts values in. Where the command takes parameters, they go to the server beside the text as `$1` and have the type
 * that it finds for them; elsewhere (`SET`, `CREATE …`) they are written as quoted literals. `:"name"` is an identifier.
 */
export function bind(
  text: string,
  values: Readonly<Record<string, string | null>>,
  takesParameters: boolean,
): Bound {
  const places = text.includes(':') ? placesIn(text).filter(({ name }) => name in values) : [];
  const order: string[] = [];
  const shifts: { at: number; by: number }[] = [];
  let bound = '';
  let from = 0;
  for (const { name, start, end, form } of places) {
    const value = values[name] ?? null;
    let written: string;
    if (form === 'identifier') written = `"${(value ?? '').replaceAll('"', '""')}"`;
    else if (takesParameters) {
      if (!order.includes(name)) order.push(name);
      written = `$${order.indexOf(name) + 1}`;
    } else written = value === null ? 'NULL' : literal(value);
    bound += text.slice(from, start) + written;
    shifts.push({ at: bound.length, by: end - start - written.length });
    from = end;
  }
  bound += text.slice(from);
  return {
    text: bound,
    values: order.map((name) => values[name] ?? null),
    back: (offset) => shifts.reduce((place, { at, by }) => (offset >= at ? place + by : place), offset),
  };
}

/** A string literal that reads the same whatever `standard_conforming_strings` is. */
function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
