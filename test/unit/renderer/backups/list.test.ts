import { describe, expect, test } from 'vitest';
import type { Verification } from '../../../../preload/contract/backups.ts';
import { BackupContents } from '../../../../preload/contract/backups.ts';
import { openedAddress, readBackupsPlace, viewAddress } from '../../../../renderer/backups/address.ts';
import { filterToc, kindsOf } from '../../../../renderer/backups/inspect/toc.ts';
import { nearestPoint, sizeSeries } from '../../../../renderer/backups/list/size-series.ts';
import { baseName, kindWords, proofState, standingOf } from '../../../../renderer/backups/words.ts';
import { backup } from './backup.ts';

const day = 24 * 60 * 60 * 1000;
const bad: Verification = { level: 'readable', state: 'bad', at: 0, said: [] };
const unproven: Verification = { level: 'none', state: 'unproven', at: null, said: [] };

test('an address says which view shows and what is open beside the list, and is read back', () => {
  for (const view of ['list', 'jobs', 'engines', 'swaps'] as const)
    expect(readBackupsPlace(viewAddress('a b', view))).toEqual({ view, opened: undefined });
  for (const opened of [undefined, { kind: 'new' }, { kind: 'backup', id: '12' }] as const)
    expect(readBackupsPlace(openedAddress('x', opened))).toEqual({ view: 'list', opened });
  expect(readBackupsPlace('/environments/x/backups/nonsense')).toEqual({ view: 'list', opened: undefined });
  expect(readBackupsPlace('/environments/x/backups/backup/')).toEqual({ view: 'list', opened: undefined });
});

const contents = (more: Partial<BackupContents>) => BackupContents.parse(more);

describe('how an environment stands', () => {
  test('by the newest backup that is there, proven, and of the whole database', () => {
    const backups = [
      backup({ id: 'globals', at: 9 * day, format: 'globals', database: null }),
      backup({ id: 'structure', at: 8 * day, contents: contents({ what: 'schema' }) }),
      backup({ id: 'gone', at: 8 * day, isThere: false }),
      backup({ id: 'damaged', at: 7 * day, verification: bad }),
      backup({ id: 'unproven', at: 6 * day, verification: unproven }),
      backup({ id: 'older', at: 4 * day }),
      backup({ id: 'good', at: 5 * day }),
    ];
    expect(standingOf(backups, 6 * day)).toMatchObject({ severity: undefined, newest: { id: 'good' } });
    expect(standingOf(backups, 7 * day)).toMatchObject({ severity: 'warning', newest: { id: 'good' } });
    expect(standingOf(backups, 13 * day)).toMatchObject({ severity: 'bad', newest: { id: 'good' } });
  });
  test('loudly when there is none', () => {
    expect(standingOf([], 0)).toEqual({
      severity: 'bad',
      said: 'There is no backup.',
      newest: undefined,
    });
    expect(standingOf([backup({ verification: bad })], 0).said).toBe(
      'There is no good backup: of 1 backup none is there, whole and proven.',
    );
  });
});

test('a backup in words', () => {
  expect(kindWords(backup({ isEncrypted: true }))).toBe('Directory, gzip, encrypted');
  expect(kindWords(backup({ format: 'plain', compression: 'none' }))).toBe('Plain SQL');
  expect(kindWords(backup({ contents: contents({}) }))).toBe('Directory, gzip');
  expect(kindWords(backup({ contents: contents({ tables: ['t'] }) }))).toBe('Directory, a part, gzip');
  expect(baseName('/a/b c/')).toBe('b c');
  expect(baseName(String.raw`C:\backups\shop.dump`)).toBe('shop.dump');
  expect(proofState(backup({ verification: bad, isThere: false }))).toBe('gone');
  expect(proofState(backup({ verification: bad }))).toBe('damaged');
  expect(proofState(backup({ verification: { ...bad, state: 'unproven' } }))).toBe('unproven');
  expect(proofState(backup({ verification: { ...bad, state: 'good', level: 'restorable' } }))).toBe(
    'restorable',
  );
});

describe('sizes over time', () => {
  const daily = [0, 1, 2, 3, 10, 11].map((at) => backup({ at: at * day, bytes: 100 + at }));
  test('a line is broken where backups are missing, and kinds are not mixed', () => {
    const [first, second, ...more] = sizeSeries([
      ...daily,
      backup({ at: 2 * day, format: 'plain', compression: 'none', bytes: 900 }),
      backup({ at: day, format: 'globals', database: null }),
    ]);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ kind: 'Directory, gzip', database: undefined });
    expect(first?.points.map(({ bytes }) => bytes)).toEqual([100, 101, 102, 103, null, 110, 111]);
    expect(second).toMatchObject({ kind: 'Plain SQL', points: [{ bytes: 900 }] });
  });
  test('with several databases each has lines of its own', () => {
    const series = sizeSeries([backup(), backup({ database: 'other' }), backup({ database: null })]);
    expect(series.map(({ database }) => database)).toEqual(['other', 'shop', 'an unknown database']);
  });
  test('the dot that is meant is the nearest within reach, and never the gap', () => {
    const series = sizeSeries(daily);
    const place = ({ at }: { at: number }): readonly [number, number] => [at / day, 0];
    expect(nearestPoint(series, 3.4, 0, place, 1)?.point.bytes).toBe(103);
    expect(nearestPoint(series, 6.5, 0, place, 1)).toBeUndefined();
  });
});

test('a table of contents is counted by kind and filtered by words', () => {
  const entry = (id: number, kind: string, schema: string | null, name: string) => ({
    id,
    kind,
    schema,
    name,
    owner: 'shop',
    bytes: null,
  });
  const toc = [
    entry(1, 'TABLE', 'public', 'orders'),
    entry(2, 'TABLE DATA', 'public', 'orders'),
    entry(3, 'TABLE', 'sales', 'Orders old'),
    entry(4, 'EXTENSION', null, 'citext'),
  ];
  expect(kindsOf(toc)).toEqual([
    { kind: 'TABLE', many: 2 },
    { kind: 'EXTENSION', many: 1 },
    { kind: 'TABLE DATA', many: 1 },
  ]);
  const found = (kind: string, search: string) => filterToc(toc, { kind, search }).map(({ id }) => id);
  expect(found('', ' ')).toEqual([1, 2, 3, 4]);
  expect(found('TABLE', 'ORDERS')).toEqual([1, 3]);
  expect(found('', 'public.orders data')).toEqual([2]);
  expect(found('TABLE', 'citext')).toEqual([]);
});
