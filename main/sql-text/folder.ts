import { byName, byNumber, byVersion } from './order.ts';

/** How a tool lays its SQL out. */
export type Convention =
  | 'golang-migrate'
  | 'dbmate'
  | 'goose'
  | 'flyway'
  | 'prisma'
  | 'diesel'
  | 'sqitch'
  /** Supabase's, Atlas', Drizzle's, home-made ones: the names give the order. */
  | 'plain';

export const conventionNames: Record<Convention, string> = {
  'golang-migrate': 'golang-migrate',
  dbmate: 'dbmate',
  goose: 'goose',
  flyway: 'Flyway',
  prisma: 'Prisma',
  diesel: 'Diesel',
  sqitch: 'Sqitch',
  plain: 'plain files',
};

export interface FolderPlan {
  convention: Convention;
  /** Paths within the folder, in the order in which they run. */
  files: string[];
  /** What lies there and is not run, and why. */
  ignored: { path: string; why: string }[];
}

export type FolderAnswer = { plan: FolderPlan } | { problem: string };

export interface FolderView {
  /** Paths of all files within the folder, `/` between parts. */
  paths: readonly string[];
  /** The beginning of a file, for conventions that only its content tells. */
  read(path: string): string;
}

/**
 * Finds out which tool a folder of SQL is for, and which files run in which order. Only what builds up is taken: files
 * and sections that undo are left out.
 */
export function planFolder(view: FolderView): FolderAnswer {
  const sql = view.paths.filter((path) => /\.sql$/i.test(path));
  const top = sql.filter((path) => !path.includes('/'));
  if (view.paths.includes('sqitch.plan')) return sqitch(view);
  if (sql.length === 0) return { problem: notSql(view.paths) };
  if (sql.some((path) => /^[^/]+\/migration\.sql$/i.test(path)))
    return inFolders(sql, 'prisma', 'migration.sql');
  if (sql.some((path) => /^[^/]+\/up\.sql$/i.test(path))) return inFolders(sql, 'diesel', 'up.sql');
  if (top.some((path) => golang.test(path))) return golangMigrate(top);
  if (sql.some((path) => flywayName.test(baseOf(path)))) return flyway(sql);
  const first = top.filter((path) => /^\d/.test(path)).sort(byName)[0];
  const beginning = first === undefined ? '' : view.read(first);
  if (/^--\s*\+goose\s+up\b/im.test(beginning)) return goose(view.paths);
  if (/^--\s*migrate:up\b/im.test(beginning)) return dbmate(top);
  return plain(sql, top);
}

const golang = /^(\d+)_.*\.up\.sql$/i;
const flywayName = /^V\d[\d._]*__.*\.sql$/i;
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function sqitch({ paths, read }: FolderView): FolderAnswer {
  const files: string[] = [];
  const missing: string[] = [];
  for (const line of read('sqitch.plan').split(/\r?\n/)) {
    const text = line.replace(/#.*/, '').trim();
    // Pragmas begin with %, tags with @; `-name` is a revert.
    if (text === '' || /^[%@]/.test(text)) continue;
    if (text.startsWith('-'))
      return { problem: `sqitch.plan reverts a change (${text.split(/\s/)[0]}), which is not supported` };
    const name = text.replace(/^\+\s*/, '').split(/[\s[]/)[0] ?? '';
    const path = `deploy/${name}.sql`;
    if (!paths.includes(path)) missing.push(path);
    files.push(path);
  }
  if (missing.length) return { problem: `sqitch.plan names files that are not there: ${some(missing)}` };
  // A change that was reworked stands in the plan again; its earlier file is kept under `name@tag`.
  const twice = files.filter((path, index) => files.indexOf(path) !== index);
  if (twice.length)
    return { problem: `sqitch.plan has reworked changes, which are not supported: ${some(twice)}` };
  if (files.length === 0) return { problem: 'sqitch.plan names no change' };
  return { plan: { convention: 'sqitch', files, ignored: [] } };
}

/** A folder for each migration, by name. */
function inFolders(sql: string[], convention: Convention, name: string): FolderAnswer {
  const files = sql.filter((path) => path.split('/').length === 2 && baseOf(path).toLowerCase() === name);
  return planned(convention, files.sort(byName), ignored(sql, files, convention, /\/down\.sql$/i));
}

function golangMigrate(top: string[]): FolderAnswer {
  const files = top.filter((path) => golang.test(path)).sort(byNumber);
  const same = duplicate(files, (path) => BigInt(golang.exec(path)?.[1] ?? 0).toString());
  if (same) return { problem: `two files have the same version: ${same}` };
  return planned('golang-migrate', files, ignored(top, files, 'golang-migrate', /\.down\.sql$/i));
}

/** `V` by version, from the newest baseline on when there is one, then `R` by description (Flyway's documentation). */
function flyway(sql: string[]): FolderAnswer {
  const versioned = (letter: string) =>
    sql
      .map((path) => ({
        path,
        version: new RegExp(`^${letter}(\\d[\\d._]*)__.*\\.sql$`, 'i').exec(baseOf(path))?.[1],
      }))
      .filter((one): one is { path: string; version: string } => one.version !== undefined)
      .sort((one, other) => byVersion(one.version, other.version));
  const all = versioned('V');
  for (const [index, { path, version }] of all.entries()) {
    const next = all[index + 1];
    if (next && byVersion(version, next.version) === 0)
      return { problem: `two files have the same version: ${path} and ${next.path}` };
  }
  const baseline = versioned('B').at(-1);
  const after = baseline ? all.filter(({ version }) => byVersion(version, baseline.version) > 0) : all;
  const repeatable = sql
    .filter((path) => /^R__.*\.sql$/i.test(baseOf(path)))
    .sort((one, other) => byName(baseOf(one), baseOf(other)));
  const files = [...(baseline ? [baseline.path] : []), ...after.map(({ path }) => path), ...repeatable];
  return planned('flyway', files, ignored(sql, files, 'flyway', /(?:^|\/)U[^/]*$/i));
}

function goose(paths: readonly string[]): FolderAnswer {
  const top = paths.filter((path) => !path.includes('/'));
  const code = top.filter((path) => /^\d+_.*\.go$/i.test(path));
  const files = top.filter((path) => /^\d+_.*\.sql$/i.test(path)).sort(byNumber);
  const same = duplicate(files, (path) => BigInt(/^\d+/.exec(path)?.[0] ?? 0).toString());
  if (same) return { problem: `two files have the same version: ${same}` };
  const others = ignored(
    top.filter((path) => /\.sql$/i.test(path)),
    files,
    'goose',
  );
  return planned('goose', files, [
    ...others,
    ...code.map((path) => ({ path, why: 'It is Go code, which is not run.' })),
  ]);
}

/** dbmate orders by the file's name as a text. */
function dbmate(top: string[]): FolderAnswer {
  const files = top.filter((path) => /^\d.*\.sql$/i.test(path)).sort(byName);
  return planned('dbmate', files, ignored(top, files, 'dbmate'));
}

function plain(sql: string[], top: string[]): FolderAnswer {
  const level = top.length ? top : sql;
  const undo = /(?:[._-]down\.sql|(?:^|\/)(?:down|rollback)\/[^/]*)$/i;
  const files = level.filter((path) => !undo.test(path)).sort(byNumber);
  if (files.length === 0) return { problem: 'it holds only files that undo' };
  return planned('plain', files, ignored(sql, files, 'plain', undo));
}

function planned(convention: Convention, files: string[], others: FolderPlan['ignored']): FolderAnswer {
  return { plan: { convention, files, ignored: others } };
}

/** What is left over, less what undoes: nobody misses that. */
function ignored(
  sql: readonly string[],
  files: readonly string[],
  convention: Convention,
  undo?: RegExp,
): FolderPlan['ignored'] {
  const taken = new Set(files);
  const why =
    convention === 'plain'
      ? 'It is in a folder below; only the files at the top are run.'
      : `Its name is none that ${conventionNames[convention]} runs.`;
  return sql.filter((path) => !taken.has(path) && !undo?.test(path)).map((path) => ({ path, why }));
}

function duplicate(files: string[], version: (path: string) => string): string | undefined {
  const seen = new Map<string, string>();
  for (const path of files) {
    const other = seen.get(version(path));
    if (other !== undefined) return `${other} and ${path}`;
    seen.set(version(path), path);
  }
  return undefined;
}

function notSql(paths: readonly string[]): string {
  const kinds: [RegExp, string][] = [
    [/\.rb$/i, 'Ruby (Rails)'],
    [/\.(?:js|cjs|mjs|ts|cts|mts)$/i, 'JavaScript or TypeScript (Knex, TypeORM, Sequelize or the like)'],
    [/\.py$/i, 'Python (Alembic or Django)'],
    [/\.php$/i, 'PHP (Laravel)'],
    [/\.exs?$/i, 'Elixir (Ecto)'],
    [/\.(?:xml|ya?ml)$/i, 'XML or YAML (Liquibase)'],
    [/\.go$/i, 'Go'],
  ];
  const kind = kinds.find(([form]) => paths.some((path) => form.test(path)))?.[1];
  if (kind) return `it holds migrations in ${kind}, not SQL; compare a database that they were run on`;
  return paths.length ? 'it holds no SQL files' : 'it is empty';
}

function some(names: string[]): string {
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
