import type { Environment } from '../../preload/contract/environments.ts';
import type { MigrationStatus } from '../../preload/contract/migrations.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import type { ModelTools } from '../schema/index.ts';
import type { OpenScratchOptions, Scratch } from '../scratch/index.ts';
import type { ServerPool } from '../servers/index.ts';
import type { Store } from '../store/index.ts';
import { checkHome, isAsFound } from './describing.ts';
import { driveProcedures } from './drive/procedures.ts';
import type { Reached } from './drive/variables.ts';
import type { CopyNeeds } from './dry-run/copy.ts';
import { dryRunProcedures } from './dry-run/procedures.ts';
import { findProjects } from './find-projects.ts';
import { checkedFolder, type Looks, openLooks } from './look.ts';
import { type Notebook, openNotebook } from './notebook.ts';
import placeSql from './place.sql?raw';
import { explanationOf } from './problem.ts';
import { fileOf } from './projects.ts';
import { runProcedures } from './run/procedures.ts';
import { openRunning } from './running.ts';
import { seedProcedures } from './seeds/procedures.ts';
import type { Loaded } from './seeds/seed-records.ts';
import type { MigrationTool } from './tool.ts';
import { tools } from './tools/index.ts';
import { openFolder } from './tools/shared/folder-view.ts';

export interface MigrationsNeeds {
  findEnvironment(ref: string): Environment;
  store: Store;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /** Projects that an environment has without being linked, such as a sample system's own. */
  ownFolders(environment: Environment): string[];
  /** What Howdah itself filled an environment's database with; undefined for those of others. */
  loaded(environment: Environment): Promise<Loaded | undefined>;
  /** Notes something at an environment's history. */
  onEvent(id: string, kind: string, text: string): void;
  /** Where an environment's sessions go. @throws NOT_CONNECTED */
  reached(id: string): Reached;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
  models: ModelTools;
  /** The newest backup with rows, into a scratch database. @throws INVALID */
  restoreNewest: CopyNeeds['restoreNewest'];
}

export function migrationsRouter(os: Implementer, needs: MigrationsNeeds) {
  const { findEnvironment, store, pool, ownFolders, onEvent } = needs;
  const notebook = openNotebook(store);
  const looks = openLooks({ tools, notebook, pool, ownFolders });
  const running = openRunning();
  return os.migrations.router({
    ...statusProcedures(os, { findEnvironment, looks, notebook, tools }),
    ...runProcedures(os, { findEnvironment, looks, pool, onEvent, running }),
    ...driveProcedures(os, { ...needs, looks }),
    ...seedProcedures(os, { ...needs, looks, running }),
    ...dryRunProcedures(os, { ...needs, looks }),
  });
}

interface StatusNeeds {
  findEnvironment(ref: string): Environment;
  looks: Looks;
  notebook: Notebook;
  tools: readonly MigrationTool[];
}

/** How many environments are looked at at once. */
const atOnce = 8;
/** How much of a migration's file is shown, characters. */
const shownLength = 1_000_000;
const readLimit = 64 * 1024 * 1024;

/** The part of the room that only looks, and what is linked. */
function statusProcedures(os: Implementer, needs: StatusNeeds) {
  const { findEnvironment, looks, notebook, tools } = needs;
  const shown = async (environment: Environment): Promise<MigrationStatus> => {
    try {
      return await looks.shown(environment);
    } catch (error) {
      return {
        environment: environment.id,
        at: Date.now(),
        tracks: [],
        folders: looks.linked(environment),
        problem: explanationOf(error),
      };
    }
  };

  return {
    status: os.migrations.status.handler(({ input }) =>
      looks.shown(findEnvironment(input.environment), input.folders.map(checkedFolder)),
    ),
    matrix: os.migrations.matrix.handler(async function* ({ input, signal }) {
      const waiting = input.environments.map(findEnvironment);
      const running = new Map<number, Promise<{ at: number; status: MigrationStatus }>>();
      let next = 0;
      const begin = (): void => {
        const at = next;
        const environment = waiting[at];
        if (!environment) return;
        next += 1;
        running.set(
          at,
          shown(environment).then((status) => ({ at, status })),
        );
      };
      while (running.size < atOnce && next < waiting.length) begin();
      while (running.size && !signal?.aborted) {
        const { at, status } = await Promise.race(running.values());
        running.delete(at);
        begin();
        yield status;
      }
    }),
    file: os.migrations.file.handler(async ({ input }) => {
      const { track, project } = await looks.track(findEnvironment(input.environment), input.track);
      const entry = track.entries.find(({ id }) => id === input.id);
      const path = entry && fileOf(entry, input.direction);
      if (!path || !project?.view) throw noFile(input.id, input.direction, project !== undefined);
      try {
        const text = await project.view.text(path, readLimit);
        return { path, text: text.slice(0, shownLength), cut: text.length > shownLength };
      } catch (error) {
        throw fail('INVALID', { ...explanationOf(error), field: 'id' });
      }
    }),
    findProjects: os.migrations.findProjects.handler(async ({ input }) => {
      const root = checkedFolder(input.root);
      try {
        const { found, problems } = await findProjects(tools, root);
        const [problem] = problems;
        if (!found.length && problem) throw fail('INVALID', { ...problem, field: 'root' });
        return found;
      } catch (error) {
        throw fail('INVALID', { ...explanationOf(error), field: 'root' });
      }
    }),
    link: os.migrations.link.handler(async ({ input }) => {
      const environment = findEnvironment(input.environment);
      const folder = checkedFolder(input.folder);
      try {
        await openFolder(folder);
      } catch (error) {
        throw fail('INVALID', { ...explanationOf(error), field: 'folder' });
      }
      notebook.addFolder(environment.id, folder);
      return await shown(environment);
    }),
    unlink: os.migrations.unlink.handler(async ({ input }) => {
      const environment = findEnvironment(input.environment);
      notebook.removeFolder(environment.id, input.folder);
      return await shown(environment);
    }),
    setHomeMade: os.migrations.setHomeMade.handler(async ({ input }) => {
      const environment = findEnvironment(input.environment);
      const query = looks.query(environment);
      const projects = looks.linked(environment).map(({ folder }) => folder);
      const folder = await checkHome(query, input, projects);
      const [here] = await query<{ database: string }>(placeSql);
      const database = here?.database ?? '';
      const found = await looks.undescribed(environment, input);
      const asFound = found.status.tracks.find(
        ({ table }) => table?.schema === input.schema && table.name === input.table,
      );
      if (asFound && isAsFound(asFound, input, folder)) notebook.removeHome(environment.id, database, input);
      else notebook.setHome(environment.id, database, input);
      return await shown(environment);
    }),
  };
}

function noFile(id: string, direction: 'up' | 'down', isLinked: boolean): Error {
  return fail('INVALID', {
    cause: 'migration-file-missing',
    field: 'id',
    what: `There is no ${direction} file of ${id} to show.`,
    why: isLinked
      ? 'The folder holds none for it.'
      : 'No project’s folder is linked, so that only the database’s side is known.',
    next: isLinked ? 'See whether it lies on another branch.' : 'Link the project’s folder.',
  });
}
