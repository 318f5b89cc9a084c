import type pg from 'pg';
import type { SchemaProgress } from '../../preload/contract/schema.ts';
import type { NamesModel, Printed } from '../../preload/contract/schema-model.ts';
import { sleep } from '../lib/sleep.ts';
import { dropSession, endSoon, serverWords } from '../servers/index.ts';
import { droppedMeanwhile } from './assembly/dropped-meanwhile.ts';
import { copyOut } from './copy-out.ts';
import { type Joiner, type Part, startJoiner } from './joiner.ts';
import type { Header } from './parts.ts';
import { type PrintingOptions, printAll } from './printing.ts';
import { catalogs, factsSql, fingerprintSql, lastOfNames, readableSql, statementsFor } from './statements.ts';

/** A session of the reading's own. */
export interface ReadSession {
  client: pg.Client;
  /** A pooler stands in between: nothing may be set for the session. */
  pooled: boolean;
}

export interface ReadNeeds {
  /** @throws NOT_CONNECTED */
  openSession(signal: AbortSignal | undefined): Promise<ReadSession>;
  /** Stops what a backend does, over another session. */
  stop(pid: number): Promise<void>;
  /** Entry of the worker; found by itself unless given. */
  worker?: string | undefined;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Print definitions after the structure. */
  definitions: boolean;
  /** Fingerprint of the model that is known: where it still holds, nothing is read. */
  known?: string | undefined;
  printing?: Partial<PrintingOptions>;
  /** Called with each event's JSON, for whoever keeps the model. */
  keep?: Keeper | undefined;
}

export interface Keeper {
  names(bytes: Uint8Array): void;
  part(bytes: Uint8Array): void;
  /** All parts have been kept. */
  whole(fingerprint: string): void;
  definitions(definitions: Record<string, Printed>, last: boolean): void;
  /** Somebody changed things meanwhile: definitions may be of a later state than the structure. */
  mixed(): void;
}

/** The catalogues are read in one go; a person waits for it and can stop it. ms. */
const statementTimeoutMs = 120_000;
/** Catalogues themselves are locked only by such as VACUUM FULL. ms. */
const lockTimeoutMs = 500;
/**
 * Somebody who drops things while they are read can make a statement fail: printing the default of a domain, or a
 * routine's arguments, looks beyond the snapshot. Then all is read anew.
 */
const attempts = 24;
/** How often all is read at most where things change between the structure and its definitions. */
const wholeReadings = 3;

/** Everything printed is qualified, whoever reads it and whatever their search path is. */
const begin =
  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; SET LOCAL jit = off; " +
  `SET LOCAL statement_timeout = ${statementTimeoutMs}; SET LOCAL lock_timeout = ${lockTimeoutMs}`;

/**
 * Reads a database's structure: names, then the model in parts, then its definitions. The structure comes from one
 * snapshot and by statements that lock no table and wait for none. Where `known` still holds, only steps come.
 *
 * Ends at once, on the server too, when the signal is given or the iteration is left.
 *
 * @throws NOT_CONNECTED, or the server's error
 */
export async function* readSchema(
  needs: ReadNeeds,
  options: ReadOptions,
): AsyncGenerator<SchemaProgress, void, void> {
  const { signal } = options;
  signal?.throwIfAborted();
  yield step('Opening a session', 0);
  const session = await needs.openSession(signal);
  const guard = guardSession(needs, session, signal);
  try {
    let again = wholeReadings - 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const isMixed = yield* readOnce(needs, session, guard, options, again > 0);
        if (!isMixed) return;
        again -= 1;
      } catch (error) {
        signal?.throwIfAborted();
        if (attempt === attempts || !isRace(error)) throw error;
        await session.client.query('ROLLBACK');
        // Out of step with whoever does it again and again.
        await sleep(Math.random() * 50);
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await guard.giveBack();
  }
}

const step = (text: string, done: number): SchemaProgress => ({ kind: 'step', step: text, done, total: 3 });

/** @returns true, before its last event, when it should be read again and may be */
async function* readOnce(
  needs: ReadNeeds,
  session: ReadSession,
  guard: SessionGuard,
  options: ReadOptions,
  mayRepeat: boolean,
): AsyncGenerator<SchemaProgress, boolean, void> {
  const { keep, known } = options;
  let started: Joiner | undefined;
  const startOnce = (): Joiner => {
    started ??= startJoiner(needs.worker);
    return started;
  };
  // It starts while the server is asked, unless there may be nothing for it to do.
  if (known === undefined) startOnce();
  try {
    yield step('Reading names', 1);
    const reading = guard.busyUntil(beginReading(session, startOnce, known));
    const { header } = await reading.begun;
    if (!header) {
      yield step('Nothing has changed', 3);
      return false;
    }
    const joiner = startOnce();
    const names = await reading.names;
    keep?.names(names.bytes);
    yield { kind: 'names', names: names.value };

    yield step('Reading the structure', 2);
    await reading.rows;
    let part = await joiner.structure(header);
    while (part) {
      const { value, bytes } = part;
      keep?.part(bytes);
      part = await joiner.next();
      yield { kind: 'part', part: value, last: part === undefined };
    }
    const tasks = await joiner.plan();
    joiner.close();
    const seen = await reading.done;
    keep?.whole(seen);
    if (!options.definitions) return false;

    const printing = printAll(session, tasks, { ...options.printing, signal: options.signal });
    for await (const { definitions, done, total, last } of printing) {
      const holds = last ? await stillHolds(session, seen) : true;
      if (holds === false && mayRepeat) return true;
      if (!holds) keep?.mixed();
      keep?.definitions(definitions, last);
      yield { kind: 'step', step: 'Printing definitions', done, total };
      yield { kind: 'definitions', definitions, last };
    }
    return false;
  } finally {
    started?.close();
  }
}

/**
 * Whether the structure is the one that was seen; rows may have been counted anew. Undefined when that can't be told now,
 * because somebody holds a catalogue; a role that never can is not told each time.
 */
async function stillHolds({ client }: ReadSession, seen: string): Promise<boolean | undefined> {
  if (seen === '') return true;
  let now: string;
  try {
    await client.query(begin);
    now = await fingerprint(client);
    await client.query('COMMIT');
  } catch (error) {
    if (!/^(55P03|57014)$/.test(serverWords(error)?.sqlstate ?? '')) throw error;
    await client.query('ROLLBACK');
    return undefined;
  }
  const withoutCounts = (print: string): string => print.replace(/^counted .*$/m, '');
  return withoutCounts(now) === withoutCounts(seen);
}

interface Reading {
  /** What the model's first part says; none where what is known still holds. */
  begun: Promise<{ header: Header | undefined }>;
  names: Promise<Part<NamesModel>>;
  /** All rows are with the joiner. */
  rows: Promise<void>;
  /** The transaction has ended; gives the fingerprint of what it saw. */
  done: Promise<string>;
}

/** Begins to read into the joiner. The promises settle one after the other. */
function beginReading({ client }: ReadSession, startOnce: () => Joiner, known: string | undefined): Reading {
  const names = Promise.withResolvers<Part<NamesModel>>();
  const begun = (async () => {
    const answer = (await client.query(`${begin};\n${factsSql}`)) as unknown as pg.QueryResult<FactsRow>[];
    const facts = answer.at(-1)?.rows[0];
    if (!facts) throw new Error('The server did not say what it is.');
    const { rows } = await client.query<{ catalog: string; column: string }>(readableSql, [catalogs]);
    const columns = new Map<string, Set<string>>();
    for (const { catalog, column } of rows) {
      const of = columns.get(catalog) ?? new Set();
      columns.set(catalog, of.add(column));
    }
    const print = known === undefined ? undefined : await fingerprint(client);
    const { statements, unseen } = statementsFor(columns, Math.floor(facts.version_number / 10_000));
    const header: Header = {
      at: facts.at,
      server: { version: facts.version.split(' ')[0] ?? facts.version, versionNumber: facts.version_number },
      database: facts.database,
      user: facts.user,
      unseen,
    };
    return { header: print !== undefined && print === known ? undefined : header, statements, print };
  })();
  const rows = begun.then(async ({ header, statements }) => {
    if (!header) return;
    const joiner = startOnce();
    await copyOut(
      client,
      statements.map(({ sql }) => sql),
      (index, bytes) => joiner.add(statements[index]?.name ?? '', bytes),
      (index) => {
        if (statements[index]?.name === lastOfNames) joiner.names().then(names.resolve, names.reject);
      },
    );
    // A role that may not read one of the catalogues still sees the others' names.
    if (!statements.some(({ name }) => name === lastOfNames)) names.resolve(await joiner.names());
  });
  rows.catch(names.reject);
  const done = rows.then(async () => {
    const { print } = await begun;
    const now = print ?? (await fingerprint(client));
    await client.query('COMMIT');
    return now;
  });
  // Whoever stops listening before it ends is no reason for a complaint.
  for (const one of [begun, names.promise, rows, done]) one.catch(() => undefined);
  return { begun, names: names.promise, rows, done };
}

/** What tells one state of the structure from another; empty where the role may not read all that it takes. */
async function fingerprint(client: pg.Client): Promise<string> {
  try {
    const { rows } = await client.query({ text: fingerprintSql, rowMode: 'array' });
    const [epoch, ...others] = rows as [string, string, string][];
    // Ages grow with every transaction on the server; what they have in common is taken away.
    const age = BigInt(epoch?.[2] ?? 0);
    const state = others.map(([catalog, count, sum]) =>
      catalog.startsWith('pg_')
        ? `${catalog} ${count} ${BigInt(sum ?? 0) - BigInt(count) * age}`
        : `${catalog} ${count} ${sum}`,
    );
    return [epoch?.[1], ...state].join('\n');
  } catch (error) {
    if (serverWords(error)?.sqlstate !== '42501') throw error;
    return '';
  }
}

interface FactsRow {
  version: string;
  version_number: number;
  database: string;
  user: string;
  at: number;
}

/** Something that was read about was dropped meanwhile: undefined objects, or a row that the caches miss. */
function isRace(error: unknown): boolean {
  if (error instanceof Error && error.message === droppedMeanwhile) return true;
  return /^(XX000|22P03|42P01|42704|42883|3F000)$/.test(serverWords(error)?.sqlstate ?? '');
}

interface SessionGuard {
  /** Notes that statements run on the session until the reading is done. */
  busyUntil(reading: Reading): Reading;
  giveBack(): Promise<void>;
}

/** Sees to it that whatever happens nothing goes on running on the server, and that the session is given back. */
function guardSession(needs: ReadNeeds, session: ReadSession, signal: AbortSignal | undefined): SessionGuard {
  let busy = 0;
  let cutting: Promise<void> | undefined;
  const cut = (): Promise<void> => {
    cutting ??= (async () => {
      // What runs ends by itself when its session is gone, but only once it has something to say.
      const { processID: pid } = session.client as pg.Client & { processID?: number | null };
      // Behind a pooler the backend may serve somebody else by now.
      if (pid && !session.pooled) await Promise.race([needs.stop(pid).catch(() => undefined), sleep(1000)]);
      dropSession(session.client);
    })();
    return cutting;
  };
  const onAbort = (): void => void cut();
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    busyUntil: (reading) => {
      busy += 1;
      const free = (): void => {
        busy -= 1;
      };
      reading.done.then(free, free);
      return reading;
    },
    giveBack: async () => {
      signal?.removeEventListener('abort', onAbort);
      if (busy > 0 || cutting) await cut();
      await endSoon(session.client);
    },
  };
}
