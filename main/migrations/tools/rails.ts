import { crc32 } from 'node:zlib';
import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type {
  CandidateTable,
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
import { readSources } from './code/read-sources.ts';
import stateText from './rails.sql?raw';
import { happened, inLine, mergeEntries } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';

/** `Migration::MigrationFilenameRegexp`. */
const FILE = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/;
/** What Rails takes for a migration before it looks at the whole name. */
const LISTED = /^[0-9][^/]*_[^/]*\.rb$/;

/** Versions as the table has them. */
export type RailsState = string[];

/**
 * Rails' ActiveRecord. Source: `migration.rb` and `schema_migration.rb` of ActiveRecord 6.1.
 */
export const rails: MigrationTool<RailsState> = {
  id: 'rails',
  title: 'Rails',
  runner: 'driven',
  unrecorded: ['when', 'by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns }, siblings) => {
    const [only, another] = columns;
    if (only?.name !== 'version' || another || !/^(character varying|text)/.test(only.type)) return undefined;
    const certain = siblings.some(isMetadata);
    if (!certain && !/schema_migrations$/.test(name)) return undefined;
    return { tool: 'rails', schema, name, columns: ['version'], certainty: certain ? 'certain' : 'probable' };
  },
  readState: async (query, table) =>
    (await query<{ version: string }>(stateSql(stateText, { table }))).map(({ version }) => version),
  // `Migrator#generate_migrator_advisory_lock_id`.
  lockKeys: (database) => [2053462845n * BigInt(crc32(database))],
  locate: locateRails,
  readFolder: readRails,
  status: railsStatus,
};

/** `ar_internal_metadata`, under whatever prefix. */
const isMetadata = ({ columns }: CandidateTable): boolean =>
  ['key', 'value', 'created_at', 'updated_at'].every((name) =>
    columns.some((column) => column.name === name),
  ) && columns.length === 4;

/** `db/migrate`, and `db/<name>_migrate` of further databases. */
async function locateRails(view: FolderView): Promise<ToolLocation[]> {
  const tree = await projectTree(view);
  const found: ToolLocation[] = [];
  for (const [folder] of tree) {
    if (!/(^|\/)db\/(\w+_)?migrate$/.test(folder)) continue;
    const below = [...tree].filter(([path]) => path === folder || path.startsWith(`${folder}/`));
    if (!below.some(([, { files }]) => files.some((name) => LISTED.test(name)))) continue;
    const config = joined(folder, '../../config/database.yml');
    found.push({
      tool: 'rails',
      folder,
      config: (await view.exists(config)) ? config : null,
      table: null,
      settings: {},
    });
  }
  return found;
}

async function readRails(view: FolderView, { folder }: ToolLocation): Promise<FolderReading> {
  const paths = (await filesBelow(view, folder)).filter((path) => LISTED.test(nameOf(path)));
  const { sources, problems } = await readSources(view, paths);
  const migrations = sources.flatMap(({ path, text }): FolderMigration[] => {
    const match = FILE.exec(nameOf(path));
    if (!match) {
      problems.push(illegalName(path));
      return [];
    }
    const reversible = text === undefined ? null : isReversible(text);
    return [
      codeMigration(path, reversible, {
        id: normalised(match[1] as string),
        name: stemOf(nameOf(path)),
        labels: match[3] ? [match[3]] : [],
      }),
    ];
  });
  migrations.sort((a, b) => byVersion(a.id, b.id) || (a.name < b.name ? -1 : 1));
  for (const [version, files] of Map.groupBy(migrations, ({ id }) => id))
    if (files.length > 1) problems.push(sameVersion(version, files));
  return { migrations, problems };
}

/** `SchemaMigration.normalize_migration_number`: `%.3d`. */
const normalised = (version: string): string => (version.replace(/^0+(?=\d)/, '') || '0').padStart(3, '0');

function railsStatus(state: RailsState | undefined, reading: FolderReading | undefined): TrackReading {
  const recorded = (state ?? []).map((version) => ({
    id: /^\d+$/.test(version) ? normalised(version) : version,
  }));
  const entries = mergeEntries(recorded, reading, {
    order: byVersion,
    missing: 'Rails shows it as up, with NO FILE, and can’t roll back past it.',
    outOfOrder: 'Rails runs it with the next db:migrate, after later ones.',
  });
  const last = entries.filter((entry) => happened(entry.state)).sort((a, b) => byVersion(a.id, b.id));
  return inLine(entries, reading?.problems ?? [], last.at(-1)?.id);
}

/** Without `down`, a `change` can be taken back where its statements can; a bare `up` can't. */
function isReversible(text: string): boolean | null {
  const code = masked(text, 'ruby');
  const down = /\bdef\s+(?:self\.)?down\b([\s\S]*?)(?=\bdef\b|$)/.exec(code);
  if (down) return !/\bIrreversibleMigration\b/.test(down[1] as string);
  if (/\bdef\s+change\b/.test(code)) return /\bIrreversibleMigration\b/.test(code) ? false : null;
  return /\bdef\s+(?:self\.)?up\b/.test(code) ? false : null;
}

const byVersion = (a: string, b: string): number => {
  const difference = /^\d+$/.test(a) && /^\d+$/.test(b) ? BigInt(a) - BigInt(b) : 0n;
  return difference === 0n ? (a < b ? -1 : a > b ? 1 : 0) : difference < 0n ? -1 : 1;
};

const illegalName = (path: string): TrackProblem => ({
  severity: 'bad',
  cause: 'file-name',
  what: `${path} has a name that Rails does not accept.`,
  why: 'Only lower case letters, digits and underscores may follow the version; Rails refuses with IllegalMigrationNameError.',
  next: 'Rename the file, or move it out of the folder.',
});

const sameVersion = (version: string, files: readonly FolderMigration[]): TrackProblem => ({
  severity: 'bad',
  cause: 'version-twice',
  what: `Several files have the version ${version}: ${files.map(({ file }) => file).join(', ')}.`,
  why: 'Rails refuses to migrate with DuplicateMigrationVersionError.',
  next: 'Give one of them another version, unless it was applied somewhere.',
});
