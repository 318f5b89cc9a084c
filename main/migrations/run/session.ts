import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import { sleep } from '../../lib/sleep.ts';
import { endSoon, type LentSession } from '../../servers/index.ts';
import type { StateQuery } from '../tool.ts';
import { placesIn, type ReadyUnit } from './ready-unit.ts';
import { refuse } from './refusal.ts';
import cancelSql from './sql/cancel.sql?raw';

export interface RunNeeds {
  /** A session of the run's own. @throws NOT_CONNECTED */
  lend(signal?: AbortSignal): Promise<LentSession>;
  /** Another session, for looking and for cancelling. */
  query: StateQuery;
}

/** Something that a migration's text did not come through, and where. */
export class UnitFailure extends Error {
  override readonly cause: unknown;
  readonly unit: ReadyUnit;
  /** How many of its statements had been carried out before. */
  readonly done: number;

  constructor(cause: unknown, unit: ReadyUnit, done: number) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.cause = cause;
    this.unit = unit;
    this.done = done;
  }
}

export interface RunSession {
  readonly client: pg.Client;
  /** Of the server's process. */
  readonly pid: number;
  query: StateQuery;
  /**
   * Sends a migration's text as it is, by the simple protocol. While it runs, the signal cancels it on the server.
   *
   * @throws {UnitFailure}
   */
  send(unit: ReadyUnit, onStatement: StatementTeller): Promise<void>;
  /**
   * Does some statements of the run's own, such as writing a tool's row. The signal lets them come to their end, and
   * cancels them only when that takes long: when they wait for somebody else's lock. `repeatable`: what a request to
   * cancel hits that was meant for the statement before is done once more.
   */
  guarded(work: () => Promise<void>, repeatable: boolean): Promise<void>;
  /** Whether the server, or the way to it, has gone. */
  isLost(): boolean;
  end(): Promise<void>;
}

export type StatementTeller = (index: number, state: 'begun' | 'done', ms?: number) => void;

export interface SessionOptions {
  lockTimeoutMs: number;
  signal: AbortSignal;
  tell(progress: RunProgress): void;
}

/** How often the server is asked to cancel what runs, until it has. ms. */
const cancelEveryMs = 250;
/** How long a row of the tool's may take to be written once the run is cancelled. ms. */
const graceMs = 1500;

/** @throws {Refusal} behind a pooler; NOT_CONNECTED */
export async function openRunSession(needs: RunNeeds, options: SessionOptions): Promise<RunSession> {
  const { signal, lockTimeoutMs, tell } = options;
  const { client, pooled } = await needs.lend(signal);
  if (pooled) {
    await endSoon(client);
    refuse(behindPooler);
  }
  const { processID: pid, connection } = client as unknown as {
    processID: number;
    connection: NodeJS.EventEmitter;
  };
  let lost = false;
  client.once('end', () => {
    lost = true;
  });
  client.on('notice', (notice) => {
    const { severity, message } = notice as unknown as { severity?: string; message?: string };
    tell({ kind: 'notice', text: `${severity ?? 'NOTICE'}: ${message ?? ''}` });
  });
  await client.query(
    `SET statement_timeout = 0; SET lock_timeout = ${Math.trunc(lockTimeoutMs)}; SET idle_in_transaction_session_timeout = 60000`,
  );

  const cancelling = async <T>(grace: number, work: () => Promise<T>): Promise<T> => {
    const running = new AbortController();
    const watching = cancelWhenAborted(needs, pid, { wanted: signal, over: running.signal, grace });
    try {
      return await work();
    } finally {
      running.abort();
      await watching;
    }
  };

  return {
    client,
    pid,
    guarded: async (work, repeatable) => {
      const from = performance.now();
      try {
        await cancelling(graceMs, work);
      } catch (error) {
        const isStray = signal.aborted && sqlstateOf(error) === '57014' && performance.now() - from < graceMs;
        if (!isStray || !repeatable) throw error;
        await cancelling(graceMs, work);
      }
    },
    query: async <Row>(sql: string, values?: unknown[]) =>
      (values ? await client.query(sql, values) : await client.query(sql)).rows as Row[],
    send: async (unit, onStatement) => {
      let at = 0;
      let from = performance.now();
      const count = placesIn(unit);
      const onComplete = (): void => {
        if (at < count) onStatement(at, 'done', performance.now() - from);
        at += 1;
        from = performance.now();
        if (at < count) onStatement(at, 'begun');
      };
      connection.on('commandComplete', onComplete);
      if (count) onStatement(0, 'begun');
      try {
        await cancelling(0, () => submitted(client, unit.bytes));
      } catch (error) {
        throw new UnitFailure(error, unit, at);
      } finally {
        connection.off('commandComplete', onComplete);
      }
    },
    isLost: () => lost,
    end: () => endSoon(client),
  };
}

/** One text by the simple protocol; what it gives back is thrown away as it comes. */
function submitted(client: pg.Client, text: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query('');
    // The text is there in UTF-8 already, and a large one would keep everything else waiting if it went in one piece.
    query.submit = (connection) => {
      writePieces((connection as unknown as { stream: Duplex }).stream, text);
      return null as never;
    };
    // With a listener rows are not gathered.
    query.on('row', () => undefined);
    query.on('error', reject);
    query.on('end', () => resolve());
    client.query(query);
  });
}

/** Bytes that are written before others get their turn: TLS seals a piece at once, some ms a megabyte. */
const piece = 1024 * 1024;

/** A `Query` message: its type, its length with itself, the text, and a zero byte (PostgreSQL manual, "Message Formats"). */
function writePieces(stream: Duplex, text: Uint8Array): void {
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeUInt32BE(text.length + 5, 1);
  if (text.length <= piece) {
    stream.write(Buffer.concat([head, text, Buffer.alloc(1)]));
    return;
  }
  stream.write(head);
  const next = (from: number): void => {
    if (stream.destroyed) return;
    const end = Math.min(from + piece, text.length);
    const isLast = end === text.length;
    // A stream that fails tells the client, and the client the query.
    stream.write(text.subarray(from, end), (error) => {
      if (!error && !isLast) setImmediate(next, end);
    });
    if (isLast) stream.write(Buffer.alloc(1));
  };
  next(0);
}

/**
 * Asks the server to cancel, again and again until the statement has come to its end: a request that comes between two
 * statements is forgotten. Comes back when no request is under way any more.
 */
async function cancelWhenAborted(
  { query }: RunNeeds,
  pid: number,
  { wanted, over, grace }: { wanted: AbortSignal; over: AbortSignal; grace: number },
): Promise<void> {
  if (!wanted.aborted)
    await new Promise<void>((resolve) => {
      const done = (): void => {
        wanted.removeEventListener('abort', done);
        over.removeEventListener('abort', done);
        resolve();
      };
      wanted.addEventListener('abort', done);
      over.addEventListener('abort', done);
      if (over.aborted) done();
    });
  if (grace) await sleep(grace, over);
  while (!over.aborted) {
    await query(cancelSql, [pid]).catch(() => undefined);
    await sleep(cancelEveryMs, over);
  }
}

/** Whether the connection went away under a statement: then what the server did is not known from the error. */
export function isLoss(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true;
  return /^(57P0[1-4]|08)/.test(error.code ?? '');
}

export const sqlstateOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

const behindPooler = {
  cause: 'behind-pooler',
  what: 'Migrations are not run through a pooler.',
  why: 'It shares its sessions among clients by the transaction: locks and settings of a run would leak to others.',
  next: 'Give the environment the server’s own address and port, then run them.',
};
