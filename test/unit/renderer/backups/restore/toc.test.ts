import { expect, test } from 'vitest';
import type { TocEntry } from '../../../../../preload/contract/backups.ts';
import { shareOf, tocRows, withToggled } from '../../../../../renderer/backups/restore/toc-rows.ts';
import { kindWords, tocTree } from '../../../../../renderer/backups/restore/toc-tree.ts';

let id = 0;
const entry = (kind: string, schema: string | null, name: string, bytes: number | null = null): TocEntry => {
  id += 1;
  return { id, kind, schema, name, owner: null, bytes };
};
/** As pg_restore lists it. */
const toc = [
  entry('ENCODING', null, 'ENCODING'),
  entry('DATABASE', null, 'shop'),
  entry('SCHEMA', null, 'sales'),
  entry('ACL', null, 'SCHEMA sales'),
  entry('EXTENSION', null, 'citext'),
  entry('TABLE', 'sales', 'orders'),
  entry('TABLE', 'sales', 'orders_old'),
  entry('TABLE', 'sales', 'my table'),
  entry('SEQUENCE', 'sales', 'orders_old_id_seq'),
  entry('DEFAULT', 'sales', 'my table id'),
  entry('TABLE DATA', 'sales', 'orders', 2048),
  entry('CONSTRAINT', 'sales', 'orders orders_pkey'),
  entry('INDEX', 'sales', 'orders_customer_idx'),
  entry('COMMENT', 'sales', 'COLUMN orders.id'),
  entry('COMMENT', 'sales', 'TRIGGER stamp ON my table'),
  entry('ACL', 'sales', 'TABLE orders_old'),
  entry('VIEW', 'sales', 'orders_now'),
  entry('FUNCTION', 'public', 'total(integer)'),
];
const tree = tocTree(toc);
const names = (key: string): string[] =>
  tree
    .flatMap(({ objects }) => objects)
    .find((one) => one.key === key)
    ?.entries.map(({ kind, name }) => `${kind} ${name}`) ?? [];
const everything = { search: '', kind: '' };

test('what an archive notes of an index or a sequence goes before its name', () => {
  const [orders, people] = [entry('TABLE', 's', 'orders'), entry('TABLE', 's', 'people')];
  const noted = [
    orders,
    people,
    { ...entry('INDEX', 's', 'orders_idx'), table: people.id },
    { ...entry('SEQUENCE', 's', 'numbers'), table: orders.id },
    { ...entry('COMMENT', 's', 'SEQUENCE numbers'), table: orders.id },
    { ...entry('SEQUENCE', 'other', 'orders_seq'), table: orders.id },
  ];
  const found = tocTree(noted).map(({ name, objects }) => [
    name,
    objects.map((one) => [one.name, one.entries.map(({ kind }) => kind)]),
  ]);
  expect(found).toEqual([
    ['other', [['orders_seq', ['SEQUENCE']]]],
    [
      's',
      [
        ['orders', ['TABLE', 'SEQUENCE', 'COMMENT']],
        ['people', ['TABLE', 'INDEX']],
      ],
    ],
  ]);
});

test('entries stand with the schema and the table that they belong to', () => {
  expect(tree.map(({ name }) => name)).toEqual([null, 'public', 'sales']);
  expect(tree[0]?.entries.map(({ name }) => name)).toEqual(['citext']);
  expect(names('table sales orders')).toEqual([
    'TABLE orders',
    'TABLE DATA orders',
    'CONSTRAINT orders orders_pkey',
    'INDEX orders_customer_idx',
    'COMMENT COLUMN orders.id',
  ]);
  expect(names('table sales orders_old')).toEqual([
    'TABLE orders_old',
    'SEQUENCE orders_old_id_seq',
    'ACL TABLE orders_old',
  ]);
  expect(names('table sales my table')).toEqual([
    'TABLE my table',
    'DEFAULT my table id',
    'COMMENT TRIGGER stamp ON my table',
  ]);
});

test('what pg_restore takes by itself is not offered, everything else is offered once', () => {
  const offered = tree.flatMap(({ objects }) => objects).flatMap(({ entries }) => entries);
  expect(offered.map((one) => one.id).toSorted((a, b) => a - b)).toEqual(toc.slice(2).map((one) => one.id));
});

test('tables are folded until somebody opens one; a search shows its matches alone', () => {
  const folded = tocRows(tree, new Set(), everything);
  expect(folded.find(({ title }) => title === 'orders')).toMatchObject({
    level: 2,
    isOpen: false,
    bytes: 2048,
  });
  expect(folded.some(({ level }) => level === 3)).toBe(false);
  const opened = tocRows(tree, new Set(['table sales orders', 'schema public']), everything);
  expect(opened.filter(({ level }) => level === 3)).toHaveLength(5);
  expect(opened.some(({ title }) => title === 'total(integer)')).toBe(false);
  const found = tocRows(tree, new Set(), { search: 'SALES.orders_', kind: 'INDEX' });
  expect(found.map(({ level, title, ids }) => [level, title, ids.length])).toEqual([
    [1, 'sales', 1],
    [2, 'orders', 1],
    [3, 'orders_customer_idx', 1],
  ]);
});

test('a line chooses what it stands for, and takes it back only when all of it was chosen', () => {
  const some = withToggled(new Set([1]), [1, 2, 3]);
  expect([...some]).toEqual([1, 2, 3]);
  expect([...withToggled(some, [2, 3])]).toEqual([1]);
  expect(shareOf([1, 2], new Set([1]))).toBe('some');
  expect(shareOf([1], new Set([1]))).toBe('all');
  expect(kindWords('FK CONSTRAINT')).toBe('FK constraint');
});
