import { randomBytes } from 'node:crypto';
import pg, { escapeIdentifier, escapeLiteral } from 'pg';
import { newName, standInName } from '../lib/scratch-names.ts';
import { dropLeftovers, dropScratch, openAdmin, type ScratchServer, takeName } from './admin.ts';
import cancelSql from './cancel.sql?raw';
import { type ScratchLimits, standardLimits, watch } from './limits.ts';
import { dropStandIns, releaseStandIn, takeStandIn } from './stand-ins.ts';

/**
 * A database of its own on the sample server for SQL that somebody else wrote. Who runs it is no superuser and owns
 * nothing else, so that it can't run programs, read this machine's files or reach other databases.
 */
export interface Scratch {
  database: string;
  /** Owns the database and, unless the SQL says otherwise, all that is made in it. */
  owner: string;
  /**
   * Opens a session that works as the owner; `RESET ROLE` and the like bring it back there. What takes too much of time,
   * disk or memory ends it, with a ScratchLimit.
   */
  connect(options?: { applicationName?: string; options?: string }): Promise<pg.Client>;
  /** Does some work on the database as the server's superuser. Never with text of the SQL's own. */
  asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T>;
  /**
   * The role that stands in for one that the SQL names, made when it is first asked for: a role of that very name may
   * be there already, and have rights. Nobody can log in as it, and it has none outside of this database. What it
   * stands for can be told from its name (`standsFor`).
   */
  roleFor(name: string): Promise<string>;
  /**
   * Sees to it that there is a role of this very name, for SQL that says it: one that nobody can log in as, shared with
   * other scratch databases and dropped with the last of them. With `isMember`, the owner may do what that one may.
   * False: a role of that name was there before, which is left alone, or the server wants none.
   */
  named(role: string, options: { isMember: boolean }): Promise<boolean>;
  /** For programs that are to work here: they work as the owner, as sessions of `connect` do. */
  login: ScratchServer;
  /** Given, with a ScratchLimit, when what works here takes too much. */
  broken: AbortSignal;
  /** Stops what a backend of this database does; its session stays. */
  stop(pid: number): Promise<void>;
  /** Drops it, its sessions and its roles. */
  close(): Promise<void>;
}

export interface ScratchNeeds {
  /** Gives the sample server, started when it does not run. `release` is called when it is not needed any more. */
  server(options: {
    signal?: AbortSignal | undefined;
    onStep?: ((step: string) => void) | undefined;
  }): Promise<{ server: ScratchServer; release(): Promise<void> }>;
}

export interface OpenScratchOptions {
  signal?: AbortSignal | undefined;
  /** Told what is being done when it takes its time. */
  onStep?: ((step: string) => void) | undefined;
}

export interface ScratchRoom {
  /** @throws what starting the sample server throws; the signal's reason */
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
  /** Drops those that are still there. */
  close(): Promise<void>;
}

/** A person's SQL may go round in circles; files of this size in kB are enough for any structure. */
const temporaryFileLimitKb = 1024 * 1024;

export function scratchRoom(needs: ScratchNeeds, limits: Partial<ScratchLimits> = {}): ScratchRoom {
  const living = new Set<Scratch>();
  return {
    openScratch: async ({ signal, onStep } = {}) => {
      const { server, release } = await needs.server({ signal, onStep });
      try {
        const scratch = await make(server, { ...standardLimits, ...limits }, { signal, onStep });
        const close = scratch.close;
        let closing: Promise<void> | undefined;
        scratch.close = () => {
          closing ??= close().finally(async () => {
            living.delete(scratch);
            await release();
          });
          return closing;
        };
        living.add(scratch);
        return scratch;
      } catch (error) {
        await release();
        throw error;
      }
    },
    close: async () => {
      await Promise.allSettled([...living].map((scratch) => scratch.close()));
    },
  };
}

async function make(
  server: ScratchServer,
  limits: ScratchLimits,
  { signal, onStep }: OpenScratchOptions,
): Promise<Scratch> {
  signal?.throwIfAborted();
  const admin = await openAdmin(server);
  const name = newName();
  const runner = `${name}_run`;
  const password = randomBytes(24).toString('base64url');
  try {
    await dropLeftovers(admin);
    signal?.throwIfAborted();
    onStep?.('Making a scratch database');
    // Taken before anything is made: another console must never find it without.
    await takeName(admin, name);
    const [owner, user] = [escapeIdentifier(name), escapeIdentifier(runner)];
    await admin.query(`CREATE ROLE ${owner} NOLOGIN`);
    await admin.query(`CREATE ROLE ${user} LOGIN PASSWORD ${escapeLiteral(password)} CONNECTION LIMIT 10`);
    await admin.query(`GRANT ${owner} TO ${user}`);
    await admin.query(`ALTER ROLE ${user} SET role = ${escapeLiteral(name)}`);
    // What is thrown away need not outlast a crash.
    await admin.query(`ALTER ROLE ${user} SET synchronous_commit = off`);
    await admin.query(`ALTER ROLE ${user} SET temp_file_limit = ${temporaryFileLimitKb}`);
    await admin.query(`CREATE DATABASE ${owner} OWNER ${owner} TEMPLATE template0 ENCODING 'UTF8'`);
    await admin.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${owner} FROM PUBLIC`);
    signal?.throwIfAborted();
  } catch (error) {
    await drop(server, admin, name);
    throw error;
  }
  const standIns = new Map<string, Promise<string>>();
  const named = new Map<string, Promise<boolean>>();
  let last: Promise<unknown> = Promise.resolve();
  const watched = watch(admin, name, limits);
  return {
    database: name,
    owner: name,
    connect: async ({ applicationName = 'howdah', options } = {}) => {
      const client = new pg.Client({
        host: server.host,
        port: server.port,
        user: runner,
        password,
        database: name,
        application_name: applicationName,
        connectionTimeoutMillis: 10_000,
        ...(options === undefined ? {} : { options }),
      });
      client.on('error', () => undefined);
      await client.connect();
      watched.take(client);
      return client;
    },
    asAdmin: async (work) => {
      const inside = await openAdmin(server, name);
      try {
        return await work(inside);
      } finally {
        await inside.end().catch(() => undefined);
      }
    },
    roleFor: (role) => {
      const known = standIns.get(role);
      if (known) return known;
      const standIn = standInName(name, role);
      const made = makeStandIn(admin, { name, runner, standIn }).then(() => standIn);
      standIns.set(role, made);
      return made;
    },
    named: (role, { isMember }) => {
      const known = named.get(role);
      if (known) return known;
      // One after the other: each is more than one statement of the same session.
      const taken = last
        .catch(() => undefined)
        .then(async () => {
          const isOurs = await takeStandIn(admin, role);
          if (isOurs && isMember)
            await admin.query(`GRANT ${escapeIdentifier(role)} TO ${escapeIdentifier(name)}`);
          return isOurs;
        });
      last = taken;
      named.set(role, taken);
      return taken;
    },
    login: { host: server.host, port: server.port, user: runner, password },
    broken: watched.broken,
    stop: async (pid) => {
      await admin.query(cancelSql, [pid, name]);
    },
    close: async () => {
      watched.end();
      const taken = await Promise.all(
        [...named].map(async ([role, isOurs]) => ((await isOurs.catch(() => true)) ? [role] : [])),
      );
      await drop(server, admin, name, taken.flat());
    },
  };
}

/**
 * What belongs to a stand-in, the runner may still change; and a stand-in may own what lies in the owner's schemas.
 * The server wants both before it gives something to another owner (PostgreSQL manual, ALTER TABLE).
 */
async function makeStandIn(
  admin: pg.Client,
  { name, runner, standIn }: { name: string; runner: string; standIn: string },
): Promise<void> {
  await admin.query(`CREATE ROLE ${escapeIdentifier(standIn)} NOLOGIN`);
  await admin.query(`GRANT ${escapeIdentifier(name)} TO ${escapeIdentifier(standIn)}`);
  await admin.query(`GRANT ${escapeIdentifier(standIn)} TO ${escapeIdentifier(runner)}`);
}

/** Over the session that holds its name, or over another one when that is gone. */
async function drop(
  server: ScratchServer,
  admin: pg.Client,
  name: string,
  named: readonly string[] = [],
): Promise<void> {
  try {
    await dropScratch(admin, name);
    for (const role of named) await releaseStandIn(admin, role);
  } catch {
    const other = await openAdmin(server).catch(() => undefined);
    // The server itself is gone: the next use drops it.
    if (!other) return;
    try {
      await dropScratch(other, name);
      // What the lost session held is free.
      await dropStandIns(other);
    } finally {
      await other.end().catch(() => undefined);
    }
  } finally {
    await admin.end().catch(() => undefined);
  }
}
