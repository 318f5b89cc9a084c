import { describe, expect, test } from 'vitest';
import { blocksOf, mergeBlocks, unionInOrder } from '../../../../renderer/migrations/matrix/blocks.ts';
import { allGroups, groupChoices, membersOf } from '../../../../renderer/migrations/matrix/groups.ts';
import { placeAfter } from '../../../../renderer/migrations/matrix/keys.ts';
import { countDiffering, matrixRows } from '../../../../renderer/migrations/matrix/rows.ts';
import { entry, status, track } from './tracks.ts';

const all = { search: '', onlyDiffering: false };

describe('the union of several lists', () => {
  test('keeps their order and puts what one has alone after what it follows there', () => {
    expect(
      unionInOrder([
        ['1', '2', '4'],
        ['1', '3', '4', '5'],
      ]),
    ).toEqual(['1', '2', '3', '4', '5']);
    expect(unionInOrder([[], ['a'], ['0', 'a']])).toEqual(['0', 'a']);
  });

  test('has each once, even where they disagree about the order', () => {
    expect(
      unionInOrder([
        ['a', 'b', 'c'],
        ['c', 'a'],
      ]).toSorted(),
    ).toEqual(['a', 'b', 'c']);
  });
});

describe('the blocks of a matrix', () => {
  test('tracks of the same tool and folder are one', () => {
    const blocks = blocksOf([
      status('local', track([entry('1'), entry('2')])),
      status('production', track([entry('1'), entry('2', { state: 'pending' })])),
    ]);
    expect(blocks).toHaveLength(1);
    expect([...(blocks[0]?.columns.keys() ?? [])]).toEqual(['local', 'production']);
    expect(blocks[0]?.rows.map(({ id, differs }) => [id, differs])).toEqual([
      ['1', false],
      ['2', true],
    ]);
  });

  test('other projects’ tracks of the same tool are not mixed in, though their numbers are the same', () => {
    const shop = track([entry('1', { name: '1_orders' }), entry('2', { name: '2_items' })]);
    const mail = track([entry('1', { name: '1_letters' }), entry('2', { name: '2_stamps' })], {
      project: '/projects/mail',
    });
    expect(blocksOf([status('shop', shop), status('mail', mail)])).toHaveLength(2);
  });

  test('another checkout of the same project belongs to it', () => {
    const here = track([entry('1'), entry('2')]);
    const there = track([entry('1'), entry('2'), entry('3')], { project: '/srv/shop' });
    expect(blocksOf([status('local', here), status('production', there)])).toHaveLength(1);
  });

  test('a track without a folder joins the one whose migrations it has', () => {
    const linked = track([entry('1'), entry('2'), entry('3', { state: 'pending' })]);
    const bare = track([entry('1', { file: null })], { project: null, folder: null });
    const blocks = blocksOf([status('bare', bare), status('linked', linked)]);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]?.rows.map(({ id, differs }) => [id, differs])).toEqual([
      ['1', false],
      ['2', true],
      ['3', false],
    ]);
  });

  test('a tool that records only where it stands differs in nothing that it says nothing of', () => {
    const about = { tool: 'golang-migrate', title: 'golang-migrate' } as const;
    const linked = track([entry('1'), entry('2')], about);
    const bare = track([entry('2', { file: null })], { ...about, project: null, folder: null });
    expect(countDiffering(blocksOf([status('a', linked), status('b', bare)]))).toBe(0);
  });

  test('several tables of one environment with the same folder go with those of the same table elsewhere', () => {
    const tenant = (schema: string, state: 'applied' | 'pending') =>
      track([entry('1', { state })], { key: schema, table: { schema, name: 'knex_migrations' } });
    const blocks = blocksOf([
      status('local', tenant('a', 'applied'), tenant('b', 'pending')),
      status('production', tenant('b', 'pending'), tenant('a', 'applied')),
    ]);
    expect(blocks).toHaveLength(2);
    expect(countDiffering(blocks)).toBe(0);
  });

  test('1,000 migrations in 50 environments are put together in steps that leave the window free', () => {
    const many = Array.from({ length: 50 }, (_, environment) =>
      status(
        `environment ${environment}`,
        track(
          Array.from({ length: 1000 }, (_, at) =>
            entry(`m${at}`, { state: at > 990 + (environment % 10) ? 'pending' : 'applied' }),
          ),
        ),
      ),
    );
    // The thread's own time: what else the machine does is not counted.
    const spent = (): number => process.threadCpuUsage().user / 1000;
    const merging = mergeBlocks(many);
    let longest = 0;
    for (let from = spent(), done = false; !done; from = spent()) {
      done = merging.next().done === true;
      longest = Math.max(longest, spent() - from);
    }
    expect(longest).toBeLessThan(25);
    expect(matrixRows(blocksOf(many), all)).toHaveLength(1001);
  });
});

describe('the lines of a matrix', () => {
  const blocks = blocksOf([
    status('local', track([entry('1'), entry('2')])),
    status('production', track([entry('1'), entry('2', { state: 'pending' })])),
  ]);
  const shown = (filter: Partial<typeof all>) =>
    matrixRows(blocks, { ...all, ...filter }).map((row) =>
      row.kind === 'block' ? row.block.title : row.row.id,
    );

  test('show the newest first below the name of their tool', () => {
    expect(shown({})).toEqual(['Knex', '2', '1']);
  });

  test('can be those only where environments differ', () => {
    expect(shown({ onlyDiffering: true })).toEqual(['Knex', '2']);
  });

  test('can be searched, and a tool without a find is left out', () => {
    expect(shown({ search: '1' })).toEqual(['Knex', '1']);
    expect(shown({ search: 'nothing like it' })).toEqual([]);
  });
});

test('the keys of the grid stay inside of it', () => {
  const shape = { rows: 30, columns: 4, page: 10 };
  const press = (key: string, row: number, column: number, ctrlKey = false) =>
    placeAfter({ key, ctrlKey, altKey: false, metaKey: false }, { row, column }, shape);
  expect(press('ArrowDown', 29, 0)).toEqual({ row: 29, column: 0 });
  expect(press('ArrowLeft', 3, 0)).toEqual({ row: 3, column: 0 });
  expect(press('PageDown', 3, 2)).toEqual({ row: 13, column: 2 });
  expect(press('End', 3, 1)).toEqual({ row: 3, column: 3 });
  expect(press('End', 3, 1, true)).toEqual({ row: 29, column: 3 });
  expect(press('Home', 3, 1, true)).toEqual({ row: 0, column: 0 });
  expect(press('x', 3, 1)).toBeUndefined();
});

describe('the groups to choose from', () => {
  const environments = [
    { id: '1', group: 'Shop' },
    { id: '2', group: '' },
    { id: '3', group: 'Shop' },
  ];

  test('are those there are, and all environments together', () => {
    expect(groupChoices(environments, 'Shop')).toEqual([
      { value: allGroups, label: 'All environments (3)' },
      { value: 'Shop', label: 'Shop (2)' },
    ]);
    expect(membersOf(environments, 'Shop').map(({ id }) => id)).toEqual(['1', '3']);
    expect(membersOf(environments, allGroups)).toHaveLength(3);
  });

  test('keep one that an old address names, with nobody in it', () => {
    expect(groupChoices(environments, 'Gone').at(-1)).toEqual({ value: 'Gone', label: 'Gone (0)' });
    expect(membersOf(environments, 'Gone')).toEqual([]);
  });
});
