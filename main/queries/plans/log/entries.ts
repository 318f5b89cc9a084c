/** An entry as it stands in the log, before its JSON is read. */
export interface LogEntry {
  at: string | null;
  durationMs: number;
  /** The plan's JSON; null when it was longer than is kept. */
  json: string | null;
}

export interface EntryCounts {
  found: number;
  otherFormats: number;
}

/** Characters of one plan that are kept while it is being read. */
const longestEntry = 4_000_000;
/** Characters of a line that are looked at. */
const longestLine = 8_000_000;

interface Open {
  at: string | null;
  durationMs: number;
  quoted: boolean;
  lines: string[];
  length: number;
  /** Whether a first line has told that it is JSON. */
  isJson: boolean | undefined;
}

const header = /duration: (\d+(?:\.\d+)?) ms {2}plan:\s*$/;
const time = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Za-z0-9+:_/-]{1,40})?)/;

/**
 * Finds auto_explain's entries in the lines of a log, whatever its destination: `stderr` (continued lines begin with a
 * tab), `csvlog` (a quoted field over several lines, quotes doubled) or `jsonlog` (one object a line). Holds one entry at
 * a time.
 */
export function entryFinder(onEntry: (entry: LogEntry) => void): {
  line(text: string): void;
  counts: EntryCounts;
} {
  const counts: EntryCounts = { found: 0, otherFormats: 0 };
  let open: Open | undefined;

  const close = (): void => {
    if (!open) return;
    const { at, durationMs, lines, length } = open;
    open = undefined;
    onEntry({ at, durationMs, json: length > longestEntry ? null : lines.join('\n') });
  };
  const begin = (entry: Pick<Open, 'at' | 'durationMs' | 'quoted'>): void => {
    counts.found += 1;
    open = { ...entry, lines: [], length: 0, isJson: undefined };
  };

  /** A line after an entry's first. False: it is not part of it, and the entry has ended. */
  const continues = (entry: Open, text: string): boolean => {
    const plain = entry.quoted ? text.replaceAll('""', '"') : text.replace(/^\t/, '');
    if (entry.isJson === undefined) {
      entry.isJson = plain.startsWith('{');
      if (!entry.isJson) {
        counts.otherFormats += 1;
        open = undefined;
        return false;
      }
    }
    const last = entry.quoted ? plain.startsWith('}"') : plain === '}';
    // Another entry began before this one was whole: a server that was stopped, a cut file.
    if (!entry.quoted && !last && !/^[\s{]/.test(plain)) {
      close();
      return false;
    }
    entry.length += plain.length + 1;
    if (entry.length <= longestEntry) entry.lines.push(last ? '}' : plain);
    else entry.lines = [];
    if (last) close();
    return true;
  };

  const line = (raw: string): void => {
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (text.length > longestLine || (open && continues(open, text))) return;
    if (text.startsWith('{') && text.includes('plan:')) fromJsonLog(text);
    else if (text.includes(' plan:')) {
      const found = header.exec(text);
      if (!found) return;
      const quoted = /"duration: [^"]*$/.test(text);
      begin({ at: time.exec(text)?.[1] ?? null, durationMs: Number(found[1]), quoted });
    }
  };

  const fromJsonLog = (text: string): void => {
    let record: { timestamp?: unknown; message?: unknown };
    try {
      record = JSON.parse(text) as typeof record;
    } catch {
      return;
    }
    const message = typeof record.message === 'string' ? record.message : '';
    const end = message.indexOf('\n');
    const found = end < 0 ? null : header.exec(message.slice(0, end));
    if (!found) return;
    counts.found += 1;
    const body = message.slice(end + 1);
    if (!body.startsWith('{')) counts.otherFormats += 1;
    else
      onEntry({
        at: typeof record.timestamp === 'string' ? record.timestamp : null,
        durationMs: Number(found[1]),
        json: body.length > longestEntry ? null : body,
      });
  };

  return { line, counts };
}
