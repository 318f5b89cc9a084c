import { describe, expect, it } from 'vitest';
import { grantsOf } from '../../../main/schema/acl.ts';
import { arrayOf, numbersOf, rowsOf, textOf, textOrNull } from '../../../main/schema/rows.ts';

describe('rows as COPY writes them', () => {
  it('are taken apart by lines and tabs, with or without a last line end', () => {
    expect(rowsOf('1\ta\n2\tb\n')).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
    expect(rowsOf('1\t')).toEqual([['1', '']]);
    expect(rowsOf('')).toEqual([]);
  });

  it('give back what was escaped, and tell nothing from the text \\N', () => {
    expect(textOf('a\\nb\\tc\\\\d\\re')).toBe('a\nb\tc\\d\re');
    expect(textOrNull('\\N')).toBeNull();
    expect(textOrNull('\\\\N')).toBe('\\N');
    expect(textOrNull('')).toBe('');
  });

  it('hold arrays, quoted where an item needs it', () => {
    expect(arrayOf('{}')).toEqual([]);
    expect(arrayOf('\\N')).toEqual([]);
    expect(arrayOf('{fillfactor=70,"a b","c\\\\"d","e,f"}')).toEqual(['fillfactor=70', 'a b', 'c"d', 'e,f']);
    expect(numbersOf('{1,2}')).toEqual([1, 2]);
    expect(numbersOf('3 0 5')).toEqual([3, 0, 5]);
    expect(numbersOf('')).toEqual([]);
  });
});

describe('an ACL', () => {
  it('is nothing where the default privileges hold, and an empty list where everything was revoked', () => {
    expect(grantsOf('\\N')).toBeNull();
    expect(grantsOf('{}')).toEqual([]);
  });

  it('says who gave what to whom and what may be passed on', () => {
    expect(grantsOf('{alice=ar*w*/bob,=r/bob}')).toEqual([
      { grantee: 'alice', grantor: 'bob', privileges: 'arw', grantable: 'rw' },
      { grantee: '', grantor: 'bob', privileges: 'r', grantable: '' },
    ]);
  });

  it('reads names with signs that mean something elsewhere', () => {
    expect(grantsOf('{"\\\\"a=b/c\\\\"\\\\"d, e\\\\"=r/\\\\"x y\\\\""}')).toEqual([
      { grantee: 'a=b/c"d, e', grantor: 'x y', privileges: 'r', grantable: '' },
    ]);
  });
});
