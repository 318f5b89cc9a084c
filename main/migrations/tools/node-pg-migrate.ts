import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type {
  FolderMigration,
  FolderReading,
  FolderView,
  MigrationTool,
  ToolLocation,
  TrackReading,
} from '../tool.ts';
import { codeMigration } from './code/code-migration.ts';
import { type NodePackage, packageOf } from './code/js-packages.ts';
import { hasExport } from './code/js-values.ts';
import { masked } from './code/mask.ts';
import { filesNamed, joined, nameOf, projectTree, stemOf } from './code/project-tree.ts';
import { readSources, textOrNothing } from './code/read-sources.ts';
import stateText from './node-pg-migrate.sql?raw';
import { inLine, mergeEntries } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';

/** `appliedAt` is the server's text: the tool keeps no time zone. */
export type NodePgMigrateState = { name: string; appliedAt: string }[];

/** node-pg-migrate. Source: `runner` and `migration` of version 9. */
export const nodePgMigrate: MigrationTool<NodePgMigrateState> = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate',
  runner: 'driven',
  unrecorded: ['by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns }) => {
    const names = columns.map((column) => column.name);
    if (names.length !== 3 || !['id', 'name', 'run_on'].every((column) => names.includes(column)))
      return undefined;
    return { tool: 'node-pg-migrate', schema, name, columns: names, certainty: 'certain' };
  },
  readState: async (query, table) => await query<NodePgMigrateState[number]>(stateSql(stateText, { table })),
  lockKeys: () => [7241865325823964n],
  locate: locateNodePgMigrate,
  readFolder: readNodePgMigrate,
  status: nodePgMigrateStatus,
};

/** Packages that depend on it, with the folder that a script, a configuration or the default names. */
async function locateNodePgMigrate(view: FolderView): Promise<ToolLocation[]> {
  const tree = await projectTree(view);
  const found: ToolLocation[] = [];
  for (const { folder } of await filesNamed(view, (name) => name === 'package.json')) {
    const own = await packageOf(view, folder);
    if (!own?.dependencies.has('node-pg-migrate')) continue;
    const options = { ...(await configured(view, folder)), ...scriptOptions(own) };
    const place = joined(folder, options.dir ?? 'migrations');
    if (!tree.has(place) && options.dir === undefined) continue;
    const table =
      options.table === undefined && options.schema === undefined
        ? null
        : { schema: options.schema ?? null, name: options.table ?? 'pgmigrations' };
    found.push({
      tool: 'node-pg-migrate',
      folder: place,
      config: joined(folder, 'package.json'),
      table,
      settings: {},
    });
  }
  return found;
}

interface Options {
  dir?: string;
  table?: string;
  schema?: string;
}

/** `-m`, `-t` and their long names in the scripts of `package.json`. */
function scriptOptions({ content }: NodePackage): Options {
  const scripts = content.scripts;
  const lines = typeof scripts === 'object' && scripts !== null ? Object.values(scripts).map(String) : [];
  const text = lines.filter((line) => /\bnode-pg-migrate\b/.test(line)).join('\n');
  const option = (names: string): string | undefined =>
    new RegExp(`(?:^|\\s)(?:${names})(?:[ =]+)(?:"([^"]*)"|'([^']*)'|([^\\s"']+))`)
      .exec(text)
      ?.slice(1)
      .find(Boolean);
  return options(
    option('-m|--migrations-dir'),
    option('-t|--migrations-table'),
    option('--migrations-schema'),
  );
}

/** `config/default.json` and `.node-pg-migraterc`-like files that `--config-file` names by custom. */
async function configured(view: FolderView, folder: string): Promise<Options> {
  for (const name of ['config/default.json', 'database.json', 'migrate.json']) {
    try {
      const json: unknown = JSON.parse((await textOrNothing(view, joined(folder, name))) ?? '{}');
      const db = (json as { db?: unknown }).db ?? json;
      const fields = typeof db === 'object' && db !== null ? (db as Record<string, unknown>) : {};
      const text = (key: string): string | undefined =>
        typeof fields[key] === 'string' ? (fields[key] as string) : undefined;
      if (text('migrations-dir') !== undefined || text('migrations-table') !== undefined)
        return options(text('migrations-dir'), text('migrations-table'), text('migrations-schema'));
    } catch {
      // Not JSON: nothing of it is known.
    }
  }
  return {};
}

const options = (dir?: string, table?: string, schema?: string): Options => ({
  ...(dir === undefined ? {} : { dir }),
  ...(table === undefined ? {} : { table }),
  ...(schema === undefined ? {} : { schema }),
});

/** Every file of the folder that does not begin with a dot; named without its extension. */
async function readNodePgMigrate(view: FolderView, { folder }: ToolLocation): Promise<FolderReading> {
  const names = (await view.list(folder)).filter(
    ({ name, kind }) => kind === 'file' && !name.startsWith('.'),
  );
  const { sources, problems } = await readSources(
    view,
    names.map(({ name }) => joined(folder, name)),
  );
  const migrations = sources.map(({ path, text }) => migrationOf(path, text));
  for (const { file, name } of migrations) if (!/^\d/.test(name)) problems.push(withoutPrefix(file ?? name));
  migrations.sort((a, b) => byPrefix(nameOf(a.file as string), nameOf(b.file as string)));
  return { migrations, problems };
}

function migrationOf(path: string, text: string | undefined): FolderMigration {
  const reversible = text === undefined ? null : isReversible(path, text);
  return codeMigration(path, reversible, { id: stemOf(nameOf(path)) });
}

/** Without `down` the tool turns `up` round by itself where it can; `down = false` forbids it. */
function isReversible(path: string, text: string): boolean | null {
  if (path.endsWith('.sql')) return /^\s*--[\s-]*down\s+migration/im.test(text) ? true : null;
  const code = masked(text, 'javascript');
  if (/\bdown\s*=\s*false\b|\bdown\s*:\s*false\b/.test(code)) return false;
  return hasExport(code, 'down') ? true : null;
}

/** `compareMigrationFileNames`: the leading number, 17 digits of which are a date in UTC, then the name. */
function byPrefix(a: string, b: string): number {
  return (
    prefixOf(a) - prefixOf(b) ||
    a.localeCompare(b, undefined, {
      usage: 'sort',
      numeric: true,
      sensitivity: 'variant',
      ignorePunctuation: true,
    })
  );
}

function prefixOf(name: string): number {
  const digits = /^\d+/.exec(name)?.[0] ?? '0';
  if (digits.length !== 17) return Number(digits);
  const [year, month, day, hours, minutes, seconds, ms] = [
    [0, 4],
    [4, 6],
    [6, 8],
    [8, 10],
    [10, 12],
    [12, 14],
    [14, 17],
  ].map(([start, end]) => digits.slice(start, end));
  const at = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
  return Number.isNaN(at) ? Number(digits) : at;
}

function nodePgMigrateStatus(
  state: NodePgMigrateState | undefined,
  reading: FolderReading | undefined,
): TrackReading {
  const rows = state ?? [];
  const entries = mergeEntries(
    rows.map(({ name, appliedAt }) => ({ id: name, appliedAt })),
    reading,
    {
      order: byPrefix,
      missing: 'Its file was deleted or renamed, or is on another branch; it can’t be taken back without it.',
      outOfOrder: 'node-pg-migrate refuses to run it after later ones, unless with --no-check-order.',
    },
  );
  return inLine(entries, [
    ...(reading?.problems ?? []),
    ...(reading ? wrongOrder(rows, reading.migrations) : []),
  ]);
}

/** `checkOrder`: rows and files are laid side by side, and the first pair that differs stops every run. */
function wrongOrder(rows: NodePgMigrateState, files: readonly FolderMigration[]): TrackProblem[] {
  const length = Math.min(rows.length, files.length);
  for (let at = 0; at < length; at++) {
    const [row, file] = [rows[at]?.name, files[at]?.id];
    if (row === file) continue;
    return [
      {
        severity: 'bad',
        cause: 'order-differs',
        what: `node-pg-migrate refuses to run: ${file} precedes ${row}, which is applied.`,
        why: 'It lays the applied migrations and the files side by side, and they differ from here on: a file was added before applied ones, deleted, or renamed.',
        next: 'Bring back or rename the file, or run with --no-check-order if the order does not matter.',
      },
    ];
  }
  return [];
}

const withoutPrefix = (path: string): TrackProblem => ({
  severity: 'bad',
  cause: 'file-name',
  what: `${path} does not begin with a number.`,
  why: 'node-pg-migrate takes every file of the folder for a migration and orders them by the number; version 9 refuses without one.',
  next: 'Move the file out of the folder, or set --ignore-pattern.',
});
