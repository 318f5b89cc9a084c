import { isAbsolute, join } from 'node:path';
import type { MigrationTrack } from '../../preload/contract/migrations.ts';
import { fail } from '../lib/fail.ts';
import { pathWithin, readRelation } from './described.ts';
import type { HomeMade } from './notebook.ts';
import type { StateQuery } from './tool.ts';
import { FileProblem } from './tools/shared/file-problem.ts';
import { openFolder } from './tools/shared/folder-view.ts';

/**
 * What somebody says of a home-made table, held against the database and the linked projects. Gives the folder's whole
 * path.
 *
 * @param projects absolute paths of the environment's projects
 * @throws INVALID, naming the field, where something of it is not there
 */
export async function checkHome(
  query: StateQuery,
  home: HomeMade,
  projects: readonly string[],
): Promise<string> {
  const { schema, table } = home;
  const { hasSchema, hasRelation, columns } = await readRelation(query, schema, table);
  if (!hasSchema)
    throw unknown(
      'schema',
      `There is no schema "${schema}" in this database.`,
      'Give the table’s own schema.',
    );
  if (!hasRelation)
    throw unknown(
      'table',
      `There is no table "${schema}"."${table}" in this database.`,
      'Write its name as the database has it, capital letters included.',
    );
  const names = columns.map(({ name }) => name);
  const known = `It has ${names.map((name) => `"${name}"`).join(', ') || 'none'}.`;
  for (const field of ['nameColumn', 'timeColumn', 'checksumColumn'] as const) {
    const column = home[field];
    if (column === null || names.includes(column)) continue;
    throw unknown(
      field,
      `"${schema}"."${table}" has no column "${column}".`,
      'Choose one of its columns.',
      known,
    );
  }
  if (!columns.some(({ name, isText }) => isText && name === home.nameColumn))
    throw unknown(
      'nameColumn',
      `"${home.nameColumn}" holds no texts.`,
      'Choose the column that the files’ names are in.',
      'The name of a file is a text, and this column is of another type.',
    );
  return await checkFolder(home.folder, projects);
}

async function checkFolder(folder: string, projects: readonly string[]): Promise<string> {
  let problem: FileProblem | undefined;
  for (const project of projects) {
    const path = pathWithin(project, folder);
    if (path === undefined) continue;
    try {
      return (await openFolder(path === '' ? project : join(project, path))).root;
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      problem ??= error;
    }
  }
  if (problem) throw fail('INVALID', { ...problem.explanation, field: 'folder' });
  throw unknown(
    'folder',
    `${isAbsolute(folder) ? folder : `"${folder}"`} lies in no linked project.`,
    projects.length > 0
      ? 'Give a folder below one of them, or link its project first.'
      : 'Link its project first.',
    projects.length > 0
      ? `Files are read from linked projects only: ${projects.join(', ')}.`
      : 'Files are read from linked projects only, and none is linked.',
  );
}

/** Whether a table that is read as it was found is read as somebody describes it: then there is nothing to remember. */
export function isAsFound(
  { project, folder: path, home: found }: Pick<MigrationTrack, 'project' | 'folder' | 'home'>,
  home: HomeMade,
  folder: string,
): boolean {
  return (
    found?.nameColumn === home.nameColumn &&
    found.timeColumn === home.timeColumn &&
    found.checksumColumn === home.checksumColumn &&
    project !== null &&
    join(project, path ?? '') === folder
  );
}

const unknown = (
  field: keyof HomeMade,
  what: string,
  next: string,
  why = 'It was dropped or renamed, or the environment is another one.',
): Error => fail('INVALID', { cause: `home-made-${causes[field]}`, field, what, why, next });

const causes: Record<keyof HomeMade, string> = {
  schema: 'schema-unknown',
  table: 'table-unknown',
  nameColumn: 'column-unfit',
  timeColumn: 'column-unfit',
  checksumColumn: 'column-unfit',
  folder: 'folder-outside',
};
