import pg, { escapeIdentifier } from 'pg';
import type { Unseen } from '../../preload/contract/schema-model.ts';
import { type PreparedExtensions, type Scratch, ScratchLimit } from '../scratch/index.ts';
import { serverWords } from '../servers/index.ts';
import type { NamedRole } from '../sql-text/index.ts';
import { LeftOut } from './sql-left-out.ts';
import { statementFailed } from './sql-problems.ts';
import type { SqlStep } from './sql-steps.ts';

/** Needs a superuser, or the right to something that isn't this database's. */
const insufficientPrivilege = '42501';
/** The server does not have it: a setting, an extension. */
const unknownHere = new Set(['42704', '0A000', '58P01']);

const settle =
  'RESET ALL; RESET ROLE; DISCARD TEMP; DEALLOCATE ALL; SELECT pg_catalog.pg_advisory_unlock_all()';

/**
 * Runs steps into a scratch database, over one session of its runner. Who runs them may do nothing outside of this
 * database: what the server refuses for that is left out and told, all else that fails ends the run.
 */
export class SqlRun {
  readonly #scratch: Scratch;
  readonly #client: pg.Client;
  readonly #extensions: PreparedExtensions;
  readonly #leftOut = new LeftOut();
  readonly #owners: { file: string; step: SqlStep & { roles: NamedRole[] } }[] = [];
  #file = '';
  #wrapped = false;

  constructor(scratch: Scratch, client: pg.Client, extensions: PreparedExtensions) {
    this.#scratch = scratch;
    this.#client = client;
    this.#extensions = extensions;
  }

  async beginFile(name: string, inTransaction: boolean): Promise<void> {
    this.#file = name;
    this.#wrapped = inTransaction;
    if (inTransaction) await this.#client.query('BEGIN');
  }

  /** @throws INVALID with file, line, statement and the server's words */
  async step(step: SqlStep): Promise<void> {
    switch (step.kind) {
      case 'skip':
        return;
      case 'leave':
        this.#leftOut.add(step.what, this.#file, step.line, step.why);
        return;
      case 'owner':
        this.#owners.push({ file: this.#file, step });
        return;
      case 'transaction':
        await this.#run(step, step.sql);
        return;
      case 'extension':
        await this.#extension(step);
        return;
      case 'setting':
        await this.#careful(step, step.sql, unknownHere);
        return;
      case 'run':
        await this.#careful(step, await this.#withStandIns(step));
        return;
      case 'for-others':
        await this.#careful(step, await this.#withStandIns(step), new Set(), 'runner');
    }
  }

  /** @throws INVALID when the file leaves a transaction open */
  async endFile(rows: number): Promise<void> {
    const state = this.#client.getTransactionStatus();
    if (this.#wrapped && state === 'T') await this.#client.query('COMMIT');
    else if (state !== 'I') {
      await this.#client.query('ROLLBACK');
      throw statementFailed(this.#file, undefined, 'It ends within a transaction that it began.');
    }
    if (rows)
      this.#leftOut.add('COPY … FROM stdin', this.#file, undefined, 'Rows are not part of the structure.');
    await this.#client.query(settle);
  }

  /** What comes last: extensions nobody asked for go, and all is given to its owners. */
  async finish(): Promise<Unseen[]> {
    await this.#extensions.finish();
    if (this.#owners.length) await this.#client.query('SET ROLE NONE');
    // Schemas last: until then every new owner may have things in them.
    const isSchema = ({ step }: { step: SqlStep }): boolean => /^alter\s+schema\b/i.test(step.sql);
    const inOrder = [...this.#owners.filter((one) => !isSchema(one)), ...this.#owners.filter(isSchema)];
    for (const { file, step } of inOrder) {
      const sql = await this.#withStandIns(step);
      try {
        await this.#client.query(sql);
      } catch (error) {
        const words = serverWords(error);
        if (!words?.sqlstate) throw error;
        this.#leftOut.add(
          'OWNER TO',
          file,
          step.line,
          `The owner could not be set at the end: ${words.message}.`,
        );
      }
    }
    return this.#leftOut.all();
  }

  /** The statement with each role that it names replaced by the one that stands in for it. */
  async #withStandIns({ sql, roles }: SqlStep & { roles: NamedRole[] }): Promise<string> {
    let text = '';
    let from = 0;
    for (const { name, start, end } of roles) {
      text += sql.slice(from, start) + escapeIdentifier(await this.#scratch.roleFor(name));
      from = end;
    }
    return text + sql.slice(from);
  }

  async #extension(step: SqlStep & { kind: 'extension' }): Promise<void> {
    if (!this.#extensions.has(step.name)) {
      await this.#careful(step, step.sql, unknownHere);
      return;
    }
    let schema = step.schema;
    if (schema === null) {
      const { rows } = await this.#client.query<{ schema: string | null }>(
        'SELECT pg_catalog.current_schema()::text AS schema',
      );
      schema = rows[0]?.schema ?? 'public';
    }
    try {
      await this.#extensions.place(step.name, schema);
    } catch (error) {
      const words = serverWords(error);
      if (!words?.sqlstate) throw error;
      this.#leftOut.add(`CREATE EXTENSION ${step.name}`, this.#file, step.line, `${words.message}.`);
    }
  }

  /** Runs what may be refused; within a transaction that must not spoil the rest of it. */
  async #careful(
    step: SqlStep,
    sql: string,
    passing: ReadonlySet<string> = new Set(),
    as: 'owner' | 'runner' = 'owner',
  ): Promise<void> {
    const within = this.#client.getTransactionStatus() === 'T';
    try {
      if (within) await this.#client.query('SAVEPOINT howdah_step');
      if (as === 'runner') await this.#client.query('SET ROLE NONE');
      await this.#send(sql);
      if (as === 'runner') await this.#client.query('RESET ROLE');
      if (within) await this.#client.query('RELEASE SAVEPOINT howdah_step');
    } catch (error) {
      const words = serverWords(error);
      const sqlstate = words?.sqlstate ?? '';
      if (!words || (sqlstate !== insufficientPrivilege && !passing.has(sqlstate))) {
        throw this.#failed(step, error);
      }
      if (within)
        await this.#client.query('ROLLBACK TO SAVEPOINT howdah_step; RELEASE SAVEPOINT howdah_step');
      if (as === 'runner') await this.#client.query('RESET ROLE');
      // A setting that this server doesn't know changes nothing that is looked at.
      if (step.kind === 'setting') return;
      this.#leftOut.add(titleOf(step), this.#file, step.line, `${words.message}.`);
    }
  }

  async #run(step: SqlStep, sql: string): Promise<void> {
    try {
      await this.#send(sql);
    } catch (error) {
      throw this.#failed(step, error);
    }
  }

  /** Rows are let go as they come: nobody looks at them, and there may be any number. */
  #send(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const query = new pg.Query(sql);
      query.on('row', () => undefined);
      query.once('error', reject);
      query.once('end', () => resolve());
      this.#client.query(query);
    });
  }

  #failed(step: SqlStep, error: unknown): unknown {
    if (error instanceof ScratchLimit) return statementFailed(this.#file, step, `${error.message}.`);
    return serverWords(error) ? statementFailed(this.#file, step, error) : error;
  }
}

/** The words in capitals that a statement begins with: what it is, without names. */
function titleOf({ sql, ...step }: SqlStep): string {
  if (step.kind === 'extension') return `CREATE EXTENSION ${step.name}`;
  const [first = 'A statement', ...rest] =
    sql
      .slice(0, 200)
      .toUpperCase()
      .match(/[A-Z]+/g) ?? [];
  if (!/^(?:CREATE|ALTER|DROP|COMMENT)$/.test(first)) return first;
  const words = new Set([
    'OR',
    'REPLACE',
    'ON',
    'MATERIALIZED',
    'EVENT',
    'FOREIGN',
    'DATA',
    'USER',
    'TEXT',
    'SEARCH',
    'DEFAULT',
    'TRUSTED',
    'UNIQUE',
  ]);
  const end = rest.findIndex((word) => !words.has(word));
  return [first, ...rest.slice(0, end < 0 ? 1 : end + 1)].join(' ');
}
