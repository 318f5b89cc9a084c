import type pg from 'pg';
import type { ServerFacts } from '../../preload/contract/environments.ts';
import {
  type Address,
  connectClient,
  dropAfter,
  dropSession,
  endSoon,
  fillTemplate,
  type KnownColumns,
  readFacts,
  type SessionWay,
  transactionSettings,
} from '../servers/index.ts';
import backendsSql from './backends.sql?raw';
import clockSql from './clock.sql?raw';
import columnsSql from './columns.sql?raw';
import countersSql from './counters.sql?raw';
import type { BackendRow, ClockRow, CounterRow, RawSample, WaitRow } from './rows.ts';
import waitsSql from './waits.sql?raw';

/** The one session that takes an environment's live samples. */
export interface SampleSession {
  facts: ServerFacts;
  way: SessionWay;
  /** The network address on the other side; undefined for sockets and behind a tunnel. */
  peer: string | undefined;
  /** One sample in one round trip. Never call it again before the last one has come back. */
  sample(withWaits: boolean): Promise<RawSample>;
  /** Asks for a sign of life, at next to no cost. */
  ping(): Promise<void>;
  close(): Promise<void>;
  /** Drops the connection without waiting for the server. */
  destroy(): void;
}

/** The server ends a sample after this long, ms: a hung one can't pile up. */
const statementTimeoutMs = 5000;
const lockTimeoutMs = 500;

/** How long the questions before the first sample may take, ms. */
const preparationMs = 10_000;

/**
 * Opens the session and asks once which columns its views have.
 *
 * @throws what connecting throws; see `diagnose`.
 */
export async function openSampleSession(
  address: Address,
  onLost: (error: Error) => void,
  signal: AbortSignal,
): Promise<SampleSession> {
  const { client, way, attempt } = await connectClient(address, {
    applicationName: 'howdah',
    statementTimeoutMs,
    lockTimeoutMs,
    onError: onLost,
    signal,
  });
  const release = dropAfter(client, preparationMs, signal);
  try {
    const facts = await readFacts(client, way);
    const columns = await readColumns(client);
    const plain = [
      fillTemplate(waitsSql, columns),
      fillTemplate(backendsSql, columns),
      countersSql,
      clockSql,
    ];
    // Behind a pooler what is prepared would stay with a session that is somebody else's next.
    const statements = way.pooled ? plain : await prepare(client, plain);
    release();
    return {
      facts,
      way,
      peer: attempt.peer,
      sample: (withWaits) => takeSample(client, withWaits ? statements : statements.slice(1), way.pooled),
      ping: async () => {
        await client.query('');
      },
      close: () => endSoon(client),
      destroy: () => dropSession(client),
    };
  } catch (error) {
    release();
    await endSoon(client);
    throw error;
  }
}

/**
 * Prepares the statements on the server, so that samples pay for planning once a session, not each time: a third
 * of their cost. Gives what to send instead of the statements.
 */
async function prepare(client: pg.Client, statements: string[]): Promise<string[]> {
  const names = statements.map((_, index) => `howdah_sample_${index}`);
  await client.query(statements.map((sql, index) => `PREPARE ${names[index]} AS ${sql}`).join(';\n'));
  return names.map((name) => `EXECUTE ${name}`);
}

/**
 * Several statements in one simple query: one round trip, one implicit read-only transaction; behind a pooler an
 * explicit one, which carries its own timeouts.
 */
async function takeSample(client: pg.Client, statements: string[], pooled: boolean): Promise<RawSample> {
  const text = statements.join(';\n');
  const answer = pooled ? await inTransaction(client, text) : await client.query(text);
  const results = (answer as unknown as pg.QueryResult[])
    .filter(({ command }) => command === 'SELECT')
    .map((one) => one.rows as unknown[]);
  const waits = results.length > 3 ? (results.shift() as WaitRow[]) : [];
  const [backends, counters, clock] = results as [BackendRow[], CounterRow[], [ClockRow]];
  return { backends, waits, counters, clock: clock[0] };
}

async function inTransaction(client: pg.Client, text: string): Promise<unknown> {
  try {
    return await client.query(
      `BEGIN READ ONLY; ${transactionSettings({ statementTimeoutMs, lockTimeoutMs })};\n${text};\nCOMMIT`,
    );
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function readColumns(client: pg.Client): Promise<KnownColumns> {
  const { rows } = await client.query<{ view: string; column: string }>(columnsSql);
  const known = new Map<string, Set<string>>();
  for (const { view, column } of rows) {
    const columns = known.get(view) ?? new Set();
    known.set(view, columns.add(column));
  }
  return known;
}
