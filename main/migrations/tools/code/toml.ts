/** What a table of a TOML file sets to strings, booleans and arrays of strings; anything else is left out. */
export function tomlTable(text: string, table: string): Map<string, string | boolean | string[]> | undefined {
  const lines = text.split(/\r?\n/);
  const name = table.replaceAll('.', '\\s*\\.\\s*');
  const first = lines.findIndex((line) => new RegExp(`^\\s*\\[\\s*${name}\\s*\\]\\s*(?:#.*)?$`).test(line));
  if (first < 0) return undefined;
  const found = new Map<string, string | boolean | string[]>();
  for (let at = first + 1; at < lines.length && !/^\s*\[/.test(lines[at] as string); at++) {
    const setting = /^\s*["']?([\w-]+)["']?\s*=\s*(.*)$/.exec(lines[at] as string);
    if (!setting) continue;
    let value = setting[2] as string;
    if (value.startsWith('['))
      while (!closed(value) && at + 1 < lines.length) value += `\n${lines[++at] as string}`;
    const read = tomlValue(value);
    if (read !== undefined) found.set(setting[1] as string, read);
  }
  return found;
}

const STRING = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g;

const closed = (value: string): boolean => /\]\s*(?:#[^\n]*)?$/.test(value.replace(STRING, '""'));

function tomlValue(value: string): string | boolean | string[] | undefined {
  if (value.startsWith('['))
    return [...withoutComments(value).matchAll(STRING)].map(([string]) => unquoted(string));
  const string = /^(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*')/.exec(value);
  if (string) return unquoted(string[0]);
  const word = /^(true|false)\b/.exec(value)?.[1];
  return word === undefined ? undefined : word === 'true';
}

const withoutComments = (value: string): string =>
  value.replace(/("(?:[^"\\\n]|\\.)*"|'[^'\n]*')|#[^\n]*/g, (_, string: string | undefined) => string ?? '');

const unquoted = (string: string): string =>
  string.startsWith("'") ? string.slice(1, -1) : string.slice(1, -1).replace(/\\(["\\])/g, '$1');
