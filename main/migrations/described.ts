import { isAbsolute, relative } from 'node:path';
import type { HomeMade } from './notebook.ts';
import type { ReadLocation } from './pairing.ts';
import type { Project } from './projects.ts';
import relationSql from './relation.sql?raw';
import type { MigrationTool, StateQuery, StateTable } from './tool.ts';

/** A relation as the catalogue shows it to somebody who describes it. */
export interface Relation {
  hasSchema: boolean;
  hasRelation: boolean;
  /** In order; `isText`: its values can be names of files. */
  columns: { name: string; isText: boolean }[];
}

export async function readRelation(query: StateQuery, schema: string, name: string): Promise<Relation> {
  const [relation] = await query<Relation>(relationSql, [schema, name]);
  return relation ?? { hasSchema: false, hasRelation: false, columns: [] };
}

/**
 * A described folder relative to a project, with `/`; the project itself is empty. Undefined when it lies outside of it.
 *
 * @param folder relative to the project, or absolute
 */
export function pathWithin(root: string, folder: string): string | undefined {
  const path = (isAbsolute(folder) ? relative(root, folder) : folder)
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  return path.split('/').includes('..') || isAbsolute(path) ? undefined : path;
}

/** Folders that somebody described belong to the table they were described for, whatever their files are called. */
export async function withDescribed(
  places: readonly ReadLocation[],
  projects: readonly Project[],
  homes: readonly HomeMade[],
  tool: MigrationTool | undefined,
): Promise<ReadLocation[]> {
  const all = [...places];
  for (const { schema, table: name, folder } of homes) {
    for (const { root, view } of projects) {
      const path = pathWithin(root, folder);
      if (!view || !tool || path === undefined || !(await view.exists(path || '.'))) continue;
      const table = { schema, name };
      const at = all.findIndex(
        (one) => one.project === root && one.location.folder === path && one.location.tool === tool.id,
      );
      const known = all[at];
      if (known) all[at] = { ...known, location: { ...known.location, table } };
      else {
        const location = { tool: tool.id, folder: path, config: null, table, settings: {} };
        all.push({ project: root, location, reading: await tool.readFolder(view, location) });
      }
    }
  }
  return all;
}

/** A table, and what else it may be where that can't be told. */
export interface ChosenTable {
  table: StateTable;
  others: StateTable[];
}

/** The surest reading of a table, or the one that somebody described; and what else it may be. */
export function chosenReading(choices: readonly StateTable[], homes: readonly HomeMade[]): ChosenTable {
  const [first, ...rest] = choices as [StateTable, ...StateTable[]];
  const home = homes.find(({ schema, table }) => schema === first.schema && table === first.name);
  if (home) return { table: tableOf(home, first.columns), others: [] };
  return { table: first, others: rest.filter(({ certainty }) => certainty === first.certainty) };
}

/** Tables that somebody described and that have no look of their own. */
export async function undetected(
  query: StateQuery,
  homes: readonly HomeMade[],
  known: readonly ChosenTable[],
): Promise<ChosenTable[]> {
  const found: ChosenTable[] = [];
  for (const home of homes) {
    if (known.some(({ table: one }) => one.schema === home.schema && one.name === home.table)) continue;
    const { columns } = await readRelation(query, home.schema, home.table);
    found.push({
      table: tableOf(
        home,
        columns.map(({ name }) => name),
      ),
      others: [],
    });
  }
  return found;
}

const tableOf = (home: HomeMade, columns: string[]): StateTable => ({
  tool: 'home-made',
  schema: home.schema,
  name: home.table,
  columns,
  certainty: 'certain',
  home: { name: home.nameColumn, time: home.timeColumn, checksum: home.checksumColumn, described: true },
});
