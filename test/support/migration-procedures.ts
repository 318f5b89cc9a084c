import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient, implement } from '@orpc/server';
import { type Looks, openLooks } from '../../main/migrations/look.ts';
import { openNotebook } from '../../main/migrations/notebook.ts';
import { runProcedures } from '../../main/migrations/run/procedures.ts';
import { openRunning } from '../../main/migrations/running.ts';
import type { MigrationTool } from '../../main/migrations/tool.ts';
import type { RpcContext } from '../../main/rpc.ts';
import { openPool } from '../../main/servers/index.ts';
import { openStore } from '../../main/store/index.ts';
import { parseConnectionUrl } from '../../preload/contract/connection-url.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { migrationRuns, type RunAction, type RunProgress } from '../../preload/contract/migration-runs.ts';
import type { Project } from './project-folder.ts';

const contract = { migrations: migrationRuns };

/** The procedures of runs on one database (environment `e`) and project, as a console has them. */
export interface RunConsole {
  call: ContractRouterClient<typeof contract>['migrations'];
  environment: Environment;
  looks: Looks;
  /** What was noted at the environment. */
  events: string[];
  /** The key of the only track of a tool. */
  trackOf(tool: MigrationTool<never>): Promise<string>;
  /** Previews, applies or reverts, and hears it to its end. `onTell` may act meanwhile. */
  run(
    tool: MigrationTool<never>,
    action: RunAction,
    onTell?: (progress: RunProgress, run: string) => unknown,
  ): Promise<RunProgress[]>;
  close(): Promise<void>;
}

export function openRunConsole(
  url: string,
  project: Project,
  tools: readonly MigrationTool<never>[],
  { pooled = false }: { pooled?: boolean } = {},
): RunConsole {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-test-'));
  const store = openStore(folder);
  const { connection } = parseConnectionUrl(url);
  const way = { target: connection, tls: false as const, pooled };
  const pool = openPool({ connection, password: 'postgres' }, { way });
  const environment = { id: 'e', name: 'test', connection } as Environment;
  const events: string[] = [];
  const looks = openLooks({
    tools: tools as readonly MigrationTool[],
    notebook: openNotebook(store),
    pool: () => pool,
    ownFolders: () => [project.root],
  });
  const os = implement(contract).$context<RpcContext>();
  const procedures = runProcedures(os as never, {
    findEnvironment: () => environment,
    looks,
    pool: () => pool,
    running: openRunning(),
    onEvent: (id, kind, text) => events.push(`${id} ${kind}: ${text}`),
  });
  const router = os.router({ migrations: procedures } as never);
  const { migrations: call } = createRouterClient(router as never, {
    context: { who: 'tester' } as never,
  }) as ContractRouterClient<typeof contract>;
  const trackOf: RunConsole['trackOf'] = async ({ id }) => {
    const { tracks } = await looks.shown(environment);
    const [track, more] = tracks.filter(({ tool }) => tool === id);
    if (!track || more) throw new Error(`${tracks.length} tracks`);
    return track.key;
  };
  return {
    call,
    environment,
    looks,
    events,
    trackOf,
    run: async (tool, action, onTell) => {
      const on = { environment: 'e', track: await trackOf(tool) };
      const { token } = await call.preview({ ...on, action });
      const back = action.kind === 'down' || action.kind === 'redo';
      const stream = await call[back ? 'revert' : 'apply']({ ...on, action, token, lockTimeoutMs: 0 });
      const told: RunProgress[] = [];
      let run = '';
      for await (const progress of stream) {
        told.push(progress);
        if (progress.kind === 'begun') run = progress.run;
        await onTell?.(progress, run);
      }
      return told;
    },
    close: async () => {
      await pool.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
