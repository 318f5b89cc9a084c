import type { Client } from 'pg';
import { prepare } from '../../main/migrations/run/plan.ts';
import { type RunOutcome, runMigrations } from '../../main/migrations/run/run.ts';
import type { RunNeeds } from '../../main/migrations/run/session.ts';
import type { RunTarget } from '../../main/migrations/run/state-place.ts';
import type { MigrationTool, StateQuery } from '../../main/migrations/tool.ts';
import { openPool, type ServerPool } from '../../main/servers/index.ts';
import { parseConnectionUrl } from '../../preload/contract/connection-url.ts';
import type { RunAction, RunPlan, RunProgress } from '../../preload/contract/migration-runs.ts';
import { tableOf } from './migration-tracks.ts';
import type { TestServer } from './postgres.ts';
import type { Project } from './project-folder.ts';

/** The runner on one database and project, with a pool as the console has it. */
export interface Runner {
  pool: ServerPool;
  needs: RunNeeds;
  target(): Promise<RunTarget>;
  plan(action: RunAction): Promise<RunPlan>;
  /** Plans and runs; `told` gathers what is told. */
  run(action: RunAction, options?: Partial<RunnerOptions>): Promise<RunOutcome & { told: RunProgress[] }>;
  close(): Promise<void>;
}

export interface RunnerOptions {
  token: string;
  lockTimeoutMs: number;
  retries: number;
  lockWaitMs: number;
  signal: AbortSignal;
  way: 'forward' | 'back';
  onTell(progress: RunProgress): unknown;
}

export async function openRunner<State>(
  server: TestServer,
  database: string,
  project: Project,
  tool: MigrationTool<State>,
  user = 'postgres',
): Promise<Runner> {
  const url = server.url(database, user);
  const { connection } = parseConnectionUrl(url);
  const pool = openPool(
    { connection, password: 'postgres' },
    { way: { target: { host: '127.0.0.1', port: server.port }, tls: false, pooled: false } },
  );
  const query: StateQuery = <Row>(sql: string, values?: unknown[]) =>
    pool.query<Record<string, unknown>>(sql, values) as Promise<Row[]>;
  const needs: RunNeeds = { lend: pool.lend, query };
  const client: Client = await server.connect({ database });
  const own = tool as MigrationTool;
  const target = async (): Promise<RunTarget> => {
    const [location] = await own.locate(await project.look());
    if (!location) throw new Error(`${tool.id} is not found in the project`);
    const table = await tableOf(tool as MigrationTool<never>, client);
    return { tool: own, table, project: project.root, location };
  };
  return {
    pool,
    needs,
    target,
    plan: async (action) => (await prepare(await target(), action, query)).plan,
    run: async (action, { onTell, ...options } = {}) => {
      const told: RunProgress[] = [];
      const where = await target();
      const token = options.token ?? (await prepare(where, action, query)).plan.token;
      const back = action.kind === 'down' || action.kind === 'redo';
      const outcome = await runMigrations(needs, where, {
        action,
        way: back ? 'back' : 'forward',
        lockTimeoutMs: 4000,
        retries: 5,
        signal: new AbortController().signal,
        ...options,
        token,
        tell: (progress) => {
          told.push(progress);
          onTell?.(progress);
        },
      });
      return { ...outcome, told };
    },
    close: async () => {
      await pool.close();
      await client.end();
    },
  };
}
