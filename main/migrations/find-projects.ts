import { join, relative } from 'node:path';
import type { Explanation } from '../../preload/contract/common.ts';
import type { MigrationToolId } from '../../preload/contract/migrations.ts';
import { explanationOf } from './problem.ts';
import { isProjectRoot, projectUnits, type WalkLimits } from './project-units.ts';
import { withoutEchoes } from './projects.ts';
import type { FolderView, MigrationTool, ToolLocation } from './tool.ts';
import { parentOf } from './tools/shared/find-folders.ts';
import { openFolder } from './tools/shared/folder-view.ts';

export interface FoundProject {
  /** Absolute: the folder to link. */
  project: string;
  tool: MigrationToolId;
  /** Where its migrations lie, relative to the project. */
  folder: string;
  migrations: number;
}

export interface FoundProjects {
  found: FoundProject[];
  /** What was not looked at, and why. */
  problems: Explanation[];
}

/** Folders by which tools and people set apart what belongs to the database; a project is called otherwise. */
const setApart =
  /^(db|database|migrations?|migrate|sql|schema|prisma|changes|patches|updates|versions|ddl)$/i;

/**
 * Projects with migrations in a folder: the folder itself where it is one, else each of those below it. A project is the
 * nearest folder above its migrations that has the tool's configuration, or something else that only a project's root
 * has.
 *
 * @throws FileProblem when `root` isn't there, isn't a folder, or can't be read
 */
export async function findProjects(
  tools: readonly MigrationTool[],
  root: string,
  limits: Partial<WalkLimits> = {},
): Promise<FoundProjects> {
  await (await openFolder(root)).list('');
  const { units, unreadable, stopped } = await projectUnits(root, limits);
  const problems: Explanation[] = unreadable.length > 0 ? [notReadable(unreadable)] : [];
  if (stopped) problems.push(notWalked(root, stopped));
  const found: FoundProject[] = [];
  for (const unit of units) {
    try {
      found.push(...(await projectsIn(tools, unit)));
    } catch (error) {
      problems.push(explanationOf(error));
    }
  }
  const byPlace = (a: FoundProject, b: FoundProject): number =>
    compare(a.project, b.project) || compare(a.folder, b.folder) || compare(a.tool, b.tool);
  return { found: found.sort(byPlace), problems };
}

async function projectsIn(tools: readonly MigrationTool[], unit: string): Promise<FoundProject[]> {
  const view = await openFolder(unit);
  const located = await Promise.all(
    tools.map(async (tool) =>
      (await tool.locate(view)).map((location) => ({ tool, project: unit, location })),
    ),
  );
  const places = await Promise.all(
    withoutEchoes(located.flat()).map(async ({ tool, location }) => ({
      tool,
      location,
      ...(await rootOf(view, location)),
      migrations: (await tool.readFolder(view, location)).migrations.length,
    })),
  );
  // Linked as a whole, a project that has migrations of its own brings those of its parts along. Where nothing but one
  // folder's name tells of a project, what somebody pointed at is as good.
  const roots = new Set(places.map(({ root }) => root));
  const isWhole = roots.has('') || (roots.size === 1 && places.every(({ isNamed }) => !isNamed));
  return places.map(({ tool, location, root, migrations }) => ({
    project: isWhole || root === '' ? unit : join(unit, root),
    tool: tool.id,
    folder: isWhole ? location.folder : relative(root, location.folder).replaceAll('\\', '/'),
    migrations,
  }));
}

/** The folder, relative to the unit, that a place of migrations belongs to; `isNamed`: something in it says so. */
async function rootOf(
  view: FolderView,
  { config, folder }: ToolLocation,
): Promise<{ root: string; isNamed: boolean }> {
  let at = config === null ? folder : parentOf(config);
  // A configuration may name a folder elsewhere: both have to be in it.
  while (at !== '' && folder !== at && !folder.startsWith(`${at}/`)) at = parentOf(at);
  const lowest = at;
  while (at !== '' && !(await isProjectRoot(join(view.root, at)))) at = parentOf(at);
  if (at !== '' || (await isProjectRoot(view.root))) return { root: at, isNamed: true };
  at = lowest;
  while (at !== '' && setApart.test(at.slice(at.lastIndexOf('/') + 1))) at = parentOf(at);
  return { root: at, isNamed: config !== null };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const notReadable = (folders: readonly string[]): Explanation => ({
  cause: 'folders-unreadable',
  what:
    folders.length === 1
      ? `${folders[0]} can’t be read.`
      : `${folders.length} folders can’t be read, ${folders[0]} among them.`,
  why: 'The account that Howdah runs as may not list them; what they hold is not known.',
  next: 'Give that account leave to read them, or link their projects by hand.',
});

const notWalked = (root: string, stopped: 'folders' | 'time'): Explanation => ({
  cause: 'folder-too-big',
  what: `${root} was not looked through to its end.`,
  why: stopped === 'time' ? 'It took too long.' : 'It holds too many folders.',
  next: 'Look at a folder further down, nearer to the projects.',
});
