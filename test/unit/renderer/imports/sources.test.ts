import { describe, expect, test } from 'vitest';
import { largestImport } from '../../../../preload/contract/imports.ts';
import {
  admit,
  baseName,
  fileSource,
  largestTogether,
  mostSources,
  placeSource,
} from '../../../../renderer/imports/sources.ts';

const file = (name: string, size = 10, lastModified = 1) => ({ name, size, lastModified });
const present = (name: string, size: number) => ({
  id: `file ${name} ${size} 1`,
  name,
  size,
  file: undefined,
});

describe('files that are chosen', () => {
  test('are taken in their order, with those that are there', () => {
    const { admitted, refused } = admit([present('compose.yml', 10)], [file('.env'), file('b.env')]);
    expect(admitted.map(({ name }) => name)).toEqual(['.env', 'b.env']);
    expect(refused).toEqual([]);
  });

  test('count once when chosen twice, and anew when they have changed since', () => {
    expect(admit([present('.env', 10)], [file('.env', 10, 1)])).toEqual({ admitted: [], refused: [] });
    expect(admit([present('.env', 10)], [file('.env', 10, 2)]).admitted).toHaveLength(1);
  });

  test('are refused unread when one is too large, and the others are taken', () => {
    const { admitted, refused } = admit(
      [],
      [file('dump.sql', largestImport + 1), file('edge', largestImport)],
    );
    expect(admitted.map(({ name }) => name)).toEqual(['edge']);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ file: 'dump.sql', line: null });
    expect(refused[0]?.text).toContain('at most 4.8 MB');
  });

  test('are refused when together they would not go into one message', () => {
    const { admitted, refused } = admit(
      [present('a', largestTogether - 100)],
      [file('b', 101), file('c', 100), file('d', 1)],
    );
    expect(admitted.map(({ name }) => name)).toEqual(['c']);
    expect(refused.map((problem) => problem.file)).toEqual(['b', 'd']);
  });

  test('are refused from the twenty-first on', () => {
    const many = Array.from({ length: mostSources + 2 }, (_, index) => file(`${index}.env`));
    const { admitted, refused } = admit([], many);
    expect(admitted).toHaveLength(mostSources);
    expect(refused.map((problem) => problem.file)).toEqual(['20.env', '21.env']);
  });
});

test('what fits together as bytes fits into one message of 8 MiB as base64', () => {
  expect(Math.ceil(largestTogether / 3) * 4).toBeLessThan(8 * 1024 * 1024 - 64 * 1024);
});

test('a file is known by its name, size and age, a place by its path', () => {
  const one = new File(['x'], '.env', { lastModified: 7 });
  expect(fileSource(one)).toEqual({ id: 'file .env 1 7', name: '.env', size: 1, file: one });
  expect(placeSource({ path: '/home/ada/.pgpass' })).toMatchObject({ name: '/home/ada/.pgpass', size: null });
});

test('the last part of a path is its name on both kinds of system', () => {
  expect(baseName('/home/ada/.pgpass')).toBe('.pgpass');
  expect(baseName('C:\\Users\\ada\\pgpass.conf')).toBe('pgpass.conf');
  expect(baseName('/')).toBe('/');
});
