import type { SqlScript, SqlStatement } from '../../../preload/contract/sql.ts';
import { type ParseStatement, scriptItems } from '../../sql-text/index.ts';
import { parametersOf, withStandIns } from './parameters.ts';
import { type Judged, judge } from './risk.ts';

const most = 5000;
/** Longer ones are not parsed, only split: they count as changes. Characters. */
const longestParsed = 2_000_000;

/** Splits a script and classes each of its statements. Blocks for some 20 µs a statement: long ones are for a thread. */
export function readScript(text: string, parse: ParseStatement): SqlScript {
  const script: SqlScript = { statements: [], count: 0, problems: [] };
  for (const item of scriptItems(text, (problem) => script.problems.push(problem))) {
    if (item.kind === 'rows') continue;
    script.count += 1;
    if (script.statements.length >= most) continue;
    script.statements.push(
      item.kind === 'meta' ? metaCommand(item) : readStatement(item.text, item.start, item.line, parse),
    );
  }
  return script;
}

/** One statement, whose text begins at `start`. */
export function readStatement(
  text: string,
  start: number,
  line: number,
  parse: ParseStatement,
): SqlStatement {
  const parameters = parametersOf(text);
  const { judged, problem } = judging(text, parameters.length > 0, parse);
  const { risk, warnings, transaction, outsideTransaction } = judged;
  return {
    kind: 'statement',
    start,
    end: start + text.length,
    line,
    command: commandOf(text),
    risk,
    warnings,
    transaction,
    outsideTransaction,
    parameters,
    problem: problem ? { message: problem, at: start } : null,
  };
}

/** What a statement does, as far as its text tells. */
export function judgeText(text: string, parse: ParseStatement): Judged {
  return judging(text, text.includes(':'), parse).judged;
}

function judging(
  text: string,
  hasParameters: boolean,
  parse: ParseStatement,
): { judged: Judged; problem: string | undefined } {
  const plain = hasParameters ? withStandIns(text) : text;
  const parsed = plain.length <= longestParsed ? parse(plain) : undefined;
  if (parsed && 'empty' in parsed)
    return { judged: { ...judge(undefined), risk: 'read' }, problem: undefined };
  return {
    judged: judge(parsed && 'statement' in parsed ? parsed.statement : undefined),
    problem: parsed && 'problem' in parsed ? parsed.problem : undefined,
  };
}

function metaCommand(item: { text: string; start: number; end: number; line: number }): SqlStatement {
  return {
    kind: 'meta',
    start: item.start,
    end: item.end,
    line: item.line,
    command: /^\\\S*/.exec(item.text)?.[0] ?? '\\',
    risk: 'read',
    warnings: [],
    transaction: null,
    outsideTransaction: false,
    parameters: [],
    problem: null,
  };
}

const twoWords =
  /^(?:create|alter|drop|refresh|reindex|comment|security|start|grant|revoke|set|reset|explain|copy|lock|begin|import)$/i;

/** The first words of a statement, as its tag would say them: `ALTER TABLE`. */
export function commandOf(text: string): string {
  const bare = text.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/, '');
  const words = /^([A-Za-z]+)(?:\s+([A-Za-z]+))?(?:\s+([A-Za-z]+))?/.exec(bare);
  if (!words?.[1]) return bare.slice(0, 20);
  const [, first, second = '', third = ''] = words;
  if (!twoWords.test(first)) return first.toUpperCase();
  const more = /^(?:or|unique|materialized|foreign|temp|temporary|unlogged|event|text|default)$/i.test(second)
    ? `${second} ${third}`
    : second;
  return `${first} ${more}`.trim().toUpperCase();
}
