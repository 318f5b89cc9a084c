/** What log_line_prefix says about each entry, by the escapes of PostgreSQL's manual, 20.8.3 "What to Log". */
export interface PrefixFields {
  time?: string;
  epoch?: string;
  pid?: string;
  user?: string;
  database?: string;
  application?: string;
  host?: string;
  client?: string;
  sqlstate?: string;
  session?: string;
  backendType?: string;
}

/** Escapes, with what they look like and what they tell. */
const escapes: Readonly<Record<string, { pattern: string; field?: keyof PrefixFields }>> = {
  a: { pattern: '.*?', field: 'application' },
  u: { pattern: '.*?', field: 'user' },
  d: { pattern: '.*?', field: 'database' },
  r: { pattern: '\\S*?', field: 'client' },
  h: { pattern: '\\S*?', field: 'host' },
  L: { pattern: '\\S*?' },
  b: { pattern: '.*?', field: 'backendType' },
  p: { pattern: '\\d+', field: 'pid' },
  P: { pattern: '\\d*' },
  t: { pattern: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\S+?', field: 'time' },
  m: { pattern: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\S+?', field: 'time' },
  n: { pattern: '\\d+\\.\\d+', field: 'epoch' },
  i: { pattern: '.*?' },
  e: { pattern: '[0-9A-Z]{5}', field: 'sqlstate' },
  c: { pattern: '[0-9a-f]+\\.[0-9a-f]+', field: 'session' },
  l: { pattern: '\\d+' },
  s: { pattern: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\S+?' },
  v: { pattern: '\\S*?' },
  x: { pattern: '\\d+' },
  Q: { pattern: '-?\\d+' },
};

/** Words that begin a message, as the server writes them in English. */
export const words =
  'DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT|BACKTRACE';

export interface Line {
  fields: PrefixFields;
  word: string;
  text: string;
}

/** Reads lines that begin with a prefix and a word such as `ERROR:`; undefined for all others. */
export type LineReader = (line: string) => Line | undefined;

/** A reader for the lines of a log_line_prefix. */
export function lineReader(prefix: string): LineReader {
  const fields: (keyof PrefixFields)[] = [];
  let pattern = '';
  let isOptional = false;
  for (let place = 0; place < prefix.length; ) {
    const [whole = '', padding, letter] = /^%(-?\d+)?([a-zA-Z%])/.exec(prefix.slice(place)) ?? [];
    if (letter === undefined) {
      pattern += literal(prefix[place] ?? '');
      place += 1;
      continue;
    }
    place += whole.length;
    if (letter === '%') pattern += '%';
    // What comes after stands only where there is a session.
    else if (letter === 'q' && !isOptional) {
      pattern += '(?:';
      isOptional = true;
    } else {
      const known = escapes[letter];
      if (!known) continue;
      const blank = padding ? ' *' : '';
      if (known.field) fields.push(known.field);
      pattern += `${blank}${known.field ? `(${known.pattern})` : `(?:${known.pattern})`}${blank}`;
    }
  }
  if (isOptional) pattern += ')?';
  const regex = new RegExp(`^${pattern}(${words}):  (.*)$`, 's');
  return (line) => {
    const match = regex.exec(line);
    if (!match) return undefined;
    const found: PrefixFields = {};
    fields.forEach((field, index) => {
      const value = match[index + 1];
      if (value !== undefined && value !== '') found[field] = value;
    });
    return { fields: found, word: match[fields.length + 1] ?? '', text: match[fields.length + 2] ?? '' };
  };
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

/** The prefixes that servers are often installed with: PostgreSQL's own, Debian's, RDS's. */
export const usualPrefixes = ['%m [%p] ', '%m [%p] %q%u@%d ', '%t [%p]: ', '%t:%r:%u@%d:[%p]:'];
