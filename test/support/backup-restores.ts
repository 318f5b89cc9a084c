import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openBackupFiles } from '../../main/backups/files/index.ts';
import { planRestore, type RestoreNeeds, restore, sourceOf } from '../../main/backups/restore/index.ts';
import { RestoreOptions, type RestorePlan, type RestoreProgress } from '../../preload/contract/backups.ts';
import { reach, testPrograms } from './backup-programs.ts';
import { standardBinaries, type TestServer } from './postgres.ts';

const run = promisify(execFile);
const bin = standardBinaries();

/** Runs pg_dump, or another of the programs, on a server as its superuser. */
export async function client(
  server: TestServer,
  program: string,
  args: string[],
  database = 'postgres',
): Promise<string> {
  const { stdout } = await run(join(bin, program), args, {
    env: {
      PATH: process.env.PATH,
      PGPASSWORD: 'postgres',
      PGHOST: '127.0.0.1',
      PGPORT: String(server.port),
      PGUSER: 'postgres',
      PGDATABASE: database,
      PGAPPNAME: 'tester',
    },
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}

const files = openBackupFiles();

export async function needsFor(
  server: TestServer,
  path: string,
  more: Partial<RestoreNeeds> = {},
): Promise<RestoreNeeds> {
  return {
    reached: await reach(server),
    programs: testPrograms(),
    source: await sourceOf(path, await files.read(path), { areProgramsHere: true }),
    ...more,
  };
}

export const optionsFor = (options: Partial<RestoreOptions> & { database: string }): RestoreOptions =>
  RestoreOptions.parse({ backup: 'x', ...options });

export interface Outcome {
  plan: RestorePlan;
  events: RestoreProgress[];
  finished: Extract<RestoreProgress, { kind: 'finished' }> | undefined;
  failed: Extract<RestoreProgress, { kind: 'failed' }> | undefined;
}

/** Plans and runs a restore to its end. */
export async function restored(
  needs: RestoreNeeds,
  given: Partial<RestoreOptions> & { database: string },
  { signal, onEvent }: { signal?: AbortSignal; onEvent?: (event: RestoreProgress) => void } = {},
): Promise<Outcome> {
  const options = optionsFor(given);
  const plan = await planRestore(needs, options);
  const events: RestoreProgress[] = [];
  for await (const event of restore({ needs, options, token: plan.token, run: 'test', signal })) {
    events.push(event);
    onEvent?.(event);
  }
  const last = events.at(-1);
  return {
    plan,
    events,
    finished: last?.kind === 'finished' ? last : undefined,
    failed: last?.kind === 'failed' ? last : undefined,
  };
}

/** Working databases that are there, and locks and sessions of restores. */
export async function leftOf(
  server: TestServer,
): Promise<{ databases: string[]; locks: number; sessions: number }> {
  const databases = await server.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datname LIKE 'howdah%'",
  );
  const [locks] = await server.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'",
  );
  const [sessions] = await server.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'howdah%'",
  );
  return {
    databases: databases.map(({ datname }) => datname),
    locks: locks?.n ?? -1,
    sessions: sessions?.n ?? -1,
  };
}
