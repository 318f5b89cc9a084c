import type pg from 'pg';
import type { ServerFacts } from '../../preload/contract/environments.ts';
import {
  type Address,
  connectClient,
  fillTemplate,
  type KnownColumns,
  readFacts,
  type Tls,
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
  tls: Tls;
  /** One sample in one round trip. Never call it again before the last one has come back. */
  sample(withWaits: boolean): Promise<RawSample>;
  close(): Promise<void>;
  /** Drops the connection without waiting for the server. */
  destroy(): void;
}

/** The server ends a sample after this long, ms: a hung one can't pile up. */
const statementTimeoutMs = 5000;

/**
 * Opens the session and asks once which columns its views have.
 *
 * @throws what connecting throws; see `explainFailure`.
 */
export async function openSampleSession(
  address: Address,
  onLost: (error: Error) => void,
): Promise<SampleSession> {
  const { client, tls } = await connectClient(address, {
    applicationName: 'howdah',
    statementTimeoutMs,
    lockTimeoutMs: 500,
    onError: onLost,
  });
  try {
    const facts = await readFacts(client, tls !== false);
    const columns = await readColumns(client);
    const plain = [
      fillTemplate(waitsSql, columns),
      fillTemplate(backendsSql, columns),
      countersSql,
      clockSql,
    ];
    let statements = await prepare(client, plain);
    return {
      facts,
      tls,
      sample: async (withWaits) => {
        const chosen = (): string[] => (withWaits ? statements : statements.slice(1));
        try {
          return await takeSample(client, chosen());
        } catch (error) {
          // A pooler has put another session behind this one: it does not know what was prepared.
          if (statements === plain || !(error instanceof Error && 'code' in error && error.code === '26000'))
            throw error;
          statements = plain;
          return await takeSample(client, chosen());
        }
      },
      close: () => client.end(),
      destroy: () => {
        // pg has no public way to drop a connection that does not answer.
        (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
      },
    };
  } catch (error) {
    await client.end().catch(() => undefined);
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

/** Several statements in one simple query: one round trip, one implicit read-only transaction. */
async function takeSample(client: pg.Client, statements: string[]): Promise<RawSample> {
  const answer = (await client.query(statements.join(';\n'))) as unknown as pg.QueryResult[];
  const results = answer.map((one) => one.rows as unknown[]);
  const waits = results.length > 3 ? (results.shift() as WaitRow[]) : [];
  const [backends, counters, clock] = results as [BackendRow[], CounterRow[], [ClockRow]];
  return { backends, waits, counters, clock: clock[0] };
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
