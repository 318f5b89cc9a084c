import type { RunProgress } from '../../preload/contract/migration-runs.ts';
import { type FailedCall, typedWayOut } from './migrations-ways-out.ts';
import { duration, printable, printExplanation } from './output.ts';

export type Failed = Extract<RunProgress, { kind: 'failed' }>;

/** What came of a run, as scripts read it. */
export interface RunResult {
  ran: number;
  ms: number;
  cancelled: boolean;
  failed: Failed | null;
}

const longest = 100;

/** Tells a run's progress on standard error as it comes: steps always, statements to a person. Gives what came of it. */
export async function followRun(events: AsyncIterable<RunProgress>, call: FailedCall): Promise<RunResult> {
  const result: RunResult = { ran: 0, ms: 0, cancelled: false, failed: null };
  for await (const event of events) {
    tellProgress(event, call);
    if (event.kind === 'failed') result.failed = event;
    if (event.kind === 'finished')
      Object.assign(result, { ran: event.ran, ms: event.ms, cancelled: event.cancelled });
  }
  return result;
}

export function tellProgress(event: RunProgress, call?: FailedCall): void {
  switch (event.kind) {
    case 'begun':
      break;
    case 'waiting':
      say(`Waiting for the tool’s lock, held by ${event.holder} (${duration(event.sinceMs)})`);
      break;
    case 'step':
      say(`${event.done + 1}/${event.total} ${event.name}`);
      break;
    case 'statement':
      tellStatement(event);
      break;
    case 'notice':
      say(`  ${event.text}`);
      break;
    case 'failed':
      tellFailed(event, call);
      break;
    case 'finished':
      break;
  }
}

/** Each one to a person; to a log only those that did not get their lock. */
function tellStatement({ state, line, text, ms }: Extract<RunProgress, { kind: 'statement' }>): void {
  if (state === 'retry') say(`  line ${line}: no lock in time, trying again${text ? `: ${cut(text)}` : ''}`);
  if (state === 'done' && process.stderr.isTTY) say(`  line ${line}: ${cut(text)} (${duration(ms)})`);
}

/** What failed, where, in which state that leaves the tool, and the ways out, with what to type for each. */
function tellFailed({ file, line, statement, problem, state, waysOut }: Failed, call?: FailedCall): void {
  printExplanation(problem);
  if (file) say(`  at ${file}${line === null ? '' : `:${line}`}`);
  if (statement) say(`  ${cut(statement)}`);
  say(state);
  for (const way of waysOut) {
    say(`- ${way.said}`);
    const typed = call && typedWayOut(way, call);
    // As it is: blanks in a folder's name count.
    if (typed) process.stderr.write(`    ${typed}\n`);
  }
}

const say = (line: string): void => void process.stderr.write(`${printableLine(line)}\n`);

/** Blanks at the beginning are kept: they are the layout. */
const printableLine = (line: string): string => {
  const [indent = ''] = /^ */.exec(line) ?? [];
  return `${indent}${printable(line.slice(indent.length))}`;
};

const cut = (text: string): string => {
  const line = printable(text);
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
};
