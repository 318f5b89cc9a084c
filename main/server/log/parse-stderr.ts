import type { Parsed, RawEntry } from './entry.ts';
import { instantOf } from './entry.ts';
import { type Line, type LineReader, lineReader, usualPrefixes } from './prefix.ts';

/** Words that go with the entry before them, and what they tell. */
const parts = {
  DETAIL: 'detail',
  HINT: 'hint',
  CONTEXT: 'context',
  STATEMENT: 'statement',
  QUERY: 'statement',
} as const;

/** Where a later line of a message goes on. */
interface Open {
  entry: RawEntry;
  part: 'message' | 'detail' | 'hint' | 'context' | 'statement' | undefined;
}

/**
 * Plain log lines. `prefix` is the server's log_line_prefix; a file of another server's is tried with the usual ones
 * too, and the one that fits most lines counts. `offset` is where the text begins in its file, bytes.
 */
export function parseStderr(
  text: string,
  { prefix, offset, zoneMinutes }: { prefix: string | null; offset: number; zoneMinutes: number },
): Parsed {
  const lines = text.split('\n');
  const read = bestReader(lines.slice(0, 200), prefix);
  const entries: RawEntry[] = [];
  // DETAIL and STATEMENT follow their own session's message, with others' in between.
  const lastOf = new Map<string, RawEntry>();
  let open: Open | undefined;
  let unread = 0;
  let at = offset;
  for (const [index, line] of lines.entries()) {
    const start = at;
    at += Buffer.byteLength(line) + 1;
    if (line === '' && index === lines.length - 1) break;
    const known = read(line);
    if (!known) {
      // Lines of a message after its first begin with a tab; a foreign line may come in between.
      if (line.startsWith('\t') && open) append(open, `\n${line.slice(1)}`);
      else unread += 1;
      continue;
    }
    const part = parts[known.word as keyof typeof parts];
    const session = known.fields.session ?? known.fields.pid ?? '';
    const owner = lastOf.get(session);
    if (part && owner) {
      owner[part] = owner[part] === undefined ? known.text : `${owner[part]}\n${known.text}`;
      open = { entry: owner, part };
    } else if (known.word === 'LOCATION' || known.word === 'BACKTRACE') {
      open = owner && { entry: owner, part: undefined };
    } else {
      const entry = entryOfLine(known, start, zoneMinutes);
      entries.push(entry);
      lastOf.set(session, entry);
      open = { entry, part: 'message' };
    }
  }
  return { entries, unread };
}

function append({ entry, part }: Open, text: string): void {
  if (part) entry[part] = (entry[part] ?? '') + text;
}

function entryOfLine({ fields, word, text }: Line, offset: number, zoneMinutes: number): RawEntry {
  const epoch = fields.epoch === undefined ? undefined : Number(fields.epoch) * 1000;
  return {
    offset,
    time: fields.time ?? (epoch === undefined ? undefined : new Date(epoch).toISOString()),
    at: epoch ?? instantOf(fields.time, zoneMinutes),
    word,
    message: text,
    sqlstate: fields.sqlstate,
    pid: fields.pid === undefined ? undefined : Number(fields.pid),
    user: fields.user,
    database: fields.database,
    application: fields.application,
    client: fields.client ?? fields.host,
    backendType: fields.backendType,
  };
}

/** The reader that understands most of the lines; the server's own prefix wins where it does as well. */
function bestReader(lines: readonly string[], prefix: string | null): LineReader {
  const candidates = [...new Set([...(prefix === null ? [] : [prefix]), ...usualPrefixes, ''])].map(
    lineReader,
  );
  let best = candidates[0] as LineReader;
  let most = -1;
  for (const read of candidates) {
    const fits = lines.filter((line) => read(line) !== undefined).length;
    if (fits > most) {
      most = fits;
      best = read;
    }
  }
  return best;
}
