import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { rails } from '../../../main/migrations/tools/rails.ts';
import { debianTool, isSkipped, runTool } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

vi.setConfig({ testTimeout: 120_000 });

/** What `rails db:migrate`, `db:rollback` and `db:migrate:status` do, without the rest of Rails. */
const program = `require "active_record"
require "pg"
require "json"
ActiveRecord::Base.establish_connection(ENV["DATABASE_URL"])
ActiveRecord::Base.logger = nil
ActiveRecord::Migration.verbose = false
context = ActiveRecord::MigrationContext.new("db/migrate", ActiveRecord::SchemaMigration)
case ARGV[0]
when "up" then context.up(ARGV[1]&.to_i)
when "rollback" then context.rollback(1)
when "status" then puts JSON.generate(context.migrations_status)
end
`;

const migration = (name: string, body: string): string =>
  `class ${name} < ActiveRecord::Migration[6.1]\n  # def down\n${body}\nend\n`;

const ruby = await debianTool('ruby', ['ruby', 'ruby-activerecord', 'ruby-pg']);
const usable =
  !isSkipped(ruby) &&
  (await runTool(ruby, ['-e', 'require "active_record"; require "pg"'], { cwd: '/' })).code === 0;

describe.skipIf(!usable)('ActiveRecord 6.1 of Debian: status equals `db:migrate:status`', () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let databases = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server?.remove());
  afterEach(() => project.remove());

  async function begin(files: Record<string, string>): Promise<void> {
    const name = `r${++databases}`;
    await server.query(`CREATE DATABASE ${name}`);
    client = await server.connect({ database: name });
    project = makeProject({ 'migrate.rb': program, ...files });
  }

  const tool = (...args: string[]) =>
    runTool(ruby as string, ['migrate.rb', ...args], {
      cwd: project.root,
      env: { DATABASE_URL: server.url(client.database).replace('?sslmode=disable', '') },
    });

  async function run(...args: string[]): Promise<void> {
    const { code, stdout, stderr } = await tool(...args);
    expect(code, stdout + stderr).toBe(0);
  }

  async function agree() {
    const track = await readTrack(rails, project, client);
    const { stdout, stderr } = await tool('status');
    const says = (JSON.parse(stdout || `"${stderr}"`) as [string, string, string][]).map(
      ([mark, version, name]) =>
        `${version}: ${mark === 'up' ? (name.includes('NO FILE') ? 'missing' : 'applied') : 'pending'}`,
    );
    const ours = track.entries.map(({ id, state }) => `${id}: ${state.replace('out-of-order', 'pending')}`);
    expect(ours).toEqual(says);
    return track;
  }

  const files = {
    'db/migrate/20240101000000_create_a.rb': migration('CreateA', '  def change; create_table :a; end'),
    'db/migrate/20240102000000_create_b.rb': migration(
      'CreateB',
      '  def up; create_table :b; end\n  def down; drop_table :b; end',
    ),
    'db/migrate/deeper/20240103000000_create_c.shop.rb': migration(
      'CreateC',
      '  def up; create_table :c; end',
    ),
  };

  it('fresh, half applied, all applied and then edited, rolled back', async () => {
    await begin(files);
    // The tool makes its tables when it is asked for more than a listing.
    await run('up', '20240101000000');
    const half = await agree();
    expect(half.table?.certainty).toBe('certain');
    expect(half.entries.map(({ reversible }) => reversible)).toEqual([null, true, false]);
    await run('up');
    const edited = 'db/migrate/20240101000000_create_a.rb';
    project.write({ [edited]: `${files[edited]}\n# edited` });
    expect((await agree()).current).toEqual(['20240103000000']);
    project.delete('db/migrate/deeper');
    await client.query("DELETE FROM schema_migrations WHERE version = '20240103000000'");
    await run('rollback');
    expect((await agree()).current).toEqual(['20240101000000']);
  });

  it('failed, out of order, without a file', async () => {
    await begin({
      ...files,
      'db/migrate/20240104000000_bad.rb': migration('Bad', '  def up; execute "SELECT 1/0"; end'),
    });
    expect((await tool('up')).code).not.toBe(0);
    expect(states(await agree()).at(-1)).toBe('20240104000000_bad: pending');
    project.write({ 'db/migrate/20231231000000_late.rb': migration('Late', '  def change; end') });
    expect((await agree()).entries[0]?.state).toBe('out-of-order');
    project.delete('db/migrate/20240102000000_create_b.rb');
    expect((await agree()).entries.find(({ id }) => id === '20240102000000')?.state).toBe('missing');
  });

  it('a name that Rails refuses, and two files of one version', async () => {
    await begin({ ...files, 'db/migrate/20240104000000_Bad-Name.rb': migration('Bad', '  def change; end') });
    expect((await tool('up')).stderr).toContain('IllegalMigrationNameError');
    expect(causes(await readTrack(rails, project, client))).toEqual(['file-name']);
    project.delete('db/migrate/20240104000000_Bad-Name.rb');
    project.write({ 'db/migrate/20240102000000_again.rb': migration('Again', '  def change; end') });
    expect((await tool('up')).stderr).toContain('DuplicateMigrationVersionError');
    expect(causes(await readTrack(rails, project, client))).toEqual(['version-twice']);
  });

  it('takes its advisory lock by the key that the reader names', async () => {
    await begin({
      'db/migrate/20240101000000_slow.rb': migration('Slow', '  def up; execute "SELECT pg_sleep(3)"; end'),
    });
    const running = tool('up');
    const seen = new Set<string>();
    for (const until = Date.now() + 15_000; Date.now() < until && seen.size === 0; ) {
      const { rows } = await client.query<{ key: string }>(
        `SELECT ((classid::bigint << 32) | objid::bigint)::text AS key FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1`,
      );
      for (const { key } of rows) seen.add(key);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await running;
    expect([...seen]).toEqual(rails.lockKeys?.(client.database as string, undefined, '').map(String));
  });
});
