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
import { masked } from './code/mask.ts';
import { filesBelow, joined, nameOf, projectTree, stemOf } from './code/project-tree.ts';
import { readSources, textOrNothing } from './code/read-sources.ts';
import stateText from './ecto.sql?raw';
import { inLine, mergeEntries } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';

/** `appliedAt` is the server's text; Ecto writes UTC into a column without time zone. */
export type EctoState = { version: string; appliedAt: string }[];

/** `Ecto.Migrator`: a leading integer, an underscore, the name. */
const FILE = /^(\d+)_(.+)\.exs$/;

/** Ecto. Source: `Ecto.Migrator` and `Ecto.Migration.SchemaMigration` of ecto_sql 3. */
export const ecto: MigrationTool<EctoState> = {
  id: 'ecto',
  title: 'Ecto',
  runner: 'driven',
  unrecorded: ['by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns }) => {
    const [version, inserted, another] = columns;
    if (version?.name !== 'version' || version.type !== 'bigint' || another) return undefined;
    if (inserted?.name !== 'inserted_at') return undefined;
    return { tool: 'ecto', schema, name, columns: ['version', 'inserted_at'], certainty: 'certain' };
  },
  readState: async (query, table) => await query<EctoState[number]>(stateSql(stateText, { table })),
  locate: locateEcto,
  readFolder: readEcto,
  status: ectoStatus,
};

/** `priv/<repo>/migrations` of a Mix project, one of an umbrella too. */
async function locateEcto(view: FolderView): Promise<ToolLocation[]> {
  const tree = await projectTree(view);
  const found: ToolLocation[] = [];
  for (const [folder] of tree) {
    const place = /^(?:(.*)\/)?priv\/\w+\/migrations$/.exec(folder);
    if (!place) continue;
    const below = [...tree].filter(([path]) => path === folder || path.startsWith(`${folder}/`));
    if (!below.some(([, { files }]) => files.some((name) => FILE.test(name)))) continue;
    const root = place[1] ?? '';
    const config = [joined(root, 'config/config.exs'), joined(root, '../../config/config.exs')];
    const texts = await Promise.all(config.map((path) => textOrNothing(view, path)));
    const sources = texts.flatMap((text) => [
      ...(text ?? '').matchAll(/^[^#\n]*\bmigration_source:\s*"(\w+)"/gm),
    ]);
    const [only, another] = new Set(sources.map(([, source]) => source as string));
    found.push({
      tool: 'ecto',
      folder,
      config: tree.get(root)?.files.includes('mix.exs') ? joined(root, 'mix.exs') : null,
      table: only !== undefined && another === undefined ? { schema: null, name: only } : null,
      settings: {},
    });
  }
  return found;
}

async function readEcto(view: FolderView, { folder }: ToolLocation): Promise<FolderReading> {
  const paths = (await filesBelow(view, folder)).filter((path) => FILE.test(nameOf(path)));
  const { sources, problems } = await readSources(view, paths);
  const migrations = sources.map(({ path, text }): FolderMigration => {
    const reversible = text === undefined ? null : isReversible(text);
    const id = BigInt(FILE.exec(nameOf(path))?.[1] as string).toString();
    return codeMigration(path, reversible, { id, name: stemOf(nameOf(path)) });
  });
  migrations.sort((a, b) => byVersion(a.id, b.id) || (a.name < b.name ? -1 : 1));
  for (const [version, same] of Map.groupBy(migrations, ({ id }) => id))
    if (same.length > 1) problems.push(twice('version', version, same));
  for (const [name, same] of Map.groupBy(migrations, ({ name }) => name.replace(/^\d+_/, '')))
    if (same.length > 1) problems.push(twice('name', name, same));
  return { migrations, problems };
}

/** `change` is turned round by Ecto, where its commands can be. */
function isReversible(text: string): boolean | null {
  const code = masked(text, 'elixir');
  if (/\bdef\s+down\b/.test(code)) return true;
  return /\bdef\s+up\b/.test(code) ? false : null;
}

function ectoStatus(state: EctoState | undefined, reading: FolderReading | undefined): TrackReading {
  const entries = mergeEntries(
    (state ?? []).map(({ version, appliedAt }) => ({ id: version, appliedAt })),
    reading,
    {
      order: byVersion,
      missing: 'Ecto shows it as up, with FILE NOT FOUND, and can’t take it back.',
      outOfOrder: 'Ecto runs it with the next mix ecto.migrate, after later ones.',
    },
  );
  return inLine(entries, reading?.problems ?? []);
}

const byVersion = (a: string, b: string): number => {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const twice = (what: 'version' | 'name', value: string, same: readonly FolderMigration[]): TrackProblem => ({
  severity: 'bad',
  cause: `${what}-twice`,
  what: `Several files have the ${what} ${value}: ${same.map(({ file }) => file).join(', ')}.`,
  why: `Ecto refuses to migrate while migrations share a ${what}.`,
  next: 'Rename one of them, unless it was applied somewhere.',
});
