import type { Advice, Advised } from '../../preload/contract/advice.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import type { StatementRow } from '../../preload/contract/queries.ts';
import { regressionsOf } from './answer-regressions.ts';
import { wholeText } from './answer-statement.ts';
import { topOfWindow, topSinceReset } from './answer-top.ts';
import { planAdvice } from './plans/index.ts';
import { isReadable, readFacts } from './read-server.ts';
import { times } from './regressions.ts';
import type { Statements } from './statements.ts';

const hour = 3_600_000;
/** A window covered for less than this says little, ms. */
const leastCovered = 5 * 60_000;
/** How many of the most costly statements are planned. */
const planned = 5;
/** Share of all time from which on a regression is worth a line, and the factor. */
const slowerFrom = { share: 0.05, factor: 2 };
/** Sessions that a statement keeps busy on average, with the mean of a call in ms: less is the server's daily work. */
const heavyFrom = { busy: 0.5, meanMs: 50 };
const source = 'PostgreSQL manual, "pg_stat_statements"';

/** Statements that take what others need: slower than last week, heavy by themselves, or without an index. */
export async function adviseOn(
  statements: Statements,
  { id }: Environment,
  signal: AbortSignal | undefined,
): Promise<Advised> {
  const { needs, watch } = statements;
  const pool = needs.pool(id);
  const facts = await readFacts(pool);
  if (!isReadable(facts)) {
    const { limits } = await topSinceReset(statements, id, pool, { order: 'total', limit: 1 });
    return { advice: [], limits };
  }
  await watch.take(id, pool);
  signal?.throwIfAborted();
  const to = needs.now();
  const filter = { order: 'total', limit: 50 } as const;
  const recent = await topOfWindow(statements, id, { from: to - hour, to }, filter);
  const covered = recent.covered ? recent.covered.to - recent.covered.from : 0;
  const top = covered >= leastCovered ? recent : await topSinceReset(statements, id, pool, filter);
  const advice: Advice[] = [];
  if (top.source === 'window') advice.push(...top.rows.flatMap((row) => heavy(row, covered)));
  if (needs.keepsHistory(id)) {
    const { rows } = await regressionsOf(statements, id, '1h');
    for (const row of rows)
      if (row.factor >= slowerFrom.factor && (row.share ?? 0) >= slowerFrom.share)
        advice.push({
          ...about(row, 'statement-slower'),
          severity: 'warning',
          title: `${times(row.factor)} slower than last week: ${firstLine(row)}`,
          evidence: row.evidence,
          harm: 'Whoever runs it waits longer than before, and the server does more for the same.',
          remedy:
            'Look at its plan and at what changed: rows, statistics, an index, a setting, a migration. ANALYZE of its tables is the cheapest try.',
        });
  }
  const here = top.rows.filter(({ database, queryId }) => database === facts.database && queryId !== null);
  for (const row of here.slice(0, planned)) {
    signal?.throwIfAborted();
    const { text } = await wholeText(pool, row.key);
    if (!text || text.cut) continue;
    const { calls, meanMs } = row.figures;
    const costly = {
      text: text.text,
      queryId: row.queryId,
      share: row.share ?? 0,
      meanMs: meanMs ?? 0,
      calls,
    };
    advice.push(...(await planAdvice(pool, costly, signal)));
  }
  return {
    advice: [...new Map(advice.map((one) => [one.id, one])).values()],
    limits: top.limits.filter(matters),
  };
}

/** What is switched off as a rule is no gap in a report. */
const matters = ({ cause }: { cause: string }): boolean =>
  cause !== 'statements-io-timing-off' && cause !== 'statements-planning-off';

function heavy(row: StatementRow, coveredMs: number): Advice[] {
  const { execMs, meanMs, calls } = row.figures;
  const busy = execMs / coveredMs;
  if (busy < heavyFrom.busy || (meanMs ?? 0) < heavyFrom.meanMs || row.queryId === null) return [];
  return [
    {
      ...about(row, 'statement-heavy'),
      severity: 'warning',
      title: `Keeps ${busy.toFixed(1)} sessions busy all the time: ${firstLine(row)}`,
      evidence: [
        `In the last ${Math.round(coveredMs / 60_000)} minutes it ran ${calls} times, ${Math.round(meanMs ?? 0)} ms each: ${Math.round((row.share ?? 0) * 100)} % of the time of all statements.`,
      ],
      harm: 'It takes processors and disks from all others.',
      remedy:
        'Look at its plan; run it less often, or over fewer rows, where the plan is as good as it gets.',
    },
  ];
}

function about(
  row: StatementRow,
  kind: string,
): Omit<Advice, 'severity' | 'title' | 'evidence' | 'harm' | 'remedy'> {
  return {
    id: `${kind} ${row.key}`,
    kind,
    room: 'queries',
    object: row.queryId === null ? null : `statement ${row.queryId}`,
    database: row.database,
    statement: null,
    bytes: null,
    estimated: false,
    source,
  };
}

function firstLine({ text, queryId }: StatementRow): string {
  const line = text?.replace(/\s+/g, ' ').trim();
  return line ? (line.length > 80 ? `${line.slice(0, 79)}…` : line) : `statement ${queryId}`;
}
