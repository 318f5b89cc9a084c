import {
  RestoreOptions,
  type RestoreProgress,
  type Verification,
} from '../../../preload/contract/backups.ts';
import { prepareExtensions, type Scratch } from '../../scratch/index.ts';
import { endSoon } from '../../servers/index.ts';
import type { Reached } from '../types.ts';
import { compareWithSource } from './comparing.ts';
import { fill } from './fill.ts';
import { FillFailure } from './fill-failure.ts';
import { inside } from './finish-database.ts';
import type { RestoreNeeds } from './needs.ts';
import { prepareRestore } from './plan.ts';
import { Refused } from './refused.ts';
import { gatherErrors } from './restore-errors.ts';
import { countable, teller } from './restore-progress.ts';
import { openTargetServer } from './target-server.ts';
import { createWorking, dropDatabase, dropLeftovers, newWorkingName } from './working-database.ts';

export interface TrialOptions {
  /**
   * Where it is tried as a role that has no rights elsewhere: a backup of somebody's own making may hold anything. Closed
   * by whoever opened it. Unless given, a working database is made where `needs` leads, by the role that goes there.
   */
  scratch?: Scratch;
  /** Compares the rows by the checksums that were taken with the dump. */
  checksums?: boolean;
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
        compareWithSource(client, needs.source, {
          rowsInScript: prepared.script.rows,
          checksums: given.checksums ?? false,
        }),
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
