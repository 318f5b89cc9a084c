import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderView } from '../../tool.ts';

/** What one folder holds, by name in code-point order. */
export interface TreeFolder {
  files: string[];
  folders: string[];
}

/** A project's folders by their path relative to its root, parents first; the root is the empty path. */
export type ProjectTree = ReadonlyMap<string, TreeFolder>;

/** Levels below the root: `services/billing/src/main/resources/db/changelog` has seven. */
const DEPTH = 8;
/** A project that holds more folders is looked at by its upper levels. */
const FOLDERS = 20_000;
const AT_ONCE = 32;

/** What tools make and package managers fetch: no project keeps migrations of its own there. */
const PASSED_OVER = new Set(
  `node_modules bower_components jspm_packages vendor venv virtualenv site-packages dist-packages __pycache__
   dist build out target coverage htmlcov tmp temp log logs _build htmldocs`.split(/\s+/),
);

const trees = new WeakMap<FolderView, Promise<ProjectTree>>();

/**
 * The folders and files of a project by name alone, read once a view: every tool looks for its own in the same tree.
 * Folders that begin with a dot, those that package managers and compilers fill, virtual environments of Python and
 * links to folders are passed over; one that can't be read counts as empty.
 */
export function projectTree(view: FolderView): Promise<ProjectTree> {
  let tree = trees.get(view);
  if (!tree) {
    tree = walk(view.root);
    trees.set(view, tree);
  }
  return tree;
}

/** Paths of the folders that hold a file called one of `names`, with that name. */
export async function filesNamed(
  view: FolderView,
  test: (name: string) => boolean,
): Promise<{ folder: string; name: string; path: string }[]> {
  const found: { folder: string; name: string; path: string }[] = [];
  for (const [folder, { files }] of await projectTree(view)) {
    for (const name of files) if (test(name)) found.push({ folder, name, path: joined(folder, name) });
  }
  return found;
}

/** Paths of all files of a folder and of those in it, however deep. */
export async function filesBelow(view: FolderView, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, kind } of await view.list(folder)) {
    if (kind === 'file') paths.push(joined(folder, name));
    else paths.push(...(await filesBelow(view, joined(folder, name))));
  }
  return paths;
}

/** Two relative paths as one, `.` and `..` worked out; begins with `..` when it leaves the project. */
export function joined(...parts: string[]): string {
  const path: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && path.length > 0 && path[path.length - 1] !== '..') path.pop();
    else path.push(part);
  }
  return path.join('/');
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A file's name without its last extension. */
export const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');

async function walk(root: string): Promise<ProjectTree> {
  const tree = new Map<string, TreeFolder>();
  let level = [''];
  for (let depth = 0; depth <= DEPTH && level.length > 0 && tree.size < FOLDERS; depth++) {
    const next: string[] = [];
    for (let start = 0; start < level.length && tree.size < FOLDERS; start += AT_ONCE) {
      const stretch = level.slice(start, start + AT_ONCE);
      const found = await Promise.all(stretch.map((folder) => read(root, folder)));
      for (const [index, folder] of stretch.entries()) {
        const content = found[index];
        if (!content) continue;
        tree.set(folder, content);
        for (const name of content.folders) next.push(joined(folder, name));
      }
    }
    level = next;
  }
  return tree;
}

async function read(root: string, folder: string): Promise<TreeFolder | undefined> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) folders.push(entry.name);
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(entry.name);
  }
  if (folder !== '' && files.includes('pyvenv.cfg')) return undefined;
  const elixir = files.includes('mix.exs');
  return {
    files: files.sort(),
    folders: folders
      .filter((name) => !name.startsWith('.') && !PASSED_OVER.has(name) && !(elixir && name === 'deps'))
      .sort(),
  };
}
