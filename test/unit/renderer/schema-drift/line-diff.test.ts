import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff, foldSame, markWords, pairLines } from '../../../../renderer/schema/drift/line-diff.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

describe('two texts line by line', () => {
  it('pairs a changed line with the one in its place and marks the words that differ', () => {
    const rows = pairLines("a\nWHERE d < '30 days'\nz", "a\nWHERE d < '90 days'\nz");
    expect(rows.map(({ same }) => same)).toEqual([true, false, true]);
    const [, changed] = rows;
    const marked = (side: 'wanted' | 'actual') =>
      changed?.[side]?.marks.map(({ from, to }) => changed[side]?.text.slice(from, to));
    expect(marked('wanted')).toEqual(['30']);
    expect(marked('actual')).toEqual(['90']);
  });

  it('numbers the lines of each side by themselves', () => {
    const rows = pairLines('a\nb', 'x\na\nb');
    expect(rows.map(({ wanted, actual }) => [wanted?.number, actual?.number])).toEqual([
      [undefined, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('marks no words where two lines have next to nothing in common', () => {
    expect(markWords('SELECT one FROM two', 'GRANT ALL ON three')).toEqual({ wanted: [], actual: [] });
  });

  it('takes lines that differ in white space alone for the same when asked to', () => {
    const rows = pairLines('  SELECT  1\n', 'SELECT 1\n', { ignoreSpace: true });
    expect(rows.every(({ same }) => same)).toBe(true);
    expect(rows[0]?.wanted?.text).toBe('  SELECT  1');
    expect(rows[0]?.actual?.text).toBe('SELECT 1');
    expect(pairLines('  SELECT  1', 'SELECT 1').some(({ same }) => !same)).toBe(true);
  });

  it('folds long runs that are the same and leaves three lines around each difference', () => {
    const lines = Array.from({ length: 40 }, (_, line) => `line ${line}`);
    const folded = foldSame(pairLines(lines.join('\n'), lines.with(20, 'another').join('\n')));
    expect(folded.map((line) => ('folded' in line ? line.folded : line.wanted?.number))).toEqual([
      17, 18, 19, 20, 21, 22, 23, 24, 16,
    ]);
  });

  it('gives both texts back whole, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' a', 'a b', '', '🐘'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.boolean(), (one, other, ignoreSpace) => {
        const wanted = one.join('\n');
        const actual = other.join('\n');
        const rows = pairLines(wanted, actual, { ignoreSpace });
        const side = (of: 'wanted' | 'actual') =>
          rows.flatMap((row) => (row[of] ? [row[of].text] : [])).join('\n');
        expect(side('wanted')).toBe(wanted);
        expect(side('actual')).toBe(actual);
        for (const { same, wanted: ours, actual: theirs } of rows) {
          if (same && !ignoreSpace) expect(ours?.text).toBe(theirs?.text);
        }
      }),
    );
  });

  it('finds a longest common part', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 });
    fc.assert(
      fc.property(items, items, (one, other) => {
        const common = diff(one, other)
          .filter(({ side }) => side === 'both')
          .flatMap((run) => run.items);
        expect(common.length).toBe(longest(one, other));
      }),
    );
  });

  it('lays one block against the other where texts are too long to be compared at once', () => {
    const one = Array.from({ length: 3000 }, (_, line) => `one ${line}`);
    const other = Array.from({ length: 3000 }, (_, line) => `other ${line}`);
    const from = cpuTime();
    expect(diff(one, other).map(({ side, items }) => [side, items.length])).toEqual([
      ['wanted', 3000],
      ['actual', 3000],
    ]);
    expect(cpuTime(from)).toBeLessThan(200);
  });
});

function longest(one: string[], other: string[]): number {
  if (one.length === 0 || other.length === 0) return 0;
  if (one[0] === other[0]) return 1 + longest(one.slice(1), other.slice(1));
  return Math.max(longest(one.slice(1), other), longest(one, other.slice(1)));
}
