import type { MigrationEntry } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, MigrationTool } from '../tool.ts';
import selectRevisions from './atlas.sql?raw';
import { readAtlasFolder } from './atlas-folder.ts';
import { columnNames, hasColumns } from './shared/columns.ts';
import { textOrNothing } from './shared/content.ts';
import { happened, mergeEntries, type Recorded } from './shared/entries.ts';
import { filesIn, foldersOf, hasFile, joined, relativeTo } from './shared/find-folders.ts';
import { rowsWithoutFile } from './shared/folder-problems.ts';
import { stateSql } from './shared/state-sql.ts';
import { byCodePoint } from './shared/versions.ts';

interface Revision {
  version: string;
  description: string;
  /** Bits: 1 baseline, 2 executed, 4 resolved. */
  type: number;
  applied: number;
  total: number;
  at: string | null;
  nanoseconds: string | null;
  error: string | null;
  statement: string | null;
  hash: string;
  operator: string;
}

export interface AtlasState {
  revisions: Revision[];
}

/**
 * Atlas. A row a file. Hashes are cumulative: each is made of all files up to its own. Facts: `sql/migrate/dir.go`,
 * `sql/migrate/migrate.go` and `cmd/atlas/internal/migrate/ent/schema/revision.go` of its source.
 */
export const atlas: MigrationTool<AtlasState> = {
  id: 'atlas',
  title: 'Atlas',
  runner: 'driven',
  unrecorded: ['by whom'],

  recognise(table) {
    const own = { version: 'text', applied: 'integer', total: 'integer', executed_at: 'timestamp' } as const;
    if (!hasColumns(table, { ...own, type: 'integer', hash: 'text', operator_version: 'text' }))
      return undefined;
    return {
      tool: 'atlas',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: 'certain',
    };
  },

  async readState(query, table) {
    return { revisions: await query(stateSql(selectRevisions, { table })) };
  },

  lockKeys: () => [2686470616n],

  async locate(folder) {
    const found = new Map<string, { config: string | null; schema: string | null; format: string }>();
    const all = await foldersOf(folder);
    for (const { path, entries } of all) {
      if (!hasFile(entries, 'atlas.hcl')) continue;
      const config = joined(path, 'atlas.hcl');
      const text = await textOrNothing(folder, config);
      const schema = /revisions_schema\s*=\s*"([^"]+)"/.exec(text)?.[1] ?? null;
      for (const [, named, query] of text.matchAll(/\bdir\s*=\s*"file:\/\/([^"?]+)(?:\?([^"]*))?"/g)) {
        const format = new URLSearchParams(query ?? '').get('format') ?? 'atlas';
        if (named) found.set(relativeTo(path, named), { config, schema, format });
      }
    }
    for (const { path, entries } of all) {
      if (!hasFile(entries, 'atlas.sum') || found.has(path)) continue;
      // Another tool's folder that Atlas only watches over.
      const format = filesIn(entries, /\.(up|down)\.sql$/).length > 0 ? 'golang-migrate' : 'atlas';
      found.set(path, { config: null, schema: null, format });
    }
    return [...found].map(([path, { config, schema, format }]) => ({
      tool: 'atlas',
      folder: path,
      config,
      table: schema === null ? null : { schema, name: 'atlas_schema_revisions' },
      settings: { format },
    }));
  },

  readFolder: readAtlasFolder,

  status(state, reading) {
    const revisions = state?.revisions ?? [];
    const entries = mergeEntries(revisions.map(recordedOf), reading, {
      order: byCodePoint,
      outOfOrder:
        'Atlas refuses to go on while it is there, unless it is called with --exec-order non-linear.',
      missing: 'Atlas does not mind, unless it was applied in part only.',
    });
    if (reading) {
      passOver(entries, reading.migrations, revisions);
      judgeHashes(entries);
    }
    const failed = revisions.findLast(isFailed);
    const missing = entries.filter(({ state }) => state === 'missing').map(({ id }) => id);
    const last = entries.findLast((entry) => happened(entry.state));
    return {
      current: last ? [last.id] : [],
      heads: [],
      dirty: failed ? { version: failed.version, why: whyFailed(failed) } : null,
      entries,
      problems: [
        ...(reading?.problems ?? []),
        ...rowsWithoutFile(missing, 'Perhaps another branch is checked out.'),
      ],
    };
  },
};

/** Resolved ones were set right by hand. */
const isFailed = ({ type, applied, total, error }: Revision): boolean =>
  (type & 4) === 0 && (applied < total || (error ?? '') !== '');

function recordedOf(revision: Revision): Recorded {
  const base = {
    id: revision.version,
    name: revision.description ? `${revision.version}_${revision.description}` : revision.version,
    appliedAt: revision.at,
    durationMs: revision.nanoseconds === null ? null : Number(revision.nanoseconds) / 1e6,
    checksum: revision.hash === '' ? null : revision.hash,
  };
  if (isFailed(revision)) return { ...base, state: 'failed', notes: [whyFailed(revision)] };
  if ((revision.type & 1) !== 0)
    return {
      ...base,
      state: 'baseline',
      durationMs: null,
      notes: ['Atlas was told that the database is at this version.'],
    };
  if ((revision.type & 4) !== 0) return { ...base, notes: ['It was set as applied by `migrate set`.'] };
  return base;
}

const whyFailed = ({ applied, total, error, statement }: Revision): string =>
  [
    `${applied} of ${total} statements ran.`,
    ...(statement ? [`The next one: ${statement.replaceAll(/\s+/g, ' ')}`] : []),
    ...(error ? [`What Atlas kept of the error: ${error}`] : []),
  ].join(' ');

/** Files from before the first revision, and checkpoints where files ran one by one, are never run. */
function passOver(
  entries: MigrationEntry[],
  migrations: readonly FolderMigration[],
  revisions: readonly Revision[],
): void {
  const first = revisions[0]?.version;
  const checkpoints = new Set(migrations.filter(({ kind }) => kind === 'checkpoint').map(({ id }) => id));
  const start = first ?? [...checkpoints].at(-1);
  if (start === undefined) return;
  for (const entry of entries) {
    if (entry.state !== 'pending' && entry.state !== 'out-of-order') continue;
    const isCheckpoint = checkpoints.has(entry.id);
    if (entry.id < start)
      ignore(entry, 'It lies before what the database began with, so Atlas passes over it.');
    else if (isCheckpoint && first !== undefined)
      ignore(entry, 'A checkpoint is run on an empty database only.');
  }
}

function ignore(entry: MigrationEntry, note: string): void {
  entry.state = 'ignored';
  entry.notes = [note];
}

/**
 * Since hashes are cumulative, the first that differs tells which file was edited, as long as no file was put before it
 * or taken away; of those after it nothing is known.
 */
function judgeHashes(entries: MigrationEntry[]): void {
  let broken: 'no' | 'inserted' | 'edited' = 'no';
  for (const entry of entries) {
    if (entry.state === 'missing' || entry.state === 'out-of-order') {
      if (broken === 'no') broken = 'inserted';
      continue;
    }
    if (entry.checksum !== 'different') continue;
    if (broken === 'no') {
      broken = 'edited';
      if (entry.state === 'changed') entry.notes.push('Atlas does not compare it with what ran.');
      continue;
    }
    entry.checksum = 'unknown';
    if (entry.state === 'changed') entry.state = 'applied';
    entry.notes.push(
      broken === 'edited'
        ? 'An earlier file was edited, which changes this one’s hash too: whether it was edited can’t be told.'
        : 'A file before it came or went since, which changes this one’s hash: whether it was edited can’t be told.',
    );
  }
}
