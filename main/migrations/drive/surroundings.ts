import { dirname } from 'node:path/posix';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import type { FolderView, ToolLocation } from '../tool.ts';

/** How the programs of a project are started, as its files show it. */
export interface Surroundings {
  /** Where the tool is run, relative to the project; empty for its root. */
  folder: string;
  /** A program of Python's, `python` itself among them. */
  python(program: string): string;
  /** A program of npm's, with what it is given. */
  node(line: string): string;
  /** A task of Ruby's: `rails` in an application of Rails, `rake` elsewhere. */
  ruby(task: string): string;
  /** TypeORM's data source, relative to `folder`; undefined where it was not found. */
  dataSource: string | undefined;
}

/** What lies in the folder that a tool is to be run in. */
const markers: Partial<Record<MigrationToolId, RegExp>> = {
  alembic: /^(alembic\.ini|pyproject\.toml)$/,
  knex: /^(knexfile\.[cm]?[jt]s|package\.json)$/,
  prisma: /^(prisma\.config\.[cm]?[jt]s|package\.json)$/,
  'node-pg-migrate': /^package\.json$/,
  drizzle: /^(drizzle\.config\.([cm]?[jt]s|json)|package\.json)$/,
  typeorm: /^package\.json$/,
  sequelize: /^(\.sequelizerc|package\.json)$/,
  django: /^manage\.py$/,
  rails: /^(Rakefile|Gemfile|config\.ru)$/,
  laravel: /^artisan$/,
  ecto: /^mix\.exs$/,
  diesel: /^(diesel\.toml|Cargo\.toml)$/,
  sqlx: /^(sqlx\.toml|Cargo\.toml)$/,
  flyway: /^flyway\.(toml|conf)$/,
  liquibase: /^liquibase\.properties$/,
  sqitch: /^sqitch\.conf$/,
  atlas: /^atlas\.hcl$/,
};

/** Reads a project as far as it takes to write down its tool's commands. Never throws: what can't be read isn't there. */
export async function surroundingsOf(
  view: FolderView,
  { tool, folder, config, settings }: ToolLocation,
): Promise<Surroundings> {
  const namesIn = async (path: string): Promise<string[]> =>
    (await view.list(path).catch(() => [])).map(({ name }) => name);
  const upwards = upwardsFrom(config === null ? folder : parentOf(config));
  /** The nearest of the folders upwards that holds something of these names. */
  const nearest = async (wanted: RegExp, from: readonly string[] = upwards): Promise<string | undefined> => {
    for (const path of from) if ((await namesIn(path)).some((name) => wanted.test(name))) return path;
    return undefined;
  };
  const marker = markers[tool];
  const top = parentOf(folder);
  const at =
    (marker && ((await nearest(marker)) ?? (await nearest(marker, upwardsFrom(folder))))) ??
    settings.root ??
    (tool === 'sqlx' || tool === 'diesel' ? top : '');
  const within = upwardsFrom(at);
  const fromHere = (path: string): string => (path === at ? '' : `${up(at, path)}/`);

  const environment = await nearest(/^\.?venv$/, within);
  const venv = environment === undefined ? undefined : await venvIn(view, environment);
  const locked = new Set<string>();
  for (const path of within) for (const name of await namesIn(path)) locked.add(name);
  const manager = locked.has('uv.lock')
    ? 'uv run '
    : locked.has('poetry.lock')
      ? 'poetry run '
      : locked.has('Pipfile.lock')
        ? 'pipenv run '
        : '';
  const local = await localPrograms(view, within);
  const isRails = (await namesIn(joined(at, 'bin'))).includes('rails');
  const hasGems = locked.has('Gemfile');
  return {
    folder: at,
    python: (program) => {
      if (venv !== undefined && environment !== undefined)
        return inShell(`${fromHere(environment)}${venv}/${program}`);
      // Debian and others have no `python` without a number.
      return `${manager}${program === 'python' && !manager && process.platform !== 'win32' ? 'python3' : program}`;
    },
    node: (line) => {
      const [program = '', ...rest] = line.split(' ');
      const own = local.get(program);
      // Without npm, which starts as long as many a tool runs, and says things of its own.
      if (own !== undefined)
        return [inShell(`${fromHere(own)}node_modules/.bin/${program}`), ...rest].join(' ');
      if (locked.has('pnpm-lock.yaml')) return `pnpm exec ${line}`;
      if (locked.has('yarn.lock')) return `yarn run ${line}`;
      if (locked.has('bun.lock') || locked.has('bun.lockb')) return `bunx --no-install ${line}`;
      // Without this, npx would fetch what isn't there from the network and run it.
      return `npx --no -- ${line}`;
    },
    ruby: (task) => (isRails ? `bin/rails ${task}` : `${hasGems ? 'bundle exec ' : ''}rake ${task}`),
    dataSource: await dataSourceOf(view, at, folder),
  };
}

/** Programs that a package manager has put beside the project, by name, and the nearest folder that holds them. */
async function localPrograms(view: FolderView, within: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of within)
    for (const { name } of await view.list(joined(path, 'node_modules/.bin')).catch(() => [])) {
      const program = name.replace(/\.(cmd|ps1|exe)$/i, '');
      if (!found.has(program)) found.set(program, path);
    }
  return found;
}

/** A program's path as the system's shell takes it. */
const inShell = (path: string): string => (process.platform === 'win32' ? path.replaceAll('/', '\\') : path);

async function venvIn(view: FolderView, path: string): Promise<string | undefined> {
  for (const name of ['.venv', 'venv'])
    for (const bin of ['bin', 'Scripts'])
      if ((await view.list(joined(joined(path, name), bin)).catch(() => [])).length) return `${name}/${bin}`;
  return undefined;
}

/** The file that makes TypeORM's `DataSource`, in the usual places around the migrations. */
async function dataSourceOf(view: FolderView, at: string, folder: string): Promise<string | undefined> {
  const places = [
    ...upwardsFrom(folder),
    at,
    joined(at, 'src'),
    joined(at, 'src/database'),
    joined(at, 'src/db'),
  ];
  for (const path of new Set(places)) {
    if (at !== '' && path !== at && !path.startsWith(`${at}/`)) continue;
    const files = (await view.list(path).catch(() => [])).filter(
      ({ kind, name }) =>
        kind === 'file' && /^(data-?source|orm-?config|typeorm\.config|db)\.[cm]?[jt]s$/i.test(name),
    );
    const [found] = files;
    if (found) return up(at, joined(path, found.name));
  }
  return undefined;
}

const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

const parentOf = (path: string): string => {
  const parent = dirname(path);
  return parent === '.' || parent === '/' ? '' : parent;
};

/** The folder itself and all above it, up to the project. */
function upwardsFrom(folder: string): string[] {
  const own = folder === '.' ? '' : folder;
  return own === '' ? [''] : [own, ...upwardsFrom(parentOf(own))];
}

/** A path of the project as it is written in a folder of it. */
function up(from: string, path: string): string {
  if (from === '') return path;
  if (path === from) return '.';
  if (path.startsWith(`${from}/`)) return path.slice(from.length + 1);
  return `../${up(parentOf(from), path)}`.replace(/\/$/, '');
}
