import type { DrivenCommand } from '../../../preload/contract/migration-runs.ts';
import type {
  MigrationEntry,
  MigrationToolId,
  MigrationTrack,
} from '../../../preload/contract/migrations.ts';
import type { ToolLocation } from '../tool.ts';
import { shellWord } from './shell-word.ts';
import type { Surroundings } from './surroundings.ts';

/** One thing that a tool can be asked for, with its command in a project as it stands. */
export interface KnownCommand extends Omit<DrivenCommand, 'command' | 'variables' | 'changed'> {
  /** Null: there is nothing for it to work on now, such as a next migration. */
  command: string | null;
}

export interface CommandFacts {
  track: Pick<MigrationTrack, 'tool' | 'entries' | 'heads'>;
  location: ToolLocation;
  surroundings: Surroundings;
}

type Action = 'status' | 'up' | 'up-one' | 'down' | 'mark' | 'roll-back' | 'check' | 'repair' | 'unlock';
/** A command, or with another risk or title than usual. */
type Line = string | null | { command: string | null; risk?: DrivenCommand['risk']; title?: string };
type Lines = Partial<Record<Action, Line>>;

const usual: Record<Action, Pick<DrivenCommand, 'title' | 'risk'>> = {
  status: { title: 'Show status', risk: 'read' },
  check: { title: 'Check', risk: 'read' },
  up: { title: 'Run all pending', risk: 'change' },
  'up-one': { title: 'Run the next one', risk: 'change' },
  down: { title: 'Take back the last one', risk: 'destroy' },
  mark: { title: 'Mark the next one as applied', risk: 'change' },
  'roll-back': { title: 'Mark the failed one as rolled back', risk: 'change' },
  repair: { title: 'Repair the history', risk: 'change' },
  unlock: { title: 'Release the tool’s lock', risk: 'change' },
};

/** Some tools make their table when they are only asked what is there. */
const makesTable = {
  title: 'Show status; makes the tool’s table when it is missing',
  risk: 'change',
} as const;

/**
 * What a driven tool can be asked for, by its own command line (each tool's documentation of its commands). Empty for a
 * tool that isn't driven.
 */
export function knownCommands(facts: CommandFacts): KnownCommand[] {
  const { surroundings, track } = facts;
  const lines = byTool[track.tool]?.(facts) ?? {};
  const folder = surroundings.folder === '' ? '' : shellWord(surroundings.folder);
  return Object.entries(lines).map(([action, line]) => {
    const { command, ...own } = typeof line === 'object' && line !== null ? line : { command: line };
    const at = folder === undefined ? undefined : folder === '' ? '' : `cd ${folder} && `;
    return {
      action,
      ...usual[action as Action],
      ...own,
      command: command === null || at === undefined ? null : `${at}${command}`,
    };
  });
}

const byTool: Partial<Record<MigrationToolId, (facts: CommandFacts) => Lines>> = {
  alembic: ({ track, location, surroundings }) => {
    const config = location.config?.split('/').at(-1) ?? 'alembic.ini';
    const section = location.settings.section ?? 'alembic';
    const alembic = [
      surroundings.python('alembic'),
      ...(config === 'alembic.ini' || config === 'pyproject.toml' ? [] : [`-c ${word(config)}`]),
      ...(section === 'alembic' || config === 'pyproject.toml' ? [] : [`-n ${word(section)}`]),
    ].join(' ');
    return {
      status: `${alembic} current --verbose`,
      up: `${alembic} upgrade ${track.heads.length > 1 ? 'heads' : 'head'}`,
      'up-one': `${alembic} upgrade +1`,
      down: `${alembic} downgrade -1`,
      mark: withName(`${alembic} stamp`, next(track.entries)?.id),
    };
  },
  django: ({ track: { entries }, surroundings }) => {
    const manage = `${surroundings.python('python')} manage.py`;
    return {
      status: `${manage} showmigrations --plan`,
      up: `${manage} migrate --noinput`,
      'up-one': withDjango(`${manage} migrate --noinput`, next(entries)),
      down: djangoDown(`${manage} migrate --noinput`, entries),
      mark: withDjango(`${manage} migrate --noinput --fake`, next(entries)),
    };
  },
  knex: ({ surroundings }) => {
    const knex = surroundings.node('knex');
    return {
      status: { command: `${knex} migrate:list`, ...makesTable },
      up: `${knex} migrate:latest`,
      'up-one': `${knex} migrate:up`,
      down: `${knex} migrate:down`,
      unlock: `${knex} migrate:unlock`,
    };
  },
  prisma: ({ track: { entries }, location, surroundings }) => {
    const schema = location.settings.schema ?? '';
    const within = surroundings.folder === '' ? schema : schema.slice(surroundings.folder.length + 1);
    const isUsual = within === '' || /^(prisma\/)?schema\.prisma$/.test(within) || location.config !== null;
    const failed = entries.find(({ state }) => state === 'failed');
    const prisma = (command: string): string =>
      `${surroundings.node('prisma')} ${command}${isUsual ? '' : ` --schema ${word(within)}`}`;
    return {
      status: prisma('migrate status'),
      up: prisma('migrate deploy'),
      mark: withName(prisma('migrate resolve --applied'), (failed ?? next(entries))?.name),
      'roll-back': withName(prisma('migrate resolve --rolled-back'), failed?.name),
    };
  },
  rails: ({ track: { entries }, surroundings: { ruby } }) => {
    const version = next(entries)?.id;
    return {
      status: ruby('db:migrate:status'),
      up: ruby('db:migrate'),
      'up-one': version === undefined ? null : ruby(`db:migrate:up VERSION=${word(version)}`),
      down: ruby('db:rollback STEP=1'),
    };
  },
  flyway: ({ location }) => {
    const flyway = `flyway${location.config === null ? ` -locations=filesystem:${word(location.folder || '.')}` : ''}`;
    return {
      status: `${flyway} info`,
      check: `${flyway} validate`,
      up: `${flyway} migrate`,
      down: { command: `${flyway} undo`, title: 'Take back the last one; needs a licensed edition' },
      repair: `${flyway} repair`,
    };
  },
  liquibase: ({ location }) => {
    const { changelog, root = '' } = location.settings;
    const isNamed = location.config?.endsWith('liquibase.properties') === true;
    const path =
      root !== '' && changelog?.startsWith(`${root}/`) ? changelog.slice(root.length + 1) : changelog;
    const liquibase = (command: string): string =>
      `liquibase ${isNamed || path === undefined ? '' : `--changelog-file=${word(path)} `}${command}`;
    return {
      status: { command: liquibase('status --verbose'), ...makesTable },
      check: {
        command: liquibase('validate'),
        ...makesTable,
        title: 'Check; makes the tool’s table when it is missing',
      },
      up: liquibase('update'),
      'up-one': liquibase('update-count --count=1'),
      down: liquibase('rollback-count --count=1'),
      mark: liquibase('mark-next-changeset-ran'),
      unlock: liquibase('release-locks'),
    };
  },
  'node-pg-migrate': ({ track: { entries }, location, surroundings }) => {
    const { folder } = surroundings;
    const own = folder === '' ? location.folder : location.folder.slice(folder.length + 1);
    const { table } = location;
    const options = [
      own === 'migrations' ? '' : ` -m ${word(own)}`,
      table && table.name !== 'pgmigrations' ? ` -t ${word(table.name)}` : '',
      table?.schema ? ` --migrations-schema ${word(table.schema)}` : '',
    ].join('');
    const run = (command: string): string => `${surroundings.node('node-pg-migrate')} ${command}${options}`;
    return {
      check: {
        command: run('up --dry-run'),
        ...makesTable,
        title: 'Show what would run; makes the tool’s table when it is missing',
      },
      up: run('up'),
      'up-one': run('up 1'),
      down: run('down 1'),
      mark: next(entries) ? run('up 1 --fake') : null,
    };
  },
  drizzle: ({ surroundings: { node } }) => ({
    check: { command: node('drizzle-kit check'), title: 'Check the files' },
    up: node('drizzle-kit migrate'),
  }),
  typeorm: ({ surroundings: { node, dataSource = 'src/data-source.ts' } }) => {
    const program = /\.[cm]?ts$/.test(dataSource) ? 'typeorm-ts-node-commonjs' : 'typeorm';
    const typeorm = (command: string): string => node(`${program} ${command} -d ${word(dataSource)}`);
    return {
      status: { command: typeorm('migration:show'), ...makesTable },
      up: typeorm('migration:run'),
      down: typeorm('migration:revert'),
      mark: { command: typeorm('migration:run --fake'), title: 'Mark all pending as applied' },
    };
  },
  sequelize: ({ track: { entries }, surroundings: { node } }) => ({
    status: { command: node('sequelize-cli db:migrate:status'), ...makesTable },
    up: node('sequelize-cli db:migrate'),
    'up-one': withName(node('sequelize-cli db:migrate --to'), next(entries)?.id),
    down: node('sequelize-cli db:migrate:undo'),
  }),
  laravel: () => ({
    status: 'php artisan migrate:status',
    // Without it, it asks in production, and nobody can answer.
    up: 'php artisan migrate --force',
    down: 'php artisan migrate:rollback --step=1 --force',
  }),
  ecto: () => ({
    status: { command: 'mix ecto.migrations', ...makesTable },
    up: 'mix ecto.migrate',
    'up-one': 'mix ecto.migrate --step 1',
    down: 'mix ecto.rollback --step 1',
  }),
  diesel: () => ({
    status: { command: 'diesel migration list', ...makesTable },
    up: 'diesel migration run',
    down: 'diesel migration revert',
  }),
  sqlx: ({ location, surroundings: { folder } }) => {
    const own = folder === '' ? location.folder : location.folder.slice(folder.length + 1);
    const source = own === 'migrations' ? '' : ` --source ${word(own)}`;
    return {
      status: { command: `sqlx migrate info${source}`, ...makesTable },
      up: `sqlx migrate run${source}`,
      down: `sqlx migrate revert${source}`,
    };
  },
  sqitch: ({ track: { entries } }) => ({
    status: 'sqitch status',
    check: { command: 'sqitch verify', title: 'Run the verify scripts' },
    up: 'sqitch deploy',
    'up-one': withName('sqitch deploy --to-change', next(entries)?.name),
    down: 'sqitch revert --to-change @HEAD^ -y',
    mark: withName('sqitch deploy --log-only --to-change', next(entries)?.name),
  }),
  atlas: ({ location, track: { entries } }) => {
    const where = `--dir ${word(`file://${location.folder}`)} --url ${variable('DATABASE_URL_WITHOUT_PASSWORD')}`;
    return {
      status: `atlas migrate status ${where}`,
      up: `atlas migrate apply ${where}`,
      'up-one': `atlas migrate apply 1 ${where}`,
      mark: withName(`atlas migrate set ${where}`, next(entries)?.id),
    };
  },
};

/** The first that the tool would run. */
const next = (entries: readonly MigrationEntry[]): MigrationEntry | undefined =>
  entries.find(({ state }) => state === 'pending' || state === 'out-of-order' || state === 'rolled-back');

/** For names that stand in a project's configuration; what no shell can take is left for a person to write. */
const word = (text: string): string => shellWord(text) ?? 'NAME';

function withName(command: string, name: string | undefined): string | null {
  const written = name === undefined ? undefined : shellWord(name);
  return written === undefined ? null : `${command} ${written}`;
}

const withDjango = (command: string, entry: MigrationEntry | undefined): string | null => {
  const [app] = entry?.labels ?? [];
  if (!entry || app === undefined) return null;
  return withName(withName(command, app) ?? '', entry.id.slice(app.length + 1));
};

/** Django takes an app back to a migration, or to `zero`: here to the one before its last. */
function djangoDown(command: string, entries: readonly MigrationEntry[]): string | null {
  const applied = entries.filter(({ state, file }) => state === 'applied' && file !== null);
  const last = applied.at(-1);
  const [app] = last?.labels ?? [];
  if (!last || app === undefined) return null;
  const before = applied.filter((entry) => entry !== last && entry.labels[0] === app).at(-1);
  return before ? withDjango(command, before) : withName(withName(command, app) ?? '', 'zero');
}

const variable = (name: string): string => (process.platform === 'win32' ? `"%${name}%"` : `"$${name}"`);
