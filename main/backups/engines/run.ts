import type { Engine, EngineProgress } from '../../../preload/contract/backup-engines.ts';
import { following } from '../../lib/following.ts';
import { barmanBackup } from './barman.ts';
import { labelIn, pgBackRestBackup } from './pgbackrest.ts';
import { runProblem, titles } from './problems.ts';
import { type EngineRun, runAt } from './program.ts';
import { type Asking, type BackupOrder, EngineFailure } from './types.ts';
import { asTyped, isRootByName } from './where.ts';

/** The command of a backup. @throws EngineFailure when the engine makes none of that type, or has no such repository */
export async function commandOf(asking: Asking, order: BackupOrder): Promise<[string, ...string[]]> {
  if (asking.engine.kind === 'pgbackrest') return pgBackRestBackup(asking, order);
  if (order.repository !== null)
    throw new EngineFailure({
      cause: 'engine-repository-unknown',
      what: 'Barman has no repositories to choose from.',
      why: 'A server of Barman has one place for its backups.',
      next: 'Leave the repository out.',
    });
  return await barmanBackup(asking, order.type);
}

interface BackUpOptions {
  run: string;
  /** Reads the engine again. */
  reread(): Promise<Engine>;
}

/** Has the engine make a backup, tells what it says, and in the end what is there. */
export async function* backUp(
  asking: Asking,
  command: [string, ...string[]],
  { run, reread }: BackUpOptions,
): AsyncGenerator<EngineProgress, void, void> {
  const { kind, where, name } = asking.engine;
  yield { kind: 'begun', run, command: asTyped(command) };
  const before = new Set((asking.known ?? []).map(({ label }) => label));
  let label: string | undefined;
  let stopped = asking.signal;
  const events = following<EngineProgress, EngineRun | undefined>(asking.signal, async (tell, until) => {
    stopped = until;
    if (until.aborted) return undefined;
    return await runAt(where, command, {
      env: asking.env,
      signal: until,
      refuseRoot: kind === 'pgbackrest' && !isRootByName(where),
      onLine: (text) => {
        label = labelIn(text) ?? label;
        tell({ kind: 'log', text });
      },
    });
  });
  const ended = yield* events;
  const engine = await reread();
  const fresh = engine.backups.filter((one) => !before.has(one.label));
  if (ended?.code === 0) {
    // What is made is made, however late the cancel came.
    yield { kind: 'finished', engine, label: label ?? fresh[0]?.label ?? null };
    return;
  }
  const isCancelled = stopped?.aborted === true;
  const what = `The backup of ${name} was not made`;
  yield {
    kind: 'failed',
    problem:
      isCancelled || !ended
        ? {
            cause: 'cancelled',
            what: `${what}.`,
            why: 'It was cancelled.',
            next: 'Start it again when you want it.',
          }
        : await runProblem(ended, { kind, where, what }),
    state: leftBehind(engine, fresh),
    cancelled: isCancelled,
  };
}

/** What a backup that came to nothing has left, as far as the engine tells. */
function leftBehind(engine: Engine, fresh: Engine['backups']): string {
  const title = titles[engine.kind];
  if (engine.problem && engine.readAt === null) return `What is left in the repository could not be read.`;
  const failed = fresh.filter(({ state }) => state !== 'good').map(({ label }) => label);
  if (failed.length > 0)
    return `${title} lists what was begun as no good: ${failed.join(', ')}. It is removed with barman delete ${engine.name} ${failed[0]}.`;
  if (engine.unknown.some((said) => said.startsWith('A backup or another command')))
    return `${title} still holds the lock of the stanza: another command, or what is left of this one, is at work.`;
  return engine.kind === 'pgbackrest'
    ? 'No backup is listed for it. What was copied is resumed or removed by the next backup.'
    : 'No backup is listed for it.';
}
