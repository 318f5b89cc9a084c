import { createHash } from 'node:crypto';
import type { PlannedStatement } from '../../../preload/contract/migration-runs.ts';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import type { TextProblem } from '../../sql-text/index.ts';
import {
  effectsOf,
  linesBefore,
  type ParsedStatement,
  type ParseStatement,
  scriptItems,
} from '../../sql-text/index.ts';
import { byteOrderMark, decodeText } from '../tools/shared/decode-text.ts';
import { FileProblem } from '../tools/shared/file-problem.ts';
import { type Looked, partFaults } from './faults.ts';
import type { ReadyUnit } from './ready-unit.ts';
import { remarksOn, type Touch, touchesOf } from './remarks.ts';
import { type Part, sectionsOf } from './sections.ts';
import type { Unit } from './unit.ts';

export interface ReadyPart {
  units: ReadyUnit[];
  transaction: Part['transaction'];
  /** All of it is undone when it fails: it may be tried again. */
  undone: boolean;
  /** It builds or drops indexes concurrently: a failure may leave invalid ones. */
  concurrent: boolean;
}

/** A migration's file in one direction, looked at. */
export interface ReadyFile {
  /** Of its bytes, in hex. */
  sha256: string;
  /** For home-made tables: of its bytes, in hex, by what their column may be made of. */
  digests: Digests | undefined;
  parts: ReadyPart[];
  statements: PlannedStatement[];
  /** Why it is not begun at all. */
  problems: TextProblem[];
  faults: string[];
  /** What to know of it that does not stop it, a sentence each. */
  remarks: string[];
  /** What it does that is worth a question to the server. */
  touches: Touch[];
  /** It has lines that end with CRLF. */
  crlf: boolean;
}

export const digestNames = ['sha256', 'sha1', 'md5'] as const;
export type Digests = Record<(typeof digestNames)[number], string>;

export interface AnalysisOptions {
  /** golang-migrate's `x-multi-statement`. */
  multiStatement?: boolean;
}

/** Statements of one file that are looked at and shown; the rest is run all the same. */
const shownStatements = 2000;
/** Characters of a statement that are shown, and up to which it is parsed. */
const shownLength = 20_000;
const parsedLength = 1_000_000;

/** Everything that is to be known of a file before it is run. Blocks for as long as it takes: for a worker thread. */
export function analyse(
  tool: MigrationToolId,
  bytes: Buffer,
  direction: 'up' | 'down',
  parse: ParseStatement,
  options: AnalysisOptions = {},
): ReadyFile {
  const digest = (name: string): string => createHash(name).update(bytes).digest('hex');
  const sha256 = digest('sha256');
  const broken = (problems: TextProblem[]): ReadyFile => ({
    sha256,
    digests: undefined,
    parts: [],
    statements: [],
    problems,
    faults: [],
    remarks: [],
    touches: [],
    crlf: false,
  });
  const marked = byteOrderMark(bytes) > 0;
  if (marked && tool !== 'home-made')
    return broken([
      {
        line: 1,
        what: 'begins with a byte order mark, at which the tool fails; save it as UTF-8 without one',
      },
    ]);
  let text: string;
  try {
    text = decodeText(bytes, '');
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return broken([{ line: error.line ?? 1, what: `is not UTF-8: ${error.explanation.why}` }]);
  }
  const sections = sectionsOf(tool, text, direction, options);
  if (sections.problems.length) return broken(sections.problems);

  const found: Found = { statements: [], problems: [], faults: [], remarks: [], touches: [], count: 0 };
  if (marked)
    found.remarks.push(
      'It begins with a byte order mark, which is left out here. A runner that sends the file as it is fails at it.',
    );
  const parts = sections.parts.map((part) => readPart(tool, text, part, parse, found));
  if (tool === 'dbmate' && direction === 'up' && parts.length > 1)
    found.faults.push(
      `It has ${parts.length} sections “-- migrate:up”. dbmate records the version with each of them, and so fails on the second; the first stays.`,
    );
  if (found.count > found.statements.length)
    found.faults.push(`Only the first ${shownStatements} of its ${found.count} statements are shown.`);
  const { count: _, ...told } = found;
  return {
    ...told,
    sha256,
    digests: tool === 'home-made' ? { sha256, sha1: digest('sha1'), md5: digest('md5') } : undefined,
    parts: found.problems.length ? [] : parts,
    crlf: text.includes('\r\n'),
  };
}

interface Found {
  statements: PlannedStatement[];
  problems: TextProblem[];
  faults: string[];
  remarks: string[];
  touches: Touch[];
  /** All statements, those that are not shown too. */
  count: number;
}

function readPart(
  tool: MigrationToolId,
  text: string,
  part: Part,
  parse: ParseStatement,
  found: Found,
): ReadyPart {
  const looked: Looked[][] = [];
  let line = 1;
  let counted = 0;
  const encode = encoderFor(part.units);
  const units = part.units.map((unit): ReadyUnit => {
    line += linesBefore(text, unit.start, counted);
    counted = unit.start;
    const [places, statements] = readUnit(unit, line, parse, found);
    looked.push(statements);
    return { line, ...encode(unit.text, places) };
  });
  const all = looked.flat();
  const transaction = tool === 'home-made' ? homeMade(all) : part.transaction;
  found.faults.push(...partFaults(tool, transaction, looked));
  found.remarks.push(...remarksOn(tool, all));
  found.touches.push(...touchesOf(all));
  return {
    units,
    transaction,
    undone: isUndone(transaction, looked),
    concurrent: all.some(({ text: one }) => /\bconcurrently\b/i.test(one)),
  };
}

/**
 * Writes the units of a part into one block of memory, so that it can be handed over at once however many they are.
 * Places come in UTF-16 units and go as bytes.
 */
function encoderFor(units: readonly Unit[]): (text: string, places: number[]) => Omit<ReadyUnit, 'line'> {
  const block = new Uint8Array(units.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0));
  let from = 0;
  return (text, places) => {
    const { written } = encoder.encodeInto(text, block.subarray(from));
    const bytes = block.subarray(from, from + written);
    from += written;
    const own = Uint32Array.from(places);
    if (written === text.length) return { bytes, places: own };
    let byte = 0;
    let at = 0;
    for (const [index, place] of own.entries()) {
      if (index % 3 === 2) continue;
      byte += Buffer.byteLength(text.slice(at, place));
      at = place;
      own[index] = byte;
    }
    return { bytes, places: own };
  };
}

const encoder = new TextEncoder();

/** The places of a unit's statements, three numbers each, and the statements. */
function readUnit(unit: Unit, line: number, parse: ParseStatement, found: Found): [number[], Looked[]] {
  const places: number[] = [];
  const looked: Looked[] = [];
  const items = scriptItems(unit.text, () => undefined);
  for (const item of items) {
    const at = line + item.line - 1;
    if (item.kind === 'meta')
      found.problems.push({
        line: at,
        what: `holds a command of psql’s, ${item.text.slice(0, 60)}, which no server understands`,
      });
    if (item.kind === 'rows')
      found.problems.push({
        line: at,
        what: 'holds rows of COPY … FROM stdin, which only psql can send; write INSERT instead',
      });
    if (item.kind !== 'statement') continue;
    places.push(item.start, item.end, at);
    found.count += 1;
    // What stands behind a copy from stdin without rows is the same mistake.
    if (/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(item.text.slice(0, 2000)))
      found.problems.push({
        line: at,
        what: 'is COPY … FROM stdin, which only psql can feed; write INSERT instead',
      });
    if (found.count > shownStatements) {
      looked.push({ text: item.text.slice(0, 200), line: at, statement: undefined, effects: undefined });
      continue;
    }
    const one = look(item.text, at, parse);
    looked.push(one);
    found.statements.push(planned(one));
  }
  return [places, looked];
}

function look(text: string, line: number, parse: ParseStatement): Looked {
  if (text.length > parsedLength) return { text, line, statement: undefined, effects: undefined };
  const parsed = parse(text);
  const statement: ParsedStatement | undefined = 'statement' in parsed ? parsed.statement : undefined;
  return {
    text,
    line,
    statement,
    effects: statement && effectsOf(statement),
    ...('problem' in parsed ? { problem: parsed.problem } : {}),
  };
}

function planned({ text, line, effects, problem }: Looked): PlannedStatement {
  const unread = problem
    ? `PostgreSQL 18’s parser does not take it: ${problem}. A server of another version may.`
    : 'It is too long to be looked at.';
  return {
    text: text.length > shownLength ? `${text.slice(0, shownLength)} …` : text,
    line,
    risk: effects?.risk ?? 'change',
    locks: effects?.locks ?? [],
    rewrites: effects?.rewrites ?? 'perhaps',
    inTransaction: effects?.inTransaction ?? true,
    notes: effects?.notes ?? [unread],
  };
}

/** A home-made file gets a transaction around it, unless it makes its own, or is one statement that can't be in one. */
function homeMade(statements: readonly Looked[]): Part['transaction'] {
  if (statements.some(({ statement }) => statement?.node === 'TransactionStmt')) return 'none';
  const [only, more] = statements;
  return only && !more && only.effects?.inTransaction === false ? 'none' : 'own';
}

/** Whether a failure leaves nothing: there is one transaction, and nothing in it ends it early. */
function isUndone(transaction: Part['transaction'], units: readonly (readonly Looked[])[]): boolean {
  const all = units.flat();
  const sure = all.every(
    ({ statement, effects }) =>
      statement &&
      effects?.inTransaction &&
      !/^(TransactionStmt|DropSubscriptionStmt|CreateSubscriptionStmt)$/.test(statement.node),
  );
  if (!sure) return false;
  if (transaction === 'own') return true;
  if (units.length > 1) return false;
  // Alone, these may commit within.
  return all.length > 1 || !/^(CallStmt|DoStmt)$/.test(all[0]?.statement?.node ?? '');
}
