import type {
  StatementChart,
  StatementOrder,
  StatementRow,
  TopStatements,
} from '../../preload/contract/queries.ts';
import { figuresOf, peakAt, width } from './counters.ts';
import { isMeasured, rankOf, sumAt, sumOf } from './measure.ts';
import { slices } from './slices.ts';
import type { PackedStep } from './step-store.ts';
import { binsFor, coverage, perSecond, spread, sumWindow, type WindowSums } from './window.ts';

/** A statement with its sums, and what is known of it. */
export interface Candidate {
  key: string;
  user: string | null;
  database: string | null;
  row: Float64Array;
}

export interface TopFilter {
  order: StatementOrder;
  search?: string | undefined;
  user?: string | undefined;
  database?: string | undefined;
  limit: number;
}

/** Text of a statement as kept, with whether that is all. */
export type TextOf = (key: string) => { text: string; cut: boolean } | undefined;

/** What is shown of a text in a list, characters. */
const shortText = 400;

/** Filters, orders and cuts a list of candidates. `unnamed` is what belongs to statements that nobody knows by name. */
export async function chooseTop(
  candidates: readonly Candidate[],
  unnamed: Float64Array | undefined,
  known: number,
  filter: TopFilter,
  textOf: TextOf,
): Promise<Pick<TopStatements, 'rows' | 'rest' | 'total' | 'users' | 'databases'>> {
  const { order, user, database, limit } = filter;
  const search = filter.search?.trim().toLowerCase();
  const total = new Float64Array(width);
  for (const { row } of candidates) addTo(total, row);
  if (unnamed) addTo(total, unnamed);
  const turn = slices();
  const fitting: Candidate[] = [];
  for (const one of candidates) {
    if (user !== undefined && one.user !== user) continue;
    if (database !== undefined && one.database !== database) continue;
    if (search) {
      await turn();
      const text = textOf(one.key)?.text.toLowerCase();
      if (!text?.includes(search) && !one.key.includes(search)) continue;
    }
    fitting.push(one);
  }
  const measured = isMeasured(order, known);
  // What is not measured orders nothing: by time then.
  const by = measured ? order : 'total';
  const ranked = fitting
    .map((one) => ({ ...one, rank: rankOf(by, one.row) }))
    .sort((a, b) => b.rank - a.rank || (a.key < b.key ? -1 : 1));
  const whole = sumOf(by, total);
  const rest = new Float64Array(width);
  for (const { row } of ranked.slice(limit)) addTo(rest, row);
  const isNarrowed = user !== undefined || database !== undefined || Boolean(search);
  const takesUnnamed = !isNarrowed && unnamed !== undefined && unnamed.some((value) => value > 0);
  if (takesUnnamed) addTo(rest, unnamed);
  return {
    rows: ranked
      .slice(0, limit)
      .map((one) =>
        rowOf(one, known, measured && order !== 'mean' && whole > 0 ? one.rank / whole : null, textOf),
      ),
    rest: {
      statements: takesUnnamed ? null : Math.max(0, ranked.length - limit),
      figures: figuresOf(rest, known),
    },
    total: figuresOf(total, known),
    users: namesOf(candidates, 'user'),
    databases: namesOf(candidates, 'database'),
  };
}

/** A candidate as the contract tells it. */
export function rowOf(
  { key, user, database, row }: Candidate,
  known: number,
  share: number | null,
  textOf: TextOf,
): StatementRow {
  const { queryId, topLevel } = partsOf(key);
  const kept = textOf(key);
  return {
    key,
    queryId,
    user,
    database,
    topLevel,
    text: kept?.text.slice(0, shortText) ?? null,
    textCut: kept !== undefined && (kept.cut || kept.text.length > shortText),
    figures: figuresOf(row, known),
    share,
  };
}

/** What a key says of its statement. */
export function partsOf(key: string): {
  user: number;
  database: number;
  queryId: string | null;
  topLevel: boolean;
} {
  const [user, database, id = 'hidden', level] = key.split('.');
  return {
    user: Number(user),
    database: Number(database),
    queryId: id === 'hidden' ? null : id,
    topLevel: level !== 'n',
  };
}

function namesOf(candidates: readonly Candidate[], part: 'user' | 'database'): string[] {
  return [...new Set(candidates.map((one) => one[part]).filter((name) => name !== null))].sort();
}

function addTo(sum: Float64Array, row: Float64Array): void {
  for (let column = 0; column < peakAt; column += 1) sum[column] = (sum[column] ?? 0) + (row[column] ?? 0);
  sum[peakAt] = Math.max(sum[peakAt] ?? 0, row[peakAt] ?? 0);
}

/** Values of what is ordered by, of one step: enough to draw it once it is known who is drawn. */
interface Slim {
  from: number;
  to: number;
  ids: Int32Array;
  values: Float64Array;
}

/** Sums up a window and keeps, step by step, what a chart of this order needs. */
export async function sumForChart(
  packed: readonly PackedStep[],
  from: number,
  to: number,
  order: StatementOrder,
): Promise<{ sums: WindowSums; draw: (ids: readonly (number | null)[]) => ChartValues }> {
  const slim: Slim[] = [];
  const sums = await sumWindow(packed, from, to, (step) => {
    const values = Float64Array.from(step.ids, (_, entry) => sumAt(order, step.columns, entry));
    slim.push({ from: step.from, to: step.to, ids: step.ids, values });
  });
  return { sums, draw: (ids) => drawn(slim, packed, from, to, ids) };
}

type ChartValues = Pick<StatementChart, 'from' | 'to' | 'stepMs'> & { lines: (number | null)[][] };

/** Rates a second by line; the last line is everybody else. */
function drawn(
  slim: readonly Slim[],
  packed: readonly PackedStep[],
  from: number,
  to: number,
  ids: readonly (number | null)[],
): ChartValues {
  const bins = binsFor(packed, from, to);
  const places = new Map(ids.map((id, line) => [id, line]));
  const sums = Array.from({ length: ids.length + 1 }, () =>
    Array.from({ length: bins.count }, (): number | null => null),
  );
  const step = new Float64Array(ids.length + 1);
  for (const one of slim) {
    step.fill(0);
    one.ids.forEach((id, entry) => {
      const line = places.get(id) ?? ids.length;
      step[line] = (step[line] ?? 0) + (one.values[entry] ?? 0);
    });
    sums.forEach((values, line) => {
      spread(values, bins, one, step[line] ?? 0);
    });
  }
  const covered = coverage(packed, bins);
  const { stepMs } = bins;
  return { from, to, stepMs, lines: sums.map((values) => perSecond(values, covered)) };
}
