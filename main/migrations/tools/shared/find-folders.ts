import type { FolderEntry, FolderView } from '../../tool.ts';
import { FileProblem } from './file-problem.ts';

/** Folders in which no migrations of the project itself lie. */
const PASSED_OVER = new Set([
  'node_modules',
  'bower_components',
  'dist',
  'build',
  'out',
  'target',
  'vendor',
  'venv',
  'env',
  'site-packages',
  '__pycache__',
  'coverage',
  'tmp',
  'deps',
  '_build',
]);
const DEPTH = 7;
/** Folders one walk lists. */
const FOLDER_LIMIT = 3000;

export interface ProjectFolder {
  /** Relative to the project; empty for its root. */
  path: string;
  entries: FolderEntry[];
}

const walks = new WeakMap<FolderView, Promise<ProjectFolder[]>>();

/**
 * The project's folders, those above before those within, at most 7 deep and 3,000 of them; without those that hold
 * packages, builds or hidden things. All readers of one view share one walk.
 */
export function foldersOf(folder: FolderView): Promise<ProjectFolder[]> {
  let walk = walks.get(folder);
  if (!walk) {
    walk = walkFrom(folder);
    walks.set(folder, walk);
  }
  return walk;
}

async function walkFrom(folder: FolderView): Promise<ProjectFolder[]> {
  const found: ProjectFolder[] = [];
  let level = [''];
  for (let depth = 0; depth <= DEPTH && level.length > 0 && found.length < FOLDER_LIMIT; depth++) {
    const listed = await Promise.all(
      level
        .slice(0, FOLDER_LIMIT - found.length)
        .map(async (path) => ({ path, entries: await listIfAllowed(folder, path) })),
    );
    found.push(...listed);
    level = listed.flatMap(({ path, entries }) =>
      entries
        .filter(({ kind, name }) => kind === 'folder' && !name.startsWith('.') && !PASSED_OVER.has(name))
        .map(({ name }) => joined(path, name)),
    );
  }
  return found;
}

/** A folder deep within that this account may not read is no reason to find nothing. */
async function listIfAllowed(folder: FolderView, path: string): Promise<FolderEntry[]> {
  try {
    return await folder.list(path);
  } catch (error) {
    if (error instanceof FileProblem && error.explanation.cause === 'folder-unreadable') return [];
    throw error;
  }
}

export const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** The folder a path lies in; empty for the project's root. */
export const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

export const filesIn = (entries: readonly FolderEntry[], pattern: RegExp): FolderEntry[] =>
  entries.filter(({ kind, name }) => kind === 'file' && pattern.test(name));

export const hasFile = (entries: readonly FolderEntry[], name: string): boolean =>
  entries.some((entry) => entry.kind === 'file' && entry.name === name);

/** `./sub/folder` of a configuration file that lies in `base`, relative to the project; `/` and `..` are kept as given. */
export function relativeTo(base: string, path: string): string {
  const parts = base === '' ? [] : base.split('/');
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
