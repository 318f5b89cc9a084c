import { describe, expect, test } from 'vitest';
import {
  age,
  bytes,
  count,
  duration,
  exactBytes,
  milliseconds,
  percent,
  plural,
  rate,
  shortAge,
  shortCount,
} from '../../../renderer/components/format.ts';

describe('bytes', () => {
  test('are in units of 1024 and named as pg_size_pretty names them', () => {
    expect(bytes(0)).toBe('0 B');
    expect(bytes(1023)).toBe('1,023 B');
    expect(bytes(1024)).toBe('1 kB');
    expect(bytes(3_435_973_836)).toBe('3.2 GB');
  });

  test('never show 1,024 of a unit that has a larger one', () => {
    expect(bytes(1024 * 1024 - 1)).toBe('1 MB');
  });

  test('keep the sign and take int8 as text', () => {
    expect(bytes(-2048)).toBe('−2 kB');
    expect(bytes('9223372036854775807')).toBe('8 EB');
    expect(exactBytes('9223372036854775807')).toBe('9,223,372,036,854,775,807 bytes');
  });
});

describe('spans', () => {
  test('have at most two units', () => {
    expect(duration(0)).toBe('0 ms');
    expect(duration(850)).toBe('850 ms');
    expect(duration(4230)).toBe('4.2 s');
    expect(duration(252_000)).toBe('4 min 12 s');
    expect(duration(12_000_000)).toBe('3 h 20 min');
    expect(duration(187_200_000)).toBe('2 d 4 h');
    expect(duration(3_600_000)).toBe('1 h');
  });

  test('tick by whole seconds as ages and are never below zero', () => {
    expect(age(-300)).toBe('0 s');
    expect(age(1999)).toBe('1 s');
    expect(age(59_999)).toBe('59 s');
    expect(shortAge(400)).toBe('< 1 s');
    expect(shortAge(3_599_999)).toBe('59 min');
  });
});

describe('figures', () => {
  test('have their thousands set apart and are shortened where there is little room', () => {
    expect(count('12345678901234567890')).toBe('12,345,678,901,234,567,890');
    expect(shortCount(9999)).toBe('9,999');
    expect(shortCount(12_480)).toBe('12.5 k');
    expect(shortCount(999_999)).toBe('1 M');
  });

  test('tell little from nothing', () => {
    expect(rate(0)).toBe('0');
    expect(rate(0.01)).toBe('< 0.1');
    expect(rate(4.21)).toBe('4.2');
    expect(milliseconds(0.004)).toBe('< 0.01 ms');
    expect(milliseconds(0.42)).toBe('0.42 ms');
  });

  test('call only a whole 100 %', () => {
    expect(percent(0.99999)).toBe('99.9 %');
    expect(percent(1)).toBe('100 %');
  });

  test('agree with their noun', () => {
    expect(plural(1, 'session')).toBe('1 session');
    expect(plural(0, 'session')).toBe('0 sessions');
    expect(plural(2, 'backend waits', 'backends wait')).toBe('2 backends wait');
  });
});
