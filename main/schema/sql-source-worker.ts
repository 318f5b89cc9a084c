import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { decode, openParser, type ParseStatement, scriptItems, upSection } from '../sql-text/index.ts';
import { findSqlFiles, SqlPathProblem } from './sql-files.ts';
import { type SqlStep, stepsOf } from './sql-steps.ts';

/** Entry of the worker thread that finds, reads and splits SQL files. Nothing of them is run before all are read. */
export type FromSqlWorker =
  | { kind: 'reading'; file: string; done: number; total: number }
  /** It can't be run. `file` and `line` where it is one of the files. */
  | { kind: 'problem'; why: string; file?: string; line?: number; more: number }
  | { kind: 'read'; files: SqlFile[]; ignored: { path: string; why: string }[]; extensions: string[] }
  /** The next steps of one file; `last` when the file has no more. */
  | { kind: 'steps'; steps: SqlStep[]; last: boolean };

export interface SqlFile {
  name: string;
  statements: number;
  /** It is to be run in one transaction: some of its statements need one, and it does not begin one itself. */
  inTransaction: boolean;
  /** How many blocks of rows were left out. */
  rows: number;
}

interface Problem {
  file: string;
  line: number;
  what: string;
}

/** What a message holds: as much as comes first. */
const batchSteps = 500;
const batchCharacters = 1_000_000;

/** psql's commands that say nothing about structure. `\restrict` frames dumps since August 2025. */
const harmless =
  /^\\(?:restrict|unrestrict|echo|qecho|warn|timing|pset|x|errverbose|conninfo|set\s+(?:ON_ERROR_STOP|ON_ERROR_ROLLBACK|VERBOSITY|SHOW_CONTEXT|QUIET|ECHO|ECHO_HIDDEN|AUTOCOMMIT\s+on)\b)|^\\encoding\s+'?utf-?8'?\s*$/i;

const all: SqlStep[][] = [];
const post = (message: FromSqlWorker): void => parentPort?.postMessage(message);

function readAll(path: string, parse: ParseStatement): void {
  const { convention, files, ignored } = findSqlFiles(path);
  const told: SqlFile[] = [];
  const problems: Problem[] = [];
  const extensions = new Set<string>();
  for (const [index, { name, path: file }] of files.entries()) {
    post({ kind: 'reading', file: name, done: index, total: files.length });
    const add = (line: number, what: string): void => void problems.push({ file: name, line, what });
    const { text, problems: faults } = decode(readFileSync(file));
    const section = upSection(convention, text);
    for (const { line, what } of faults.length ? faults : section.problems) add(line, what);
    const read = readOne(section.text, parse, add);
    for (const step of read.steps) if (step.kind === 'extension') extensions.add(step.name);
    all.push(read.steps);
    told.push({ name, statements: read.steps.length, inTransaction: read.inTransaction, rows: read.rows });
  }
  const [first] = problems;
  if (first) {
    post({ kind: 'problem', file: first.file, line: first.line, why: first.what, more: problems.length - 1 });
  } else {
    post({ kind: 'read', files: told, ignored, extensions: [...extensions] });
  }
}

function readOne(
  text: string,
  parse: ParseStatement,
  problem: (line: number, what: string) => void,
): { steps: SqlStep[]; inTransaction: boolean; rows: number } {
  const steps: SqlStep[] = [];
  let rows = 0;
  let wants = false;
  let own = false;
  for (const item of scriptItems(text, ({ line, what }) => problem(line, what))) {
    if (item.kind === 'meta') {
      if (!harmless.test(item.text)) {
        problem(
          item.line,
          `has ${item.text.split(/\s/)[0]}, a command of psql’s own, which no server understands`,
        );
      }
    } else if (item.kind === 'rows') {
      rows += 1;
    } else {
      const found = stepsOf(item.text, item.line, parse);
      wants ||= found.traits.wantsTransaction;
      own ||= found.traits.ownTransactions;
      steps.push(...found.steps);
    }
  }
  return { steps, inTransaction: wants && !own, rows };
}

/** Steps of one file after the other, each file's freed as they go. */
function* batches(): Generator<FromSqlWorker, void, void> {
  for (let steps = all.shift(); steps; steps = all.shift()) {
    let from = 0;
    do {
      let to = from;
      for (let size = 0; to < steps.length && to - from < batchSteps && size < batchCharacters; to += 1) {
        size += steps[to]?.sql.length ?? 0;
      }
      yield { kind: 'steps', steps: steps.slice(from, to), last: to >= steps.length };
      from = to;
    } while (from < steps.length);
  }
}

const upcoming = batches();
parentPort?.on('message', () => {
  const next = upcoming.next().value;
  if (next) post(next);
});

try {
  readAll((workerData as { path: string }).path, await openParser());
} catch (error) {
  if (!(error instanceof SqlPathProblem) && (error as NodeJS.ErrnoException).code === undefined) throw error;
  post({ kind: 'problem', why: (error as Error).message, more: 0 });
}
