import { expect, test } from 'vitest';
import type { Backup, RestorePlan, RestoreProgress } from '../../../../../preload/contract/backups.ts';
import { draftFor, lacking, optionsOf, proposedName } from '../../../../../renderer/backups/restore/draft.ts';
import {
  afterProgress,
  errorsOf,
  type Restoring,
  restoreDetail,
  restoringBegun,
} from '../../../../../renderer/backups/restore/restore-job.ts';

const at = new Date(2026, 10, 21, 4, 5).getTime();
const backup = { id: '7', path: '/b/shop', database: 'shop', at } as Backup;
const target = { backup: '7', database: 'desk' };

test('a new database is named after what is in it and when, within the bytes that a name has', () => {
  expect(proposedName(backup)).toBe('shop_20261121_0405');
  const long = proposedName({ database: 'ä'.repeat(40), at });
  expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(63);
  expect(long).toMatch(/^ä+_20261121_0405$/);
});

test('what is asked for holds what was said and nothing else', () => {
  const draft = draftFor(backup, 'here');
  expect(optionsOf(draft, target)).toEqual({
    backup: '7',
    database: 'shop_20261121_0405',
    mode: 'new',
    single: false,
    owners: true,
    privileges: true,
  });
  const said = {
    ...draft,
    mode: 'swap' as const,
    only: new Set([12, 3]),
    jobs: 4,
    single: true,
    role: ' app ',
    after: 'SELECT 1',
    passphrase: 'p',
    tools: '/bin',
  };
  // One transaction is one session.
  expect(optionsOf(said, target)).toEqual({
    backup: '7',
    database: 'desk',
    mode: 'swap',
    single: true,
    owners: true,
    privileges: true,
    only: [3, 12],
    role: 'app',
    after: 'SELECT 1',
    passphrase: 'p',
    tools: '/bin',
  });
  expect(lacking({ database: '' })).toContain('name');
  expect(lacking({ database: 'ä'.repeat(32) })).toContain('64 bytes');
  expect(lacking({ database: 'x', only: [] })).toContain('at least one');
  expect(lacking({ database: 'x' })).toBeUndefined();
});

const after = (...events: RestoreProgress[]): Restoring =>
  events.reduce(
    afterProgress,
    restoringBegun('/b/shop', {
      environment: 'here',
      backup,
      options: optionsOf(draftFor(backup, 'here'), target),
      plan: {} as RestorePlan,
    }),
  );
const progress = (done: number): RestoreProgress => ({
  kind: 'progress',
  object: 'TABLE x',
  done,
  total: 1200,
  bytes: 0,
  bytesTotal: null,
  remainingMs: null,
});

test('errors are counted by cause as they were told last, in the order of their first time', () => {
  const told = after(
    { kind: 'errors', cause: '42P01 no relation', count: 1, first: 'a' },
    { kind: 'errors', cause: '42704 no role', count: 2, first: 'b' },
    { kind: 'errors', cause: '42P01 no relation', count: 5, first: 'a' },
  );
  expect(told.errors.map(({ cause, count }) => [cause, count])).toEqual([
    ['42P01 no relation', 5],
    ['42704 no role', 2],
  ]);
  expect(errorsOf(told)).toBe(7);
});

test('the status strip tells how far it is, then what came of it', () => {
  const going = after({ kind: 'begun', run: 'r' }, { kind: 'phase', said: 'Looking' });
  expect(going.run).toBe('r');
  expect(restoreDetail(going)).toMatchObject({ detail: 'shop_20261121_0405, Looking', state: 'running' });
  expect(restoreDetail(after(progress(7)))).toMatchObject({
    detail: 'shop_20261121_0405, entry 7 of 1,200',
    done: 7,
    total: 1200,
  });
  const finished = { kind: 'finished', database: 'x', kept: null, errors: 2, ms: 1 } as const;
  expect(restoreDetail(after(finished))).toMatchObject({
    detail: 'x restored with 2 errors',
    state: 'failed',
  });
  const failed = (cancelled: boolean): Restoring => ({
    ...after({
      kind: 'failed',
      problem: { what: '', why: '', next: '', cause: '' },
      state: 'Nothing is left.',
      cancelled,
    }),
    phase: 'ended',
  });
  expect(restoreDetail(failed(true)).state).toBe('cancelled');
  expect(restoreDetail(failed(false)).state).toBe('failed');
});
