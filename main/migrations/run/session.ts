import pg from 'pg';
import type { RunProgress } from '../../../preload/contract/migrations.ts';
import { sleep } from '../../lib/sleep.ts';
import { endSoon, type LentSession } from '../../servers/index.ts';
import type { StateQuery } from '../tool.ts';
import { placesIn, type ReadyUnit } from './analysis.ts';
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

  return {
    client,
    pid,
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
      const running = new AbortController();
      const cancelling = cancelWhenAborted(needs, pid, signal, running.signal);
      try {
        await submitted(client, unit.text);
      } catch (error) {
        throw new UnitFailure(error, unit, at);
      } finally {
        connection.off('commandComplete', onComplete);
        running.abort();
        await cancelling;
      }
    },
    isLost: () => lost,
    end: () => endSoon(client),
  };
}

/** One text by the simple protocol; what it gives back is thrown away as it comes. */
function submitted(client: pg.Client, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query(text);
    // With a listener rows are not gathered.
    query.on('row', () => undefined);
    query.on('error', reject);
    query.on('end', () => resolve());
    client.query(query);
  });
}

/**
 * Asks the server to cancel, again and again until the statement has come to its end: a request that comes between two
 * statements is forgotten. Comes back when no request is under way any more.
 */
async function cancelWhenAborted(
  { query }: RunNeeds,
  pid: number,
  wanted: AbortSignal,
  over: AbortSignal,
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
