import { escapeIdentifier } from 'pg';
import type { RestoreOptions } from '../../../preload/contract/backups.ts';
import { sleep } from '../../lib/sleep.ts';
import { traitsOf } from './database-traits.ts';
import { fill } from './fill.ts';
import { scriptFailed } from './fill-failure.ts';
import { analyse, inside, runAfter, takesTraits } from './finish-database.ts';
import type { RestoreNeeds } from './needs.ts';
import type { PreparedRestore } from './plan.ts';
import type { Restored, Running } from './running.ts';
import { forDatabase } from './script-facts.ts';
import nameOfSql from './sql/name-of.sql?raw';
import { commentOn, freeKeptName, renameAll } from './swap.ts';
import { only, openTargetServer, type TargetServer, takeLock } from './target-server.ts';
import { createWorking, dropDatabase, newWorkingName, replacedComment } from './working-database.ts';

/** How long a server that went away is waited for, to leave things in order, ms. */
const patienceMs = 20_000;

/**
 * Restores into a working database and gives it its name once it is complete. Whatever happens before leaves the target
 * as it was; the working database is dropped, at the next restore if not now.
 */
export async function restoreAside(running: Running): Promise<Restored> {
  const { options, prepared, server, teller, signal, outcome, needs } = running;
  const working = newWorkingName();
  let oid: number | undefined;
  try {
    teller.phase('Making a working database');
    await createWorking(server.session, {
      name: working,
      database: options.database,
      locale: prepared.locale,
      tablespace: prepared.target?.tablespace ?? null,
    });
    oid = await oidOf(server, working);
    if (prepared.script.createsPublic && !options.only)
      await inside(server, working, signal, (client) => client.query('DROP SCHEMA IF EXISTS public'));
    teller.phase('Restoring into the working database');
    await fill({ ...running, choice: prepared.choice, database: working });
    const { after } = options;
    if (after !== undefined) {
      teller.phase('Running the SQL script');
      await inside(server, working, signal, (client) => runAfter(client, after)).catch((error: unknown) => {
        throw scriptFailed(error);
      });
    }
    teller.phase('Analysing the tables');
    await inside(server, working, signal, (client) => analyse(client, needs.source.toc));
    signal.throwIfAborted();
    teller.phase(options.mode === 'new' ? 'Giving it its name' : 'Taking the place of the present database');
    return await finish(running, working);
  } catch (error) {
    const left = await leaveInOrder(running, working, oid);
    if (left.isDone) return { kept: left.kept };
    outcome.state = left.state;
    throw error;
  }
}

/** Everything here is one transaction; only then something is dropped. */
async function finish({ options, prepared, server, teller }: Running, working: string): Promise<Restored> {
  const { database, mode } = options;
  const { session } = server;
  const { target } = prepared;
  if (mode === 'new' || !target) {
    const traits = takesTraits(options) ? await traitsInDump(server, prepared, options, working) : [];
    await renameAll(
      server,
      [{ from: working, to: database }],
      [
        `GRANT CONNECT, TEMPORARY ON DATABASE ${escapeIdentifier(database)} TO PUBLIC`,
        `COMMENT ON DATABASE ${escapeIdentifier(database)} IS NULL`,
        ...traits,
      ],
    );
    return { kept: null };
  }
  const traits = await traitsOf(session, target, database);
  if (mode === 'swap') {
    const kept = await freeKeptName(session, database);
    await renameAll(
      server,
      [
        { from: database, to: kept },
        { from: working, to: database },
      ],
      traits,
    );
    return { kept };
  }
  const replaced = newWorkingName();
  await takeLock(session, replaced);
  await renameAll(
    server,
    [
      { from: database, to: replaced },
      { from: working, to: database },
    ],
    [...traits, commentOn(replaced, replacedComment(database))],
  );
  try {
    await dropDatabase(session, replaced);
    return { kept: null };
  } catch (error) {
    teller.log(
      `${replaced}, which was ${database}, could not be dropped: ${error instanceof Error ? error.message : error}`,
    );
    return { kept: replaced };
  }
}

/** What the dump says of its database, as far as the server takes it: settings, comment, privileges, owner. */
async function traitsInDump(
  { session }: TargetServer,
  { script }: PreparedRestore,
  options: RestoreOptions,
  working: string,
): Promise<string[]> {
  const taken: string[] = [];
  for (const text of script.ofDatabase) {
    if (!options.privileges && /^(GRANT|REVOKE) /.test(text)) continue;
    if (!options.owners && / OWNER TO /.test(text)) continue;
    const trial = forDatabase(text, escapeIdentifier(working));
    const real = forDatabase(text, escapeIdentifier(options.database));
    if (trial === undefined || real === undefined) continue;
    try {
      await session.query('BEGIN');
      await session.query(trial);
      taken.push(real);
    } catch {
      // A role or setting that is not there: the database is the same without it.
    } finally {
      await session.query('ROLLBACK');
    }
  }
  return taken;
}

interface Left {
  /** The server carried it out, though it could not say so. */
  isDone: boolean;
  kept: string | null;
  state: string;
}

/** Drops the working database, over a new session where the old one is gone, and says what is left. */
async function leaveInOrder(
  { needs, options, server, prepared }: Running,
  working: string,
  oid: number | undefined,
): Promise<Left> {
  const { database, mode } = options;
  const promised =
    mode === 'new'
      ? 'Nothing is left of it on the server.'
      : `${database} is as it was and takes connections.`;
  const over = server.lost.aborted ? await again(needs, database) : server;
  if (!over)
    return {
      isDone: false,
      kept: null,
      state: `${mode === 'new' ? '' : `${database} was not touched. `}The working database ${working} is left; it is dropped at the next restore.`,
    };
  try {
    if (oid !== undefined && (await nameOf(over, oid)) === database) {
      const old = prepared.target ? await nameOf(over, prepared.target.oid) : null;
      if (mode === 'swap' || old === undefined) return { isDone: true, kept: old ?? null, state: '' };
      // It bears a working database's name and comment: if it can't be dropped now, the next restore does.
      if (old !== null) await dropDatabase(over.session, old).catch(() => undefined);
      return { isDone: true, kept: null, state: '' };
    }
    await dropDatabase(over.session, working);
    return { isDone: false, kept: null, state: promised };
  } catch {
    return {
      isDone: false,
      kept: null,
      state: `${mode === 'new' ? '' : `${promised} `}The working database ${working} is left; it is dropped at the next restore.`,
    };
  } finally {
    if (over !== server) await over.close();
  }
}

async function again(needs: RestoreNeeds, database: string): Promise<TargetServer | undefined> {
  for (const until = performance.now() + patienceMs; performance.now() < until; await sleep(500)) {
    const server = await openTargetServer(needs.reached, database).catch(() => undefined);
    if (server) return server;
  }
  return undefined;
}

async function oidOf({ session }: TargetServer, name: string): Promise<number> {
  return (
    await only<{ oid: number }>(session, 'SELECT oid FROM pg_catalog.pg_database WHERE datname = $1', [name])
  ).oid;
}

async function nameOf({ session }: TargetServer, oid: number): Promise<string | undefined> {
  const { rows } = await session.query<{ name: string }>(nameOfSql, [oid]);
  return rows[0]?.name;
}
