import { describe, expect, it } from 'vitest';
import { dayWords } from '../../../../renderer/schema/drift/dates.ts';
import { countScript, scriptFileName, scriptWords } from '../../../../renderer/schema/drift/script-words.ts';
import { differing, nameParts, oneLine, unquoted } from '../../../../renderer/schema/drift/text.ts';
import { betweenTwo, countStates, sinceThen, summaryWords } from '../../../../renderer/schema/drift/words.ts';
import { difference, statement } from './support.ts';

const counts = (wanted: number, actual: number, changed: number, unknown = 0) => ({
  'only-wanted': wanted,
  'only-actual': actual,
  changed,
  unknown,
});

describe('the result in a line', () => {
  it('says how many differ and how', () => {
    expect(summaryWords(counts(3, 2, 7), betweenTwo, 0)).toBe(
      '12 differences: 3 only in wanted, 2 only in actual, 7 changed',
    );
  });

  it('does not count what could not be compared as a difference', () => {
    expect(summaryWords(counts(1, 0, 0, 1), betweenTwo, 0)).toBe(
      '1 difference: 1 only in wanted; 1 could not be compared',
    );
  });

  it('says that nothing differs only where everything could be read', () => {
    expect(summaryWords(counts(0, 0, 0), betweenTwo, 0)).toBe('No differences');
    expect(summaryWords(counts(0, 0, 0), betweenTwo, 1)).toBe('No differences in what could be compared');
    expect(summaryWords(counts(0, 0, 0, 2), betweenTwo, 0)).toBe(
      'No differences in what could be compared; 2 could not be compared',
    );
  });

  it('speaks of added and removed where a snapshot is compared with now', () => {
    const seen = countStates([
      difference({ state: 'only-wanted' }),
      difference({ state: 'only-actual' }),
      difference({ state: 'only-actual' }),
    ]);
    expect(summaryWords(seen, sinceThen, 0)).toBe('3 changes: 1 removed, 2 added');
    expect(summaryWords(counts(0, 0, 0), sinceThen, 0)).toBe('Nothing has changed');
  });
});

describe('when something was', () => {
  const now = new Date(2026, 2, 12, 9, 30).getTime();
  const words = (...parts: [number, number, number, number, number]) =>
    dayWords(new Date(...parts).getTime(), now);

  it('is called today, yesterday, by its weekday, its date, its year', () => {
    expect(words(2026, 2, 12, 0, 1)).toBe('today 00:01');
    expect(words(2026, 2, 11, 23, 59)).toBe('yesterday 23:59');
    expect(words(2026, 2, 10, 14, 5)).toBe('Tuesday 14:05');
    expect(words(2026, 2, 6, 14, 5)).toBe('Friday 14:05');
    expect(words(2026, 2, 5, 14, 5)).toBe('5 March 14:05');
    expect(words(2025, 11, 31, 8, 0)).toBe('31 December 2025 08:00');
  });

  it('is never called by a weekday that is still to come', () => {
    expect(words(2026, 2, 13, 8, 0)).toBe('13 March 08:00');
  });
});

describe('names and texts in a row', () => {
  it('shows line ends and tabs of a name as marks', () => {
    expect(oneLine('two\nlines\tand a tab')).toBe('two⏎lines→and a tab');
  });

  it('leaves out quotes that are not needed, and only those', () => {
    expect(unquoted('"public"."plants"')).toBe('public.plants');
    expect(unquoted('"public"."Plants"')).toBe('public."Plants"');
    expect(unquoted('"a""b"')).toBe('"a""b"');
  });

  it('takes a qualified name apart where names hold dots and quotes', () => {
    expect(nameParts('"a.b"."c""d"')).toEqual(['a.b', 'c"d']);
    expect(nameParts('public.plants')).toEqual(['public', 'plants']);
  });

  it('begins shortly before two long texts part', () => {
    const one = 'SELECT id, name, kind FROM public.plants WHERE power > 30';
    const other = 'SELECT id, name, kind FROM public.plants WHERE power > 90';
    expect(differing(one, other)).toBe('… power > 30');
    expect(differing('short a', 'short b')).toBe('short a');
    expect(differing('', 'x')).toBe('empty');
  });
});

describe('the script in a line', () => {
  it('counts what destroys, rewrites, reads and stands alone', () => {
    const script = [
      { ...statement('a', 'table', 'a'), risk: 'destroy' as const, rewrites: 'yes' as const },
      { ...statement('b', 'table', 'b'), scans: true },
      { ...statement('c', 'type', 'c'), inTransaction: false },
    ];
    expect(scriptWords(countScript(script))).toBe(
      '3 statements: 1 destroys data or an object, 1 rewrites a table, 1 reads every row of a table, ' +
        '1 can’t share a transaction with what follows',
    );
    expect(scriptWords(countScript(script.slice(2, 2)))).toBe('No statements');
  });

  it('is saved under a name that every file system takes', () => {
    expect(scriptFileName('kronos_eam', 'kronos: production/eu')).toBe(
      'kronos-production-eu-to-kronos_eam.sql',
    );
    expect(scriptFileName('..', '///')).toBe('structure-to-structure.sql');
  });
});
