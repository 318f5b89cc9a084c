import { join } from 'node:path';
import type { RestoreOptions, RestoreProgress } from '../../preload/contract/backups.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import type { Implementer } from '../rpc.ts';
import type { OpenScratchOptions, Scratch } from '../scratch/index.ts';
import { planBackup } from './create/index.ts';
import { type MakeNeeds, openMaking } from './making.ts';
import { type Opened, openBackup, sourceFrom, wantedFor } from './opened.ts';
import { refusing } from './refusals.ts';
import { planRestore, type RestoreNeeds, restore } from './restore/index.ts';
import type { BackupRuns } from './running.ts';
import type { Swaps } from './swaps/index.ts';
import { verifyBackup } from './verifying.ts';

export interface RunNeeds extends MakeNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  runs: BackupRuns;
  swaps: Swaps;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
}

/** Making, verifying and restoring: `plan`, `create`, `cancel`, `verify`, `planRestore`, `restore`. */
export function runProcedures(os: Implementer, needs: RunNeeds) {
  const { findEnvironment, files, programs, runs, reached, onEvent } = needs;
  const making = openMaking(needs);

  const needsOf = async (
    opened: Opened,
    environment: Environment,
    tools: string | undefined,
  ): Promise<RestoreNeeds> => {
    const server = await needs.versionOf(environment.id);
    const fit = await programs.fitting(wantedFor(opened, server), tools);
    return {
      reached: reached(environment.id),
      programs: fit.programs,
      source: await sourceFrom(opened, files, fit.programs),
    };
  };

  return {
    plan: os.backups.plan.handler(async ({ input, signal }) =>
      refusing('options', async () =>
        planBackup(await making.task(findEnvironment(input.environment), input, signal)),
      ),
    ),
    create: os.backups.create.handler(async function* ({ input, signal }) {
      const environment = findEnvironment(input.environment);
      const task = await refusing('options', () => making.task(environment, input, signal));
      yield* runs.follow(signal, (until) => making.make({ ...task, signal: until }));
    }),
    cancel: os.backups.cancel.handler(({ input }) => runs.cancel(input.run)),
    verify: os.backups.verify.handler(async function* ({ input, signal }) {
      yield* runs.follow(signal, (until, run) => verifyBackup(needs, { ...input, run }, until));
    }),
    tryOn: os.backups.tryOn.handler(async function* ({ input, signal }) {
      const { id } = findEnvironment(input.environment);
      const version = await needs.versionOf(id);
      const on = { reached: reached(id), version };
      yield* runs.follow(signal, (until, run) =>
        verifyBackup(needs, { ...input, level: 'restorable', on, run }, until),
      );
    }),
    planRestore: os.backups.planRestore.handler(async ({ input, signal }) => {
      const environment = findEnvironment(input.environment);
      return await refusing('options', async () => {
        const opened = await openBackup(needs, input.options, signal);
        try {
          return await planRestore(
            await needsOf(opened, environment, input.options.tools),
            input.options,
            signal,
          );
        } finally {
          await opened.close();
        }
      });
    }),
    restore: os.backups.restore.handler(async function* ({ input, signal }) {
      const environment = findEnvironment(input.environment);
      const { options, token } = input;
      const opened = await refusing('options', () => openBackup(needs, options, signal));
      try {
        const backup = { id: opened.known?.id ?? null, path: opened.known?.path ?? options.backup };
        const restoring = await refusing('options', () => needsOf(opened, environment, options.tools));
        yield* runs.follow(signal, (until, run) =>
          noted(
            restore({
              needs: restoring,
              options,
              token,
              run,
              signal: until,
              onKept: (kept) =>
                needs.swaps.note({ ...kept, environment: environment.id, holds: 'former', backup }),
            }),
            options,
            (text) => onEvent(environment.id, 'restore', text),
          ),
        );
      } finally {
        await opened.close();
      }
    }),
  };
}

/** Tells the environment what came of a restore. */
async function* noted(
  events: AsyncGenerator<RestoreProgress, void, void>,
  { backup, mode }: RestoreOptions,
  onEnd: (text: string) => void,
): AsyncGenerator<RestoreProgress, void, void> {
  for await (const event of events) {
    if (event.kind === 'finished')
      onEnd(
        `${backup} restored as ${event.database} (${mode})${event.kept === null ? '' : `; the one before is kept as ${event.kept}`}`,
      );
    yield event;
  }
}

/** Where backups go that are given no path. */
export const backupFolder = (dataFolder: string): string => join(dataFolder, 'backups');
