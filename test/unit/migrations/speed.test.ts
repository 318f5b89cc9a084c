import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type {
  FolderMigration,
  FolderReading,
  MigrationTool,
  ToolLocation,
} from '../../../main/migrations/tool.ts';
import { tools } from '../../../main/migrations/tools/index.ts';
import { openFolder } from '../../../main/migrations/tools/shared/folder-view.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const count = 1000;
const body = 'SELECT 1;\n'.repeat(20);
const at = '2026-01-02T03:04:05.000Z';

interface Case {
  /** Path and content of each migration’s file, by its number of 14 digits. */
  file: (number: string, index: number) => [string, string];
  /** Whatever else the project holds. */
  more?: (numbers: readonly string[]) => Record<string, string>;
  /** What the tool’s table holds when these are applied. */
  state: (applied: readonly FolderMigration[]) => unknown;
}

const js = 'exports.up = async (knex) => {}; exports.down = async () => {};\n';
const ids = (applied: readonly FolderMigration[]): string[] => applied.map(({ id }) => id);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const cases: Record<string, Case> = {
  'golang-migrate': {
    file: (number) => [`migrations/${number}_x.up.sql`, body],
    state: (applied) => ({ rows: [{ version: applied.at(-1)?.id, dirty: false }] }),
  },
  alembic: {
    file: (number, index) => [
      `alembic/versions/${number}_x.py`,
      `revision = "r${index}"\ndown_revision = ${index ? `"r${index - 1}"` : 'None'}\n\ndef upgrade():\n    pass\n`,
    ],
    more: () => ({ 'alembic.ini': '[alembic]\nscript_location = alembic\n', 'alembic/env.py': '' }),
    state: (applied) => [applied.at(-1)?.id],
  },
  knex: {
    file: (number) => [`migrations/${number}_x.js`, js],
    more: () => ({ 'knexfile.js': "module.exports = { client: 'pg' };" }),
    state: (applied) => ({
      rows: ids(applied).map((name) => ({ name, batch: 1, appliedAt: at })),
      locked: false,
      table: { schema: 'public', name: 'knex_migrations' },
    }),
  },
  prisma: {
    file: (number) => [`prisma/migrations/${number}_x/migration.sql`, body],
    more: () => ({
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    }),
    state: (applied) => ({
      attempts: ids(applied).map((name) => ({
        name,
        checksum: sha256(body),
        started: at,
        finished: at,
        rolled_back: null,
        steps: 1,
        logs: null,
      })),
    }),
  },
  flyway: {
    file: (number) => [`sql/V${number}__x.sql`, body],
    more: () => ({ 'flyway.conf': 'flyway.locations=filesystem:sql\n' }),
    state: (applied) => ({
      rows: applied.map(({ id, checksums, file }, index) => ({
        rank: index + 1,
        version: id,
        description: 'x',
        type: 'SQL',
        script: file?.slice(4) ?? '',
        checksum: checksums?.[0] ?? null,
        by: 'me',
        at,
        ms: 1,
        success: true,
      })),
    }),
  },
  liquibase: {
    file: (number) => [`log/${number}.sql`, `--liquibase formatted sql\n--changeset ann:${number}\n${body}`],
    more: (numbers) => ({
      'liquibase.properties': 'changeLogFile=master.yaml\n',
      'master.yaml': `databaseChangeLog:\n${numbers.map((number) => `  - include: { file: log/${number}.sql }\n`).join('')}`,
    }),
    state: (applied) => ({
      rows: ids(applied).map((key) => {
        const [path, id, author] = key.split('::');
        return { id, author, path, appliedAt: at, exectype: 'EXECUTED', tag: null };
      }),
      lock: undefined,
    }),
  },
  'node-pg-migrate': {
    file: (number) => [`migrations/${number}_x.js`, 'exports.up = (pgm) => {}; exports.down = () => {};'],
    more: () => ({ 'package.json': '{"dependencies":{"node-pg-migrate":"9"}}' }),
    state: (applied) => ids(applied).map((name) => ({ name, appliedAt: at })),
  },
  drizzle: {
    file: (number) => [`drizzle/${number}_x.sql`, body],
    more: (numbers) => ({
      'drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' };",
      'drizzle/meta/_journal.json': JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: numbers.map((number, idx) => ({ idx, version: '7', when: idx + 1, tag: `${number}_x` })),
      }),
    }),
    state: (applied) => ({
      rows: applied.map((_, index) => ({
        id: String(index + 1),
        hash: sha256(body),
        created: String(index + 1),
        name: null,
      })),
      stamped: false,
    }),
  },
  typeorm: {
    file: (number) => [
      `src/migrations/${number}-x.ts`,
      `export class X1${number.slice(2)} implements MigrationInterface { async up() {} async down() {} }`,
    ],
    more: () => ({ 'package.json': '{"dependencies":{"typeorm":"0.3"}}' }),
    state: ids,
  },
  sequelize: {
    file: (number) => [
      `migrations/${number}-x.js`,
      'module.exports = { up: (queryInterface) => {}, down() {} };',
    ],
    more: () => ({
      'package.json': '{"dependencies":{"sequelize":"6"},"devDependencies":{"sequelize-cli":"6"}}',
    }),
    state: ids,
  },
  rails: {
    file: (number, index) => [
      `db/migrate/${number}_x${index}.rb`,
      `class X${index} < ActiveRecord::Migration[7.0]\n  def change; end\nend\n`,
    ],
    more: () => ({ 'config/database.yml': '' }),
    state: ids,
  },
  dbmate: {
    file: (number) => [
      `db/migrations/${number}_x.sql`,
      `-- migrate:up\n${body}\n-- migrate:down\nSELECT 2;\n`,
    ],
    state: (applied) => ({ versions: ids(applied) }),
  },
  goose: {
    file: (number) => [`migrations/${number}_x.sql`, `-- +goose Up\n${body}\n-- +goose Down\nSELECT 2;\n`],
    state: (applied) => ({
      rows: applied.map(({ id }, index) => ({ id: String(index), version: id, applied: true, at })),
    }),
  },
  ecto: {
    file: (number, index) => [
      `priv/repo/migrations/${number}_x${index}.exs`,
      'defmodule X do\n  use Ecto.Migration\n  def change do\n  end\nend\n',
    ],
    more: () => ({ 'mix.exs': '' }),
    state: (applied) => ids(applied).map((version) => ({ version, appliedAt: at })),
  },
  diesel: {
    file: (number) => [`migrations/${number}_x/up.sql`, body],
    more: () => ({ 'diesel.toml': '' }),
    state: (applied) => ({ rows: ids(applied).map((version) => ({ version, at })) }),
  },
  sqlx: {
    file: (number) => [`migrations/${number}_x.sql`, body],
    more: () => ({ 'sqlx.toml': '' }),
    state: (applied) => ({
      rows: applied.map(({ id, checksums }) => ({
        version: id,
        description: 'x',
        at,
        success: true,
        checksum: checksums?.[0] ?? '',
        nanoseconds: '1',
      })),
    }),
  },
  laravel: {
    file: (number) => [
      `database/migrations/${number.slice(0, 4)}_01_01_${number.slice(8)}_x.php`,
      '<?php use Illuminate\\Database\\Migrations\\Migration; return new class { function up() {} function down() {} };',
    ],
    more: () => ({ artisan: '' }),
    state: (applied) => ids(applied).map((name) => ({ name, batch: 1 })),
  },
  'home-made': {
    file: (number) => [`migrations/${number}_x.sql`, body],
    state: (applied) => ({
      rows: ids(applied).map((name) => ({ id: 1, name, sum: sha256(body), at })),
      table: {
        tool: 'home-made',
        schema: 'public',
        name: 'migrations',
        columns: ['id', 'name', 'sum', 'at'],
        certainty: 'probable',
        home: { name: 'name', time: 'at', checksum: 'sum' },
      },
    }),
  },
};

/** Tools whose status is two lists, one beside the other. */
const simple = new Set(['golang-migrate', 'dbmate', 'sqlx']);

// Files by the thousand: a disk that others use as well would take longer than all the rest.
beforeAll(() => {
  if (existsSync('/dev/shm')) vi.stubEnv('TMPDIR', '/dev/shm');
});
afterAll(() => vi.unstubAllEnvs());

describe(`of ${count} migrations of which a tenth is pending`, () => {
  let project: Project;
  afterEach(() => project?.remove());

  it.each(Object.entries(cases))(
    'of %s, the status takes less than 50 ms, and of what only compares two lists less than 5 ms',
    async (id, { file, more, state }) => {
      const tool = tools.find((one) => one.id === id);
      if (!tool) throw new Error(`There is no tool ${id}.`);
      const numbers = Array.from({ length: count }, (_, index) => String(20240101000000 + index));
      project = makeProject({ ...Object.fromEntries(numbers.map(file)), ...more?.(numbers) });
      const view = await project.look();
      const [location] = await tool.locate(view);
      if (!location) throw new Error(`${id} was not found in its project.`);
      const reading: FolderReading = await tool.readFolder(view, location);
      if (id === 'golang-migrate') expect(await fastestReading(tool, project, location)).toBeLessThan(100);
      const rows = state(reading.migrations.slice(0, count * 0.9));
      const { entries } = tool.status(rows, reading);
      const many = Map.groupBy(entries, (entry) => entry.state);
      expect([many.get('applied')?.length, many.get('pending')?.length]).toEqual([900, 100]);
      // The fastest of several: what others do on the machine meanwhile is not meant.
      let fastest = Number.POSITIVE_INFINITY;
      const most = simple.has(id) ? 5 : 50;
      for (let run = 0; run < 60 && fastest >= most; run += 1) {
        const from = performance.now();
        tool.status(rows, reading);
        fastest = Math.min(fastest, performance.now() - from);
      }
      expect(fastest).toBeLessThan(most);
    },
  );
});

/** ms; each time through a fresh look at the folder, as the console has it. */
async function fastestReading(
  tool: MigrationTool,
  project: Project,
  location: ToolLocation,
): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 7; run += 1) {
    const from = performance.now();
    await tool.readFolder(await openFolder(project.root), location);
    fastest = Math.min(fastest, performance.now() - from);
  }
  return fastest;
}
