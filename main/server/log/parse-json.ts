import { z } from 'zod';
import { instantOf, type Parsed, type RawEntry } from './entry.ts';

/** The keys of jsonlog that are read (PostgreSQL manual, 20.8.5 "Using JSON-Format Log Output"). */
const Record = z.object({
  timestamp: z.string().optional(),
  user: z.string().optional(),
  dbname: z.string().optional(),
  pid: z.number().optional(),
  remote_host: z.string().optional(),
  error_severity: z.string(),
  state_code: z.string().optional(),
  message: z.string().optional(),
  detail: z.string().optional(),
  hint: z.string().optional(),
  internal_query: z.string().optional(),
  context: z.string().optional(),
  statement: z.string().optional(),
  application_name: z.string().optional(),
  backend_type: z.string().optional(),
});

/** jsonlog: an object a line. */
export function parseJson(
  text: string,
  { offset, zoneMinutes }: { offset: number; zoneMinutes: number },
): Parsed {
  const entries: RawEntry[] = [];
  let unread = 0;
  let at = offset;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const start = at;
    at += Buffer.byteLength(line) + 1;
    if (line === '' && index === lines.length - 1) break;
    const record = readLine(line);
    if (!record) {
      unread += 1;
      continue;
    }
    entries.push({
      offset: start,
      time: record.timestamp,
      at: instantOf(record.timestamp, zoneMinutes),
      word: record.error_severity,
      message: record.message ?? '',
      sqlstate: record.state_code,
      detail: record.detail,
      hint: record.hint,
      context: record.context,
      statement: record.statement ?? record.internal_query,
      pid: record.pid,
      user: record.user,
      database: record.dbname,
      application: record.application_name,
      client: record.remote_host,
      backendType: record.backend_type,
    });
  }
  return { entries, unread };
}

function readLine(line: string): z.infer<typeof Record> | undefined {
  try {
    return Record.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
