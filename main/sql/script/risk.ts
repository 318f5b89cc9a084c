import type { StatementRisk } from '../../../preload/contract/sql.ts';
import { effectsOf, type ParsedStatement } from '../../sql-text/index.ts';

/** What a statement's text says of what it does. */
export interface Judged {
  risk: StatementRisk;
  warnings: string[];
  transaction: 'begins' | 'ends' | null;
  outsideTransaction: boolean;
  /** It is transaction control itself: BEGIN, COMMIT, SAVEPOINT, … */
  control: boolean;
  /** COPY … TO stdout, and COPY … FROM stdin: they have a protocol of their own. */
  copiesOut: boolean;
  copiesIn: boolean;
  /** Whether the server takes `$1` in it: only what it plans. */
  takesParameters: boolean;
}

const plain = {
  transaction: null,
  outsideTransaction: false,
  control: false,
  copiesOut: false,
  copiesIn: false,
} as const;

type Fields = Record<string, unknown>;

const planned = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** Commands that change only the session that runs them. */
const ofTheSession = new Set([
  'VariableSetStmt',
  'VariableShowStmt',
  'TransactionStmt',
  'DeclareCursorStmt',
  'FetchStmt',
  'ClosePortalStmt',
  'PrepareStmt',
  'ExecuteStmt',
  'DeallocateStmt',
  'DiscardStmt',
  'ListenStmt',
  'UnlistenStmt',
  'ConstraintsSetStmt',
  'LoadStmt',
]);

/**
 * Classes a parsed statement. A SELECT reads, whatever functions it calls: a text can't tell, and where it matters the
 * server is told to refuse writes. Undefined is what the parser did not understand: it counts as a change.
 */
export function judge(statement: ParsedStatement | undefined): Judged {
  if (!statement) {
    return { risk: 'change', warnings: [], ...plain, takesParameters: false };
  }
  const { node, fields } = statement;
  const takesParameters = planned.has(node);
  const usual = { ...plain, takesParameters, warnings: [] as string[] };
  if (node === 'ExplainStmt') return explained(fields);
  if (node === 'SelectStmt') return { ...usual, ...selecting(fields) };
  if (node === 'TransactionStmt')
    return { ...usual, risk: 'read', control: true, transaction: bounds(String(fields.kind)) };
  if (ofTheSession.has(node)) return { ...usual, risk: 'read' };
  const effects = effectsOf(statement);
  const inner = changesWithin(fields.withClause);
  const isStream = node === 'CopyStmt' && !fields.filename && !fields.is_program;
  return {
    ...usual,
    copiesOut: isStream && !fields.is_from,
    copiesIn: isStream && fields.is_from === true,
    risk: inner === 'destroy' ? 'destroy' : effects.risk,
    warnings: [...new Set([...effects.notes, ...dropWarnings(node, fields)])],
    outsideTransaction: !effects.inTransaction,
  };
}

function bounds(kind: string): 'begins' | 'ends' | null {
  if (/_(?:BEGIN|START)$/.test(kind)) return 'begins';
  return /_(?:COMMIT|ROLLBACK|PREPARE|COMMIT_PREPARED|ROLLBACK_PREPARED)$/.test(kind) ? 'ends' : null;
}

function selecting(fields: Fields): Pick<Judged, 'risk' | 'warnings'> {
  const inner = changesWithin(fields.withClause);
  if (inner) return { risk: inner, warnings: ['A part of its WITH writes.'] };
  if (fields.intoClause) return { risk: 'change', warnings: ['SELECT … INTO makes a table.'] };
  if (has(fields, 'lockingClause')) return { risk: 'change', warnings: ['It locks the rows that it reads.'] };
  return { risk: 'read', warnings: [] };
}

/** EXPLAIN runs its statement only with ANALYZE, and then for real. */
function explained(fields: Fields): Judged {
  const options = (Array.isArray(fields.options) ? fields.options : []) as { DefElem?: Fields }[];
  const runs = options.some(
    ({ DefElem }) =>
      DefElem?.defname === 'analyze' && !/"(?:off|false|0)"/i.test(JSON.stringify(DefElem.arg ?? '')),
  );
  const [node, inner] = Object.entries((fields.query ?? {}) as Record<string, Fields>)[0] ?? [];
  const judged = judge(node && inner ? { node, fields: inner } : undefined);
  const usual = { ...plain, takesParameters: judged.takesParameters };
  if (!runs) return { ...usual, risk: 'read', warnings: [] };
  const warnings = judged.risk === 'read' ? [] : ['EXPLAIN ANALYZE runs the statement.', ...judged.warnings];
  return { ...usual, risk: judged.risk, warnings };
}

/** The worst that the common table expressions of a statement do; undefined when they only read. */
function changesWithin(withClause: unknown): 'change' | 'destroy' | undefined {
  if (!withClause) return undefined;
  const text = JSON.stringify(withClause);
  if (text.includes('"DeleteStmt"')) return 'destroy';
  return /"(?:InsertStmt|UpdateStmt|MergeStmt)"/.test(text) ? 'change' : undefined;
}

function has(fields: Fields, name: string): boolean {
  return JSON.stringify(fields).includes(`"${name}"`);
}

function dropWarnings(node: string, fields: Fields): string[] {
  if (node !== 'DropStmt' || fields.behavior !== 'DROP_CASCADE') return [];
  return ['CASCADE: what depends on it goes, too.'];
}
