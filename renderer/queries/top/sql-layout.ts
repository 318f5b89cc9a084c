/** A piece of a statement: what the parts between its pieces look like does not matter, what is within them does. */
const piece =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_][\w$]*|\s+|[\s\S]/g;

/** Words that begin a line of their own, as far as they do not stand within brackets. */
const heads = new Set(
  'SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET FETCH UNION INTERSECT EXCEPT INSERT VALUES UPDATE SET DELETE RETURNING WINDOW WITH JOIN LEFT RIGHT FULL INNER CROSS NATURAL MERGE WHEN'.split(
    ' ',
  ),
);
/** Words that begin one that is set in. */
const inner = new Set(['AND', 'OR', 'ON']);
/** After these a word goes on that would begin a line elsewhere. */
const goesOn: Record<string, readonly string[]> = {
  FROM: ['DELETE', 'DISTINCT'],
  JOIN: ['LEFT', 'RIGHT', 'FULL', 'INNER', 'CROSS', 'NATURAL', 'OUTER'],
  LEFT: ['NATURAL'],
  RIGHT: ['NATURAL'],
  FULL: ['NATURAL'],
  INNER: ['NATURAL'],
  UPDATE: ['FOR', 'ON', 'DO', 'KEY', 'THEN'],
  INSERT: ['THEN'],
  DELETE: ['ON', 'THEN'],
  SET: ['UPDATE', 'ON'],
};

/**
 * Breaks a normalised statement into lines at its clauses, for reading: nothing but the space between its pieces is
 * changed. What already has lines stays as it was written.
 */
export function layOut(sql: string): string {
  const text = sql.trim();
  if (text.includes('\n')) return text;
  const lines: string[] = [''];
  let depth = 0;
  let before = '';
  let between = false;
  const write = (part: string): void => {
    lines[lines.length - 1] += part;
  };
  for (const [part] of text.matchAll(piece)) {
    if (/^\s/.test(part)) {
      write(' ');
      continue;
    }
    const word = /^[A-Za-z_]/.test(part) ? part.toUpperCase() : '';
    const follows = goesOn[word]?.includes(before) ?? false;
    const closesBetween = word === 'AND' && between;
    if (depth === 0 && before !== '' && !follows && !closesBetween) {
      if (heads.has(word)) lines.push('');
      else if (inner.has(word)) lines.push('  ');
    }
    if (word === 'BETWEEN') between = true;
    else if (word === 'AND') between = false;
    if (part === '(' || part === '[') depth += 1;
    if (part === ')' || part === ']') depth = Math.max(0, depth - 1);
    write(part);
    // A comment to the end of its line would swallow what follows it.
    if (part.startsWith('--')) lines.push('');
    before = word || part;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}
