import type { Environment } from '../../../preload/contract/environments.ts';
import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { masked } from '../../lib/mask.ts';
import type { Implementer } from '../../rpc.ts';
import type { ServerPool } from '../../servers/index.ts';
import { checkedFolder, type Looks } from '../look.ts';
import type { Running } from '../running.ts';
import type { TrackInside } from '../status.ts';
import { createMigration } from './create.ts';
import { markMigration } from './mark.ts';
import { prepare } from './plan.ts';
import { refuse, refusing } from './refusal.ts';
import { type RunOptions, type RunOutcome, runMigrations } from './run.ts';
import type { RunNeeds } from './session.ts';
import type { RunTarget } from './state-place.ts';

export interface RunRouterNeeds {
  findEnvironment(ref: string): Environment;
  running: Running;
  looks: Looks;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /** Notes something at the environment's history. */
  onEvent(id: string, kind: string, text: string): void;
}

/** The part of the room that runs plain SQL migrations itself. */
export function runProcedures(os: Implementer, needs: RunRouterNeeds) {
  const { findEnvironment, looks, onEvent, running } = needs;
  const needsOf = ({ id }: Environment): RunNeeds => {
    const pool = needs.pool(id);
    return {
      lend: pool.lend,
      query: <Row>(sql: string, values?: unknown[]) =>
        pool.query<Record<string, unknown>>(sql, values) as Promise<Row[]>,
    };
  };
  const targetOf = async (
    environment: Environment,
    { track, folders }: { track: string; folders: string[] },
  ): Promise<RunTarget> => runTarget(await looks.track(environment, track, folders.map(checkedFolder)));

  const run = async function* (
    way: RunOptions['way'],
    input: { environment: string; track: string; folders: string[] } & Pick<
      RunOptions,
      'action' | 'token' | 'lockTimeoutMs' | 'retries'
    >,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<RunProgress, void, void> {
    const environment = findEnvironment(input.environment);
    const target = await refusing('action', () => targetOf(environment, input));
    const { action, token, lockTimeoutMs, retries } = input;
    const noted = (outcome: RunOutcome): void => {
      const text = eventText(target, outcome);
      if (text) onEvent(environment.id, 'migration', masked(text));
    };
    yield* running.follow(environment.id, signal, (tell, until) =>
      refusing('action', async () => {
        const options = { action, token, way, lockTimeoutMs, retries, signal: until, tell };
        noted(await runMigrations(needsOf(environment), target, options));
      }),
    );
  };

  return {
    preview: os.migrations.preview.handler(async ({ input, signal }) => {
      const environment = findEnvironment(input.environment);
      return await refusing('action', async () => {
        const target = await targetOf(environment, input);
        const { plan } = await prepare(target, input.action, needsOf(environment).query, { signal });
        if (needs.pool(environment.id).pooled) plan.warnings.unshift(pooledWarning);
        return plan;
      });
    }),
    apply: os.migrations.apply.handler(({ input, signal }) => run('forward', input, signal)),
    revert: os.migrations.revert.handler(({ input, signal }) => run('back', input, signal)),
    mark: os.migrations.mark.handler(async ({ input, signal }): Promise<MigrationStatus> => {
      const environment = findEnvironment(input.environment);
      const done = await refusing('mark', async () => {
        const target = await targetOf(environment, input);
        const text = await markMigration(needsOf(environment), target, input.mark, signal);
        return `${target.tool.title}: ${text}`;
      });
      onEvent(environment.id, 'migration', done);
      return await looks.shown(environment, input.folders.map(checkedFolder));
    }),
    cancelRun: os.migrations.cancelRun.handler(({ input }) =>
      running.cancel(findEnvironment(input.environment).id, input.run),
    ),
    create: os.migrations.create.handler(async ({ input }) =>
      refusing('name', async () => {
        const { tool, project, location } = await targetOf(findEnvironment(input.environment), input);
        const files = await createMigration({ tool: tool.id, project, folder: location.folder }, input.name);
        return { files };
      }),
    ),
  };
}

const pooledWarning =
  'A pooler stands between here and the server: the run is refused until the environment has the server’s own address.';

/** @throws {Refusal} where there is no folder, or the tool is not run from here */
export function runTarget({ pair: { tool, table, place }, track }: TrackInside): RunTarget {
  if (tool.runner !== 'own')
    refuse({
      cause: 'tool-driven',
      what: `${tool.title} is not run by Howdah itself.`,
      why: 'Its migrations are programs, or its rules are its own.',
      next: 'Run its own command from here instead.',
    });
  if (!place)
    refuse({
      cause: 'folder-missing',
      what: `There are no files for ${track.key}.`,
      why: 'No folder that is linked to this environment belongs to its table.',
      next: 'Link the project’s folder.',
    });
  return { tool, table, project: place.project, location: place.location };
}

function eventText({ tool, location }: RunTarget, { ran, failed, cancelled, from, to }: RunOutcome): string {
  const where = `${tool.title}, ${location.folder || 'the project’s folder'}`;
  const steps = `${ran} migration${ran === 1 ? '' : 's'}`;
  if (failed) return `${where}: ${steps} run from ${from}, then ${failed.problem.what} ${failed.state}`;
  if (!ran) return '';
  return cancelled
    ? `${where}: ${steps} run from ${from}, then cancelled on the way to ${to}`
    : `${where}: ${steps} run, from ${from} to ${to}`;
}
