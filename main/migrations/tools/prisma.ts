import { createHash } from 'node:crypto';
import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderView, MigrationTool } from '../tool.ts';
import selectRows from './prisma.sql?raw';
import { columnNames, hasColumns } from './shared/columns.ts';
import { CHECKSUM_LIMIT, digestsOf, overAll, textOrNothing } from './shared/content.ts';
import { happened, mergeEntries, type Recorded } from './shared/entries.ts';
import { asTrackProblem } from './shared/file-problem.ts';
import { filesIn, foldersOf, hasFile, joined, parentOf, relativeTo } from './shared/find-folders.ts';
import { emptiness, rowsWithoutFile } from './shared/folder-problems.ts';
import { stateSql } from './shared/state-sql.ts';
import { byCodePoint } from './shared/versions.ts';

/** One attempt; the same migration may have been tried several times. */
interface Attempt {
  name: string;
  checksum: string;
  started: string | null;
  finished: string | null;
  rolled_back: string | null;
  steps: number;
  logs: string | null;
}

export interface PrismaState {
  attempts: Attempt[];
}

/** Larger files are hashed as they are, without the variants of line ends. */
const VARIANTS_LIMIT = 4 * 1024 * 1024;

/**
 * Prisma Migrate up to 7. A row an attempt: failed while neither finished nor rolled back. Facts: `schema-engine`'s
 * `migration_persistence`, `checksum.rs` and `diagnose_migration_history` of prisma-engines, and the CLI's `migrate` help.
 */
export const prisma: MigrationTool<PrismaState> = {
  id: 'prisma',
  title: 'Prisma Migrate',
  runner: 'driven',
  unrecorded: ['by whom'],

  recognise(table) {
    const own = {
      migration_name: 'text',
      rolled_back_at: 'timestamp',
      applied_steps_count: 'integer',
    } as const;
    if (!hasColumns(table, { ...own, checksum: 'text', started_at: 'timestamp', finished_at: 'timestamp' }))
      return undefined;
    return {
      tool: 'prisma',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: 'certain',
    };
  },

  async readState(query, table) {
    return { attempts: await query(stateSql(selectRows, { table })) };
  },

  lockKeys: () => [72707369n],

  async locate(folder) {
    const found = new Map<string, string | null>();
    for (const { path, entries } of await foldersOf(folder)) {
      const lock = joined(path, 'migration_lock.toml');
      if (hasFile(entries, 'migration_lock.toml') && /postgres/.test(await textOrNothing(folder, lock)))
        found.set(path, found.get(path) ?? null);
      for (const { name } of filesIn(entries, /^prisma\.config\.[cm]?[jt]s$/)) {
        const config = joined(path, name);
        const text = await textOrNothing(folder, config);
        const named = /migrations\s*:\s*\{[^}]*?path\s*:\s*(?:path\.join\()?["'`]([^"'`]+)["'`]/.exec(
          text,
        )?.[1];
        if (named) found.set(relativeTo(path, named), config);
      }
    }
    return [...found].map(([path, config]) => ({
      tool: 'prisma',
      folder: path,
      config,
      table: null,
      settings: { schema: joined(parentOf(path), 'schema.prisma') },
    }));
  },

  async readFolder(folder, location) {
    const problems: TrackProblem[] = [];
    const inside = (await folder.list(location.folder)).filter(
      ({ kind, name }) => kind === 'folder' && !name.startsWith('.'),
    );
    const read = await overAll(inside, async ({ name }) => {
      const path = joined(location.folder, name);
      const script = (await folder.list(path)).find((entry) => entry.name === 'migration.sql');
      if (!script) {
        problems.push(noScript(path));
        return undefined;
      }
      const file = { path: joined(path, 'migration.sql'), bytes: script.bytes };
      let checksums: string[] | null = null;
      try {
        checksums = await checksumsOf(folder, file);
      } catch (error) {
        problems.push(asTrackProblem(error));
      }
      return migration(name, file.path, checksums);
    });
    const migrations = read.filter((one) => one !== undefined).sort((a, b) => byCodePoint(a.id, b.id));
    const empty = await emptiness(folder, location, migrations.length, 'Prisma');
    return { migrations, problems: empty ? [empty, ...problems] : problems };
  },

  status(state, reading) {
    const byName = Map.groupBy(state?.attempts ?? [], ({ name }) => name);
    const recorded = [...byName].map(([name, attempts]) => recordedOf(name, attempts));
    const entries = mergeEntries(recorded, reading, {
      order: byCodePoint,
      outOfOrder: '`migrate deploy` runs it all the same; `migrate dev` wants to reset the database.',
      missing: '`migrate dev` wants to reset the database; `migrate deploy` only says so.',
      changed: '`migrate deploy` does not mind; `migrate dev` wants to reset the database.',
    });
    const failed = entries.find(({ state }) => state === 'failed');
    const missing = entries.filter(({ state }) => state === 'missing').map(({ id }) => id);
    const last = entries.findLast((entry) => happened(entry.state));
    return {
      current: last ? [last.id] : [],
      heads: [],
      dirty: failed
        ? {
            version: failed.id,
            why: `${failed.name} began and neither finished nor was marked as rolled back; \`migrate deploy\` refuses to go on (P3009).`,
          }
        : null,
      entries,
      problems: [...(reading?.problems ?? []), ...rowsWithoutFile(missing, 'Prisma says so and goes on.')],
    };
  },
};

/** What all attempts at one migration come to. An unfinished one blocks, whatever the others came to. */
function recordedOf(name: string, attempts: Attempt[]): Recorded {
  const times = attempts.length > 1 ? [`It was tried ${attempts.length} times.`] : [];
  const failed = attempts.findLast(({ finished, rolled_back }) => finished === null && rolled_back === null);
  if (failed) {
    const words = failed.logs?.trim() ? [`What Prisma kept of the failure: ${failed.logs.trim()}`] : [];
    return {
      id: name,
      state: 'failed',
      notes: [...times, `It began at ${failed.started} and did not finish.`, ...words],
      checksum: failed.checksum,
    };
  }
  const applied = attempts.findLast(({ rolled_back }) => rolled_back === null);
  if (applied) {
    const marked = applied.steps === 0;
    return {
      id: name,
      notes: marked
        ? [...times, 'It was marked as applied by `migrate resolve`; Prisma did not run it.']
        : times,
      appliedAt: applied.finished,
      durationMs: marked ? null : between(applied.started, applied.finished),
      checksum: applied.checksum,
    };
  }
  const last = attempts.at(-1);
  return {
    id: name,
    state: 'rolled-back',
    notes: [
      ...times,
      `It was marked as rolled back at ${last?.rolled_back}; \`migrate deploy\` will run it, though \`migrate status\` does not say so.`,
    ],
    checksum: last?.checksum ?? null,
  };
}

function between(from: string | null, to: string | null): number | null {
  const ms = Date.parse(to ?? '') - Date.parse(from ?? '');
  return Number.isNaN(ms) ? null : ms;
}

/** SHA-256 as Prisma accepts it: with the file's line ends, LF or CRLF, and without leading zeros of bytes as once. */
async function checksumsOf(folder: FolderView, file: { path: string; bytes: number }): Promise<string[]> {
  if (file.bytes > VARIANTS_LIMIT) return spellings(await digestsOf(folder, file, ['sha256']));
  const bytes = await folder.bytes(file.path, CHECKSUM_LIMIT);
  const unix = bytes.includes('\r\n')
    ? Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    : bytes;
  const windows = Buffer.from(unix.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
  return spellings([bytes, unix, windows].map((variant) => createHash('sha256').update(variant).digest()));
}

const spellings = (digests: readonly Buffer[]): string[] => [
  ...new Set(
    digests.flatMap((digest) => [
      digest.toString('hex'),
      [...digest].map((byte) => byte.toString(16)).join(''),
    ]),
  ),
];

const migration = (name: string, file: string, checksums: string[] | null): FolderMigration => ({
  id: name,
  name,
  file,
  downFile: null,
  reversible: false,
  parents: [],
  labels: [],
  checksums,
});

const noScript = (path: string): TrackProblem => ({
  severity: 'bad',
  what: `${path} holds no migration.sql.`,
  why: 'Prisma takes each folder for a migration, and stops at one without its file (P3015).',
  next: 'Bring the file back, or delete the folder.',
  cause: 'prisma-script-missing',
});
