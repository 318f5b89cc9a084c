import { randomUUID } from 'node:crypto';
import type { ResultColumn, RunEvent, StatementRisk } from '../../preload/contract/sql.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { duration, printExplanation } from './output.ts';
import { type Format, printResult } from './sql-print.ts';

/** One statement of what was given, and where it stands there. */
export interface GivenStatement {
  text: string;
  risk: StatementRisk;
  /** For messages: a file's name, or `-c`. */
  source: string;
  /** Line of its beginning in the source, from 1. */
  line: number;
}

export interface SqlRunOptions {
  format: Format;
  readOnly: boolean;
  confirm: string | undefined;
  values: Record<string, string>;
  timeoutMs: number;
  rowLimit: number;
  /** Go on after a statement that failed. */
  goOn: boolean;
}

/** Runs statements one after the other on one session and prints what they give. False when one failed. */
export async function runStatements(
  client: ConsoleClient,
  environment: string,
  statements: Iterable<GivenStatement>,
  options: SqlRunOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const tab = randomUUID();
  let good = true;
  try {
    for (const statement of statements) {
      if (signal.aborted) return false;
      if (await runOne(client, environment, tab, statement, options, signal)) continue;
      good = false;
      if (!options.goOn) break;
    }
  } finally {
    await client.sql.close({ environment, tab }).catch(() => undefined);
  }
  return good;
}

async function runOne(
  client: ConsoleClient,
  environment: string,
  tab: string,
  { text, risk, source, line }: GivenStatement,
  options: SqlRunOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { sql } = client;
  const call = { read: sql.run, change: sql.change, destroy: sql.destroy }[options.readOnly ? 'read' : risk];
  let columns: ResultColumn[] = [];
  let result: string | undefined;
  let count = 0;
  let failed: Extract<RunEvent, { kind: 'failed' }> | undefined;
  let done: Extract<RunEvent, { kind: 'done' }> | undefined;
  const events = await call(
    {
      environment,
      tab,
      mode: 'autocommit',
      statements: [{ text, values: options.values }],
      statementTimeoutMs: options.timeoutMs,
      rowLimit: options.rowLimit,
      readOnly: options.readOnly,
      stopOnError: true,
      ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
    },
    { signal },
  );
  for await (const event of events) {
    if (event.kind === 'columns') ({ columns, result } = event);
    else if (event.kind === 'rows') count = event.count;
    else if (event.kind === 'notice')
      process.stderr.write(`${event.severity}: ${event.message}${event.hint ? `\n  ${event.hint}` : ''}\n`);
    else if (event.kind === 'failed') failed = event;
    else if (event.kind === 'done') done = event;
  }
  if (result !== undefined) await printResult(sql, { result, columns, count }, options.format);
  if (failed) {
    process.stderr.write(`${source}:${placeOf(text, line, failed.position)}: `);
    printExplanation(failed.problem);
    return false;
  }
  if (done && options.format === 'table') {
    process.stderr.write(
      `${done.tag || 'done'} (${duration(done.ms)})${done.more ? `; ${done.more}` : ''}\n`,
    );
  } else if (done?.more) process.stderr.write(`${done.more}\n`);
  return done !== undefined;
}

/** Line and column in the source, from 1, of a place in a statement; the line alone where the server named none. */
function placeOf(text: string, line: number, position: number | null): string {
  if (position === null) return String(line);
  const before = text.slice(0, position).split('\n');
  return `${line + before.length - 1}:${(before.at(-1)?.length ?? 0) + 1}`;
}
