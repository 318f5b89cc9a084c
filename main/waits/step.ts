import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * How long sessions that have all of this in common were active within a step, all together. Words are numbers that the
 * store tells the meaning of; 0 stands for all others.
 */
export interface Part {
  /** 0: sessions of clients; 1: workers. */
  of: number;
  wait: number;
  user: number;
  application: number;
  database: number;
  statement: number;
  ms: number;
}

/** Active sessions in a step of time. */
export interface Step {
  /** Time that samples stand for, ms; 0 means that there was none. */
  coveredMs: number;
  /** How long sessions were there whose state was hidden, all together, ms. */
  hiddenMs: number;
  parts: Part[];
}

const columns = ['of', 'wait', 'database', 'user', 'application'] as const;
const format = 1;
/** Times are kept to the tenth of a second: what a sample stands for is known no better. */
const tickMs = 100;

/** Column by column, so that equal words lie side by side; statements in order, each as its distance to the last one. */
export function packStep({ coveredMs, hiddenMs, parts }: Step): Uint8Array {
  const sorted = [...parts].sort(
    (a, b) => a.statement - b.statement || a.of - b.of || a.wait - b.wait || a.application - b.application,
  );
  const bytes: number[] = [format];
  const put = (value: number): void => {
    let rest = Math.round(value);
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  put(coveredMs);
  put(hiddenMs);
  put(sorted.length);
  for (const column of columns) for (const part of sorted) put(part[column]);
  for (const [place, { statement }] of sorted.entries()) put(statement - (sorted[place - 1]?.statement ?? 0));
  for (const { ms } of sorted) put(ms / tickMs);
  return zstdCompressSync(Uint8Array.from(bytes));
}

export function unpackStep(value: Uint8Array): Step {
  const bytes = zstdDecompressSync(value);
  let place = 1;
  const take = (): number => {
    let byte = bytes[place++] ?? 0;
    let result = byte & 127;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = bytes[place++] ?? 0;
      result += (byte & 127) * scale;
    }
    return result;
  };
  const coveredMs = take();
  const hiddenMs = take();
  const count = take();
  const parts = Array.from(
    { length: count },
    (): Part => ({ of: 0, wait: 0, user: 0, application: 0, database: 0, statement: 0, ms: 0 }),
  );
  for (const column of columns) for (const part of parts) part[column] = take();
  let statement = 0;
  for (const part of parts) {
    statement += take();
    part.statement = statement;
  }
  for (const part of parts) part.ms = take() * tickMs;
  return { coveredMs, hiddenMs, parts };
}

/** Several steps as one, with its largest parts; the sum by wait event stays true. */
export function joinSteps(steps: readonly Step[], most: number): Step {
  const parts = new Map<string, Part>();
  for (const step of steps) for (const part of step.parts) addPart(parts, part);
  return {
    coveredMs: steps.reduce((sum, step) => sum + step.coveredMs, 0),
    hiddenMs: steps.reduce((sum, step) => sum + step.hiddenMs, 0),
    parts: largest([...parts.values()], most),
  };
}

/** The largest parts; of the others only the wait events are told apart. */
export function largest(parts: readonly Part[], most: number): Part[] {
  if (parts.length <= most) return [...parts];
  const sorted = [...parts].sort((a, b) => b.ms - a.ms);
  const kept = new Map(sorted.slice(0, most).map((part) => [keyOf(part), part]));
  for (const { of, wait, ms } of sorted.slice(most))
    addPart(kept, { of, wait, user: 0, application: 0, database: 0, statement: 0, ms });
  return [...kept.values()];
}

function addPart(parts: Map<string, Part>, part: Part): void {
  const key = keyOf(part);
  const known = parts.get(key);
  if (known) known.ms += part.ms;
  else parts.set(key, { ...part });
}

const keyOf = ({ of, wait, user, application, database, statement }: Part): string =>
  `${of} ${wait} ${user} ${application} ${database} ${statement}`;
