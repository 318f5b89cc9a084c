import { setTimeout as delay } from 'node:timers/promises';
import { Client, type QueryResultRow } from 'pg';
import type { SampleConnection } from './types.ts';

/** Whose session it is. */
export interface SessionTarget {
  database: string;
  user: string;
  application: string;
}

/** What a piece of the workload does with its session. */
export type Work = (session: Session) => Promise<void>;

const FIRST_RETRY = 250;
const LONGEST_RETRY = 5000;

/**
 * One session of the workload. It connects by itself, again and again with growing pauses when the server is away,
 * and does one piece of work at a time.
 */
export class Session {
  readonly target: SessionTarget;
  /** Of the backend, while connected. */
  pid: number | undefined;
  #client: Client | undefined;
  #busy = false;
  readonly #connection: SampleConnection;
  readonly #statements: ReadonlyMap<string, string>;
  readonly #signal: AbortSignal;

  constructor(
    connection: SampleConnection,
    statements: ReadonlyMap<string, string>,
    target: SessionTarget,
    signal: AbortSignal,
  ) {
    this.#connection = connection;
    this.#statements = statements;
    this.target = target;
    this.#signal = signal;
    void this.#connect();
  }

  /** Whether it can take work now. */
  get isFree(): boolean {
    return this.#client !== undefined && !this.#busy;
  }

  /**
   * Does a piece of work, or nothing when the session is busy or not connected: the workload never queues up.
   * A transaction that the work left open is rolled back.
   * @throws what the work threw, unless the connection was lost or the workload is being stopped
   */
  async use(work: Work): Promise<void> {
    const client = this.#client;
    if (!client || this.#busy) return;
    this.#busy = true;
    try {
      await work(this);
    } catch (error) {
      const alive = this.#client === client && !this.#signal.aborted && !isFarewell(error);
      if (!alive) return;
      // A broken connection may be told to the statement before it is told to the session.
      const rolledBack = await client.query('ROLLBACK').then(
        () => true,
        () => false,
      );
      if (rolledBack) throw error;
    } finally {
      this.#busy = false;
    }
  }

  /** Runs a statement of the systems' `workload` folders, by its name (`billing/customer`). */
  async run<Row extends QueryResultRow>(name: string, values: (string | number)[] = []): Promise<Row[]> {
    const text = this.#statements.get(name);
    if (text === undefined) throw new Error(`the workload has no statement ${name}`);
    const result = await this.#open().query<Row>(text, values);
    return result.rows;
  }

  async begin(): Promise<void> {
    await this.#open().query('BEGIN');
  }

  async commit(): Promise<void> {
    await this.#open().query('COMMIT');
  }

  async rollback(): Promise<void> {
    await this.#open().query('ROLLBACK');
  }

  /** Does nothing for some ms, which shows as an idle session or an idle transaction. */
  async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#signal });
  }

  /** Ends the connection; a statement under way is cut off. */
  async end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  #open(): Client {
    if (!this.#client) throw new Error('the connection is lost');
    return this.#client;
  }

  async #connect(): Promise<void> {
    let pause = FIRST_RETRY;
    while (!this.#signal.aborted) {
      if (await this.#tryConnect()) return;
      await delay(pause, undefined, { signal: this.#signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_RETRY);
    }
  }

  async #tryConnect(): Promise<boolean> {
    const client = new Client({
      host: this.#connection.host,
      port: this.#connection.port,
      password: this.#connection.password,
      user: this.target.user,
      database: this.target.database,
      application_name: this.target.application,
      connectionTimeoutMillis: 2000,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      if (this.#signal.aborted) throw new Error('stopped');
      client.once('end', () => this.#lost(client));
      this.pid = rows[0]?.pid;
      this.#client = client;
      return true;
    } catch {
      await client.end().catch(() => undefined);
      return false;
    }
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.pid = undefined;
    void this.#connect();
  }
}

/** The server's last words to a session, which may come before the connection is seen to be closed (class 57P). */
function isFarewell(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^57P/.test(String(error.code));
}
