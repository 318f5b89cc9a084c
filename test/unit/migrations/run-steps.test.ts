import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../main/migrations/run/refusal.ts';
import { type Standing, stepsOf, takesBack } from '../../../main/migrations/run/steps.ts';
import type { FolderMigration } from '../../../main/migrations/tool.ts';
import type { RunAction } from '../../../preload/contract/migration-runs.ts';

const migration = (id: string, more: Partial<FolderMigration> = {}): FolderMigration => ({
  id,
  name: `${id}_x`,
  file: `${id}.up.sql`,
  downFile: `${id}.down.sql`,
  reversible: true,
  parents: [],
  labels: [],
  checksums: null,
  ...more,
});

const standing = (more: Partial<Standing>): Standing => ({
  tool: 'golang-migrate',
  title: 'golang-migrate',
  applied: [],
  version: null,
  dirty: null,
  migrations: ['1', '2', '10'].map((id) => migration(id)),
  problems: [],
  ...more,
});

/** `+1` for a step up, `-1` for one down, with golang-migrate's version afterwards. */
const shown = (of: Standing, action: RunAction): string[] =>
  stepsOf(of, action).steps.map(
    ({ migration: { id }, direction, target, file }) =>
      `${direction === 'up' ? '+' : '-'}${id}${of.tool === 'golang-migrate' ? ` → ${target}` : ''}${file ? '' : ' nothing'}`,
  );
const refused = (of: Standing, action: RunAction): string => {
  try {
    stepsOf(of, action);
  } catch (error) {
    if (error instanceof Refusal) return error.explanation.cause;
    throw error;
  }
  return 'not refused';
};

describe('golang-migrate', () => {
  it('goes up from its version, and down to the file before', () => {
    expect(shown(standing({}), { kind: 'up' })).toEqual(['+1 → 1', '+2 → 2', '+10 → 10']);
    expect(shown(standing({ version: '2' }), { kind: 'up', count: 9 })).toEqual(['+10 → 10']);
    expect(shown(standing({ version: '10' }), { kind: 'down', count: 2 })).toEqual(['-10 → 2', '-2 → 1']);
    expect(shown(standing({ version: '2' }), { kind: 'down', count: 9 })).toEqual(['-2 → 1', '-1 → null']);
    expect(shown(standing({ version: '2' }), { kind: 'redo' })).toEqual(['-2 → 1', '+2 → 2']);
    expect(shown(standing({ version: '1' }), { kind: 'redo' })).toEqual(['-1 → null', '+1 → 1']);
  });

  it('goes to a version in either direction, and to none that has no file', () => {
    expect(shown(standing({}), { kind: 'goto', version: '002' })).toEqual(['+1 → 1', '+2 → 2']);
    expect(shown(standing({ version: '10' }), { kind: 'goto', version: '1' })).toEqual(['-10 → 2', '-2 → 1']);
    expect(shown(standing({ version: '2' }), { kind: 'goto', version: '2' })).toEqual([]);
    expect(refused(standing({}), { kind: 'goto', version: '3' })).toBe('version-unknown');
  });

  it('moves on where a direction has no file', () => {
    const migrations = [migration('1', { downFile: null }), migration('2', { file: null })];
    expect(shown(standing({ migrations }), { kind: 'up' })).toEqual(['+1 → 1', '+2 → 2 nothing']);
    expect(shown(standing({ migrations, version: '1' }), { kind: 'down', count: 1 })).toEqual([
      '-1 → null nothing',
    ]);
  });

  it('refuses what is dirty, what has no file, and two files of one version', () => {
    const dirty = { version: '2', why: 'it failed.' };
    expect(refused(standing({ version: '2', dirty }), { kind: 'up' })).toBe('dirty');
    expect(refused(standing({ version: '7' }), { kind: 'up' })).toBe('migration-file-missing');
    expect(refused(standing({}), { kind: 'down', count: 1 })).toBe('nothing-applied');
    const twice = { severity: 'bad' as const, cause: 'migration-version-twice', what: '', why: '', next: '' };
    expect(refused(standing({ problems: [twice] }), { kind: 'up' })).toBe('migration-version-twice');
  });
});

describe('dbmate', () => {
  const dbmate = (applied: string[], more: Partial<Standing> = {}): Standing =>
    standing({ tool: 'dbmate', title: 'dbmate', applied, ...more });

  it('runs what is pending in the order of the names, late ones too, and takes back the last by name', () => {
    expect(shown(dbmate(['2']), { kind: 'up' })).toEqual(['+1', '+10']);
    expect(shown(dbmate(['10', '1']), { kind: 'down', count: 2 })).toEqual(['-10', '-1']);
    expect(shown(dbmate(['1', '2', '10']), { kind: 'goto', version: '1' })).toEqual(['-10', '-2']);
    expect(shown(dbmate(['1']), { kind: 'goto', version: '2' })).toEqual(['+2']);
  });

  it('passes over applied ones that have no file', () => {
    expect(shown(dbmate(['1', '99']), { kind: 'down', count: 1 })).toEqual(['-1']);
  });
});

describe('goose', () => {
  const goose = (applied: string[], more: Partial<Standing> = {}): Standing =>
    standing({ tool: 'goose', title: 'goose', applied, ...more });

  it('refuses to go on while there is a late one', () => {
    expect(shown(goose(['1']), { kind: 'up', count: 1 })).toEqual(['+2']);
    expect(refused(goose(['1', '10']), { kind: 'up' })).toBe('out-of-order');
    expect(refused(goose(['10']), { kind: 'goto', version: '1' })).toBe('out-of-order');
    expect(shown(goose(['1', '2', '10']), { kind: 'up' })).toEqual([]);
  });

  it('takes back what was applied last, whatever its number, and refuses one without a file', () => {
    expect(shown(goose(['1', '10', '2']), { kind: 'down', count: 2 })).toEqual(['-2', '-10']);
    expect(shown(goose(['1', '2', '10']), { kind: 'goto', version: '1' })).toEqual(['-10', '-2']);
    expect(refused(goose(['1', '7']), { kind: 'down', count: 1 })).toBe('migration-file-missing');
    expect(shown(goose(['1', '2']), { kind: 'redo' })).toEqual(['-2', '+2']);
  });

  it('refuses code', () => {
    const migrations = [migration('1', { kind: 'go', file: '1_x.go' })];
    expect(refused(goose([], { migrations }), { kind: 'up' })).toBe('go-migration');
  });
});

describe('home-made', () => {
  it('goes back only where there is a file for it', () => {
    const migrations = [migration('1_a.sql', { downFile: null }), migration('2_b.sql')];
    const of = standing({
      tool: 'home-made',
      title: 'Home-made',
      applied: ['1_a.sql', '2_b.sql'],
      migrations,
    });
    expect(shown(of, { kind: 'down', count: 1 })).toEqual(['-2_b.sql']);
    expect(refused(of, { kind: 'down', count: 2 })).toBe('one-way');
    expect(refused(of, { kind: 'goto', version: '1_a.sql' })).toBe('not refused');
  });
});

it('tells which way an action goes', () => {
  const of = standing({ version: '2' });
  const back = (action: RunAction): boolean => takesBack(stepsOf(of, action), action);
  expect(back({ kind: 'up' })).toBe(false);
  expect(back({ kind: 'redo' })).toBe(true);
  expect(back({ kind: 'goto', version: '1' })).toBe(true);
  expect(back({ kind: 'goto', version: '10' })).toBe(false);
});
