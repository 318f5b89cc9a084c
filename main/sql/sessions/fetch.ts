import type pg from 'pg';
import type { FieldDef } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import type { GrowingResult, TextRow } from '../results/index.ts';

/** Every value as the server prints it. */
const asPrinted = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

/** The first rows come alone, so that they are seen at once. */
const firstBatch = 100;
const batch = 2000;
/** A result takes at most this much disk, bytes. */
const mostBytes = 2 * 1024 ** 3;

export interface Fetched {
  /** The command's tag, for example `SELECT 3`. */
  tag: string;
  rows: number | null;
  firstRowMs: number | null;
  /** Why there are more rows than were fetched; null when all came. */
  more: string | null;
}

export interface FetchPlan {
  text: string;
  values: (string | null)[];
  rowLimit: number;
  /** Called once the columns are known, if there are any. */
  begin(fields: FieldDef[]): Promise<GrowingResult>;
  onRows(result: GrowingResult): void;
}

interface CursorResult {
  command: string | null;
  rowCount: number | null;
  fields: FieldDef[];
}

/**
 * Runs one statement by the extended protocol, which takes one alone, and puts what it gives into a result, batch by
 * batch: while one is written the next one comes.
 *
 * @throws the server's error
 */
export async function fetchInto(client: pg.Client, plan: FetchPlan): Promise<Fetched> {
  const from = performance.now();
  const cursor = client.query(new Cursor(plan.text, plan.values, { rowMode: 'array', types: asPrinted }));
  let told: CursorResult | undefined;
  const read = (count: number): Promise<TextRow[]> =>
    new Promise((resolve, reject) => {
      cursor.read(count, (error, rows: TextRow[], result) => {
        if (error) return reject(error);
        told = result as unknown as CursorResult | undefined;
        resolve(rows);
      });
    });
  let result: GrowingResult | undefined;
  let firstRowMs: number | null = null;
  let asked = Math.min(firstBatch, plan.rowLimit);
  let coming = read(asked);
  for (;;) {
    const rows = await coming.catch(async (error) => {
      // The server says how it stands now only after the error.
      await client.query('').catch(() => undefined);
      throw error;
    });
    const isLast = rows.length < asked;
    if (told && !result && told.fields.length > 0) result = await plan.begin(told.fields);
    if (!result) break;
    if (rows.length > 0) firstRowMs ??= performance.now() - from;
    const left = plan.rowLimit - result.count() - rows.length;
    const isFull = left <= 0 || result.bytes() >= mostBytes;
    if (!isLast && !isFull) {
      asked = Math.min(batch, left);
      coming = read(asked);
      // It is awaited after the rows are written; until then it may fail unheard.
      coming.catch(() => undefined);
    }
    await result.append(rows);
    plan.onRows(result);
    if (isLast) break;
    if (isFull) {
      await cursor.close();
      const why =
        left <= 0 ? `fetched up to the limit of ${plan.rowLimit} rows` : 'the result has reached 2 GB';
      return { tag: `SELECT ${result.count()}`, rows: result.count(), firstRowMs, more: why };
    }
  }
  const rows = told?.rowCount ?? null;
  const tag = told?.command ? `${told.command}${rows === null ? '' : ` ${rows}`}` : '';
  return { tag, rows: result ? result.count() : rows, firstRowMs, more: null };
}

/** The lines of `COPY … TO STDOUT`, each a row of one column. */
export async function copyInto(client: pg.Client, plan: FetchPlan): Promise<Fetched> {
  const from = performance.now();
  const stream = client.query(copyTo(plan.text));
  const result = await plan.begin([{ name: 'line', dataTypeID: 25 } as FieldDef]);
  let firstRowMs: number | null = null;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    firstRowMs ??= performance.now() - from;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    const room = plan.rowLimit - result.count();
    if (lines.length > room) {
      await result.append(lines.slice(0, room).map((line) => [line]));
      stream.destroy();
      throw new Error(`COPY gave more than the limit of ${plan.rowLimit} rows. Export it to a file instead.`);
    }
    await result.append(lines.map((line) => [line]));
    plan.onRows(result);
  }
  if (rest) await result.append([[rest]]);
  return { tag: `COPY ${result.count()}`, rows: result.count(), firstRowMs, more: null };
}
