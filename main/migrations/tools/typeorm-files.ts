import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { packageAround } from './code/js-packages.ts';
import {
  bracketEnd,
  expressionEnd,
  type JsSource,
  jsSource,
  stringAt,
  stringsAt,
  valuesOf,
} from './code/js-values.ts';
import { joined, nameOf, projectTree } from './code/project-tree.ts';
import { readSources, textOrNothing } from './code/read-sources.ts';

const SOURCE = /^(?!.*\.d\.[cm]?ts$).*\.(?:js|mjs|cjs|ts|mts|cts)$/;
const TEST = /\.(?:test|spec)\.[cm]?[jt]s$/;
const CONFIG =
  /^(?:ormconfig(?:\.[\w-]+)?|.*(?:data[-_.]?source|typeorm|database|db)[\w.-]*)\.(?:json|js|cjs|mjs|ts|mts|cts)$/i;

/** What data sources of a package say. */
interface Settings {
  folders: string[];
  table: ToolLocation['table'];
}

/**
 * Finds TypeORM in packages that depend on it: folders called `migration` or `migrations`, and those that a data
 * source's globs name, that hold classes of migrations.
 */
export async function locateTypeorm(view: FolderView): Promise<ToolLocation[]> {
  const tree = await projectTree(view);
  const settings = new Map<string, Promise<Settings>>();
  const found: ToolLocation[] = [];
  for (const [folder, { files }] of tree) {
    const sources = files.filter((name) => SOURCE.test(name) && !TEST.test(name));
    if (sources.length === 0) continue;
    const called = /^migrations?$/i.test(nameOf(folder));
    const own = await packageAround(view, folder);
    if (!own?.dependencies.has('typeorm')) continue;
    const before = settings.get(own.folder) ?? settingsOf(view, own.folder, [...tree]);
    settings.set(own.folder, before);
    const { folders, table } = await before;
    if (!called && !folders.includes(folder)) continue;
    if (!(await holdsClasses(view, folder, sources))) continue;
    found.push({ tool: 'typeorm', folder, config: joined(own.folder, 'package.json'), table, settings: {} });
  }
  return found;
}

async function settingsOf(
  view: FolderView,
  root: string,
  tree: [string, { files: readonly string[] }][],
): Promise<Settings> {
  const folders: string[] = [];
  const tables: string[] = [];
  for (const [folder, { files }] of tree) {
    if (root !== '' && folder !== root && !folder.startsWith(`${root}/`)) continue;
    for (const name of files.filter((file) => CONFIG.test(file) && !TEST.test(file))) {
      const text = await textOrNothing(view, joined(folder, name));
      if (!text?.includes('migrations')) continue;
      const source = jsSource(text);
      // Globs of a data source are taken from the package's folder, unless they begin with the file's own.
      for (const value of valuesOf(source, 'migrations'))
        for (const glob of stringsAt(source, value) ?? []) folders.push(...placesOf(glob, folder, root));
      const schema = valuesOf(source, 'schema').map((value) => stringAt(source, value))[0];
      for (const value of valuesOf(source, 'migrationsTableName')) {
        const table = stringAt(source, value);
        if (table !== undefined) tables.push(JSON.stringify({ schema: schema ?? null, name: table }));
      }
    }
  }
  const [only, another] = [...new Set(tables)];
  return { folders, table: only && !another ? (JSON.parse(only) as ToolLocation['table']) : null };
}

/** The folder that a glob begins with; compiled output is looked for in its source. */
function placesOf(glob: string, folder: string, root: string): string[] {
  const fixed = glob.split(/[*{?[]/)[0] as string;
  const place =
    SOURCE.test(fixed) || !fixed.endsWith('/') ? fixed.slice(0, fixed.lastIndexOf('/') + 1) : fixed;
  if (place === '' || place === './') return [];
  const base =
    glob.startsWith('./') || glob.startsWith('../')
      ? [joined(folder, place), joined(root, place)]
      : [joined(root, place)];
  return base.flatMap((path) => [path, path.replace(/(^|\/)(?:dist|build|out|lib)\//, '$1src/')]);
}

async function holdsClasses(view: FolderView, folder: string, names: readonly string[]): Promise<boolean> {
  for (const name of names.slice(0, 3)) {
    const text = await textOrNothing(view, joined(folder, name));
    if (text && (/\bMigrationInterface\b/.test(text) || /\bclass\s+\w*\d{13}\b/.test(text))) return true;
  }
  return false;
}

export async function readTypeorm(view: FolderView, { folder }: ToolLocation): Promise<FolderReading> {
  const names = (await view.list(folder)).filter(
    ({ name, kind }) => kind === 'file' && SOURCE.test(name) && !TEST.test(name),
  );
  const { sources, problems } = await readSources(
    view,
    names.map(({ name }) => joined(folder, name)),
  );
  const migrations: FolderMigration[] = [];
  for (const { path, text } of sources) {
    for (const found of text === undefined ? [] : migrationClasses(text)) {
      if (stampOf(found.name) === undefined) problems.push(withoutStamp(path, found.name));
      migrations.push({
        id: found.name,
        name: found.name,
        file: path,
        downFile: found.down ? path : null,
        reversible: found.down,
        parents: [],
        labels: [],
        checksums: null,
      });
    }
  }
  for (const [name, same] of Map.groupBy(migrations, ({ id }) => id))
    if (same.length > 1) problems.push(twice(name, same));
  migrations.sort((a, b) => byStamp(a.id, b.id));
  return { migrations: migrations.filter(({ id }, at) => migrations[at - 1]?.id !== id), problems };
}

/** Classes of a file that TypeORM would run: those with `up`, by their `name` field or their own name. */
export function migrationClasses(text: string): { name: string; down: boolean | null }[] {
  const source = jsSource(text);
  const found: { name: string; down: boolean | null }[] = [];
  for (const match of source.code.matchAll(/\bclass\s+([A-Za-z_$][\w$]*)[^{;]*\{/g)) {
    const open = match.index + match[0].length - 1;
    const body = { start: open, end: bracketEnd(source.code, open) };
    const code = source.code.slice(body.start, body.end);
    if (!/\bup\s*(?:=|\()/.test(code)) continue;
    const down = /\bdown\s*\([^)]*\)\s*(?::\s*[\w<>\s|]+?)?\s*\{([\s\S]*)/.exec(code);
    found.push({
      name: nameField(source, body) ?? (match[1] as string),
      down: down ? !/^\s*throw\b/.test(down[1] as string) : /\bdown\s*=/.test(code) ? null : false,
    });
  }
  return found;
}

/** `name = '…'` of a class, or `this.name = '…'` as compilers write it. */
function nameField(source: JsSource, body: { start: number; end: number }): string | undefined {
  const code = source.code.slice(body.start, body.end);
  const match =
    /[{;\n}]\s*(?:(?:public|readonly|override|static)\s+)*(?:this\s*\.\s*)?name\s*(?::\s*string\s*)?=\s*/.exec(
      code,
    );
  if (!match) return undefined;
  const start = body.start + match.index + match[0].length;
  const newline = source.code.indexOf('\n', start);
  const end = Math.min(expressionEnd(source.code, start), newline < 0 ? source.code.length : newline);
  return stringAt(source, { start, end });
}

/** `parseInt(name.slice(-13), 10)`, as the executor takes it; undefined where it refuses. */
function stampOf(name: string): number | undefined {
  const stamp = Number.parseInt(name.slice(-13), 10);
  return stamp ? stamp : undefined;
}

export function byStamp(a: string, b: string): number {
  return (stampOf(a) ?? 0) - (stampOf(b) ?? 0) || (a < b ? -1 : a > b ? 1 : 0);
}

const withoutStamp = (path: string, name: string): TrackProblem => ({
  severity: 'bad',
  cause: 'name-without-stamp',
  what: `The class ${name} of ${path} has no time stamp at the end of its name.`,
  why: 'TypeORM orders by the 13 digits there and refuses every command while one has none.',
  next: 'Let the class name, or its name field, end in milliseconds since 1970.',
});

const twice = (name: string, same: readonly FolderMigration[]): TrackProblem => ({
  severity: 'bad',
  cause: 'name-twice',
  what: `Several classes are called ${name}: in ${same.map(({ file }) => file).join(', ')}.`,
  why: 'TypeORM refuses with "Duplicate migrations".',
  next: 'Rename one of them, unless it was applied somewhere.',
});
