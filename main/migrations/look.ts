import { isAbsolute, normalize } from 'node:path';
import type { Environment } from '../../preload/contract/environments.ts';
import type { MigrationStatus } from '../../preload/contract/migrations.ts';
import { fail } from '../lib/fail.ts';
import type { ServerPool } from '../servers/index.ts';
import type { HomeMade, Notebook } from './notebook.ts';
import { openProjects } from './projects.ts';
import { readStatus, type Status, type TrackInside } from './status.ts';
import type { MigrationTool, StateQuery } from './tool.ts';

export interface LookNeeds {
  tools: readonly MigrationTool[];
  notebook: Notebook;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /** Projects that an environment has without being linked, such as a sample system's own. */
  ownFolders(environment: Environment): string[];
}

/** Looks at where environments stand. */
export interface Looks {
  /** @throws NOT_CONNECTED, or the server's error */
  at(environment: Environment, more?: readonly string[]): Promise<Status>;
  /** The same for a screen of many: what can't be had is said in it. */
  shown(environment: Environment, more?: readonly string[]): Promise<MigrationStatus>;
  /** @throws INVALID when there is no such track any more */
  track(environment: Environment, key: string, more?: readonly string[]): Promise<TrackInside>;
  /** As `at`, one home-made table read as it is found, whatever was described of it. */
  undescribed(environment: Environment, table: Pick<HomeMade, 'schema' | 'table'>): Promise<Status>;
  /** One read-only statement there. @throws NOT_CONNECTED */
  query(environment: Environment): StateQuery;
  /** Its projects' folders, and which of them were linked by hand. */
  linked(environment: Environment): MigrationStatus['folders'];
}

export function openLooks({ tools, notebook, pool, ownFolders }: LookNeeds): Looks {
  const needs = { tools, notebook, projects: openProjects(tools) };
  const folders = (environment: Environment): string[] => [
    ...new Set([...ownFolders(environment), ...notebook.folders(environment.id)]),
  ];
  const linked = (environment: Environment): MigrationStatus['folders'] => {
    const own = ownFolders(environment);
    return folders(environment).map((folder) => ({ folder, linked: !own.includes(folder) }));
  };
  const query = (environment: Environment): StateQuery => {
    const sessions = pool(environment.id);
    return <Row>(sql: string, values?: unknown[]) =>
      sessions.query<Record<string, unknown>>(sql, values) as Promise<Row[]>;
  };
  const at = async (environment: Environment, more: readonly string[] = []): Promise<Status> =>
    await readStatus(needs, environment.id, query(environment), [
      ...new Set([...folders(environment), ...more]),
    ]);
  return {
    at,
    query,
    undescribed: (environment, table) =>
      readStatus(needs, environment.id, query(environment), folders(environment), table),
    shown: async (environment, more) => ({
      ...(await at(environment, more)).status,
      folders: linked(environment),
    }),
    track: async (environment, key, more) => {
      const found = (await at(environment, more)).inside.get(key);
      if (found) return found;
      throw fail('INVALID', {
        cause: 'track-unknown',
        field: 'track',
        what: `There is no migration track "${key}" in ${environment.name}.`,
        why: 'Its table was dropped or its folder unlinked since the list was read.',
        next: 'Look at the migrations again.',
      });
    },
    linked,
  };
}

/**
 * A folder as somebody typed it.
 * @throws INVALID when it isn't absolute
 */
export function checkedFolder(folder: string): string {
  if (isAbsolute(folder)) return normalize(folder).replace(/(.)[\\/]+$/, '$1');
  throw fail('INVALID', {
    cause: 'folder-relative',
    field: 'folder',
    what: `"${folder}" is not a whole path.`,
    why: 'The console may run somewhere else than where you typed it.',
    next: 'Give the path from the root on, such as /home/me/project.',
  });
}
