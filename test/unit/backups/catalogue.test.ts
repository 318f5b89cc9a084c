import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Catalogue, openCatalogue } from '../../../main/backups/catalogue/index.ts';
import { openStore, type Store } from '../../../main/store/index.ts';
import type { Backup, Verification } from '../../../preload/contract/backups.ts';

let folder: string;
let store: Store;
let catalogue: Catalogue;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-test-catalogue-'));
  store = openStore(folder);
  catalogue = openCatalogue(store);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function backup(name: string, more: Partial<Backup> = {}): Backup {
  const path = join(folder, name);
  writeFileSync(path, 'content');
  return {
    id: null,
    environment: 'shop',
    path,
    format: 'custom',
    compression: 'gzip',
    isEncrypted: false,
    madeBy: 'howdah',
    job: null,
    contents: null,
    at: 1000,
    durationMs: 12.5,
    bytes: 7,
    database: 'shop',
    serverVersion: '15.18',
    toolVersion: '15.18',
    objects: 3,
    sha256: 'ab',
    verification: { level: 'none', state: 'unproven', at: null, said: [] },
    isThere: true,
    ...more,
  };
}
const proof = (level: Verification['level'], state: Verification['state'], at: number): Verification => ({
  level,
  state,
  at,
  said: [`${level} ${state}`],
});

it('keeps backups by environment, newest first, through a restart', async () => {
  const old = await catalogue.record(backup('old', { at: 1 }));
  const mine = await catalogue.record(backup('new', { at: 2 }));
  await catalogue.record(backup('other', { environment: 'else', isEncrypted: true }));
  await catalogue.record(backup('nobody’s', { environment: null }));
  store.close();
  store = openStore(folder);
  catalogue = openCatalogue(store);
  expect(await catalogue.list('shop')).toEqual([mine, old]);
  expect(await catalogue.list()).toHaveLength(4);
  expect(mine).toEqual({ ...backup('new', { at: 2 }), id: mine.id });
  expect(await catalogue.get(mine.id ?? '')).toEqual(mine);
  expect(await catalogue.get(mine.path)).toEqual(mine);
  expect(await catalogue.get('/nowhere')).toBeUndefined();
});

it('says at each listing whether a backup is still there', async () => {
  const { path } = await catalogue.record(backup('one'));
  rmSync(path);
  expect(await catalogue.list()).toMatchObject([{ path, isThere: false }]);
});

it('one path is one backup; what was proven of another that lay there is forgotten', async () => {
  const first = await catalogue.record(backup('one'));
  await catalogue.verified(first.id ?? '', proof('readable', 'good', 5));
  const again = await catalogue.adopt('else', { ...backup('one'), path: join(folder, 'x/../one') });
  expect(again).toMatchObject({ id: first.id, environment: 'else', verification: { state: 'good', at: 5 } });
  const other = await catalogue.record(backup('one', { sha256: 'cd' }));
  expect(other).toMatchObject({ id: first.id, verification: { level: 'none' } });
  expect(await catalogue.list()).toHaveLength(1);
});

it('shows the highest proof, and damage as soon as it was seen', async () => {
  const { id } = await catalogue.record(backup('one', { verification: proof('readable', 'good', 1) }));
  const after = async (one: Verification) => (await catalogue.verified(id ?? '', one))?.verification.said[0];
  expect(await after(proof('restorable', 'good', 2))).toBe('restorable good');
  expect(await after(proof('readable', 'good', 3))).toBe('restorable good');
  expect(await after(proof('readable', 'bad', 4))).toBe('readable bad');
  expect(await after(proof('readable', 'unproven', 5))).toBe('readable unproven');
  expect(await after(proof('readable', 'good', 6))).toBe('readable good');
  expect(catalogue.verifications(id ?? '').map(({ at }) => at)).toEqual([6, 5, 4, 3, 2, 1]);
});

it('forgets a backup with its proofs and leaves its file; ids are never given twice', async () => {
  const { id } = await catalogue.record(backup('one', { verification: proof('readable', 'good', 1) }));
  expect(catalogue.remove(id ?? '')).toBe(true);
  expect(catalogue.remove(id ?? '')).toBe(false);
  expect(await catalogue.verified(id ?? '', proof('readable', 'good', 2))).toBeUndefined();
  expect(catalogue.verifications(id ?? '')).toEqual([]);
  expect((await catalogue.record(backup('one'))).id).not.toBe(id);
});

it('keeps places of programs once each', () => {
  const place = { kind: 'docker', where: 'db' } as const;
  catalogue.addToolPlace(place);
  catalogue.addToolPlace(place);
  expect(catalogue.toolPlaces()).toEqual([place]);
  expect(catalogue.removeToolPlace(place)).toBe(true);
  expect(catalogue.removeToolPlace(place)).toBe(false);
});
