import type pg from 'pg';
import { escapeIdentifier } from 'pg';
import {
  RestoreOptions,
  type RestoreProgress,
  type TocEntry,
  type Verification,
} from '../../../preload/contract/backups.ts';
import { prepareExtensions, type Scratch } from '../../scratch/index.ts';
import { endSoon } from '../../servers/index.ts';
import type { Reached } from '../types.ts';
import { fill } from './fill.ts';
import { FillFailure } from './fill-failure.ts';
import { inside } from './finish-database.ts';
import type { RestoreNeeds } from './needs.ts';
import { prepareRestore } from './plan.ts';
import { Refused } from './refused.ts';
import { gatherErrors } from './restore-errors.ts';
import { countable, teller } from './restore-progress.ts';
import objectsSql from './sql/objects.sql?raw';
import { openTargetServer } from './target-server.ts';
import { createWorking, dropDatabase, dropLeftovers, newWorkingName } from './working-database.ts';

export interface TrialOptions {
  /**
   * Where it is tried as a role that has no rights elsewhere: a backup of somebody's own making may hold anything. Closed
   * by whoever opened it. Unless given, a working database is made where `needs` leads, by the role that goes there.
   */
  scratch?: Scratch;
  /** The checksum of each table of the source, as `tableChecksums` gives them; compared where given. */
  checksums?: ReadonlyMap<string, string>;
  signal?: AbortSignal | undefined;
  /** `phase`, `log`, `progress` and `errors`, five in a second at most. */
  onEvent?: (event: Extract<RestoreProgress, { kind: 'phase' | 'log' | 'progress' | 'errors' }>) => void;
}

/**
 * Restores a backup into a working database of the server that `needs` leads to, compares what came of it, and drops it
 * again. Owners and privileges are left out, so that no role has to be there.
 *
 * `good`: all entries are there and all counts and checksums that are known are the same. `unproven`: it could not be
 * tried, which says nothing of the backup.
 *
 * @throws the signal's reason; ConnectFailure
 */
export async function verifyRestorable(
  asked: Omit<RestoreNeeds, 'reached'> & Partial<Pick<RestoreNeeds, 'reached'>>,
  given: TrialOptions = {},
): Promise<Verification> {
  const { signal = new AbortController().signal, onEvent } = given;
  const { scratch } = given;
  const reached = scratch ? await reachedIn(scratch) : asked.reached;
  if (!reached) throw new Error('There is no server to try it on.');
  const needs = { ...asked, reached };
  const working = scratch ? scratch.database : newWorkingName();
  const options = RestoreOptions.parse({
    backup: needs.source.path,
    database: working,
    owners: false,
    privileges: false,
  });
  const errors = gatherErrors();
  const telling = teller(
    (event) => {
      if (
        event.kind === 'phase' ||
        event.kind === 'log' ||
        event.kind === 'progress' ||
        event.kind === 'errors'
      )
        onEvent?.(event);
    },
    { errors, total: countable(needs.source.toc), bytesTotal: needs.source.streamBytes },
  );
  const server = await openTargetServer(needs.reached, working);
  const said = (state: Verification['state'], sentences: string[]): Verification => ({
    level: state === 'unproven' ? 'none' : 'restorable',
    state,
    at: Date.now(),
    said: sentences,
  });
  try {
    if (!scratch) await dropLeftovers(server.session);
    const prepared = await prepareRestore(needs, server, options, signal);
    const faults = prepared.plan.faults.filter(
      ({ cause }) => !/^(roles-missing|database-exists|no-createdb)$/.test(cause),
    );
    const damaged = faults.find(({ cause }) => /^backup-/.test(cause));
    if (damaged) return said('bad', [`${damaged.what} ${damaged.why}`]);
    if (faults.length)
      return said(
        'unproven',
        faults.map(({ what, why }) => `${what} ${why}`),
      );
    const all = AbortSignal.any([signal, server.lost]);
    telling.phase('Restoring into a scratch database');
    try {
      if (!scratch)
        await createWorking(server.session, {
          name: working,
          database: working,
          locale: prepared.locale,
          tablespace: null,
        });
      if (prepared.script.createsPublic)
        await inside(server, working, all, (client) => client.query('DROP SCHEMA IF EXISTS public'));
      else if (scratch) await makeExtensions(scratch, [...prepared.script.extensionsInPublic]);
      await fill({
        needs,
        options,
        choice: prepared.choice,
        server,
        database: working,
        teller: telling,
        errors,
        signal: all,
      });
      telling.phase('Comparing what came of it');
      const found = await inside(server, working, all, (client) =>
        compare(client, needs, prepared.script.rows, given.checksums),
      );
      return said(found.bad.length ? 'bad' : 'good', [...found.bad, ...found.good]);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FillFailure)
        return said(blamesServer(error) ? 'unproven' : 'bad', [
          `${error.problem.what} ${error.problem.why}`,
          ...(error.problem.server ? [error.problem.server.message] : []),
        ]);
      if (error instanceof Refused) return said('unproven', [error.problem.what]);
      return said('unproven', [
        `It could not be tried: ${error instanceof Error ? error.message : String(error)}`,
      ]);
    }
  } finally {
    telling.end();
    if (!scratch) await dropDatabase(server.session, working).catch(() => undefined);
    await server.close();
  }
}

/** Those that only a superuser may make, and that give nobody a way out of the scratch database. */
async function makeExtensions(scratch: Scratch, wanted: readonly string[]): Promise<void> {
  const prepared = await prepareExtensions(scratch, wanted);
  for (const name of wanted) await prepared.place(name, 'public');
  await prepared.finish();
}

/** The way of the role that works in a scratch database. */
async function reachedIn(scratch: Scratch): Promise<Reached> {
  const client = await scratch.connect({ applicationName: 'howdah restore' });
  const { host, port, user = '', password } = client;
  await endSoon(client);
  return {
    address: {
      connection: { host, port, user, database: scratch.database, sslmode: 'disable', parameters: {} },
      password: password ?? undefined,
    },
    way: { target: { host, port }, tls: false, pooled: false },
  };
}

/** The server, not the backup, is why it failed: no room, no right, or it went away. */
const blamesServer = ({ problem }: FillFailure): boolean =>
  /^(53|57|42501|58)/.test(problem.server?.sqlstate ?? '') || problem.cause === 'program-failed';

interface Found {
  good: string[];
  bad: string[];
}

async function compare(
  client: pg.Client,
  { source }: RestoreNeeds,
  rowsInScript: ReadonlyMap<string, number>,
  checksums: ReadonlyMap<string, string> | undefined,
): Promise<Found> {
  const found: Found = { good: [], bad: [] };
  const { rows: there } = await client.query<{ kind: string; schema: string | null; name: string }>(
    objectsSql,
  );
  const names = new Set(there.map(({ kind, schema, name }) => `${kind} ${schema ?? ''} ${name}`));
  const comparable = source.toc.filter(({ kind }) => compared.has(kind));
  const lacking = comparable.filter((entry) => !names.has(keyOf(entry)));
  if (lacking.length)
    found.bad.push(
      `Of ${comparable.length} objects ${lacking.length} are missing: ${listed(lacking.map(({ kind, name }) => `${kind} ${name}`))}.`,
    );
  else found.good.push(`All ${comparable.length} objects that were compared by name are there.`);

  const counted = source.rows?.map((row) => ({ ...row, name: qualified(row.schema, row.table) })) ?? [];
  const written = [...rowsInScript].map(([name, rows]) => ({ name, rows }));
  const wanted = counted.length ? counted : written;
  const wrong: string[] = [];
  for (const { name, rows } of wanted) {
    const {
      rows: [row],
    } = await client.query<{ n: string }>(`SELECT pg_catalog.count(*) AS n FROM ONLY ${name}`);
    // A partitioned table's rows are those of its parts.
    const all = row?.n === '0' && rows > 0 && counted.length ? await countAll(client, name) : Number(row?.n);
    if (all !== rows) wrong.push(`${name} has ${all} rows in place of ${rows}`);
  }
  if (wrong.length) found.bad.push(`${listed(wrong)}.`);
  else if (wanted.length)
    found.good.push(
      counted.length
        ? `The rows of ${wanted.length} tables are as many as when it was dumped.`
        : `The rows of ${wanted.length} tables are as many as the dump holds.`,
    );
  else found.good.push('How many rows its tables had is not known, so they were not compared.');
  if (checksums) {
    const now = await tableChecksums(client, [...checksums.keys()]);
    const other = [...checksums].filter(([name, sum]) => now.get(name) !== sum).map(([name]) => name);
    if (other.length) found.bad.push(`The contents of ${listed(other)} are not what they were.`);
    else found.good.push(`The contents of ${checksums.size} tables have the same checksums as their source.`);
  }
  return found;
}

async function countAll(client: pg.Client, name: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`SELECT pg_catalog.count(*) AS n FROM ${name}`);
  return Number(rows[0]?.n);
}

/**
 * A checksum of each table's rows, whatever their order, as decimal text. Settings that change how values are written
 * are fixed for the transaction, so that two servers give the same.
 *
 * @param names as SQL has them, quoted and with their schema
 */
export async function tableChecksums(
  client: pg.Client,
  names: readonly string[],
): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  await client.query(
    "BEGIN READ ONLY; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'",
  );
  try {
    for (const name of names) {
      const { rows } = await client.query<{ sum: string }>(
        `SELECT coalesce(pg_catalog.sum(pg_catalog.hashtextextended(t::text, 0)::numeric), 0)::text AS sum FROM ${name} AS t`,
      );
      sums.set(name, rows[0]?.sum ?? '');
    }
  } finally {
    await client.query('ROLLBACK');
  }
  return sums;
}

const compared = new Set([
  'TABLE',
  'VIEW',
  'MATERIALIZED VIEW',
  'SEQUENCE',
  'FOREIGN TABLE',
  'INDEX',
  'SCHEMA',
  'EXTENSION',
  'EVENT TRIGGER',
  'FUNCTION',
  'PROCEDURE',
  'AGGREGATE',
  'DOMAIN',
  'TYPE',
  'TRIGGER',
  'CONSTRAINT',
  'FK CONSTRAINT',
  'CHECK CONSTRAINT',
  'POLICY',
]);

/** As `objects.sql` names it: functions without their arguments. */
function keyOf({ kind, schema, name }: TocEntry): string {
  const isFunction = /^(FUNCTION|PROCEDURE|AGGREGATE)$/.test(kind);
  return `${isFunction ? 'FUNCTION' : kind} ${schema ?? ''} ${isFunction ? name.replace(/\(.*$/s, '') : name}`;
}

const qualified = (schema: string, table: string): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
