import { describe, expect, it } from 'vitest';
import { compareSettings } from '../../../main/server/settings/compare.ts';
import {
  amount,
  asSetting,
  fileValueInWords,
  inWords,
  isSameValue,
} from '../../../main/server/settings/units.ts';
import type { Setting } from '../../../preload/contract/server-settings.ts';

const setting = (name: string, raw: string | null, more: Partial<Setting> = {}): Setting => ({
  name,
  raw,
  value: raw === null ? null : inWords(raw, more.unit ?? null),
  unit: null,
  standard: null,
  differs: false,
  category: 'Some',
  description: '',
  context: 'user',
  type: 'integer',
  source: 'default',
  place: null,
  min: null,
  max: null,
  choices: [],
  pendingRestart: false,
  pending: null,
  ...more,
});
const side = (name: string, settings: Setting[]) => ({
  name,
  settings: { settings, overrides: [], fileErrors: null, hidden: 0, limits: [] },
});

describe('units of settings', () => {
  it.each([
    ['16384', '8kB', '128 MB'],
    ['1000', '8kB', '8000 kB'],
    ['300', 's', '5 min'],
    ['1500', 'ms', '1500 ms'],
    ['-1', 'kB', '-1'],
    ['0', 'ms', '0'],
    ['on', null, 'on'],
    ['0.9', null, '0.9'],
  ])('says %s of %s as %s', (raw, unit, words) => expect(inWords(raw, unit)).toBe(words));

  it('knows two spellings of one value', () => {
    expect(isSameValue('64MB', '8192', 'integer', '8kB')).toBe(true);
    expect(isSameValue('1.5GB', '1536MB', 'integer', 'kB')).toBe(true);
    expect(isSameValue('7min', '300', 'integer', 's')).toBe(false);
    expect(isSameValue('yes', 'on', 'bool', null)).toBe(true);
    expect(isSameValue('0', 'on', 'bool', null)).toBe(false);
    expect(isSameValue('Replica', 'replica', 'enum', null)).toBe(true);
    expect(isSameValue('a', 'A', 'string', null)).toBe(false);
    expect(fileValueInWords('131072kB', 'integer', '8kB')).toBe('128 MB');
    expect(amount('nonsense', 'kB')).toBeUndefined();
    expect([asSetting(4 * 1024 ** 3, 'memory'), asSetting(1536 * 1024 ** 2, 'memory')]).toEqual([
      '4GB',
      '1536MB',
    ]);
  });
});

describe('a comparison of settings', () => {
  it('goes by what values mean, leaves out what belongs to a machine, and says what only one side has', () => {
    const mine = side('a', [
      setting('shared_buffers', '16384', { unit: '8kB' }),
      setting('work_mem', '4096', { unit: 'kB', differs: true }),
      setting('port', '5432'),
      setting('jit', 'on', { type: 'bool' }),
      setting('old_one', '1'),
      setting('application_name', null, { type: 'string' }),
      setting('hidden_there', 'x', { type: 'string' }),
    ]);
    const theirs = side('b', [
      setting('shared_buffers', '32768', { unit: '4kB' }),
      setting('work_mem', '65536', { unit: 'kB' }),
      setting('port', '5433'),
      setting('jit', 'yes', { type: 'bool' }),
      setting('old_one', '2'),
      setting('new_one', '2'),
    ]);
    const { differences, same, leftOut } = compareSettings(mine, theirs);
    expect(differences.map(({ name, kind, mine, theirs }) => [name, kind, mine, theirs])).toEqual([
      ['hidden_there', 'only mine', 'x', null],
      ['new_one', 'only theirs', null, '2'],
      ['old_one', 'defaults differ', '1', '2'],
      ['work_mem', 'differs', '4 MB', '64 MB'],
    ]);
    expect([same, leftOut]).toEqual([2, 1]);
    expect(compareSettings(mine, theirs, true).differences.map(({ name }) => name)).toContain('port');
  });
});
