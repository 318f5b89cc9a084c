import type {
  FolderMigration,
  FolderReading,
  FolderView,
  MigrationTool,
  ToolLocation,
  TrackReading,
} from '../tool.ts';
import { codeMigration } from './code/code-migration.ts';
import { masked } from './code/mask.ts';
import { joined, nameOf, projectTree, stemOf } from './code/project-tree.ts';
import { readSources, textOrNothing } from './code/read-sources.ts';
import stateText from './laravel.sql?raw';
import { inLine, mergeEntries } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';

/** In the order in which they were applied. */
export type LaravelState = { name: string; batch: number }[];

/** As `Migrator::getMigrationFiles` lists them. */
const FILE = /_.*\.php$/;

/** Laravel. Source: `Illuminate/Database/Migrations` of version 8. */
export const laravel: MigrationTool<LaravelState> = {
  id: 'laravel',
  title: 'Laravel',
  runner: 'driven',
  unrecorded: ['when', 'by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns }) => {
    const names = columns.map((column) => column.name);
    // Columns that some version adds, such as migrated_at, are no matter.
    if (!['id', 'migration', 'batch'].every((column) => names.includes(column)) || names.length > 5)
      return undefined;
    return { tool: 'laravel', schema, name, columns: names, certainty: 'certain' };
  },
  readState: async (query, table) => await query<LaravelState[number]>(stateSql(stateText, { table })),
  locate: locateLaravel,
  readFolder: readLaravel,
  status: laravelStatus,
};

/** `database/migrations` beside `artisan`, and the same folder of packages that lie in the project. */
async function locateLaravel(view: FolderView): Promise<ToolLocation[]> {
  const found: ToolLocation[] = [];
  for (const [folder, { files }] of await projectTree(view)) {
    if (!/(^|\/)database\/migrations$/i.test(folder)) continue;
    const [first] = files.filter((name) => FILE.test(name));
    const root = joined(folder, '../..');
    if (!first) continue;
    const text = (await textOrNothing(view, joined(folder, first))) ?? '';
    if (!/\bIlluminate\b/.test(text) && !(await view.exists(joined(root, 'artisan')))) continue;
    const config = joined(root, 'config/database.php');
    const settings = await textOrNothing(view, config);
    found.push({
      tool: 'laravel',
      folder,
      config: settings === undefined ? null : config,
      table: tableOf(settings),
      settings: {},
    });
  }
  return found;
}

/** `'migrations' => 'name'`, or since version 11 an array with `'table' => 'name'`. */
function tableOf(settings: string | undefined): ToolLocation['table'] {
  const found =
    /^[^\n/#*]*['"]migrations['"]\s*=>\s*(?:(?:\[|array\()\s*['"]table['"]\s*=>\s*)?['"](\w+)['"]/m.exec(
      settings ?? '',
    );
  return found ? { schema: null, name: found[1] as string } : null;
}

async function readLaravel(view: FolderView, { folder }: ToolLocation): Promise<FolderReading> {
  const names = (await view.list(folder)).filter(({ name, kind }) => kind === 'file' && FILE.test(name));
  const { sources, problems } = await readSources(
    view,
    names.map(({ name }) => joined(folder, name)),
  );
  const migrations = sources.map(({ path, text }): FolderMigration => {
    const reversible = text === undefined ? null : /\bfunction\s+down\s*\(/i.test(masked(text, 'php'));
    return codeMigration(path, reversible, { id: stemOf(nameOf(path)) });
  });
  migrations.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { migrations, problems };
}

function laravelStatus(state: LaravelState | undefined, reading: FolderReading | undefined): TrackReading {
  const rows = state ?? [];
  const entries = mergeEntries(
    rows.map(({ name, batch }) => ({ id: name, labels: [`batch ${batch}`] })),
    reading,
    {
      order: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
      missing:
        'Laravel does not list it, and passes over it in a rollback; it may come with a package or from a schema dump.',
      outOfOrder: 'Laravel runs it with the next migrate, after later ones.',
    },
  );
  // The row that was written last, not the latest name.
  const current = rows.slice(-1).map(({ name }) => name);
  return { ...inLine(entries, reading?.problems ?? []), current };
}
