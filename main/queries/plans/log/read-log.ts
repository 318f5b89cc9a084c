import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { LoggedPlan, PlanLog } from '../../../../preload/contract/plans.ts';
import { outlineOf, PlanUnreadable, textIn } from '../read/outline.ts';
import { entryFinder, type LogEntry } from './entries.ts';

/** Bytes of a file that are gone through. */
export const longestLog = 100 * 1024 * 1024;
const mostEntries = 200;
/** Characters of plans that are passed on, one and all together. */
const largestPlan = 1_000_000;
const allPlans = 12_000_000;
/** Characters of a line that are put together; the rest of a longer one is let go. */
const longestLine = 9_000_000;

/** The plans of a log that is on this machine. @throws the system's error */
export async function readLogFile(path: string, signal?: AbortSignal, most = longestLog): Promise<PlanLog> {
  // One byte more than is read tells whether there is more.
  const stream = createReadStream(path, { end: most, highWaterMark: 256 * 1024 });
  return readLog(stream, { signal, most });
}

export async function readLogText(text: string, signal?: AbortSignal): Promise<PlanLog> {
  return readLog(slices(text), { signal, most: Number.POSITIVE_INFINITY });
}

function* slices(text: string): Generator<Buffer> {
  for (let from = 0; from < text.length; from += 256 * 1024)
    yield Buffer.from(text.slice(from, from + 256 * 1024));
}

async function readLog(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  { signal, most }: { signal: AbortSignal | undefined; most: number },
): Promise<PlanLog> {
  const kept = openKept();
  const finder = entryFinder(kept.add);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let bytes = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    const whole = bytes + chunk.length <= most ? chunk : chunk.subarray(0, most - bytes);
    bytes += chunk.length;
    const lines = (rest + decoder.write(whole)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) rest = '';
    for (const line of lines) finder.line(line);
    // Others get their turn between two parts of a large file.
    await new Promise((resolve) => setImmediate(resolve));
  }
  finder.line(rest);
  const { found, otherFormats } = finder.counts;
  const entries = kept.longest();
  return {
    entries,
    found,
    otherFormats,
    broken: kept.broken() + (found - otherFormats - kept.seen()),
    bytes: Math.min(bytes, most),
    whole: bytes <= most,
    limits: limitsOf({ found, otherFormats, whole: bytes <= most, most }),
  };
}

/** Keeps the longest ones, as many as are passed on. */
function openKept() {
  let entries: LoggedPlan[] = [];
  let broken = 0;
  let seen = 0;
  const shorten = (most: number): void => {
    entries = entries.sort((a, b) => b.durationMs - a.durationMs).slice(0, most);
  };
  return {
    add: (entry: LogEntry): void => {
      seen += 1;
      const read = readEntry(entry);
      if (!read) broken += 1;
      else entries.push(read);
      if (entries.length >= mostEntries * 2) shorten(mostEntries);
    },
    seen: () => seen,
    broken: () => broken,
    longest: (): LoggedPlan[] => {
      shorten(mostEntries);
      let left = allPlans;
      return entries.map((entry) => {
        const fits = entry.json !== null && entry.json.length <= left;
        if (fits) left -= entry.json?.length ?? 0;
        return fits ? entry : { ...entry, json: null };
      });
    },
  };
}

function readEntry({ at, durationMs, json }: LogEntry): LoggedPlan | undefined {
  if (json === null) return { at, durationMs, text: '', json: null };
  try {
    const { top } = outlineOf(JSON.parse(json));
    const text = (textIn(top, 'Query Text') ?? '').slice(0, 500);
    return { at, durationMs, text, json: json.length > largestPlan ? null : json };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof PlanUnreadable) return undefined;
    throw error;
  }
}

function limitsOf(seen: {
  found: number;
  otherFormats: number;
  whole: boolean;
  most: number;
}): PlanLog['limits'] {
  const limits: PlanLog['limits'] = [];
  if (seen.found === 0)
    limits.push({
      cause: 'no-auto-explain',
      what: 'There is no plan in this log.',
      why: 'auto_explain writes them, once it is loaded and a statement takes longer than its threshold.',
      next: 'Load it for new sessions, and set a threshold.',
      command:
        "ALTER SYSTEM SET session_preload_libraries = 'auto_explain'; ALTER SYSTEM SET auto_explain.log_min_duration = '1s'; ALTER SYSTEM SET auto_explain.log_format = 'json'; SELECT pg_reload_conf();",
    });
  if (seen.otherFormats > 0)
    limits.push({
      cause: 'log-format',
      what: `${seen.otherFormats} of ${seen.found} plans in the log are in another format than JSON.`,
      why: 'auto_explain.log_format is text unless it is set.',
      next: 'Set it to json for plans to come; one in the text format can be pasted as a plan by itself.',
      command: "ALTER SYSTEM SET auto_explain.log_format = 'json'; SELECT pg_reload_conf();",
    });
  if (!seen.whole)
    limits.push({
      cause: 'log-too-long',
      what: `Only the first ${Math.round(seen.most / 1024 / 1024)} MB of the log were read.`,
      why: 'Larger ones are not gone through.',
      next: 'Cut out the part that matters, for example with tail -c, and give that.',
    });
  return limits;
}
