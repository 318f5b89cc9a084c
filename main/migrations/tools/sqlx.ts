import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderView, MigrationTool, ToolLocation } from '../tool.ts';
import { columnNames, hasColumns } from './shared/columns.ts';
import { digestsOf, overAll, textOrNothing } from './shared/content.ts';
import { happened, mergeEntries } from './shared/entries.ts';
import { asTrackProblem } from './shared/file-problem.ts';
import { filesIn, foldersOf, joined, parentOf, relativeTo } from './shared/find-folders.ts';
import { badName, downWithoutUp, emptiness, rowsWithoutFile, sameVersion } from './shared/folder-problems.ts';
import { sections } from './shared/settings-files.ts';
import { isSqlxProject } from './shared/sqlx-project.ts';
import { stateSql } from './shared/state-sql.ts';
import { byNumber, fitsInt8, plainNumber } from './shared/versions.ts';
import selectRows from './sqlx.sql?raw';

export interface SqlxState {
  rows: {
    version: string;
    description: string;
    at: string | null;
    success: boolean;
    checksum: string;
    nanoseconds: string;
  }[];
}

const DOWN = /\.down\.sql$/;

/**
 * sqlx. The table holds SHA-384 of each file's bytes, and sqlx compares it on every run. Facts:
 * `sqlx-core/src/migrate/source.rs`, `sqlx-postgres/src/migrate.rs` and `sqlx-cli/src/migrate.rs` of its source.
 */
export const sqlx: MigrationTool<SqlxState> = {
  id: 'sqlx',
  title: 'sqlx',
  runner: 'driven',
  unrecorded: ['by whom'],

  recognise(table) {
    const own = {
      version: 'bigint',
      installed_on: 'timestamp',
      success: 'boolean',
      checksum: 'bytea',
    } as const;
    if (!hasColumns(table, { ...own, description: 'text', execution_time: 'bigint' })) return undefined;
    return {
      tool: 'sqlx',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: 'certain',
    };
  },

  async readState(query, table) {
    return { rows: await query(stateSql(selectRows, { table })) };
  },

  lockKeys: (database) => [BigInt.asIntN(64, 0x3d32ad9en * BigInt(crc32(Buffer.from(database, 'utf8'))))],

  async locate(folder) {
    const found = new Map<string, ToolLocation>();
    const all = await foldersOf(folder);
    for (const { path, entries } of all) {
      if (!entries.some(({ name }) => name === 'sqlx.toml')) continue;
      const config = joined(path, 'sqlx.toml');
      const migrate = sections(await textOrNothing(folder, config)).get('migrate');
      const [schema, name] = (migrate?.get('table-name')?.[0] ?? '').split('.');
      const place = relativeTo(path, migrate?.get('migrations-dir')?.[0] ?? 'migrations');
      found.set(place, {
        tool: 'sqlx',
        folder: place,
        config,
        table: schema ? (name ? { schema, name } : { schema: null, name: schema }) : null,
        settings: { ignoredCharacters: unescaped(migrate?.get('ignored-chars') ?? []) },
      });
    }
    for (const { path, entries } of all) {
      if (found.has(path) || !/(^|\/)migrations[^/]*$/.test(path)) continue;
      if (filesIn(entries, /^\d+_.*\.sql$/).length === 0 || !(await isSqlxProject(folder, parentOf(path))))
        continue;
      found.set(path, { tool: 'sqlx', folder: path, config: null, table: null, settings: {} });
    }
    return [...found.values()];
  },

  async readFolder(folder, location) {
    const problems: TrackProblem[] = [];
    const ups = new Map<string, { name: string; bytes: number }>();
    const downs = new Map<string, string>();
    for (const { name, bytes } of filesIn(await folder.list(location.folder), /_.*\.sql$/)) {
      const digits = name.slice(0, name.indexOf('_'));
      const version = plainNumber(digits);
      if (!/^\d+$/.test(digits) || !fitsInt8(version)) {
        problems.push(
          badName(name, 'sqlx stops at it: what stands before the first “_” is not a whole number.', 'bad'),
        );
        continue;
      }
      const twin = DOWN.test(name) ? downs.get(version) : ups.get(version)?.name;
      if (twin) problems.push(sameVersion('sqlx', version, [twin, name], 'fails on the second one.'));
      else if (DOWN.test(name)) downs.set(version, name);
      else ups.set(version, { name, bytes });
    }
    for (const [version, down] of downs)
      if (!ups.has(version)) problems.push(downWithoutUp(down, 'sqlx never runs it on the way up.'));
    const files = [...ups].sort(([a], [b]) => byNumber(a, b));
    const migrations = await overAll(files, async ([version, file]) => {
      const path = joined(location.folder, file.name);
      const { checksums, problem } = await checksumsOf(folder, location, { path, bytes: file.bytes });
      if (problem) problems.push(problem);
      return migration(version, location.folder, file.name, downs.get(version), checksums);
    });
    const empty = await emptiness(folder, location, migrations.length, 'sqlx');
    return { migrations, problems: empty ? [empty, ...problems] : problems };
  },

  status(state, reading) {
    const rows = state?.rows ?? [];
    const entries = mergeEntries(
      rows.map((row) => ({
        id: row.version,
        name: row.description,
        state: row.success ? ('applied' as const) : ('failed' as const),
        notes: row.success ? [] : ['It ran outside of a transaction and did not come to its end.'],
        appliedAt: row.at,
        // -1 stands there until the transaction has ended.
        durationMs: row.nanoseconds.startsWith('-') ? null : Number(row.nanoseconds) / 1e6,
        checksum: row.checksum,
      })),
      reading,
      {
        order: byNumber,
        outOfOrder: 'sqlx runs it with the next `migrate run` all the same.',
        missing: 'sqlx refuses to run while it has no file, unless it is called with --ignore-missing.',
        changed: 'sqlx refuses to run while the file differs. Other line ends or a BOM are a difference too.',
      },
    );
    const failed = rows.find(({ success }) => !success);
    const missing = entries.filter(({ state }) => state === 'missing').map(({ id }) => id);
    const last = entries.findLast((entry) => happened(entry.state));
    const why =
      failed &&
      `Migration ${failed.version} did not come to its end; sqlx refuses to run until its row is gone.`;
    return {
      current: last ? [last.id] : [],
      heads: [],
      dirty: failed && why ? { version: failed.version, why } : null,
      entries,
      problems: [
        ...(reading?.problems ?? []),
        ...rowsWithoutFile(missing, 'sqlx refuses to run while that is so.'),
      ],
    };
  },
};

async function checksumsOf(
  folder: FolderView,
  location: ToolLocation,
  file: { path: string; bytes: number },
): Promise<{ checksums: string[] | null; problem?: TrackProblem }> {
  const ignored = location.settings.ignoredCharacters ?? '';
  try {
    if (ignored === '') {
      const [digest] = await digestsOf(folder, file, ['sha384']);
      return { checksums: digest ? [digest.toString('hex')] : null };
    }
    // With a BOM: it is one of the characters that are ignored if the settings say so.
    const text = (await folder.bytes(file.path)).toString('utf8');
    const kept = [...text].filter((character) => !ignored.includes(character)).join('');
    return { checksums: [createHash('sha384').update(kept, 'utf8').digest('hex')] };
  } catch (error) {
    return { checksums: null, problem: asTrackProblem(error) };
  }
}

const migration = (
  version: string,
  folder: string,
  up: string,
  down: string | undefined,
  checksums: string[] | null,
): FolderMigration => ({
  id: version,
  name: up.replace(/(\.up)?\.sql$/, ''),
  file: joined(folder, up),
  downFile: down === undefined ? null : joined(folder, down),
  reversible: down !== undefined,
  parents: [],
  labels: [],
  checksums,
});

/** TOML's escapes of single characters. */
const unescaped = (characters: readonly string[]): string =>
  characters
    .map((character) =>
      character
        .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        .replace('\\r', '\r')
        .replace('\\n', '\n')
        .replace('\\t', '\t'),
    )
    .join('');
