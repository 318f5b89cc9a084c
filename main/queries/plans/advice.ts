import type { Advice } from '../../../preload/contract/advice.ts';
import type { ServerPool } from '../../servers/index.ts';
import { figure } from './find/words.ts';
import { type IndexIdea, indexIdeas } from './index-ideas/ideas.ts';
import { readRelations } from './index-ideas/read-relations.ts';
import { bare, createIndex, indexTarget, remedyOf } from './index-ideas/words.ts';
import { type Outline, relationsIn, textIn } from './read/outline.ts';
import { outlineOfText } from './read/plan-text.ts';
import { explainText } from './run/generic.ts';
import { parametersIn, withPlainParameters } from './run/parameters.ts';
import { parser } from './run/parser.ts';
import { inPlanSession } from './run/session.ts';

/** A statement as its statistics tell of it. */
export interface CostlyStatement {
  /** Whole text, with `$1` for its constants. */
  text: string;
  /** int8 as text. */
  queryId: string | null;
  /** Part of the time of all statements, 0 to 1. */
  share: number;
  meanMs: number;
  calls: number;
}

/** Texts longer than this are not planned. */
const longest = 50_000;

/**
 * What the generic plan of a costly statement shows: an index that is missing (`index-missing`). The statement is not
 * run. Empty when nothing is found, when it can't be planned here (a name that this role does not see, a utility
 * statement, a cut text), and for one that costs too little to matter.
 *
 * @throws NOT_CONNECTED; the signal's reason
 */
export async function planAdvice(
  pool: ServerPool,
  statement: CostlyStatement,
  signal?: AbortSignal,
): Promise<Advice[]> {
  if (!matters(statement) || statement.text.length > longest) return [];
  const parse = await parser();
  const text = withPlainParameters(statement.text);
  const parsed = parse(text);
  if (!('statement' in parsed) || !plannable.has(parsed.statement.node)) return [];
  const outline = await planOf(pool, text, signal);
  if (!outline) return [];
  const relations = await readRelations(pool, relationsIn(outline));
  const generic = parametersIn(text) > 0;
  return indexIdeas(outline, relations, parse, { generic }).map((idea) => adviceOf(idea, outline, statement));
}

const plannable = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** A twentieth of all time, or slow each time and often: less is not worth an index. */
function matters({ share, meanMs, calls }: CostlyStatement): boolean {
  return (share >= 0.05 && meanMs >= 1) || (meanMs >= 100 && calls >= 10);
}

async function planOf(pool: ServerPool, text: string, signal?: AbortSignal): Promise<Outline | undefined> {
  const options = { readOnly: true, statementTimeoutMs: 5000, lockTimeoutMs: 500, signal };
  try {
    return await inPlanSession(pool, options, async (session) =>
      outlineOfText((await explainText(session, text, ['VERBOSE'])).json),
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && 'code' in error && error.code === 'NOT_CONNECTED') throw error;
    return undefined;
  }
}

function adviceOf(idea: IndexIdea, outline: Outline, statement: CostlyStatement): Advice {
  const plain = indexTarget(idea);
  const table = plain.slice(0, plain.indexOf(' ('));
  const { share, meanMs, calls, text } = statement;
  return {
    id: `index-missing ${plain}`,
    kind: 'index-missing',
    room: 'queries',
    severity: share >= 0.25 ? 'bad' : 'warning',
    title: `An index on ${plain} is missing`,
    object: table,
    database: idea.relation.database,
    evidence: [
      `The statement takes ${percent(share)} of the time of all statements: ${figure(meanMs)} ms each time, ${figure(calls)} calls.`,
      scanSentence(idea, outline),
      `With the index about ${figure(Math.max(1, idea.wouldRead))} would be read${idea.ordered ? ', already in the order that is asked for' : ''}.`,
      `The statement: ${text.replace(/\s+/g, ' ').trim().slice(0, 300)}`,
    ],
    harm: `Each call reads all of ${table}; it gets slower as the table grows, and takes memory and disk from others.`,
    remedy: remedyOf(idea),
    statement: createIndex(idea),
    bytes: null,
    estimated: idea.estimated,
    source: 'PostgreSQL manual, “Multicolumn Indexes” and “Indexes and ORDER BY”',
  };
}

function scanSentence(idea: IndexIdea, outline: Outline): string {
  const { scanned, matching, relation } = idea;
  const outer = outerRows(outline, idea.nodes[0] ?? 0);
  const again =
    outer > 1 ? ` And does so again for each of about ${figure(outer)} rows of the outer query.` : '';
  const name = `${bare(relation.schema)}.${bare(relation.name)}`;
  return `It goes through all ${figure(scanned)} rows of ${name}, of which about ${figure(Math.max(1, matching))} match.${again}`;
}

/** How often a node in a correlated subplan is run, as far as the planner expects. */
function outerRows(outline: Outline, id: number): number {
  for (let node = outline.nodes[id]; node; node = outline.nodes[node.parent ?? -1]) {
    if (textIn(node.fields, 'Parent Relationship') !== 'SubPlan') continue;
    const rows = outline.nodes[node.parent ?? -1]?.fields['Plan Rows'];
    return typeof rows === 'number' ? rows : 1;
  }
  return 1;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
