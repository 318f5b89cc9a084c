import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';

/**
 * Each function applies a folder of migrations and leaves the database as the named tool would: same statements,
 * same state table, same rows.
 */
export const tools = {
  'golang-migrate': golangMigrate,
  alembic,
  knex,
  'file-runner': fileRunner,
} as const;

/** golang-migrate, driver `postgres`: one simple query a file, one row that holds the version reached. */
async function golangMigrate(client: Client, folder: string): Promise<void> {
  await client.query(
    'CREATE TABLE IF NOT EXISTS schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)',
  );
  for (const file of await filesOf(folder, /^\d+_.*\.up\.sql$/)) {
    const version = Number.parseInt(file, 10);
    const reached = async (dirty: boolean): Promise<void> => {
      await client.query('BEGIN');
      await client.query('TRUNCATE schema_migrations');
      await client.query('INSERT INTO schema_migrations (version, dirty) VALUES ($1, $2)', [version, dirty]);
      await client.query('COMMIT');
    };
    await reached(true);
    await client.query(await readFile(join(folder, file), 'utf8'));
    await reached(false);
  }
}

interface Revision {
  id: string;
  down: string | undefined;
  sql: string[];
}

/** Alembic: one transaction for the whole upgrade, one row that holds the head. */
async function alembic(client: Client, folder: string): Promise<void> {
  const found = await Promise.all(
    (await filesOf(folder, /\.py$/)).map((file) => readRevision(join(folder, file))),
  );
  await client.query('BEGIN');
  await client.query(
    'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))',
  );
  let at: string | undefined;
  for (;;) {
    const next = found.find((revision) => revision.down === at);
    if (!next) break;
    for (const statement of next.sql) await client.query(statement);
    if (at === undefined)
      await client.query('INSERT INTO alembic_version (version_num) VALUES ($1)', [next.id]);
    else await client.query('UPDATE alembic_version SET version_num = $1', [next.id]);
    at = next.id;
  }
  await client.query('COMMIT');
}

/** Reads a revision whose `upgrade()` is made of `op.execute("""…""")` alone, as all of the sample's are. */
async function readRevision(file: string): Promise<Revision> {
  const text = await readFile(file, 'utf8');
  const id = /^revision(?:: \w+)? = ["']([^"']+)/m.exec(text)?.[1];
  if (!id) throw new Error(`${file} names no revision`);
  const down = /^down_revision(?:: [^=]+)? = ["']([^"']+)/m.exec(text)?.[1];
  return { id, down, sql: blocks(between(text, 'def upgrade()', 'def downgrade()'), '"""') };
}

/** Knex: `migrate:latest` in one transaction and one batch, one row a file. */
async function knex(client: Client, folder: string): Promise<void> {
  await client.query(
    'CREATE TABLE "knex_migrations" ("id" serial PRIMARY KEY, "name" varchar(255), "batch" integer, "migration_time" timestamptz)',
  );
  await client.query('CREATE TABLE "knex_migrations_lock" ("index" serial PRIMARY KEY, "is_locked" integer)');
  await client.query('INSERT INTO "knex_migrations_lock" ("is_locked") VALUES (0)');
  await client.query('BEGIN');
  for (const file of await filesOf(folder, /\.js$/)) {
    const text = await readFile(join(folder, file), 'utf8');
    for (const statement of blocks(between(text, 'exports.up', 'exports.down'), '`'))
      await client.query(statement);
    await client.query(
      `INSERT INTO "knex_migrations" ("name", "batch", "migration_time")
       VALUES ($1, 1, date_trunc('milliseconds', clock_timestamp()))`,
      [file],
    );
  }
  await client.query('COMMIT');
}

/** Iotistic's own runner: files in the order of their names, a transaction each, with a checksum of what was run. */
async function fileRunner(client: Client, folder: string): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      id serial PRIMARY KEY,
      filename varchar(255) NOT NULL UNIQUE,
      checksum char(64) NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      execution_time_ms integer NOT NULL
    )`);
  for (const file of await filesOf(folder, /\.sql$/)) {
    const text = await readFile(join(folder, file), 'utf8');
    const started = performance.now();
    await client.query('BEGIN');
    await client.query(text);
    const took = Math.round(performance.now() - started);
    await client.query(
      'INSERT INTO schema_migrations (filename, checksum, execution_time_ms) VALUES ($1, $2, $3)',
      [file, createHash('sha256').update(text).digest('hex'), took],
    );
    await client.query('COMMIT');
  }
}

async function filesOf(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
}

function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  const end = text.indexOf(to);
  if (start < 0 || end < start) throw new Error(`no “${from}” before “${to}”`);
  return text.slice(start, end);
}

/** What stands between pairs of `quote`. */
function blocks(text: string, quote: string): string[] {
  return text.split(quote).filter((_, index) => index % 2 === 1);
}
