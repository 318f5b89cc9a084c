import type { FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { codeMigration } from './code/code-migration.ts';
import { packageAround } from './code/js-packages.ts';
import { hasExport, jsSource, stringAt, valuesOf } from './code/js-values.ts';
import { masked } from './code/mask.ts';
import { filesNamed, joined, nameOf, projectTree } from './code/project-tree.ts';
import { readSources, textOrNothing } from './code/read-sources.ts';

/** sequelize-cli takes those of JavaScript and TypeScript, umzug what a program's glob says. */
export const MIGRATION = /^(?!.*\.d\.[cm]?ts$)(?!.*\.down\.sql$).*\.(?:cjs|mjs|js|cts|mts|ts|sql)$/;
const CLI_MIGRATION = /^(?!.*\.d\.ts$).*\.(?:cjs|js|cts|ts)$/;

/**
 * Finds folders of migrations in packages that depend on sequelize-cli or umzug: what `.sequelizerc` says, else
 * `migrations`, and others called so whose files take a `queryInterface` or, for umzug, hand out `up`.
 */
export async function locateSequelize(view: FolderView): Promise<ToolLocation[]> {
  const tree = await projectTree(view);
  const found = new Map<string, ToolLocation>();
  for (const { folder, path } of await filesNamed(view, (name) => name === '.sequelizerc')) {
    const source = jsSource((await textOrNothing(view, path)) ?? '');
    const [value] = valuesOf(source, 'migrations-path');
    // A path that is worked out otherwise as the file runs can't be told.
    const place = value ? (stringAt(source, value) ?? undefined) : 'migrations';
    if (place !== undefined) add(found, joined(folder, place), path, true);
  }
  for (const [folder, { files }] of tree) {
    const sources = files.filter((name) => MIGRATION.test(name));
    if (found.has(folder) || sources.length === 0 || !/^migrations?$/i.test(nameOf(folder))) continue;
    const own = await packageAround(view, folder);
    const cli = own?.dependencies.has('sequelize-cli') ?? false;
    const umzug = own?.dependencies.has('umzug') ?? false;
    if (!own || !(cli || umzug || own.dependencies.has('sequelize'))) continue;
    const first = masked(
      (await textOrNothing(view, joined(folder, sources[0] as string))) ?? '',
      'javascript',
    );
    const forUmzug =
      umzug && !/\bknex\b|\bpgm\b|\bMigrationInterface\b/i.test(first) && hasExport(first, 'up');
    if (/\bqueryInterface\b|\bQueryInterface\b/.test(first) || forUmzug)
      add(found, folder, joined(own.folder, 'package.json'), cli);
  }
  for (const location of found.values()) location.table = await tableOf(view, location.folder);
  return [...found.values()];
}

function add(found: Map<string, ToolLocation>, folder: string, config: string, cli: boolean): void {
  found.set(folder, { tool: 'sequelize', folder, config, table: null, settings: { cli: String(cli) } });
}

/** `migrationStorageTableName` and `…Schema` of the package's configuration, where all its environments agree. */
async function tableOf(view: FolderView, folder: string): Promise<ToolLocation['table']> {
  const root = (await packageAround(view, folder))?.folder ?? '';
  const tree = await projectTree(view);
  const tables = new Set<string>();
  for (const place of [
    joined(root, 'config'),
    joined(root, 'src/config'),
    joined(folder, '../config'),
    root,
  ]) {
    for (const name of tree.get(place)?.files ?? []) {
      if (!/^(?:config|database|sequelize)[\w.-]*\.(?:json|js|cjs|ts)$/.test(name)) continue;
      const text = await textOrNothing(view, joined(place, name));
      if (!text?.includes('migrationStorageTable')) continue;
      const source = jsSource(text);
      const value = (key: string) => valuesOf(source, key).map((stretch) => stringAt(source, stretch));
      const schema = value('migrationStorageTableSchema')[0] ?? null;
      const names = value('migrationStorageTableName');
      for (const table of names.length > 0 ? names : ['SequelizeMeta'])
        tables.add(JSON.stringify(table === undefined ? null : { schema, name: table }));
    }
  }
  const [only, another] = tables;
  return only !== undefined && another === undefined ? (JSON.parse(only) as ToolLocation['table']) : null;
}

export async function readSequelize(
  view: FolderView,
  { folder, settings }: ToolLocation,
): Promise<FolderReading> {
  const wanted = settings.cli === 'true' ? CLI_MIGRATION : MIGRATION;
  const names = (await view.list(folder)).filter(({ name, kind }) => kind === 'file' && wanted.test(name));
  const { sources, problems } = await readSources(
    view,
    names.map(({ name }) => joined(folder, name)),
  );
  const migrations = sources.map(({ path, text }) => {
    const reversible =
      text === undefined || path.endsWith('.sql') ? null : hasExport(masked(text, 'javascript'), 'down');
    return codeMigration(path, reversible, { id: nameOf(path) });
  });
  return { migrations, problems };
}
