import type { Explanation } from '../../preload/contract/common.ts';
import type { StatementChart, StatementOrder, TopStatements } from '../../preload/contract/queries.ts';
import type { ServerPool } from '../servers/index.ts';
import { figuresOf, width } from './counters.ts';
import { limitsOf, limitsOfWindow } from './limits.ts';
import { isTime } from './measure.ts';
import {
  isReadable,
  readFacts,
  readNames,
  readSnapshot,
  readTexts,
  type ServerFacts,
} from './read-server.ts';
import type { Snapshot } from './snapshot.ts';
import { named, type Statements } from './statements.ts';
import { mostText } from './text-store.ts';
import { chooseTop, partsOf, sumForChart, type TextOf, type TopFilter } from './top.ts';
import { queryIdOf } from './watch.ts';

/** Most statements that are drawn by themselves. */
const mostLines = 8;

/** The top statements of a time, from the store. */
export async function topOfWindow(
  statements: Statements,
  id: string,
  { from, to }: { from: number; to: number },
  filter: TopFilter,
): Promise<TopStatements> {
  const { steps, texts, needs, watch } = statements;
  if (!needs.keepsHistory(id)) return { ...nothing(to), source: 'window', from, limits: [noHistory] };
  const environment = steps.keyOf(id);
  const packed = steps.reading(environment, from, to, needs.now());
  const of: StatementOrder = filter.order === 'mean' ? 'total' : filter.order;
  const { sums, draw } = await sumForChart(packed, from, to, of);
  const known = texts.statements(environment);
  const names = texts.names(environment);
  const unnamed = new Float64Array(width);
  const idOf = new Map<string, number>();
  const candidates = sums.ids.flatMap((statement, index) => {
    const row = sums.rows[index] ?? new Float64Array(width);
    const key = known.get(statement)?.key;
    if (key === undefined) {
      row.forEach((value, column) => {
        unnamed[column] = (unnamed[column] ?? 0) + value;
      });
      return [];
    }
    idOf.set(key, statement);
    return [named(key, row, names)];
  });
  const chosen = await chooseTop(candidates, unnamed, sums.knownSome, filter, (key) =>
    texts.text(environment, key),
  );
  const facts = watch.facts(id);
  const keys = chosen.rows.slice(0, mostLines).map(({ key }) => key);
  return {
    source: 'window',
    from,
    to,
    covered: sums.covered,
    ...chosen,
    chart: sums.covered ? chartOf(draw, keys, idOf, filter.order) : null,
    gaps: sums.gaps,
    events: needs.events(id, from, to),
    limits: [
      ...(facts ? limitsOf(facts, watch.hidden(id), watch.textProblem(id)) : []),
      ...limitsOfWindow(sums),
    ],
  };
}

function chartOf(
  draw: Awaited<ReturnType<typeof sumForChart>>['draw'],
  keys: readonly string[],
  idOf: ReadonlyMap<string, number>,
  order: StatementOrder,
): StatementChart {
  const { from, to, stepMs, lines } = draw(keys.map((key) => idOf.get(key) ?? null));
  const scale = isTime(order) ? 1000 : 1;
  return {
    from,
    to,
    stepMs,
    of: order,
    lines: lines.map((values, line) => ({
      key: keys[line] ?? null,
      values: values.map((value) => (value === null ? null : value / scale)),
    })),
  };
}

/** What the server has counted since it last began to. */
export interface LiveCounters {
  facts: ServerFacts;
  snapshot: Snapshot;
  names: Map<string, string>;
}

/** Reads the counters as they stand; undefined where there is nothing to read. @throws the server's error; NOT_CONNECTED */
export async function readLive(
  { needs }: Statements,
  pool: ServerPool,
): Promise<{ facts: ServerFacts; live?: LiveCounters }> {
  const facts = await readFacts(pool);
  if (!isReadable(facts)) return { facts };
  const snapshot = await readSnapshot(pool, facts, needs.now);
  const names = new Map((await readNames(pool)).map(({ kind, oid, name }) => [`${kind} ${oid}`, name]));
  return { facts, live: { facts, snapshot, names } };
}

/** The top statements since the counters were last reset, from the server. @throws the server's error; NOT_CONNECTED */
export async function topSinceReset(
  statements: Statements,
  id: string,
  pool: ServerPool,
  filter: TopFilter,
): Promise<TopStatements> {
  const { needs, texts, steps } = statements;
  const { facts, live } = await readLive(statements, pool);
  const to = needs.now();
  if (!live) return { ...nothing(to), limits: limitsOf(facts, null, undefined) };
  const { snapshot, names } = live;
  const candidates = snapshot.keys.map((key, entry) => named(key, rowAt(snapshot, entry), names));
  const environment = needs.keepsHistory(id) ? steps.keyOf(id) : undefined;
  const found = new Map<string, { text: string; cut: boolean }>();
  const textOf: TextOf = (key) =>
    found.get(key) ?? (environment === undefined ? undefined : texts.text(environment, key));
  let textProblem: unknown;
  const fetch = async (keys: readonly string[]): Promise<void> => {
    const wanted = keys.filter((key) => partsOf(key).queryId !== null && !textOf(key));
    if (wanted.length === 0) return;
    try {
      const read = await readTexts(pool, facts, [...new Set(wanted.map(queryIdOf))], mostText);
      for (const key of wanted) {
        const one = read.get(key.slice(0, -2));
        if (one) found.set(key, { text: one.text, cut: Buffer.byteLength(one.text) < one.bytes });
      }
    } catch (error) {
      textProblem = error;
    }
  };
  // To search one has to know all texts; else those of the chosen few will do.
  if (filter.search?.trim()) await fetch(snapshot.keys);
  let chosen = await chooseTop(candidates, undefined, snapshot.known, filter, textOf);
  await fetch(chosen.rows.map(({ key }) => key));
  if (found.size > 0) chosen = await chooseTop(candidates, undefined, snapshot.known, filter, textOf);
  const from = snapshot.resetAt === null ? null : snapshot.resetAt / 1000;
  return {
    ...nothing(to),
    from,
    covered: from === null ? null : { from, to: snapshot.at },
    ...chosen,
    limits: limitsOf(facts, snapshot.hidden, textProblem),
  };
}

/** One entry of a snapshot as a row. */
export function rowAt(snapshot: Snapshot, entry: number): Float64Array {
  return Float64Array.from(snapshot.columns, (values) => values[entry] ?? 0);
}

const noHistory: Explanation = {
  cause: 'statements-no-history',
  what: 'There is no history of this environment.',
  why: 'It is only here for this call, from a bare URL.',
  next: 'Ask for the counters since the last reset, or add the environment and let a console run.',
};

function nothing(to: number): TopStatements {
  const figures = figuresOf(new Float64Array(width), 0);
  return {
    source: 'reset',
    from: null,
    to,
    covered: null,
    rows: [],
    rest: { statements: 0, figures },
    total: figures,
    users: [],
    databases: [],
    chart: null,
    gaps: [],
    events: [],
    limits: [],
  };
}
