import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, readMigrations, StoreTooNew } from '../../../main/store/index.ts';

describe('the own store', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (): string => join(folder, 'howdah.db');

  it('makes its schema from the numbered migrations and remembers how far it is', () => {
    const store = openStore(folder);
    const { user_version } = store.db.prepare('PRAGMA user_version').get() as { user_version: number };
    expect(user_version).toBe(readMigrations().length);
    store.close();
    openStore(folder).close();
  });

  it.skipIf(process.platform === 'win32')('is for its owner only, one that was open to all too', () => {
    const before = process.umask(0);
    try {
      const modes = () =>
        readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
      const store = openStore(folder);
      store.db.exec("INSERT INTO environment (id) VALUES ('a')");
      const all = ['howdah.db', 'howdah.db-shm', 'howdah.db-wal'].map((name) => [name, '600']);
      expect(modes().sort()).toEqual(all);
      for (const [name] of all) chmodSync(join(folder, String(name)), 0o644);
      const again = openStore(folder);
      expect(modes().sort()).toEqual(all);
      again.close();
      store.close();
    } finally {
      process.umask(before);
    }
  });

  it('refuses a store of a newer program, says so, and leaves it untouched', () => {
    const store = openStore(folder);
    store.db.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)');
    store.close();
    const before = readFileSync(file());
    expect(() => openStore(folder)).toThrow(StoreTooNew);
    expect(() => openStore(folder)).toThrow(/newer Howdah.*99/);
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  it.each([
    [
      'text that is no database',
      (path: string) => writeFileSync(path, 'this is not a database at all, but long enough to be read'),
    ],
    ['a torn file', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 6000))],
    [
      'overwritten pages',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes.fill(0xa5, 4096, bytes.length);
        writeFileSync(path, bytes);
      },
    ],
  ])('moves %s aside, says so, and starts afresh', (_, damage) => {
    const store = openStore(folder);
    store.db.exec("INSERT INTO environment (id) VALUES ('a')");
    store.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    store.close();
    damage(file());
    const damaged = readFileSync(file());
    const fresh = openStore(folder);
    expect(fresh.notices.join()).toMatch(/damaged.*moved to/);
    expect(fresh.db.prepare('SELECT count(*) AS n FROM environment').get()).toEqual({ n: 0 });
    const aside = readdirSync(folder).find((name) =>
      /^howdah\.db\.damaged-[^-]*-[^-]*-[^.]*\.\d+Z$/.test(name),
    );
    expect(aside && readFileSync(join(folder, aside)).equals(damaged)).toBe(true);
    fresh.close();
  });

  it('undoes a migration that fails half-way', () => {
    const bad = [
      ...readMigrations(),
      { number: 2, name: 'bad', sql: 'CREATE TABLE half (a); SELECT nonsense' },
    ];
    expect(() => openStore(folder, bad)).toThrow(/Migration 2 \(bad\)/);
    const store = openStore(folder);
    expect(store.db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'half'").get()).toEqual({
      n: 0,
    });
    store.close();
    expect(existsSync(file())).toBe(true);
  });
});
