/**
 * A plan as people paste it, without what clients put around it: psql's heading, borders, `+` at line ends and row
 * count, pgAdmin's quotes, a log line before it.
 */
export function undecorated(text: string): string {
  const plain = text.replace(/^\uFEFF/, '').trim();
  if (plain.startsWith('"') && plain.endsWith('"') && plain.includes('""'))
    return plain.slice(1, -1).replaceAll('""', '"').trim();
  const lines: string[] = [];
  for (const line of plain.split(/\r?\n/)) {
    if (/^[\s|│║+─═┌┐└┘├┤┼╔╗╚╝╠╣-]*$/.test(line) && !/^\s*$/.test(line)) continue;
    if (/^[\s|│║]*QUERY PLAN[\s|│║]*$/.test(line) || /^\s*\(\d+ rows?\)\s*$/.test(line)) continue;
    lines.push(line.replace(/^\s?[|│║] ?/, '').replace(/\s*(?:[+↵])?\s*[|│║]\s*$|\s*[+↵]$/, ''));
  }
  return lines.join('\n').trim();
}

/** From the first line that opens JSON to the last that closes it; undefined when there is none. */
export function jsonWithin(text: string): string | undefined {
  const start = /^\s*[[{]/m.exec(text);
  if (!start) return undefined;
  const end = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}'));
  return end > start.index ? text.slice(start.index, end + 1) : undefined;
}
