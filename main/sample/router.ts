import { join } from 'node:path';
import type { EnvironmentColor, EnvironmentDraft, Protection } from '../../preload/contract/environments.ts';
import type { SampleProgress, SampleStatus } from '../../preload/contract/sample.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import { SampleError } from './errors.ts';
import { readSampleLoad, sampleStatus, startSample, stopSample } from './sample.ts';
import type { SampleServer, SampleSystem } from './types.ts';
import { startWorkload } from './workload.ts';

export interface SampleNeeds {
  dataFolder: string;
  /** `assets/samples`. */
  assets: string;
  /** Entry of the worker that runs the workload; without it the workload runs in this process. */
  workloadWorker: string | undefined;
  /** False for a console that ends with its one call: there would be nobody to run it. */
  runsWorkload: boolean;
  /** Makes or mends the environment of one system, and connects it. */
  putEnvironment(system: string, draft: EnvironmentDraft): Promise<void>;
  /** Lets go of the environments of a server that is about to stop. */
  releaseEnvironments(): Promise<void>;
}

export interface BorrowOptions {
  signal?: AbortSignal | undefined;
  onStep?: ((step: string) => void) | undefined;
}

export interface Borrowed {
  /** `user` is its superuser. */
  server: { host: string; port: number; user: string; password: string };
  release(): Promise<void>;
}

export interface SampleRoom {
  router: ReturnType<typeof routerOf>;
  /** Whether the server runs on this port now, perhaps from before this console. */
  runsOn(port: number): Promise<boolean>;
  /** The projects' folders that a system's migrations come from. */
  projects(system: string): string[];
  /**
   * When a system was loaded, ms since 1970, and the SHA-256 of each SQL file that was run for it, in hex, by its whole
   * path. Undefined when that is not known.
   */
  loaded(system: string): Promise<{ at: number; files: ReadonlyMap<string, string> } | undefined>;
  /**
   * The server for whoever needs it for a while; started when it does not run. It is stopped again when it was started
   * for this, by a console that ends with its one call, and nobody borrows it any more.
   * @throws UNEXPECTED, saying why it can't be had; the signal's reason
   */
  borrow(options: BorrowOptions): Promise<Borrowed>;
  /** Ends the workload, and the server when this console started it. */
  close(options: { keepServer: boolean }): Promise<void>;
}

const group = 'Sample systems';

/** Systems that do not simply get an open environment in the next free colour. */
const special: Record<string, { color: EnvironmentColor; protection: Protection }> = {
  kronos_eam_production: { color: 'red', protection: 'guarded' },
  billing: { color: 'amber', protection: 'read-only' },
};
const colors: EnvironmentColor[] = ['teal', 'indigo', 'violet', 'blue', 'lime', 'cyan'];

export function sampleRoom(os: Implementer, needs: SampleNeeds): SampleRoom {
  const running: { server: SampleServer | undefined; workload: { stop(): Promise<void> } | undefined } = {
    server: undefined,
    workload: undefined,
  };
  return {
    router: routerOf(os, needs, running),
    runsOn: async (port) => {
      const status = await sampleStatus(needs);
      return status.state === 'running' && status.port === port;
    },
    // Production's migrations are those of the same project.
    projects: (system) => [join(needs.assets, system.replace(/_production$/, ''))],
    loaded: async (system) => {
      const load = await readSampleLoad(needs);
      if (!load) return undefined;
      const files = Object.entries(load.files[system] ?? {}).map(
        ([path, sha256]) => [join(needs.assets, path), sha256] as const,
      );
      return { at: load.at, files: new Map(files) };
    },
    borrow: lender(needs, running),
    close: async ({ keepServer }) => {
      await running.workload?.stop();
      if (!keepServer) await running.server?.stop();
    },
  };
}

/** Lends the server out. Whether it ran before is asked only of the first of several borrowers. */
function lender(needs: SampleNeeds, running: Running): SampleRoom['borrow'] {
  let borrowers = 0;
  let startedForThem = false;
  return async ({ signal, onStep }) => {
    borrowers += 1;
    const release = async (): Promise<void> => {
      borrowers -= 1;
      if (borrowers > 0 || !startedForThem || needs.runsWorkload || running.server) return;
      startedForThem = false;
      await stopSample(needs);
    };
    try {
      if (borrowers === 1) startedForThem = (await sampleStatus(needs)).state !== 'running';
      const { dataFolder, assets } = needs;
      const server = await startSample({
        dataFolder,
        assets,
        onProgress: ({ step }) => onStep?.(step),
        ...(signal ? { signal } : {}),
      });
      // A console that stays keeps it until it ends, like one that somebody started.
      if (startedForThem && needs.runsWorkload) running.server ??= server;
      const { host, port, user, password } = server;
      return { server: { host, port, user, password }, release };
    } catch (error) {
      await release();
      signal?.throwIfAborted();
      throw sampleFailed(error);
    }
  };
}

interface Running {
  server: SampleServer | undefined;
  workload: { stop(): Promise<void> } | undefined;
}

function routerOf(os: Implementer, needs: SampleNeeds, running: Running) {
  const { dataFolder, assets } = needs;
  const status = async (): Promise<SampleStatus> => {
    const { state, folder, port, serverVersion, systems } = await sampleStatus({ dataFolder, assets });
    return {
      state,
      folder,
      ...(port === undefined ? {} : { port }),
      ...(serverVersion === undefined ? {} : { serverVersion }),
      systems,
      workload: running.workload !== undefined,
    };
  };

  return os.sample.router({
    status: os.sample.status.handler(status),
    start: os.sample.start.handler(async function* ({
      input,
      signal,
    }): AsyncGenerator<SampleProgress, void, void> {
      const steps: SampleProgress[] = [];
      let wake = (): void => undefined;
      const starting = startSample({
        dataFolder,
        assets,
        onProgress: (progress) => {
          steps.push(progress);
          wake();
        },
        ...(signal ? { signal } : {}),
      });
      const ended = starting.then(
        () => wake(),
        () => wake(),
      );
      let done = false;
      void ended.then(() => {
        done = true;
      });
      while (!done || steps.length > 0) {
        const step = steps.shift();
        if (step) yield step;
        else await Promise.race([ended, new Promise<void>((resolve) => (wake = resolve))]);
      }
      const server = await starting.catch((error: unknown) => {
        throw sampleFailed(error);
      });
      running.server = server;
      let index = 0;
      for (const system of server.systems) {
        await needs.putEnvironment(system.id, draftOf(server, system, index));
        index += 1;
      }
      if (input.workload && needs.runsWorkload && !running.workload) {
        running.workload = startWorkload(
          server,
          needs.workloadWorker ? { worker: needs.workloadWorker } : {},
        );
      }
      yield { step: 'The sample server is running.', done: 1, total: 1, finished: await status() };
    }),
    stop: os.sample.stop.handler(async () => {
      await running.workload?.stop();
      running.workload = undefined;
      running.server = undefined;
      await needs.releaseEnvironments();
      await stopSample({ dataFolder });
      return status();
    }),
  });
}

function draftOf(server: SampleServer, system: SampleSystem, index: number): EnvironmentDraft {
  const looks = special[system.id] ?? { color: colors[index % colors.length] ?? 'slate', protection: 'open' };
  return {
    name: system.database,
    group,
    ...looks,
    connection: {
      host: server.host,
      port: server.port,
      database: system.database,
      user: server.user,
      sslmode: 'disable',
      parameters: {},
    },
  };
}

function sampleFailed(error: unknown): Error {
  const known = error instanceof SampleError ? error : undefined;
  return fail('UNEXPECTED', {
    cause: known?.code ?? 'sample-failed',
    what: known?.what ?? 'The sample server could not be started.',
    why: known?.why ?? (error instanceof Error ? error.message : String(error)),
    next: known?.next ?? 'Its log is in the sample folder; howdah sample status names it.',
  });
}
