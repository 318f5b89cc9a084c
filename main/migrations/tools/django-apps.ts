import type { FolderView, ToolLocation } from '../tool.ts';
import { folderOf, joined, nameOf, type ProjectTree, projectTree } from './code/project-tree.ts';
import { logicalLines } from './code/python-lines.ts';
import { assignment } from './code/python-values.ts';
import { textOrNothing } from './code/read-sources.ts';

/** An app of a Django project that has migrations. */
export interface DjangoApp {
  label: string;
  /** Of its migrations, relative to the project. */
  folder: string;
}

/**
 * Finds Django projects by their `manage.py`; each has the apps below it. Apps without any such file around them, as a
 * package for others has, make a project of their own.
 */
export async function locateDjango(view: FolderView): Promise<ToolLocation[]> {
  const tree = await projectTree(view);
  const folders: string[] = [];
  for (const [folder, { files }] of tree) {
    if (nameOf(folder) !== 'migrations' || !files.some(isMigrationFile)) continue;
    if (files.includes('__init__.py') || files.some((name) => /^\d{4}_\w+\.py$/.test(name))) {
      if (await holdsMigrations(view, folder, files)) folders.push(folder);
    }
  }
  const projects = [...tree].filter(([, { files }]) => files.includes('manage.py')).map(([folder]) => folder);
  const byProject = Map.groupBy(folders, (folder) => projectOf(folder, projects));
  const found: ToolLocation[] = [];
  for (const [project, own] of byProject) {
    const root = project ?? commonFolder(own);
    const apps = await Promise.all(
      own.map(async (folder) => ({ folder, label: await labelOf(view, folder) })),
    );
    found.push({
      tool: 'django',
      folder: root,
      config: project === undefined ? null : joined(project, 'manage.py'),
      table: null,
      settings: {
        apps: JSON.stringify(apps),
        user: (await userApp(view, tree, root)) ?? 'auth',
      },
    });
  }
  return found;
}

/** As Django lists them: modules whose name begins with neither `_` nor `~` (`db/migrations/loader.py`). */
export const isMigrationFile = (name: string): boolean => /^[^_~.][^.]*\.py$/.test(name);

/** Alembic and others call their folder `migrations` too. */
async function holdsMigrations(view: FolderView, folder: string, files: readonly string[]): Promise<boolean> {
  for (const name of files.filter(isMigrationFile).slice(0, 3)) {
    const text = await textOrNothing(view, joined(folder, name));
    if (text && /^class\s+Migration\s*\(/m.test(text) && /\bdjango\b/.test(text)) return true;
  }
  return false;
}

/** The nearest folder above that has a `manage.py`. */
function projectOf(folder: string, projects: readonly string[]): string | undefined {
  return projects
    .filter((project) => project === '' || folder.startsWith(`${project}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function commonFolder(folders: readonly string[]): string {
  const [first = '', ...others] = folders.map((folder) => folderOf(folderOf(folder)).split('/'));
  const parts = [...first];
  for (const other of others) {
    let length = 0;
    while (length < parts.length && parts[length] === other[length]) length++;
    parts.length = length;
  }
  return parts.join('/');
}

/** `label` of the app's configuration, else the last part of its `name`, else its folder's name. */
async function labelOf(view: FolderView, folder: string): Promise<string> {
  const app = folderOf(folder);
  const text = (await textOrNothing(view, joined(app, 'apps.py'))) ?? '';
  let name: string | undefined;
  const { lines } = logicalLines(text);
  for (const { indent, start, end } of lines) {
    if (indent === 0) continue;
    const found = assignment(text, start, end);
    if (typeof found?.value !== 'string') continue;
    if (found.name === 'label') return found.value;
    if (found.name === 'name') name ??= found.value.slice(found.value.lastIndexOf('.') + 1);
  }
  return name ?? nameOf(app);
}

/** The app of `AUTH_USER_MODEL`, where a settings file writes it as plain text. */
async function userApp(view: FolderView, tree: ProjectTree, root: string): Promise<string | undefined> {
  for (const [folder, { files }] of tree) {
    if (root !== '' && folder !== root && !folder.startsWith(`${root}/`)) continue;
    for (const name of files) {
      const isSettings =
        /^settings\w*\.py$/.test(name) || (nameOf(folder) === 'settings' && name.endsWith('.py'));
      if (!isSettings) continue;
      const text = await textOrNothing(view, joined(folder, name));
      const found = /^AUTH_USER_MODEL\s*(?::[^=]*)?=\s*["'](\w+)\.\w+["']/m.exec(text ?? '')?.[1];
      if (found) return found;
    }
  }
  return undefined;
}
