import type { ParseStatement } from '../../../sql-text/index.ts';
import { type Fields, isFields } from '../read/outline.ts';

/** One part of a filter that stands between ANDs. */
export interface Condition {
  /** What a btree index could do with it: nothing, for `other`. */
  kind: 'equal' | 'range' | 'null' | 'other';
  /** The relation's own column; empty for `other`. */
  column: string;
  /** The type that the column is cast to before it is compared; null without a cast. */
  cast: string | null;
  /** Compared with something that stands in the text, so that the planner's estimate of it is no guess. */
  known: boolean;
}

/** A column of a sort key, or of an index. */
export interface IndexColumn {
  column: string;
  descending: boolean;
  /** Where NULLs come; the direction's own default is last for ascending, first for descending. */
  nulls: 'first' | 'last';
}

const mostText = 20_000;

/**
 * A node's filter as EXPLAIN prints it (`((e.team_id = t.id) AND …)`), part by part, by the server's own parser. What
 * only EXPLAIN can say (`hashed SubPlan 1`) is `other`.
 */
export function conditionsOf(filter: string, alias: string | null, parse: ParseStatement): Condition[] {
  // Nobody writes fifty brackets in a row but to do harm.
  if (filter.length > mostText || /\({50}/.test(filter)) return [other];
  return conjuncts(filter).map((part) => {
    const parsed = parse(`SELECT 1 WHERE ${part}`);
    if (!('statement' in parsed) || parsed.statement.node !== 'SelectStmt') return other;
    return conditionOf(parsed.statement.fields.whereClause, alias);
  });
}

/** The columns of a sort key; undefined when one of them is no plain column of that relation. */
export function sortColumnsOf(
  keys: readonly string[],
  alias: string | null,
  parse: ParseStatement,
): IndexColumn[] | undefined {
  const found: IndexColumn[] = [];
  for (const key of keys) {
    const parsed = key.length > mostText ? undefined : parse(`SELECT 1 ORDER BY ${key}`);
    const clauses = parsed && 'statement' in parsed ? parsed.statement.fields.sortClause : undefined;
    const by = Array.isArray(clauses) && isFields(clauses[0]) ? clauses[0].SortBy : undefined;
    if (!isFields(by)) return undefined;
    const column = columnOf(by.node, alias)?.column;
    if (column === undefined) return undefined;
    const descending = by.sortby_dir === 'SORTBY_DESC';
    const nulls =
      by.sortby_nulls === 'SORTBY_NULLS_FIRST'
        ? 'first'
        : by.sortby_nulls === 'SORTBY_NULLS_LAST'
          ? 'last'
          : descending
            ? 'first'
            : 'last';
    found.push({ column, descending, nulls });
  }
  return found;
}

const other: Condition = { kind: 'other', column: '', cast: null, known: false };
const mirrored: Record<string, string> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=' };

function conditionOf(node: unknown, alias: string | null): Condition {
  if (!isFields(node)) return other;
  if (isFields(node.NullTest)) {
    const own = columnOf(node.NullTest.arg, alias);
    return own && node.NullTest.nulltesttype === 'IS_NULL' ? { kind: 'null', ...own, known: true } : other;
  }
  const expression = node.A_Expr;
  if (!isFields(expression)) return other;
  const operator = operatorOf(expression.name);
  const isAny = expression.kind === 'AEXPR_OP_ANY' || expression.kind === 'AEXPR_IN';
  if (!operator || !(expression.kind === 'AEXPR_OP' || isAny)) return other;
  let own = columnOf(expression.lexpr, alias);
  let against = expression.rexpr;
  let comparison: string | undefined = operator;
  if (!own && !isAny) {
    own = columnOf(expression.rexpr, alias);
    against = expression.lexpr;
    comparison = mirrored[operator];
  }
  if (!own || !comparison) return other;
  const seen = lookInto(against, alias);
  if (seen.own || seen.volatile) return other;
  if (comparison === '=') return { kind: 'equal', ...own, known: !seen.open };
  return /^[<>]=?$/.test(comparison) ? { kind: 'range', ...own, known: !seen.open } : other;
}

function operatorOf(name: unknown): string | undefined {
  const last = Array.isArray(name) ? name.at(-1) : undefined;
  const text = isFields(last) && isFields(last.String) ? last.String.sval : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** The relation's column that an expression is, perhaps under a cast. */
function columnOf(node: unknown, alias: string | null): { column: string; cast: string | null } | undefined {
  if (!isFields(node)) return undefined;
  if (isFields(node.TypeCast)) {
    const inner = columnOf(node.TypeCast.arg, alias);
    const type = isFields(node.TypeCast.typeName) ? operatorOf(node.TypeCast.typeName.names) : undefined;
    return inner && inner.cast === null ? { column: inner.column, cast: type ?? 'unknown' } : undefined;
  }
  const names = isFields(node.ColumnRef) ? namesOf(node.ColumnRef) : undefined;
  if (!names) return undefined;
  const [first, second, third] = names;
  if (names.length === 1 && first !== undefined) return { column: first, cast: null };
  return names.length === 2 && first === alias && second !== undefined && third === undefined
    ? { column: second, cast: null }
    : undefined;
}

function namesOf(reference: Fields): string[] | undefined {
  const names = Array.isArray(reference.fields)
    ? reference.fields.map((one) => (isFields(one) && isFields(one.String) ? one.String.sval : undefined))
    : [];
  return names.every((name) => typeof name === 'string') ? (names as string[]) : undefined;
}

/** Functions that give another value for each row, so that no index can be asked for it. */
const volatileFunctions = new Set(['random', 'clock_timestamp', 'timeofday', 'nextval', 'gen_random_uuid']);

/** What the other side of a comparison holds: the relation's own columns, parameters or others' columns, … */
function lookInto(node: unknown, alias: string | null): { own: boolean; open: boolean; volatile: boolean } {
  const seen = { own: false, open: false, volatile: false };
  const waiting: unknown[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) waiting.push(...next);
    if (!isFields(next)) continue;
    if (isFields(next.ColumnRef)) {
      const names = namesOf(next.ColumnRef) ?? [];
      if (names.length === 1 || names[0] === alias) seen.own = true;
      else seen.open = true;
    }
    if (next.ParamRef || next.SubLink) seen.open = true;
    if (isFields(next.FuncCall) && volatileFunctions.has(operatorOf(next.FuncCall.funcname) ?? ''))
      seen.volatile = true;
    waiting.push(...Object.values(next));
  }
  return seen;
}

/** Splits at the ANDs of the outermost level. EXPLAIN puts brackets around every part of one. */
export function conjuncts(filter: string): string[] {
  const text = unwrapped(filter.trim());
  const cuts = outer(text, ' AND ');
  if (cuts.length === 0) return [text];
  const parts: string[] = [];
  let from = 0;
  for (const cut of cuts) {
    parts.push(text.slice(from, cut));
    from = cut + ' AND '.length;
  }
  parts.push(text.slice(from));
  // Only a part that is in brackets throughout can hold further ones.
  return parts.flatMap((part) => (unwrapped(part) === part ? [part] : conjuncts(part)));
}

/** Without the brackets around the whole of it. */
function unwrapped(text: string): string {
  let left = text;
  while (left.startsWith('(') && closes(left, 0) === left.length - 1) left = left.slice(1, -1).trim();
  return left;
}

/** Places of a word outside of brackets and quotes. */
function outer(text: string, word: string): number[] {
  const places: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "'" || character === '"') at = skipQuoted(text, at);
    else if (character === '(') at = Math.max(at, closes(text, at));
    else if (text.startsWith(word, at)) places.push(at);
  }
  return places;
}

/** Where the bracket that opens here closes; -1 when it does not. */
function closes(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const character = text[at];
    if (character === "'" || character === '"') at = skipQuoted(text, at);
    else if (character === '(') depth += 1;
    else if (character === ')') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

function skipQuoted(text: string, from: number): number {
  const end = text.indexOf(text[from] ?? '', from + 1);
  return end < 0 ? text.length : end;
}
