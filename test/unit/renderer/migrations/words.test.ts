import { describe, expect, test } from 'vitest';
import {
  instantOf,
  matches,
  placeWords,
  severityOf,
  summaryOf,
  unrecordedWords,
} from '../../../../renderer/migrations/words.ts';
import { entry, track } from './tracks.ts';

describe('a track in words', () => {
  test('counts what there is, what failed first, and leaves out what there is none of', () => {
    const shown = track([
      entry('1'),
      entry('2'),
      entry('3', { state: 'pending' }),
      entry('4', { state: 'failed' }),
      entry('5', { state: 'changed' }),
    ]);
    expect(summaryOf(shown)).toBe('1 failed, 2 applied, 1 pending, 1 changed');
  });

  test('claims nothing of a table that could not be read', () => {
    const problem = {
      what: 'Locked.',
      why: '',
      next: '',
      cause: 'state-table-locked',
      severity: 'warning',
    } as const;
    expect(summaryOf(track([], { problems: [problem] }))).toBe('Not known');
    expect(summaryOf(track([]))).toBe('No migrations');
  });

  test('says where it stands, and whether that is the head', () => {
    expect(placeWords({ current: [], heads: [] })).toBe('Before the first migration');
    expect(placeWords({ current: ['9'], heads: [] })).toBe('At 9');
    expect(placeWords({ current: ['a1'], heads: ['a1'] })).toBe('At a1, the head');
    expect(placeWords({ current: ['a1'], heads: ['b2'] })).toBe('At a1; the head is b2');
    expect(placeWords({ current: ['a1'], heads: ['a1', 'b2'] })).toBe('At a1; heads are a1, b2');
  });

  test('says once what the tool does not record', () => {
    expect(unrecordedWords({ title: 'Knex', unrecorded: [] })).toBe('');
    expect(unrecordedWords({ title: 'Atlas', unrecorded: ['by whom'] })).toBe(
      'Atlas does not record by whom.',
    );
    expect(unrecordedWords({ title: 'dbmate', unrecorded: ['when', 'by whom', 'checksum'] })).toBe(
      'dbmate does not record when, by whom or a checksum.',
    );
  });

  test('is as bad as the worst of it', () => {
    expect(severityOf(track([entry('1')]))).toBeUndefined();
    expect(severityOf(track([entry('1', { state: 'pending' })]))).toBe('notice');
    expect(severityOf(track([entry('1', { state: 'missing' }), entry('2', { state: 'pending' })]))).toBe(
      'warning',
    );
    expect(severityOf(track([entry('1')], { dirty: { version: '1', why: '' } }))).toBe('bad');
  });
});

describe('when a migration was applied', () => {
  test('is an instant only where the text has a zone', () => {
    expect(instantOf('2026-01-12T14:03:22.500Z')).toBe(Date.UTC(2026, 0, 12, 14, 3, 22, 500));
    expect(instantOf('2026-01-12 14:03:22+02')).toBe(Date.UTC(2026, 0, 12, 12, 3, 22));
    expect(instantOf('2026-01-12 14:03:22.12345-03:30')).toBe(Date.UTC(2026, 0, 12, 17, 33, 22, 123));
  });

  test('stays the server’s text without one', () => {
    expect(instantOf('2026-01-12 14:03:22')).toBeUndefined();
    expect(instantOf('2026-01-12')).toBeUndefined();
    expect(instantOf('infinity')).toBeUndefined();
  });
});

test('a migration is found by name, id, file, label and who applied it', () => {
  const one = entry('a1b2', { name: 'Add orders', labels: ['billing'], appliedBy: 'deploy' });
  for (const search of ['ORDERS', 'a1b', 'migrations/a1', 'billing', 'deploy', '  '])
    expect(matches(one, search)).toBe(true);
  expect(matches(one, 'customers')).toBe(false);
});
