import { describe, expect, test } from 'vitest';
import { BackupOptions } from '../../../../preload/contract/backups.ts';
import {
  compressionsFor,
  type Draft,
  draftOf,
  faultsOf,
  firstDraft,
  lacks,
  optionsOf,
  passphraseFaults,
  pathOf,
} from '../../../../renderer/backups/create/draft.ts';
import { formOf, placeFaults, sentOf } from '../../../../renderer/backups/places/place-draft.ts';
import {
  afterEvent,
  type BackupEvent,
  runBegun,
  runDetail,
  shareOf,
} from '../../../../renderer/backups/run/run-state.ts';
import { backup } from './backup.ts';

const draft = (changes: Partial<Draft> = {}): Draft => ({ ...firstDraft, ...changes });

const at = (changes: Partial<Draft> = {}) =>
  pathOf(draft(changes), { database: 'the shop', at: new Date('2026-02-03T04:05:06Z') });

describe('what is chosen for a backup', () => {
  test('is at first what the contract has by itself', () => {
    expect(optionsOf(firstDraft)).toEqual(BackupOptions.parse({}));
    expect(at()).toBeUndefined();
  });
  test('whatever was filled in, the options are ones that the contract takes', () => {
    for (const what of ['all', 'schema', 'data', 'globals'] as const)
      for (const format of ['custom', 'directory', 'tar', 'plain'] as const)
        for (const method of ['', 'none', 'gzip', 'lz4', 'zstd'] as const) {
          const options = optionsOf(
            draft({
              what,
              format,
              method,
              level: '3',
              jobs: '4',
              excludeData: 'a\n\n a \n"B c"',
              schemas: 'sales',
              encryption: 'passphrase',
              counted: 'checksums',
            }),
          );
          expect(BackupOptions.parse(options)).toEqual(options);
          // A job that is edited keeps what it had.
          const kept = { ...options, encryption: { kind: 'none' as const } };
          expect(optionsOf(draftOf(kept))).toEqual(kept);
          expect(options.jobs).toBe(format === 'directory' && what !== 'globals' ? 4 : undefined);
          if (options.compression)
            expect(compressionsFor({ what, format })).toContain(options.compression.method);
          expect(options.contents.excludeData).toEqual(what === 'all' ? ['a', '"B c"'] : []);
          expect(options.contents.schemas).toEqual(what === 'globals' ? [] : ['sales']);
          expect(options.counted).toBe(what === 'all' || what === 'data' ? 'checksums' : 'none');
        }
  });
  test('a plan gets no typed passphrase', () => {
    const encrypted = draft({ encryption: 'passphrase' });
    expect(optionsOf(encrypted).encryption).not.toMatchObject({ passphrase: 'secret words' });
    expect(optionsOf(encrypted, 'secret words').encryption).toEqual({
      kind: 'passphrase',
      passphrase: 'secret words',
    });
    expect(passphraseFaults(encrypted, { first: 'short', again: 'short' })).toHaveProperty('first');
    expect(passphraseFaults(encrypted, { first: 'long enough', again: 'long enougj' })).toHaveProperty(
      'again',
    );
    expect(passphraseFaults(encrypted, { first: 'long enough', again: 'long enough' })).toEqual({});
  });
  test('where it goes', () => {
    expect(at({ place: 'path', path: ' /srv/x.dump ' })).toBe('/srv/x.dump');
    expect(at({ place: 's3://offsite/', path: '/shop/1' })).toBe('s3://offsite/shop/1');
    // A folder: it is named by what it is and when.
    expect(at({ place: 's3://offsite/' })).toBe('s3://offsite/the_shop_20260203_040506');
    expect(at({ place: 'path', path: '/srv/', format: 'plain', encryption: 'key' })).toBe(
      '/srv/the_shop_20260203_040506.sql.age',
    );
    expect(at({ place: 'path', path: '/srv/', what: 'globals' })).toBe(
      '/srv/the_shop_20260203_040506.globals.sql',
    );
  });
  test('what has to be mended first', () => {
    expect(faultsOf(firstDraft)).toEqual({});
    const wrong = draft({ place: 'path', level: '1.5', jobs: '0', lockWaitSeconds: '' });
    expect(Object.keys(faultsOf(wrong)).sort()).toEqual(['jobs', 'level', 'lockWaitSeconds', 'path']);
  });
  test('programs before 16 lack what only they would compress', () => {
    const old = { versionNum: 150018 };
    expect(lacks('zstd', draft(), old)).toBe('from pg_dump 16 on');
    expect(lacks('zstd', draft({ format: 'plain' }), old)).toBeUndefined();
    expect(lacks('gzip', draft(), old)).toBeUndefined();
    expect(lacks('zstd', draft(), { versionNum: 160000 })).toBeUndefined();
  });
});

describe('a run', () => {
  const progress = {
    kind: 'progress',
    object: 'public.orders',
    done: 1,
    total: 4,
    bytes: 250,
    bytesTotal: 1000,
    remainingMs: 3000,
  } as const;
  const told = (...events: BackupEvent[]) =>
    events.reduce((run, event, at) => afterEvent(run, event, at * 100), runBegun('k', 'Backup'));

  test('keeps its phases, its newest figures and its lines', () => {
    const run = told(
      { kind: 'begun', run: 'r' },
      { kind: 'phase', said: 'Looking' },
      { kind: 'phase', said: 'Dumping' },
      { kind: 'log', text: 'one\ntwo' },
      progress,
    );
    expect(run).toMatchObject({ run: 'r', phase: 'running', printed: { last: 2 } });
    expect(run.phases.map(({ said, at }) => `${said} ${at}`)).toEqual(['Looking 100', 'Dumping 200']);
    expect(shareOf(run)).toEqual({ done: 250, total: 1000 });
    expect(runDetail(run)).toEqual({
      title: 'Backup',
      detail: '25 %',
      done: 250,
      total: 1000,
      state: 'running',
    });
    const next = afterEvent(run, { kind: 'phase', said: 'Reading back' }, 900);
    expect(runDetail(next)).toMatchObject({ detail: 'Reading back', total: 0 });
    expect(shareOf({ progress: { ...progress, bytesTotal: null } })).toEqual({ done: 1, total: 4 });
  });
  test('ends in words of its own: done, damaged, failed, cancelled', () => {
    const problem = { cause: 'x', what: '', why: '', next: '' };
    const failed = { kind: 'failed', problem, state: 'Nothing was left behind.', cancelled: false } as const;
    const damaged = backup({ verification: { level: 'readable', state: 'bad', at: 1, said: ['Cut off.'] } });
    const detail = (...events: BackupEvent[]) => {
      const { detail, state } = runDetail(told(...events));
      return `${state}: ${detail}`;
    };
    expect(detail({ kind: 'finished', backup: backup({ bytes: 2048 }) })).toBe('done: done, 2 kB');
    expect(detail({ kind: 'verified', backup: damaged })).toBe('failed: damaged');
    expect(detail(failed)).toBe('failed: failed');
    expect(detail({ ...failed, cancelled: true })).toBe('cancelled: cancelled');
    // It broke off without a word.
    expect(runDetail({ ...runBegun('k', 'Backup'), phase: 'ended' }).state).toBe('failed');
  });
});

test('a bucket’s form: what is sent, what is kept, what is at fault', () => {
  const empty = formOf(undefined);
  expect(Object.keys(placeFaults(empty)).sort()).toEqual(['bucket', 'name']);
  const filled = { ...empty, name: ' offsite ', bucket: 'my-backups', endpoint: ' ', accessKey: '' };
  expect(placeFaults(filled)).toEqual({});
  expect(sentOf(filled)).toEqual({
    draft: {
      name: 'offsite',
      bucket: 'my-backups',
      prefix: '',
      region: 'us-east-1',
      endpoint: null,
      pathStyle: false,
      accessKey: null,
    },
  });
  expect(sentOf({ ...filled, accessKey: 'A', secretKey: 's' }).secretKey).toBe('s');
  expect(placeFaults({ ...filled, secretKey: 's' })).toHaveProperty('accessKey');
  expect(placeFaults({ ...filled, endpoint: 'minio.lan' })).toHaveProperty('endpoint');
});
