import type { RestoreOptions, RestoreProgress } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { following } from '../../lib/following.ts';
import { serverWords } from '../../servers/index.ts';
import { FillFailure } from './fill-failure.ts';
import type { RestoreNeeds } from './needs.ts';
import { chosen, prepareRestore } from './plan.ts';
import { Refused, underWay } from './refused.ts';
import { restoreAside } from './restore-aside.ts';
import { gatherErrors } from './restore-errors.ts';
import { restoreOver } from './restore-over.ts';
import { countable, teller } from './restore-progress.ts';
import { lockOf, openTargetServer, systemOf, type TargetServer, takeLock } from './target-server.ts';
import { dropLeftovers } from './working-database.ts';

export interface RestoreRun {
  needs: RestoreNeeds;
  options: RestoreOptions;
  /** Of the plan that was shown. */
  token: string;
  /** The run's own name, for whoever cancels it. */
  run: string;
  signal?: AbortSignal | undefined;
  /** A swap was done: hears of it whoever listens to the run. */
  onKept?: ((kept: KeptBySwap) => void) | undefined;
}

/** What a swap keeps on a server. */
export interface KeptBySwap {
  /** The server's system identifier; null where it may not be asked. */
  system: string | null;
  database: string;
  kept: string;
  oid: number;
}

/**
 * Restores a backup as its mode promises, and tells how it goes: `begun` first, `finished` or `failed` last. It never
 * throws for what goes wrong. Whoever stops reading cancels it, and gets control back once all is as the mode promises.
 */
export async function* restore(given: RestoreRun): AsyncGenerator<RestoreProgress, void, void> {
  yield { kind: 'begun', run: given.run };
  yield* following(given.signal, (tell: (event: RestoreProgress) => void, signal) =>
    work(given, tell, signal),
  );
}

async function work(
  { needs, options, token, onKept }: RestoreRun,
  tell: (event: RestoreProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const from = performance.now();
  const errors = gatherErrors();
  const total = needs.source.format === 'plain' ? null : countable(chosen(needs.source, options));
  const telling = teller(tell, {
    errors,
    total,
    bytesTotal: needs.source.format === 'plain' ? needs.source.streamBytes : null,
  });
  /** What is left should it fail now. */
  const outcome = { state: 'Nothing was changed.' };
  let server: TargetServer | undefined;
  try {
    signal.throwIfAborted();
    telling.phase('Looking at the backup and the server');
    server = await openTargetServer(needs.reached, options.database);
    await begin(server, options);
    const prepared = await prepareRestore(needs, server, options, signal);
    const [fault] = prepared.plan.faults;
    if (fault) throw new Refused(fault);
    if (prepared.plan.token !== token) throw new Refused(changedSince);
    const all = AbortSignal.any([signal, server.lost]);
    if (needs.source.check) {
      telling.phase('Reading the whole backup');
      const { state, said } = await needs.source.check(all);
      all.throwIfAborted();
      if (state === 'bad') throw new Refused(damaged(said));
    }
    const running = { needs, options, prepared, server, teller: telling, errors, signal: all, outcome };
    const { kept } = options.mode === 'clean' ? await restoreOver(running) : await restoreAside(running);
    if (kept !== null && options.mode === 'swap' && prepared.target) {
      const { oid } = prepared.target;
      const system = await systemOf(server.session);
      try {
        onKept?.({ system, database: options.database, kept, oid });
      } catch (error) {
        // It is done all the same, and known by its name.
        telling.log(
          `That ${kept} is kept could not be noted: ${error instanceof Error ? error.message : error}`,
        );
      }
    }
    if (total !== null) telling.move({ done: total });
    telling.end();
    tell({
      kind: 'finished',
      database: options.database,
      kept,
      errors: errors.count,
      ms: Math.round(performance.now() - from),
    });
  } catch (error) {
    telling.end();
    tell({
      kind: 'failed',
      problem: problemOf(error, signal, server),
      state: outcome.state,
      cancelled: signal.aborted,
    });
  } finally {
    telling.end();
    await server?.close();
  }
}

/** @throws {Refused} while another restore to the same name goes on */
async function begin(server: TargetServer, { database }: RestoreOptions): Promise<void> {
  if (!(await takeLock(server.session, lockOf(database)))) throw new Refused(underWay(database));
  await dropLeftovers(server.session);
}

function problemOf(error: unknown, signal: AbortSignal, server: TargetServer | undefined): Explanation {
  if (error instanceof FillFailure || error instanceof Refused) return error.problem;
  if (signal.aborted)
    return {
      cause: 'cancelled',
      what: 'The restore was cancelled.',
      why: 'Somebody asked for it.',
      next: 'Start it again when you want to.',
    };
  if (server?.lost.aborted)
    return {
      cause: 'connection-lost',
      what: 'The connection to the server was lost.',
      why: error instanceof Error ? error.message : String(error),
      next: 'Look whether the server runs, then start the restore again.',
    };
  const words = serverWords(error);
  return {
    cause: 'restore-failed',
    what: 'The restore failed.',
    why: error instanceof Error ? error.message : String(error),
    next: 'The server’s words are below; try again once the cause is mended.',
    ...(words ? { server: words } : {}),
  };
}

const changedSince: Explanation = {
  cause: 'plan-outdated',
  what: 'Something has changed since the plan was made.',
  why: 'The backup, the target or the options are not what they were.',
  next: 'Look at the new plan and start again.',
};

const damaged = (said: readonly string[]): Explanation => ({
  cause: 'backup-damaged',
  what: 'The backup is damaged.',
  why: said.join(' ') || 'It could not be read to its end.',
  next: 'Take another backup; nothing was restored from this one.',
});
