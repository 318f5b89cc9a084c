import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMigration } from '../../../main/migrations/run/create.ts';
import { newFiles } from '../../../main/migrations/run/names.ts';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';

const now = new Date(Date.UTC(2026, 10, 21, 13, 5, 7));
const made = (tool: MigrationToolId, names: string[], name = 'Add orders'): string[] =>
  newFiles(tool, names, name, now).map((file) => file.name);

describe('a new migration is named as its tool names it', () => {
  it('by golang-migrate: by the time in an empty folder, else as the folder is', () => {
    expect(made('golang-migrate', [])).toEqual([
      '20261121130507_Add_orders.up.sql',
      '20261121130507_Add_orders.down.sql',
    ]);
    expect(made('golang-migrate', ['000009_x.up.sql', '000010_y.down.sql', 'readme.md'])[0]).toBe(
      '000011_Add_orders.up.sql',
    );
    expect(made('golang-migrate', ['9_x.up.sql'])[0]).toBe('10_Add_orders.up.sql');
    expect(made('golang-migrate', ['20250101000000_x.up.sql'])[0]).toBe('20261121130507_Add_orders.up.sql');
    expect(made('golang-migrate', ['1700000000_x.up.sql'])[0]).toBe(
      `${now.getTime() / 1000}_Add_orders.up.sql`,
    );
  });

  it('by dbmate and goose, with what they write into it', () => {
    expect(newFiles('dbmate', [], 'a', now)).toEqual([
      { name: '20261121130507_a.sql', content: '-- migrate:up\n\n\n-- migrate:down\n\n' },
    ]);
    expect(newFiles('goose', ['00003_x.sql'], 'Add Orders-index', now)).toEqual([
      {
        name: '00004_add_orders_index.sql',
        content: "-- +goose Up\nSELECT 'up SQL query';\n\n-- +goose Down\nSELECT 'down SQL query';\n",
      },
    ]);
    expect(made('goose', [])).toEqual(['20261121130507_add_orders.sql']);
  });

  it('in a home-made folder: as the last file is', () => {
    expect(made('home-made', ['056_a.sql', '057_b.sql'])).toEqual(['058_Add_orders.sql']);
    expect(made('home-made', ['9-a.sql', '10-b.sql', '10-b.down.sql'])).toEqual([
      '11-Add_orders.sql',
      '11-Add_orders.down.sql',
    ]);
    expect(made('home-made', ['1.a.up.sql', '1.a.undo.sql'])).toEqual([
      '2.Add_orders.up.sql',
      '2.Add_orders.undo.sql',
    ]);
    expect(made('home-made', ['20250101000000_a.sql'])).toEqual(['20261121130507_Add_orders.sql']);
    expect(made('home-made', [])).toEqual(['001_Add_orders.sql']);
  });

  it.each(['../x', 'a/b', '.hidden', 'a\u0000b', 'a;b'])('and never as %j', (name) => {
    expect(() => made('dbmate', [], name)).toThrow(/can’t be part of a file’s name/);
  });
});

describe('making the files', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'howdah-test-create-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('gives their paths in the project', async () => {
    const files = await createMigration(
      { tool: 'golang-migrate', project: root, folder: 'db/m' },
      'first one',
      now,
    );
    expect(files).toEqual(['db/m/20261121130507_first_one.up.sql', 'db/m/20261121130507_first_one.down.sql']);
    expect(readdirSync(join(root, 'db/m')).sort()).toEqual(files.map((one) => one.slice(5)).sort());
  });

  it('leaves nothing behind, and what is there as it was, where a name is taken', async () => {
    const there = join(root, '20261121130507_a.down.sql');
    writeFileSync(there, 'mine');
    const making = createMigration({ tool: 'golang-migrate', project: root, folder: '' }, 'a', now);
    await expect(making).rejects.toMatchObject({ explanation: { cause: 'migration-file-there' } });
    expect(readdirSync(root)).toEqual(['20261121130507_a.down.sql']);
    expect(readFileSync(there, 'utf8')).toBe('mine');
  });

  it('says where it can’t write', async () => {
    writeFileSync(join(root, 'file'), '');
    const making = createMigration({ tool: 'dbmate', project: root, folder: 'file' }, 'a', now);
    await expect(making).rejects.toMatchObject({
      explanation: { cause: 'folder-unwritable' },
    });
  });
});
