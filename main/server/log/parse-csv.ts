import { instantOf, type Parsed, type RawEntry } from './entry.ts';

/** How a record of csvlog begins (PostgreSQL manual, 20.8.4 "Using CSV-Format Log Output"). */
const recordStart = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^,\s]+,/;

/** Places of the columns that are read; later versions only added more at the end. */
const place = {
  time: 0,
  user: 1,
  database: 2,
  pid: 3,
  client: 4,
  severity: 11,
  sqlstate: 12,
  message: 13,
  detail: 14,
  hint: 15,
  internalQuery: 16,
  context: 18,
  statement: 19,
  application: 22,
  backendType: 23,
} as const;

/** csvlog. What stands before the first whole record is passed over: the text may begin within one. */
export function parseCsv(
  text: string,
  { offset, zoneMinutes }: { offset: number; zoneMinutes: number },
): Parsed {
  const entries: RawEntry[] = [];
  let unread = 0;
  let at = offset;
  for (let start = 0; start < text.length; ) {
    const record = recordStart.test(text.slice(start, start + 60)) ? readRecord(text, start) : undefined;
    const end = record?.end ?? endOfLine(text, start);
    if (record && record.fields.length > place.application)
      entries.push(entryOfRecord(record.fields, at, zoneMinutes));
    else unread += 1;
    at += Buffer.byteLength(text.slice(start, end));
    start = end;
  }
  return { entries, unread };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

/** One record from `start`: fields by commas, quoted ones with doubled quotes and lines of their own. */
function readRecord(text: string, start: number): { fields: string[]; end: number } | undefined {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      let value = '';
      for (at += 1; ; ) {
        const quote = text.indexOf('"', at);
        if (quote < 0) return undefined;
        value += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        value += '"';
        at += 1;
      }
      fields.push(value);
    } else {
      const from = at;
      while (at < text.length && text[at] !== ',' && text[at] !== '\n') at += 1;
      fields.push(text.slice(from, at));
    }
    if (text[at] !== ',') break;
    at += 1;
  }
  return { fields, end: text[at] === '\n' ? at + 1 : at };
}

function entryOfRecord(fields: readonly string[], offset: number, zoneMinutes: number): RawEntry {
  const of = (name: keyof typeof place): string | undefined => fields[place[name]] || undefined;
  return {
    offset,
    time: of('time'),
    at: instantOf(of('time'), zoneMinutes),
    word: of('severity') ?? '',
    message: of('message') ?? '',
    sqlstate: of('sqlstate'),
    detail: of('detail'),
    hint: of('hint'),
    context: of('context'),
    statement: of('statement') ?? of('internalQuery'),
    pid: of('pid') === undefined ? undefined : Number(of('pid')),
    user: of('user'),
    database: of('database'),
    application: of('application'),
    client: of('client'),
    backendType: of('backendType'),
  };
}
