import type { StatementFacts } from '../../../../preload/contract/plans.ts';
import { effectsOf, type ParsedStatement, type ParseStatement } from '../../../sql-text/index.ts';
import { parametersIn, withPlainParameters } from './parameters.ts';
import { refusals } from './refusals.ts';

type Judged = Pick<StatementFacts, 'class' | 'parameters' | 'refusal' | 'warnings'>;

/**
 * What a text is to EXPLAIN. The parser only says what it looks like: what may run is decided by the server.
 *
 * @param trackedSize track_activity_query_size, bytes: a text that just fills it may have been cut by the server
 */
export function judge(text: string, parse: ParseStatement, trackedSize: number | null): Judged {
  const refused = (refusal: StatementFacts['refusal'], kind: Judged['class'] = 'unknown'): Judged => ({
    class: kind,
    parameters: 0,
    refusal,
    warnings: [],
  });
  const trimmed = text.trim();
  if (trimmed === '') return refused(refusals.nothing());
  if (trimmed === '<insufficient privilege>') return refused(refusals.hidden());
  const cut = cutOff(trimmed, text, trackedSize);
  if (cut) return refused(refusals.cut(cut));
  const parsed = parse(withPlainParameters(trimmed));
  if ('empty' in parsed) return refused(refusals.nothing());
  const parameters = parametersIn(text);
  // A later server may know words that this parser does not: it decides.
  if ('problem' in parsed) return { class: 'unknown', parameters, refusal: null, warnings: warnings.unknown };
  const { statement } = parsed;
  if (statement.node === 'ExplainStmt') return refused(refusals.isExplain());
  const kind = classOf(statement);
  if (kind === 'utility') return refused(refusals.utility(statement.node), 'utility');
  return { class: kind, parameters, refusal: null, warnings: warningsOf(kind, statement) };
}

function cutOff(trimmed: string, text: string, trackedSize: number | null): string | undefined {
  if (/(?:…|\.\.\.)$/.test(trimmed))
    return 'It ends in an ellipsis, as a text does that somebody has shortened.';
  const bytes = Buffer.byteLength(text);
  // The server cuts at one byte less than the setting, at a character's border.
  if (trackedSize !== null && bytes < trackedSize && bytes >= trackedSize - 4)
    return `It has ${bytes} bytes, which is where the server cuts texts off (track_activity_query_size is ${trackedSize}): the end may be missing.`;
  return undefined;
}

const writing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

function classOf(statement: ParsedStatement): Judged['class'] {
  if (writing.has(statement.node)) return 'writes';
  if (statement.node !== 'SelectStmt') return 'utility';
  const text = JSON.stringify(statement.fields);
  if (/"(?:InsertStmt|UpdateStmt|DeleteStmt|MergeStmt|intoClause)":/.test(text)) return 'writes';
  return /"lockingClause":/.test(text) ? 'locks' : 'reads';
}

const warnings = {
  always:
    'It is run in full, however long that takes, and its work costs the server as much as it does for the application.',
  rolledBack:
    'It writes. All of that is rolled back, and yet: sequences do not go back, dead rows stay until vacuum, WAL is written and sent to standbys.',
  triggers:
    'Its triggers and rules run. What they do inside this database is rolled back (a NOTIFY is not sent); what they do outside of it is not.',
  locks: 'It holds its locks until it has been rolled back: others that write the same rows wait as long.',
  functions:
    'It calls functions. What they do outside of this transaction (files, other servers, advisory locks of the session, signals to backends) is not undone.',
  unknown: [
    'The parser here does not know this statement. It is run in full, and rolled back.',
    'What rolling back does not undo: sequences, dead rows until vacuum, and all that functions and triggers do outside of this database.',
  ],
};

function warningsOf(kind: Judged['class'], statement: ParsedStatement): string[] {
  const calls = effectsOf({ node: 'SelectStmt', fields: statement.fields }).notes.some((note) =>
    /calls functions/.test(note),
  );
  return [
    warnings.always,
    ...(kind === 'writes' ? [warnings.rolledBack, warnings.triggers, warnings.locks] : []),
    ...(kind === 'locks' ? [warnings.locks] : []),
    ...(calls ? [warnings.functions] : []),
  ];
}
