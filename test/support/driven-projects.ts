import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { liquibaseArguments } from './liquibase.ts';
import { debianTool, isSkipped, runTool, type Skipped, toolFolder } from './migration-tools.ts';

/** A project of two migrations, `one` and `two`, each of which makes the table of its name. */
export interface DrivenProject {
  name: string;
  installed: string | Skipped;
  files: Record<string, string>;
  /** Where its `node_modules` lies. */
  folder?: string;
  /** Each command takes its time: not all that goes without saying is run. */
  slow?: boolean;
  /** What the last one is once it was taken back; `pending` unless given. */
  takenBack?: 'rolled-back';
  /** Actions that fail until the tool's table is there. */
  needsState?: string[];
  /** What the output of an action says once all is applied. */
  says?: Record<string, RegExp>;
}

const names = ['one', 'two'] as const;
const [alembic, django, sqitch, php, java, ruby] = [
  await debianTool('alembic', ['alembic', 'python3-psycopg2']),
  await debianTool('django-admin', ['python3-django', 'python3-psycopg2']),
  await debianTool('sqitch', ['sqitch', 'libdbd-pg-perl', 'postgresql-client']),
  await debianTool('php', ['php-cli', 'php-pgsql', 'php-laravel-framework']),
  await debianTool('java', ['default-jre-headless']),
  await debianTool('rake', ['rake', 'ruby-activerecord', 'ruby-pg']),
];
const [knex, nodePgMigrate, drizzle, typeorm, sequelize, prisma, liquibase] = [
  await toolFolder('knex'),
  await toolFolder('node-pg-migrate'),
  await toolFolder('drizzle'),
  await toolFolder('typeorm'),
  await toolFolder('sequelize'),
  await toolFolder('prisma'),
  isSkipped(java) ? java : await toolFolder('liquibase'),
];
const onNode = (name: string, installed: string | Skipped, files: Record<string, string>) => ({
  name,
  installed,
  ...(isSkipped(installed) ? {} : { folder: installed }),
  files: { 'package.json': '{ "name": "x", "private": true, "type": "commonjs" }', ...files },
});
const each = (path: (name: string, index: number) => string, text: (name: string, index: number) => string) =>
  Object.fromEntries(names.map((name, index) => [path(name, index + 1), text(name, index + 1)]));

/** Gives a project the packages of another folder, as if they had been installed in it. */
export function linkModules(folder: string, project: string): void {
  const [from, to] = [join(folder, 'node_modules'), join(project, 'node_modules')];
  mkdirSync(join(to, '.bin'), { recursive: true });
  for (const name of readdirSync(from)) if (name !== '.bin') symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, '.bin')))
    symlinkSync(join(from, '.bin', name), join(to, '.bin', name));
}

/** What the programs of this machine need to run at all. */
export const programs = {
  files: {
    liquibase: `#!/bin/sh\nexec java ${isSkipped(liquibase) ? '' : liquibaseArguments(liquibase).join(' ')} "$@"\n`,
    // Prisma looks for an engine to download unless one is there; it asks it only whether there is a database.
    'no-engine': '#!/bin/sh\nexit 0\n',
  },
  environment: (bin: string): Record<string, string> => ({
    PRISMA_QUERY_ENGINE_LIBRARY: join(bin, 'no-engine'),
    PRISMA_SCHEMA_ENGINE_BINARY: join(bin, 'no-engine'),
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    SQITCH_FULLNAME: 'Ada Miller',
    SQITCH_EMAIL: 'ada@example.org',
    LANG: 'C.UTF-8',
  }),
};

export const driven: DrivenProject[] = [
  {
    name: 'Alembic',
    installed: alembic,
    files: {
      'alembic.ini': '[alembic]\nscript_location = alembic\n',
      'alembic/env.py': `import os
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`,
      ...each(
        (name) => `alembic/versions/${name}.py`,
        (name, index) => `from alembic import op
revision = "r${index}"
down_revision = ${index === 1 ? 'None' : '"r1"'}
def upgrade():
    op.execute("CREATE TABLE ${name} (id int)")
def downgrade():
    op.execute("DROP TABLE ${name}")
`,
      ),
    },
    says: { status: /r2 \(head\)/ },
  },
  {
    name: 'Django',
    installed: django,
    files: {
      'manage.py': `import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app_settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
      'app_settings.py': `import os
SECRET_KEY = "x"
INSTALLED_APPS = ["shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"]}}
`,
      'shop/__init__.py': '',
      'shop/migrations/__init__.py': '',
      ...each(
        (name, index) => `shop/migrations/000${index}_${name}.py`,
        (name, index) => `from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [${index === 1 ? '' : '("shop", "0001_one")'}]
    operations = [migrations.RunSQL("CREATE TABLE ${name} (id int)", "DROP TABLE ${name}")]
`,
      ),
    },
    says: { status: /\[X\] +shop\.0002_two/ },
  },
  {
    name: 'ActiveRecord',
    installed:
      !isSkipped(ruby) &&
      (await runTool('ruby', ['-e', 'require "active_record"; require "pg"'], { cwd: '/' })).code === 0
        ? ruby
        : { skipped: 'no ActiveRecord' },
    // The tasks of ActiveRecord itself, as `bin/rails` has them too.
    files: {
      Rakefile: `require "active_record"
require "active_support/all"
include ActiveRecord::Tasks
DatabaseTasks.env = "development"
DatabaseTasks.root = Dir.pwd
DatabaseTasks.db_dir = "db"
DatabaseTasks.migrations_paths = ["db/migrate"]
ActiveRecord::Base.dump_schema_after_migration = false
ActiveRecord::Base.configurations = { "development" => { "url" => ENV["DATABASE_URL"] } }
task(:environment) { ActiveRecord::Base.establish_connection(:development) }
load "active_record/railties/databases.rake"
`,
      ...each(
        (name, index) => `db/migrate/2024010${index}000000_create_${name}.rb`,
        (name) =>
          `class Create${name === 'one' ? 'One' : 'Two'} < ActiveRecord::Migration[6.1]\n  def change; create_table :${name}; end\nend\n`,
      ),
    },
    needsState: ['status'],
    says: { status: /up +20240102000000 +Create two/ },
  },
  {
    name: 'Sqitch',
    // Sqitch keeps a log of what it did.
    takenBack: 'rolled-back',
    installed: sqitch,
    files: {
      'sqitch.conf': '[core]\n\tengine = pg\n',
      'sqitch.plan': `%syntax-version=1.0.0
%project=shop

one 2024-01-01T00:00:00Z Ada Miller <ada@example.org> # One
two [one] 2024-01-02T00:00:00Z Ada Miller <ada@example.org> # Two
`,
      ...each(
        (name) => `deploy/${name}.sql`,
        (name) => `BEGIN; CREATE TABLE ${name} (id int); COMMIT;\n`,
      ),
      ...each(
        (name) => `revert/${name}.sql`,
        (name) => `BEGIN; DROP TABLE ${name}; COMMIT;\n`,
      ),
      ...each(
        (name) => `verify/${name}.sql`,
        (name) => `SELECT id FROM ${name} WHERE false;\n`,
      ),
    },
    needsState: ['status', 'check'],
    says: { status: /Nothing to deploy/, check: /Verify successful/ },
  },
  {
    name: 'Liquibase',
    slow: true,
    installed: liquibase,
    files: {
      'liquibase.properties': 'changeLogFile=changelog.sql\n',
      'changelog.sql': `--liquibase formatted sql\n${names.map((name) => `--changeset ann:${name}\nCREATE TABLE ${name} (id int);\n--rollback DROP TABLE ${name};\n`).join('')}`,
    },
    says: { status: /is up to date/, check: /No validation errors/ },
  },
  {
    name: 'Laravel',
    installed:
      isSkipped(php) || !existsSync('/usr/share/php/Illuminate/autoload.php')
        ? { skipped: 'no Laravel' }
        : php,
    files: {
      artisan: `<?php
error_reporting(8191);
require '/usr/share/php/Illuminate/autoload.php';
$app = new Illuminate\\Foundation\\Application(__DIR__);
$app->instance('config', new Illuminate\\Config\\Repository(['app' => ['env' => 'production'], 'database' => [
  'default' => getenv('DB_CONNECTION'), 'migrations' => 'migrations', 'connections' => ['pgsql' => ['driver' => 'pgsql',
    'host' => getenv('DB_HOST'), 'port' => getenv('DB_PORT'), 'database' => getenv('DB_DATABASE'), 'username' => getenv('DB_USERNAME'),
    'password' => getenv('DB_PASSWORD'), 'charset' => 'utf8', 'schema' => 'public']]]]));
$app['env'] = 'production';
Illuminate\\Support\\Facades\\Facade::setFacadeApplication($app);
foreach (['Events\\\\EventServiceProvider', 'Filesystem\\\\FilesystemServiceProvider', 'Database\\\\DatabaseServiceProvider', 'Database\\\\MigrationServiceProvider', 'Foundation\\\\Providers\\\\ComposerServiceProvider'] as $one)
  $app->register('Illuminate\\\\' . $one);
$console = new Illuminate\\Console\\Application($app, $app['events'], '8');
$console->resolveCommands(['command.migrate', 'command.migrate.rollback', 'command.migrate.status', 'command.migrate.install']);
exit($console->run());
`,
      ...each(
        (name, index) => `database/migrations/2024_01_0${index}_000000_create_${name}.php`,
        (name) => `<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Support\\Facades\\DB;
class Create${name === 'one' ? 'One' : 'Two'} extends Migration {
  public function up() { DB::statement('CREATE TABLE ${name} (id int)'); }
  public function down() { DB::statement('DROP TABLE ${name}'); }
}
`,
      ),
    },
    needsState: ['status'],
    says: { status: /Yes.*create_two/ },
  },
  onNode('Knex', knex, {
    'knexfile.js':
      "module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: './steps' } };",
    ...each(
      (name, index) => `steps/${index}_${name}.js`,
      (name) =>
        `exports.up = (knex) => knex.schema.createTable('${name}', (t) => t.increments());\nexports.down = (knex) => knex.schema.dropTable('${name}');\n`,
    ),
  }),
  onNode('node-pg-migrate', nodePgMigrate, {
    'package.json': '{ "type": "commonjs", "dependencies": { "node-pg-migrate": "9" } }',
    ...each(
      (name, index) => `migrations/170000000000${index}_${name}.js`,
      (name) =>
        `exports.up = (pgm) => { pgm.createTable('${name}', { id: 'id' }); };\nexports.down = (pgm) => { pgm.dropTable('${name}'); };\n`,
    ),
  }),
  onNode('Drizzle', drizzle, {
    'drizzle.config.ts':
      "export default { dialect: 'postgresql', out: './drizzle', dbCredentials: { url: process.env.DATABASE_URL } };\n",
    'drizzle/meta/_journal.json': JSON.stringify({
      version: '7',
      dialect: 'postgresql',
      entries: names.map((name, idx) => ({
        idx,
        version: '7',
        when: 1700000000000 + idx,
        tag: `000${idx}_${name}`,
        breakpoints: true,
      })),
    }),
    ...each(
      (name, index) => `drizzle/000${index - 1}_${name}.sql`,
      (name) => `CREATE TABLE ${name} (id int);\n`,
    ),
  }),
  onNode('TypeORM', typeorm, {
    'package.json': '{ "type": "commonjs", "dependencies": { "typeorm": "0.3" } }',
    'data-source.js': `const { DataSource } = require('typeorm');
module.exports = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['steps/*.js'],
  migrationsTransactionMode: 'each' });`,
    ...each(
      (name) => `steps/${name}.js`,
      (name, index) => {
        const title = `${name === 'one' ? 'One' : 'Two'}170000000000${index}`;
        return `class ${title} {
  async up(queryRunner) { await queryRunner.query('CREATE TABLE ${name} (id int)'); }
  async down(queryRunner) { await queryRunner.query('DROP TABLE ${name}'); }
}
module.exports = { ${title} };\n`;
      },
    ),
  }),
  onNode('Sequelize', sequelize, {
    'package.json': '{ "type": "commonjs", "dependencies": { "sequelize": "6", "sequelize-cli": "6" } }',
    '.sequelizerc': `module.exports = { config: require('path').resolve('config.js') };`,
    'config.js': `module.exports = { development: { use_env_variable: 'DATABASE_URL', dialect: 'postgres' } };`,
    ...each(
      (name, index) => `migrations/2024010${index}-${name}.js`,
      (name) => `module.exports = {
  async up(queryInterface, Sequelize) { await queryInterface.createTable('${name}', { id: Sequelize.INTEGER }); },
  async down(queryInterface) { await queryInterface.dropTable('${name}'); },
};\n`,
    ),
  }),
  {
    ...onNode('Prisma', prisma, {
      // The engine within the package speaks through an adapter, and asks for columns of type name, which that one lacks.
      'prisma.config.ts': `
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
for (const kind of [pg.Client.prototype, pg.Pool.prototype]) {
  const query = kind.query
  kind.query = function (...given) {
    const asked = query.apply(this, given)
    if (typeof asked?.then !== 'function') return asked
    return asked.then((result) => {
      for (const field of result.fields ?? []) if (field.dataTypeID === 19) field.dataTypeID = 25
      return result
    })
  }
}
export default {
  schema: 'prisma/schema.prisma',
  experimental: { adapter: true },
  engine: 'js',
  adapter: async () => new PrismaPg({ connectionString: process.env.DATABASE_URL }),
}
`,
      'prisma/schema.prisma':
        'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      ...each(
        (name, index) => `prisma/migrations/2024010${index}000000_${name}/migration.sql`,
        (name) => `CREATE TABLE ${name} (id int);\n`,
      ),
    }),
    // `migrate status` says so when something is pending.
    needsState: ['status'],
    says: { status: /up to date/ },
  },
];
