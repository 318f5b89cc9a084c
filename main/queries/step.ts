import { type counters, peakAt, place, width } from './counters.ts';

/** What statements did within a time, as the store keeps it. */
export interface Step {
  from: number;
  to: number;
  known: number;
  evicted: number;
  marks: number;
  /** Ids of statements, rising; 0, always there, is all those together that are too small to be kept alone. */
  ids: Int32Array;
  /** How many statements 0 stands for, at least. */
  others: number;
  /** Counters and peak, a column each. */
  columns: readonly Float64Array[];
}

/** What makes a statement worth keeping: to be big in any of these. */
const weighty = [
  'execUs',
  'calls',
  'rows',
  'sharedRead',
  'sharedHit',
  'tempWritten',
  'walBytes',
  'planUs',
  'jitUs',
].map((name) => place[name as (typeof counters)[number]]);

/**
 * Places of the entries to keep by themselves: all of them up to `most`, else those with the largest share of time,
 * calls, rows, blocks, temporary files, WAL, planning or JIT.
 */
export function biggest(columns: readonly Float64Array[], most: number): Int32Array {
  const length = columns[0]?.length ?? 0;
  const all = Int32Array.from({ length }, (_, entry) => entry);
  if (length <= most) return all;
  const score = new Float64Array(length);
  for (const column of weighty) {
    const values = columns[column] ?? score;
    let sum = 0;
    for (let entry = 0; entry < length; entry += 1) sum += values[entry] ?? 0;
    if (sum === 0) continue;
    for (let entry = 0; entry < length; entry += 1) {
      const share = (values[entry] ?? 0) / sum;
      if (share > (score[entry] ?? 0)) score[entry] = share;
    }
  }
  return all.sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || a - b).subarray(0, most);
}

/**
 * Makes a step's columns of the chosen entries, which have got these ids; the sum of all that were not chosen stands
 * first, under 0.
 */
export function keepChosen(
  columns: readonly Float64Array[],
  chosen: Int32Array,
  ids: readonly number[],
): Pick<Step, 'ids' | 'others' | 'columns'> {
  const length = columns[0]?.length ?? 0;
  const order = Array.from(chosen, (entry, index) => ({ entry, id: ids[index] ?? 0 }));
  order.sort((a, b) => a.id - b.id);
  const isChosen = new Uint8Array(length);
  for (const { entry } of order) isChosen[entry] = 1;
  const kept = columns.map((values, column) => {
    const made = new Float64Array(order.length + 1);
    let rest = 0;
    for (let entry = 0; entry < length; entry += 1) {
      if (isChosen[entry]) continue;
      const value = values[entry] ?? 0;
      rest = column === peakAt ? Math.max(rest, value) : rest + value;
    }
    made[0] = rest;
    order.forEach(({ entry }, index) => {
      made[index + 1] = values[entry] ?? 0;
    });
    return made;
  });
  return {
    ids: Int32Array.from([0, ...order.map(({ id }) => id)]),
    others: length - order.length,
    columns: kept,
  };
}

/** Several steps as one, with at most so many statements by themselves. */
export function joinSteps(steps: readonly Step[], most: number): Step {
  const places = new Map<number, number>();
  for (const { ids } of steps)
    for (const id of ids) if (id !== 0 && !places.has(id)) places.set(id, places.size);
  const columns = Array.from({ length: width }, () => new Float64Array(places.size));
  const rest = new Float64Array(width);
  for (const step of steps) {
    step.columns.forEach((values, column) => {
      const to = columns[column];
      if (!to) return;
      for (let entry = 0; entry < step.ids.length; entry += 1) {
        const value = values[entry] ?? 0;
        if (value === 0) continue;
        const at = places.get(step.ids[entry] ?? 0);
        if (at === undefined) rest[column] = put(column, rest[column], value);
        else to[at] = put(column, to[at], value);
      }
    });
  }
  const ids = [...places.keys()];
  const chosen = biggest(columns, most);
  const kept = keepChosen(
    columns,
    chosen,
    Array.from(chosen, (entry) => ids[entry] ?? 0),
  );
  kept.columns.forEach((values, column) => {
    values[0] = put(column, values[0], rest[column] ?? 0);
  });
  return {
    from: Math.min(...steps.map(({ from }) => from)),
    to: Math.max(...steps.map(({ to }) => to)),
    known: steps.reduce((known, step) => known & step.known, -1),
    evicted: steps.reduce((sum, { evicted }) => sum + evicted, 0),
    marks: steps.reduce((marks, step) => marks | step.marks, 0),
    ...kept,
    // The same ones were left out again and again.
    others: kept.others + Math.max(0, ...steps.map(({ others }) => others)),
  };
}

const put = (column: number, before: number | undefined, value: number): number =>
  column === peakAt ? Math.max(before ?? 0, value) : (before ?? 0) + value;
