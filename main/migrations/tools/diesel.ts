import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, MigrationTool } from '../tool.ts';
import selectVersions from './diesel.sql?raw';
import { columnNames, hasOnlyColumns } from './shared/columns.ts';
import { overAll, textOrNothing } from './shared/content.ts';
import { inLine, mergeEntries, missingIds } from './shared/entries.ts';
import { foldersOf, hasFile, joined, parentOf, relativeTo } from './shared/find-folders.ts';
import { downWithoutUp, emptiness, rowsWithoutFile, sameVersion } from './shared/folder-problems.ts';
import { sections } from './shared/settings-files.ts';
import { stateSql } from './shared/state-sql.ts';
import { byCodePoint } from './shared/versions.ts';

/** `at` has no time zone. */
export interface DieselState {
  rows: { version: string; at: string | null }[];
}

/**
 * Diesel. A folder a migration; its version is the folder's name up to the first `_`, without hyphens. Facts:
 * `diesel_migrations/src/file_based_migrations.rs` and `migrations_internals` of its source.
 */
export const diesel: MigrationTool<DieselState> = {
  id: 'diesel',
  title: 'Diesel',
  runner: 'driven',
  unrecorded: ['by whom', 'how long', 'checksum', 'failures'],

  recognise(table) {
    if (!hasOnlyColumns(table, { version: 'text', run_on: 'timestamp' })) return undefined;
    return {
      tool: 'diesel',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: table.name === '__diesel_schema_migrations' ? 'certain' : 'probable',
    };
  },

  async readState(query, table) {
    return { rows: await query(stateSql(selectVersions, { table })) };
  },

  async locate(folder) {
    const found = new Map<string, string | null>();
    const all = await foldersOf(folder);
    for (const { path, entries } of all) {
      if (!hasFile(entries, 'diesel.toml')) continue;
      const config = joined(path, 'diesel.toml');
      const named = sections(await textOrNothing(folder, config))
        .get('migrations_directory')
        ?.get('dir')?.[0];
      found.set(relativeTo(path, named ?? 'migrations'), config);
    }
    for (const { path, entries } of all) {
      const holder = parentOf(path);
      if (path !== '' && hasFile(entries, 'up.sql') && !found.has(holder)) found.set(holder, null);
    }
    return [...found].map(([path, config]) => ({
      tool: 'diesel',
      folder: path,
      config,
      table: null,
      settings: {},
    }));
  },

  async readFolder(folder, location) {
    const problems: TrackProblem[] = [];
    const byVersion = new Map<string, FolderMigration>();
    const inside = (await folder.list(location.folder)).filter(
      ({ kind, name }) => kind === 'folder' && !name.startsWith('.'),
    );
    const listed = await overAll(inside, async ({ name }) => ({
      name,
      entries: await folder.list(joined(location.folder, name)),
    }));
    for (const { name, entries } of listed) {
      const path = joined(location.folder, name);
      const up = hasFile(entries, 'up.sql');
      const down = hasFile(entries, 'down.sql');
      if (!up && down)
        problems.push(downWithoutUp(joined(path, 'down.sql'), 'Diesel takes the folder for no migration.'));
      if (!up) continue;
      const version = (name.split('_')[0] ?? name).replaceAll('-', '');
      const twin = byVersion.get(version);
      if (twin) {
        problems.push(sameVersion('Diesel', version, [twin.name, name], 'knows one of the two only.'));
        continue;
      }
      byVersion.set(version, {
        id: version,
        name,
        file: joined(path, 'up.sql'),
        downFile: down ? joined(path, 'down.sql') : null,
        reversible: down,
        parents: [],
        labels: [],
        checksums: null,
      });
    }
    const migrations = [...byVersion.values()].sort((a, b) => byCodePoint(a.id, b.id));
    const empty = await emptiness(folder, location, migrations.length, 'Diesel');
    return { migrations, problems: empty ? [empty, ...problems] : problems };
  },

  status(state, reading) {
    const entries = mergeEntries(
      (state?.rows ?? []).map(({ version, at }) => ({ id: version, appliedAt: at })),
      reading,
      {
        order: byCodePoint,
        outOfOrder: 'Diesel runs it with the next `migration run` all the same.',
        missing: 'Diesel can’t revert it without its folder.',
      },
    );
    return inLine(entries, [
      ...(reading?.problems ?? []),
      ...rowsWithoutFile(missingIds(entries), 'Diesel passes over them on the way up.'),
    ]);
  },
};
