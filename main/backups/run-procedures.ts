import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type {
  BackupOptions,
  BackupProgress,
  RestoreOptions,
  RestoreProgress,
  Verification,
  VerifyProgress,
} from '../../preload/contract/backups.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import { following } from '../lib/following.ts';
import type { Implementer } from '../rpc.ts';
import type { OpenScratchOptions, Scratch } from '../scratch/index.ts';
import type { ProgramRoom } from './choosing.ts';
import { type BackupTask, backupKey, createBackup, planBackup } from './create/index.ts';
import { verifyReadable } from './files/index.ts';
import { defaultPath } from './naming.ts';
import { type Opened, type OpenNeeds, openBackup, sourceFrom, wantedFor } from './opened.ts';
import { refusing } from './refusals.ts';
import { planRestore, type RestoreNeeds, restore, swapBack } from './restore/index.ts';
import type { BackupRuns } from './running.ts';
import { tryOn } from './trials.ts';
import type { Reached } from './types.ts';

export interface RunNeeds extends OpenNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  programs: ProgramRoom;
  runs: BackupRuns;
  /** `server_version_num`. @throws NOT_CONNECTED */
  versionOf(environment: string): Promise<number>;
  /** @throws NOT_CONNECTED */
  reached(id: string): Reached;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
  onEvent(id: string, kind: string, text: string): void;
  /** Where backups go that are given no path. */
  folder: string;
  /** Howdah's own. */
  version: string;
}

/** Making, verifying and restoring: `plan`, `create`, `cancel`, `verify`, `planRestore`, `restore`, `swapBack`. */
export function runProcedures(os: Implementer, needs: RunNeeds) {
  const { findEnvironment, catalogue, files, programs, runs, secrets, reached, onEvent } = needs;

  const taskOf = async (
    environment: Environment,
    { options, path }: { options: BackupOptions; path?: string | undefined },
    signal: AbortSignal | undefined,
  ): Promise<BackupTask> => {
    if (path !== undefined && !isAbsolute(path)) throw relative(path);
    const server = await needs.versionOf(environment.id);
    const need = options.contents.what === 'globals' ? ('globals' as const) : ('dump' as const);
    const fit = await programs.fitting({ need, server }, options.tools);
    const { database } = environment.connection;
    const at = new Date();
    const to = path ?? defaultPath({ folder: needs.folder, environment, database, options, at });
    if (path === undefined) await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    return {
      reached: reached(environment.id),
      programs: fit.programs,
      environment: { id: environment.id, name: environment.name },
      options,
      path: to,
      version: needs.version,
      signal,
    };
  };

  const create = async function* (task: BackupTask): AsyncGenerator<BackupProgress, void, void> {
    const events = createBackup(task, {
      verifyReadable: async (path, options) =>
        await verifyReadable(files, path, { programs: await programs.all(), ...options }),
      countObjects: async (path, signal) => (await files.read(path, { signal })).toc?.length ?? null,
      key: () => backupKey(secrets),
    });
    for await (const event of events) {
      if (event.kind !== 'finished') {
        yield event;
        continue;
      }
      const backup = await catalogue.record(event.backup);
      if (backup.environment)
        onEvent(
          backup.environment,
          'backup',
          `Backup of ${backup.database ?? 'the globals'} made: ${backup.path}`,
        );
      yield { kind: 'finished', backup };
    }
  };

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
        planBackup(await taskOf(findEnvironment(input.environment), input, signal)),
      ),
    ),
    create: os.backups.create.handler(async function* ({ input, signal }) {
      const environment = findEnvironment(input.environment);
      const task = await refusing('options', () => taskOf(environment, input, signal));
      yield* runs.follow(signal, (until) => create({ ...task, signal: until }));
    }),
    cancel: os.backups.cancel.handler(({ input }) => runs.cancel(input.run)),
    verify: os.backups.verify.handler(async function* ({ input, signal }) {
      yield* runs.follow(signal, (until, run) => verified(needs, { ...input, run }, until));
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
        const restoring = await refusing('options', () => needsOf(opened, environment, options.tools));
        yield* runs.follow(signal, (until, run) =>
          noted(restore({ needs: restoring, options, token, run, signal: until }), options, (text) =>
            onEvent(environment.id, 'restore', text),
          ),
        );
      } finally {
        await opened.close();
      }
    }),
    swapBack: os.backups.swapBack.handler(async ({ input }) => {
      const environment = findEnvironment(input.environment);
      const { database, kept } = input;
      const done = await refusing('kept', () => swapBack(reached(environment.id), { database, kept }));
      onEvent(
        environment.id,
        'restore',
        `${database} is again what it was; the restored one is ${done.kept}`,
      );
      return done;
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

/** Reads a backup whole, or restores it into a scratch database of the sample server, and keeps what was found. */
async function* verified(
  needs: RunNeeds,
  input: { backup: string; passphrase?: string | undefined; level: 'readable' | 'restorable'; run: string },
  signal: AbortSignal,
): AsyncGenerator<VerifyProgress, void, void> {
  const { files, catalogue, programs } = needs;
  yield { kind: 'begun', run: input.run };
  const opened = await refusing('backup', () => openBackup(needs, input, signal));
  try {
    const { bytes } = opened.read.backup;
    const found = yield* following<VerifyProgress, Verification>(signal, async (tell, until) => {
      const onPhase = (said: string): void => tell({ kind: 'phase', said });
      let seen = 0;
      let last = 0;
      const onBytes = (more: number): void => {
        seen += more;
        if (Date.now() - last < 200) return;
        last = Date.now();
        tell({
          kind: 'progress',
          object: null,
          done: seen,
          total: bytes,
          bytes: seen,
          bytesTotal: bytes,
          remainingMs: null,
        });
      };
      onPhase('Reading the whole backup');
      const path = opened.decrypted?.path ?? opened.path;
      const sets = await programs.all();
      const readable = await verifyReadable(files, path, { programs: sets, signal: until, onBytes, onPhase });
      if (input.level === 'readable' || readable.state === 'bad') return readable;
      const scratch = await needs.openScratch({ signal: until, onStep: onPhase });
      try {
        return await tryOn(needs, opened, scratch, until, (event) => {
          if (event.kind !== 'errors') tell(event);
        });
      } finally {
        await scratch.close();
      }
    });
    const { id } = opened.known ?? {};
    const kept = id ? await catalogue.verified(id, found) : undefined;
    // What was found now; the catalogue goes on showing the best that was ever proven.
    yield { kind: 'verified', backup: { ...(kept ?? opened.read.backup), verification: found } };
  } finally {
    await opened.close();
  }
}

const relative = (path: string): Error =>
  fail('INVALID', {
    cause: 'path-relative',
    field: 'path',
    what: `"${path}" is not a whole path.`,
    why: 'The console may run somewhere else than where you typed it.',
    next: 'Give the path from the root on.',
  });

/** Where backups go that are given no path. */
export const backupFolder = (dataFolder: string): string => join(dataFolder, 'backups');
