import type { FolderView } from '../../tool.ts';
import { folderOf, joined, projectTree } from './project-tree.ts';
import { textOrNothing } from './read-sources.ts';

/** A package of Node: where it lies and the names it depends on, for development too. */
export interface NodePackage {
  folder: string;
  dependencies: ReadonlySet<string>;
  content: Record<string, unknown>;
}

const packages = new WeakMap<FolderView, Map<string, Promise<NodePackage | undefined>>>();

/** The package of a folder; undefined when it has no `package.json` that can be read. */
export function packageOf(view: FolderView, folder: string): Promise<NodePackage | undefined> {
  let known = packages.get(view);
  if (!known) {
    known = new Map();
    packages.set(view, known);
  }
  let found = known.get(folder);
  if (!found) {
    found = read(view, folder);
    known.set(folder, found);
  }
  return found;
}

/** The package that a folder is in: its own or the nearest above. */
export async function packageAround(view: FolderView, folder: string): Promise<NodePackage | undefined> {
  for (let place = folder; ; place = folderOf(place)) {
    const found = await packageOf(view, place);
    if (found || place === '') return found;
  }
}

async function read(view: FolderView, folder: string): Promise<NodePackage | undefined> {
  const path = joined(folder, 'package.json');
  if (!(await projectTree(view)).get(folder)?.files.includes('package.json')) return undefined;
  try {
    const content: unknown = JSON.parse((await textOrNothing(view, path)) ?? '');
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return undefined;
    const fields = content as Record<string, unknown>;
    const names = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap(
      (key) => {
        const value = fields[key];
        return typeof value === 'object' && value !== null ? Object.keys(value) : [];
      },
    );
    return { folder, dependencies: new Set(names), content: fields };
  } catch {
    return undefined;
  }
}
