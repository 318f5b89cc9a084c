import type pg from 'pg';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { RunEvent, StatementRisk, TabMode, TabState } from '../../../preload/contract/sql.ts';
import { Broadcast } from '../../lib/broadcast.ts';
import { fail } from '../../lib/fail.ts';
import { sleep } from '../../lib/sleep.ts';
import { connectClient, diagnose, dropSession, endSoon, serverWords } from '../../servers/index.ts';
import type { ParseStatement } from '../../sql-text/index.ts';
import type { SqlNeeds } from '../needs.ts';
import type { Results } from '../results/index.ts';
import { bind, commandOf, type Judged, judgeText } from '../script/index.ts';
import { columnsOf, nameTypes } from './columns.ts';
import { copyInto, fetchInto } from './fetch.ts';
import { type Notice, noticeTeller } from './notices.ts';
import { explainFailure, positionIn } from './problems.ts';
import { type TransactionStatus, type Wrap, wrapOf } from './wrap.ts';

export interface RunPlan {
  statements: readonly { text: string; values?: Record<string, string | null> | undefined }[];
  mode: TabMode;
  statementTimeoutMs: number;
  rowLimit: number;
  stopOnError: boolean;
  /** The server refuses to write, whatever the environment allows. */
  readOnly?: boolean | undefined;
  /** What the caller was let do. */
  allowed: StatementRisk;
}

export interface TabNeeds extends SqlNeeds {
  results: Results;
  parse: ParseStatement;
  /** A session was opened (1) or has ended (-1). */
  onSessions(by: 1 | -1): void;
}

/** A statement waits this long for a lock before it gives up, ms. */
const lockTimeoutMs = 30_000;
/** An open transaction that nobody works in ends after this long, ms: it holds locks and old rows. */
const idleTransactionMs = 15 * 60_000;
/** How long a cancelled statement may take to end, ms. */
const cancelPatienceMs = 10_000;
/** Counts of rows are told this often, ms. */
const tellMs = 60;

/** One tab of the workbench with the session that it owns: nobody else's statements ever run on it. */
export class TabSession {
  readonly #needs: TabNeeds;
  readonly #environment: string;
  readonly #tab: string;
  readonly #states = new Broadcast<TabState>();
  #client: pg.Client | undefined;
  #pooled = false;
  #opening = false;
  #lost: TabState['lost'] = null;
  #mode: TabMode = 'autocommit';
  #running: TabState['running'] = null;
  #since: number | null = null;
  #inTransaction = 0;
  #timeoutMs: number | undefined;
  #busy = false;
  #cancelled = false;
  #notices: ((notice: Notice) => void) | undefined;

  constructor(environment: string, tab: string, needs: TabNeeds) {
    this.#environment = environment;
    this.#tab = tab;
    this.#needs = needs;
    this.#publish();
  }

  follow(signal: AbortSignal | undefined): AsyncGenerator<TabState, void, void> {
    return this.#states.follow(signal);
  }

  state(): TabState {
    const status = this.#status();
    return {
      session: this.#opening ? 'opening' : this.#client ? 'open' : this.#lost ? 'lost' : 'none',
      pid: this.#pooled ? null : this.#pid(),
      mode: this.#mode,
      transaction: status === 'T' ? 'open' : status === 'E' ? 'failed' : 'none',
      transactionSince: status === 'I' ? null : this.#since,
      transactionStatements: status === 'I' ? 0 : this.#inTransaction,
      running: this.#running,
      readOnly: this.#needs.findEnvironment(this.#environment).protection === 'read-only',
      pooled: this.#pooled,
      lost: this.#lost,
    };
  }

  /**
   * Runs statements one after the other and tells what comes of each. The signal cancels what runs, on the server.
   *
   * @throws INVALID when another run is under way; NOT_CONNECTED when no session could be had
   */
  async run(plan: RunPlan, tell: (event: RunEvent) => void, signal: AbortSignal): Promise<void> {
    if (this.#busy) throw busy();
    this.#busy = true;
    const stop = (): void => void this.cancel();
    signal.addEventListener('abort', stop);
    try {
      this.#mode = plan.mode;
      await this.#needs.results.drop(this.#tab);
      for (const [nth, { text, values = {} }] of plan.statements.entries()) {
        if (signal.aborted) return;
        const judged = judgeText(text, this.#needs.parse);
        if (!(await this.#runOne(nth, text, values, judged, plan, tell, signal)) && plan.stopOnError) return;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#busy = false;
      this.#running = null;
      this.#publish();
      tell({ kind: 'state', state: this.state() });
    }
  }

  /** Commits or rolls back. @throws INVALID when a statement runs */
  async end(how: 'commit' | 'rollback'): Promise<TabState> {
    if (this.#busy) throw busy();
    if (this.#client && this.#status() !== 'I') {
      this.#busy = true;
      try {
        await this.#client.query(how === 'commit' ? 'COMMIT' : 'ROLLBACK');
        this.#count();
      } catch (error) {
        throw fail('SERVER_ERROR', explainFailure(error, false));
      } finally {
        this.#busy = false;
        this.#publish();
      }
    }
    return this.state();
  }

  /** Cancels what runs and comes back once it has ended. False when nothing ran. */
  async cancel(): Promise<boolean> {
    const client = this.#client;
    if (!this.#running || !client) return false;
    this.#cancelled = true;
    const before = this.#running;
    const pid = this.#pid();
    if (this.#pooled || pid === null) dropSession(client, new Error('Cancelled.'));
    else await this.#needs.pool(this.#environment).query('SELECT pg_catalog.pg_cancel_backend($1)', [pid]);
    const until = Date.now() + cancelPatienceMs;
    while (this.#running === before && Date.now() < until) await sleep(20);
    return true;
  }

  async close(): Promise<void> {
    const client = this.#client;
    if (client) {
      if (this.#running) await this.cancel().catch(() => undefined);
      this.#forget();
      await endSoon(client);
    }
    await this.#needs.results.drop(this.#tab);
    this.#states.close();
  }

  async #runOne(
    nth: number,
    text: string,
    given: Record<string, string | null>,
    judged: Judged,
    plan: RunPlan,
    tell: (event: RunEvent) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const from = performance.now();
    tell({ kind: 'began', nth, at: Date.now(), command: commandOf(text) });
    const ms = (): number => performance.now() - from;
    // Where the server refuses to write, it may judge for itself.
    const refused = this.#refusal(text, judged, plan.readOnly ? 'destroy' : plan.allowed);
    if (refused) {
      tell({ kind: 'failed', nth, problem: refused, position: null, ms: ms() });
      return false;
    }
    let client: pg.Client;
    try {
      client = await this.#open(signal);
    } catch (error) {
      const { address } = this.#needs.reached(this.#environment);
      const { problem } = await diagnose(error, address);
      tell({ kind: 'failed', nth, problem, position: null, ms: ms() });
      return false;
    }
    this.#notices = noticeTeller(nth, tell);
    this.#cancelled = false;
    const { text: sql, values, back } = bind(text, given, judged.takesParameters);
    let wrap: Wrap | undefined;
    try {
      await this.#setTimeout(client, plan.statementTimeoutMs);
      const environment = this.#needs.findEnvironment(this.#environment);
      wrap = wrapOf(judged, this.#circumstances(environment, plan));
      if (wrap.before) await client.query(wrap.before);
      if (this.#status() === 'T' && this.#inTransaction === 0) this.#since = Date.now();
      this.#running = { since: Date.now(), text: text.slice(0, 200) };
      this.#publish();
      const fetched = await this.#fetch(client, nth, sql, values, judged, plan, tell);
      this.#running = null;
      if (wrap.after && this.#status() === 'T') await client.query(wrap.after);
      this.#count();
      tell({ kind: 'done', nth, ms: ms(), ...fetched });
      return true;
    } catch (error) {
      this.#running = null;
      if (this.#client && wrap?.failed && this.#status() !== 'I') {
        await client.query(wrap.failed).catch(() => undefined);
      }
      this.#count();
      const position = positionIn(error, sql);
      const problem = this.#lost ?? explainFailure(error, this.#cancelled);
      tell({ kind: 'failed', nth, problem, position: position === null ? null : back(position), ms: ms() });
      return false;
    } finally {
      this.#notices = undefined;
      this.#publish();
    }
  }

  async #fetch(
    client: pg.Client,
    nth: number,
    text: string,
    values: (string | null)[],
    judged: Judged,
    plan: RunPlan,
    tell: (event: RunEvent) => void,
  ) {
    let toldAt = 0;
    const fetchPlan = {
      text,
      values,
      rowLimit: plan.rowLimit,
      begin: async (fields: pg.FieldDef[]) => {
        const result = await this.#needs.results.begin(this.#tab, columnsOf(fields));
        tell({ kind: 'columns', nth, result: result.id, columns: result.columns });
        void nameTypes(result.columns, fields, this.#needs.pool(this.#environment))
          .then((columns) => {
            result.columns = columns;
            tell({ kind: 'columns', nth, result: result.id, columns });
          })
          // Without them the columns are shown all the same.
          .catch(() => undefined);
        return result;
      },
      onRows: (result: { id: string; count(): number; bytes(): number }) => {
        last = result;
        if (performance.now() - toldAt < tellMs) return;
        toldAt = performance.now();
        tell({ kind: 'rows', nth, result: result.id, count: result.count(), bytes: result.bytes() });
      },
    };
    let last: { id: string; count(): number; bytes(): number } | undefined;
    const fetched = await (judged.copiesOut ? copyInto : fetchInto)(client, fetchPlan);
    if (last) tell({ kind: 'rows', nth, result: last.id, count: last.count(), bytes: last.bytes() });
    return fetched;
  }

  /** Why a statement is not even sent. */
  #refusal(text: string, judged: Judged, allowed: StatementRisk) {
    const rank = { read: 0, change: 1, destroy: 2 };
    if (rank[judged.risk] > rank[allowed]) {
      return {
        cause: 'needs-confirmation',
        what: `${commandOf(text)} ${judged.risk === 'destroy' ? 'takes something away' : 'changes something'}.`,
        why: 'It was sent as a statement that does less.',
        next: `Run it as one that ${judged.risk === 'destroy' ? 'destroys' : 'changes'}.`,
      };
    }
    if (!judged.copiesIn) return undefined;
    return {
      cause: 'copy-from-stdin',
      what: 'COPY … FROM stdin has no rows to read here.',
      why: 'The rows would have to come from a file of this machine.',
      next: 'Use Import, which sends a file by COPY, or howdah sql with a file.',
    };
  }

  #circumstances({ protection }: Environment, plan: RunPlan) {
    const settings = `SET LOCAL statement_timeout = ${plan.statementTimeoutMs}; SET LOCAL lock_timeout = ${lockTimeoutMs}`;
    return {
      status: this.#status(),
      mode: plan.mode,
      protection: plan.readOnly ? ('read-only' as const) : protection,
      allowed: plan.allowed,
      pooled: this.#pooled,
      settings,
    };
  }

  async #open(signal: AbortSignal): Promise<pg.Client> {
    if (this.#client) return this.#client;
    this.#opening = true;
    this.#lost = null;
    this.#publish();
    try {
      const { address } = this.#needs.reached(this.#environment);
      const { client, way } = await connectClient(address, {
        applicationName: 'howdah',
        statementTimeoutMs: 0,
        lockTimeoutMs,
        signal,
      });
      this.#pooled = way.pooled;
      if (!way.pooled) await client.query(`SET idle_in_transaction_session_timeout = ${idleTransactionMs}`);
      this.#client = client;
      this.#timeoutMs = 0;
      this.#inTransaction = 0;
      this.#needs.onSessions(1);
      let why: Error | undefined;
      client.on('error', (error) => {
        why = error;
        this.#lose(client, error);
      });
      client.once('end', () => this.#lose(client, why));
      client.on('notice', (notice) => this.#notices?.(notice));
      return client;
    } finally {
      this.#opening = false;
      this.#publish();
    }
  }

  async #setTimeout(client: pg.Client, ms: number): Promise<void> {
    if (this.#pooled || this.#timeoutMs === ms || this.#status() === 'E') return;
    await client.query(`SET statement_timeout = ${ms}`);
    this.#timeoutMs = ms;
  }

  /** The session is gone: what was open in it has been rolled back by the server. Nothing is run again by itself. */
  #lose(client: pg.Client, error: Error | undefined): void {
    if (this.#client !== client) return;
    const status = this.#status();
    const count = this.#inTransaction;
    const ran = this.#running !== null;
    this.#forget();
    const server = error && serverWords(error);
    this.#lost = {
      cause: 'session-lost',
      what: 'The session of this tab was lost.',
      why:
        status !== 'I' && count > 0
          ? `The server ended it, and rolled back its open transaction with ${count} statement${count === 1 ? '' : 's'}.`
          : ran
            ? 'It ended while a statement ran; whether that was carried out is not known here.'
            : 'The server ended it, or the network did. No transaction was open.',
      next: 'The next run opens a new one. Nothing is run again by itself.',
      ...(server ? { server } : {}),
    };
    this.#publish();
  }

  #forget(): void {
    if (this.#client) this.#needs.onSessions(-1);
    this.#client = undefined;
    this.#inTransaction = 0;
    this.#since = null;
  }

  #count(): void {
    if (this.#status() === 'I') {
      this.#inTransaction = 0;
      this.#since = null;
      return;
    }
    this.#since ??= Date.now();
    this.#inTransaction += 1;
  }

  #status(): TransactionStatus {
    return (this.#client?.getTransactionStatus() as TransactionStatus | null | undefined) ?? 'I';
  }

  #pid(): number | null {
    return (this.#client as (pg.Client & { processID?: number | null }) | undefined)?.processID ?? null;
  }

  #publish(): void {
    this.#states.publish(this.state());
  }
}

function busy(): Error {
  return fail('INVALID', {
    cause: 'tab-busy',
    what: 'This tab runs a statement already.',
    why: 'A session does one thing at a time.',
    next: 'Wait for it, cancel it, or use another tab.',
    field: 'tab',
  });
}
