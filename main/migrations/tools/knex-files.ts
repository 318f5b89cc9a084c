import type { FolderMigration, FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { codeMigration } from './code/code-migration.ts';
import { packageAround } from './code/js-packages.ts';
import {
  bracketEnd,
  hasExport,
  type JsSource,
  jsSource,
  type Stretch,
  stringsAt,
  valuesOf,
} from './code/js-values.ts';
import { masked } from './code/mask.ts';
import { filesNamed, joined, nameOf, projectTree } from './code/project-tree.ts';
import { readSources, textOrNothing } from './code/read-sources.ts';

export interface KnexExtra {
  /** `sortDirsSeparately`: each folder's files in turn. */
  separately: boolean;
}

const CONFIG = /^knexfile(\.[\w-]+)?\.(?:js|cjs|mjs|ts|mts|cts)$/;
/** `MigrationsLoader.DEFAULT_LOAD_EXTENSIONS`. */
const EXTENSIONS = ['.co', '.coffee', '.eg', '.iced', '.js', '.cjs', '.litcoffee', '.ls', '.ts'];
const STAMPED = /^\d{14}_.+\.(?:js|cjs|mjs|ts)$/;

/**
 * Finds Knex by its knexfile (each `migrations` block of it that names other folders), else by stamped files that take
 * `knex`, in a package that depends on it.
 */
export async function locateKnex(view: FolderView): Promise<ToolLocation[]> {
  const tree = await projectTree(view);
  const found = new Map<string, ToolLocation>();
  for (const { folder, path } of await filesNamed(view, (name) => CONFIG.test(name))) {
    const text = await textOrNothing(view, path);
    if (text === undefined) continue;
    for (const location of configured(text, folder, path)) {
      const key = location.settings.folders as string;
      const known = found.get(key);
      // The same folder with different tables in different environments: the table then decides nothing.
      if (known && JSON.stringify(known.table) !== JSON.stringify(location.table)) known.table = null;
      else if (!known) found.set(key, location);
    }
  }
  const taken = new Set(
    [...found.values()].flatMap(({ settings }) => (settings.folders as string).split('\n')),
  );
  for (const [folder, { files }] of tree) {
    if (taken.has(folder) || !/migrations?$/i.test(nameOf(folder))) continue;
    const stamped = files.filter((name) => STAMPED.test(name));
    if (stamped.length === 0 || !(await packageAround(view, folder))?.dependencies.has('knex')) continue;
    const first = await textOrNothing(view, joined(folder, stamped[0] as string));
    if (!first || !takesKnex(first)) continue;
    found.set(folder, {
      tool: 'knex',
      folder,
      config: null,
      table: null,
      settings: { folders: folder, extensions: EXTENSIONS.join(' '), separately: 'false' },
    });
  }
  return [...found.values()];
}

/** The locations of a knexfile; one with Knex's defaults when it has no `migrations`. */
function configured(text: string, folder: string, config: string): ToolLocation[] {
  const source = jsSource(text);
  const blocks = valuesOf(source, 'migrations').filter(({ start }) => source.code[start] === '{');
  const clients = /\b(?:client|connection|pool)\b/.test(source.code);
  if (blocks.length === 0) return clients ? [locationOf(folder, config, ['./migrations'], null, {})] : [];
  return blocks.flatMap((block) => {
    const inner = { start: block.start, end: bracketEnd(source.code, block.start) };
    const directories = settingOf(source, 'directory', inner);
    // A folder that is worked out as the file runs can't be told.
    if (directories === 'computed') return [];
    const name = settingOf(source, 'tableName', inner);
    const schema = settingOf(source, 'schemaName', inner);
    const extensions = settingOf(source, 'loadExtensions', inner);
    const separately = valuesOf(source, 'sortDirsSeparately', inner)[0];
    const table =
      name === 'computed' || schema === 'computed' || (!name && !schema)
        ? null
        : { schema: schema?.[0] ?? null, name: name?.[0] ?? 'knex_migrations' };
    return [
      locationOf(folder, config, directories ?? ['./migrations'], table, {
        ...(Array.isArray(extensions) ? { extensions: extensions.join(' ') } : {}),
        separately: String(separately !== undefined && /^true\b/.test(source.code.slice(separately.start))),
      }),
    ];
  });
}

function settingOf(source: JsSource, key: string, within: Stretch): string[] | 'computed' | undefined {
  const [value] = valuesOf(source, key, within);
  return value && (stringsAt(source, value) ?? 'computed');
}

function locationOf(
  folder: string,
  config: string,
  directories: readonly string[],
  table: ToolLocation['table'],
  settings: Record<string, string>,
): ToolLocation {
  // Knex goes into the knexfile's folder before it looks.
  const folders = directories.map((directory) => joined(folder, directory));
  return {
    tool: 'knex',
    folder: folders[0] ?? joined(folder, 'migrations'),
    config,
    table,
    settings: {
      folders: folders.join('\n'),
      extensions: EXTENSIONS.join(' '),
      separately: 'false',
      ...settings,
    },
  };
}

/** Names are files' names with their extension, in code-unit order: `sources/fs-migrations.js`. */
export async function readKnex(view: FolderView, { folder, settings }: ToolLocation): Promise<FolderReading> {
  const extensions = new Set((settings.extensions ?? EXTENSIONS.join(' ')).split(' '));
  const separately = settings.separately === 'true';
  const paths: string[] = [];
  for (const place of (settings.folders ?? folder).split('\n')) {
    for (const { name, kind } of await view.list(place))
      if (kind === 'file' && extensions.has(extensionOf(name))) paths.push(joined(place, name));
  }
  if (!separately) paths.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
  const { sources, problems } = await readSources(view, paths);
  const extra: KnexExtra = { separately };
  return { migrations: sources.map(({ path, text }) => migrationOf(path, text)), problems, extra };
}

/** As Node's `path.extname` for names that do not begin with a dot. */
const extensionOf = (name: string): string =>
  name.lastIndexOf('.') > 0 ? name.slice(name.lastIndexOf('.')) : '';

function migrationOf(path: string, text: string | undefined): FolderMigration {
  const reversible = text === undefined ? null : hasExport(masked(text, 'javascript'), 'down');
  return codeMigration(path, reversible, { id: nameOf(path) });
}

const takesKnex = (text: string): boolean => {
  const code = masked(text, 'javascript');
  return /\bup\b/.test(code) && /\bknex\b|\bKnex\b/.test(code);
};
