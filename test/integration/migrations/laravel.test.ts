import { existsSync } from 'node:fs';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { laravel } from '../../../main/migrations/tools/laravel.ts';
import { debianTool, isSkipped, runTool } from '../../support/migration-tools.ts';
import { readTrack } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

vi.setConfig({ testTimeout: 120_000 });

/** What `artisan migrate`, `migrate:rollback` and `migrate:status` do, over Laravel's own Migrator. */
const program = `<?php
require '/usr/share/php/Illuminate/Database/autoload.php';
require '/usr/share/php/Illuminate/Filesystem/autoload.php';
$capsule = new Illuminate\\Database\\Capsule\\Manager;
$capsule->addConnection(['driver' => 'pgsql', 'host' => '127.0.0.1', 'port' => getenv('PORT'), 'database' => getenv('DB'),
  'username' => 'postgres', 'password' => 'postgres', 'charset' => 'utf8', 'schema' => 'public']);
$capsule->setAsGlobal();
$manager = $capsule->getDatabaseManager();
$repository = new Illuminate\\Database\\Migrations\\DatabaseMigrationRepository($manager, 'migrations');
$migrator = new Illuminate\\Database\\Migrations\\Migrator($repository, $manager, new Illuminate\\Filesystem\\Filesystem);
$paths = [getcwd() . '/database/migrations'];
if ($argv[1] !== 'status' && !$migrator->repositoryExists()) $repository->createRepository();
if ($argv[1] === 'up') $migrator->run($paths, ['step' => ($argv[2] ?? '') === 'step']);
if ($argv[1] === 'rollback') $migrator->rollback($paths);
$ran = $migrator->repositoryExists() ? $repository->getRan() : [];
$status = [];
foreach ($migrator->getMigrationFiles($paths) as $file) {
  $name = $migrator->getMigrationName($file);
  $status[] = $name . ': ' . (in_array($name, $ran) ? 'applied' : 'pending');
}
echo json_encode($status);
`;

const migration = (name: string, up: string): string => `<?php
use Illuminate\\Database\\Capsule\\Manager as DB;
use Illuminate\\Database\\Migrations\\Migration;

class ${name} extends Migration
{
    public function up() { DB::statement('${up}'); }
    public function down() { DB::statement('SELECT 1'); }
}
`;

const php = await debianTool('php', ['php-cli', 'php-pgsql', 'php-laravel-framework']);
const usable = !isSkipped(php) && existsSync('/usr/share/php/Illuminate/Database/autoload.php');

describe.skipIf(!usable)('Laravel 8 of Debian: status equals what its Migrator says', () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let databases = 0;

  beforeAll(async () => {
    // PDO of Debian speaks SCRAM; the server is the tests' own.
    server = await startPostgres();
  });
  afterAll(async () => await server?.remove());
  afterEach(() => project.remove());

  async function begin(files: Record<string, string>): Promise<void> {
    const name = `l${++databases}`;
    await server.query(`CREATE DATABASE ${name}`);
    client = await server.connect({ database: name });
    project = makeProject({ 'migrate.php': program, artisan: '', ...files });
  }

  const tool = (...args: string[]) =>
    runTool(
      php as string,
      ['-d', 'error_reporting=8191', '-d', 'display_errors=stderr', 'migrate.php', ...args],
      {
        cwd: project.root,
        env: { DB: client.database as string, PORT: String(server.port) },
      },
    );

  async function agree(...args: string[]) {
    const result = await tool(...args);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    const { stdout } = await tool('status');
    const says = JSON.parse(stdout) as string[];
    const track = await readTrack(laravel, project, client);
    const ours = track.entries
      .filter(({ state }) => state !== 'missing')
      .map(({ name, state }) => `${name}: ${state.replace('out-of-order', 'pending')}`);
    expect(ours).toEqual(says);
    return track;
  }

  const files = {
    'database/migrations/2024_01_01_000000_create_a.php': migration('CreateA', 'CREATE TABLE a (id int)'),
    'database/migrations/2024_01_02_000000_create_b.php': migration('CreateB', 'CREATE TABLE b (id int)'),
    'database/migrations/readme.txt': '',
  };

  it('fresh, all applied and then edited, one more, rolled back by batch', async () => {
    await begin(files);
    expect((await agree('status')).table).toBeUndefined();
    const all = await agree('up');
    expect(all.entries[1]).toMatchObject({ state: 'applied', labels: ['batch 1'], reversible: true });
    const edited = 'database/migrations/2024_01_01_000000_create_a.php';
    project.write({
      [edited]: `${files[edited]}\n// edited`,
      'database/migrations/2024_01_03_000000_create_c.php': migration('CreateC', 'CREATE TABLE c (id int)'),
    });
    await agree('status');
    expect((await agree('up')).current).toEqual(['2024_01_03_000000_create_c']);
    expect((await agree('rollback')).current).toEqual(['2024_01_02_000000_create_b']);
  });

  it('failed, out of order, deleted', async () => {
    await begin({
      ...files,
      'database/migrations/2024_01_03_000000_bad.php': migration('Bad', 'SELECT 1/0'),
    });
    expect((await tool('up')).code).not.toBe(0);
    await agree('status');
    project.delete('database/migrations/2024_01_03_000000_bad.php');
    project.write({ 'database/migrations/2023_12_31_000000_late.php': migration('Late', 'SELECT 1') });
    expect((await agree('status')).entries[0]?.state).toBe('out-of-order');
    project.delete('database/migrations/2024_01_01_000000_create_a.php');
    expect((await agree('status')).entries.map(({ state }) => state)).toContain('missing');
  });
});
