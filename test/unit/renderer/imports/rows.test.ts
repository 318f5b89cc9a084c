import { describe, expect, test } from 'vitest';
import type { ImportPreview } from '../../../../preload/contract/imports.ts';
import type { Corrections } from '../../../../renderer/imports/row-form.ts';
import {
  carriedOver,
  choicesOf,
  choiceWithHidden,
  chosenAtFirst,
  clashing,
  countsOf,
  filtered,
  findingsOf,
  numberedNames,
  rowsOf,
} from '../../../../renderer/imports/rows.ts';
import { candidate, preview } from './candidates.ts';

const companion = { command: 'kubectl port-forward svc/db 5432', timeoutSeconds: 30 };
const withCompanion = (key: string) => {
  const plain = candidate(key);
  return { ...plain, draft: { ...plain.draft, connection: { ...plain.draft.connection, companion } } };
};
const rows = (
  of: ImportPreview,
  corrections: Record<string, Corrections> = {},
  taken: string[] = [],
  chosen = chosenAtFirst(of),
) => rowsOf(of, { chosen, corrections: new Map(Object.entries(corrections)) }, taken);

test('what is there already is not chosen at first', () => {
  expect([...chosenAtFirst(preview(candidate('a'), candidate('b', { same: 'billing' })))]).toEqual(['a']);
});

describe('names', () => {
  test('that an environment has are wrong, whatever their case', () => {
    const [row] = rows(preview(candidate('Billing')), {}, ['billing']);
    expect(row?.problems).toEqual({ name: 'There is already an environment named "Billing".' });
  });

  test('that two chosen rows share are wrong at the later one', () => {
    const same = { draft: { name: 'db' } };
    const [first, second] = rows(preview(candidate('a', same), candidate('b', same)));
    expect(first?.problems).toEqual({});
    expect(second?.problems.name).toBe('Another chosen row is named "db" too.');
  });

  test('of rows that are left out are nobody’s business', () => {
    const of = preview(candidate('a', { draft: { name: 'db' } }), candidate('b', { draft: { name: 'db' } }));
    for (const row of rows(of, {}, ['db'], new Set())) expect(row.problems).toEqual({});
    expect(rows(of, {}, [], new Set(['b']))[1]?.problems).toEqual({});
  });

  test('are numbered until they are free, and nothing else is renamed', () => {
    const db = { draft: { name: 'db' } };
    const of = preview(candidate('a', db), candidate('b', db), candidate('c', db), candidate('d'));
    const now = rows(of, {}, ['DB 2', 'x']);
    expect(clashing(now).map(({ key }) => key)).toEqual(['b', 'c']);
    const names = numberedNames(now, ['DB 2', 'x']);
    expect([...names]).toEqual([
      ['b', 'db 3'],
      ['c', 'db 4'],
    ]);
    const corrections = Object.fromEntries([...names].map(([key, name]) => [key, { name }]));
    expect(countsOf(rows(of, corrections, ['DB 2', 'x'])).wrong).toBe(0);
  });

  test('of 80 characters are shortened to make room for their number', () => {
    const name = 'x'.repeat(80);
    const [, free] =
      [...numberedNames(rows(preview(candidate('a', { draft: { name } })), {}, [name]), [name])][0] ?? [];
    expect(free).toBe(`${'x'.repeat(75)} 2`);
  });
});

test('what the console had against a row is shown at it while it is chosen', () => {
  const of = preview(candidate('a'), candidate('b'));
  const told = new Map([['b', { host: 'No such host.' }]]);
  const [a, b] = rowsOf(of, { chosen: new Set(['a', 'b']), corrections: new Map() }, [], told);
  expect(a?.problems).toEqual({});
  expect(b?.problems).toEqual({ host: 'No such host.' });
});

describe('choosing while a filter hides rows', () => {
  test('leaves the hidden ones as they are', () => {
    const before = new Set(['hidden', 'a']);
    expect([...choiceWithHidden(before, ['a', 'b'], new Set(['b']))].sort()).toEqual(['b', 'hidden']);
    expect([...choiceWithHidden(before, ['a', 'b'], new Set())]).toEqual(['hidden']);
  });

  test('the filter looks for each word in all that is shown', () => {
    const of = preview(
      candidate('a', { file: 'compose.yml', line: 12, from: 'services.db' }),
      candidate('b', {
        draft: { group: 'Ünïts' },
        notes: [{ severity: 'warning', id: 'x', text: 'Port guessed.' }],
      }),
    );
    const found = (query: string) => filtered(rows(of), query).map(({ key }) => key);
    expect(found('')).toEqual(['a', 'b']);
    expect(found('compose.yml:12 DB.example')).toEqual(['a']);
    expect(found('guessed ünïts')).toEqual(['b']);
    expect(found('compose guessed')).toEqual([]);
  });
});

test('a service, a socket and further hosts are found by the words that their addresses show', () => {
  const { connection } = candidate('x').draft;
  const at = (key: string, change: Partial<typeof connection>) =>
    candidate(key, { draft: { connection: { ...connection, ...change } } });
  const of = preview(
    at('a', { parameters: { service: 'billing' }, fromService: ['host', 'port'] }),
    at('b', { host: '/run/postgresql' }),
    at('c', { otherHosts: [{ host: 'standby', port: 5433 }] }),
  );
  const found = (query: string) => filtered(rows(of), query).map(({ key }) => key);
  expect(found('service=billing')).toEqual(['a']);
  expect(found('@/run/postgresql/app')).toEqual(['b']);
  expect(found('standby:5433/app')).toEqual(['c']);
  expect(found('db.example.com')).toEqual(['c']);
});

describe('looking at the files again', () => {
  const before = preview(
    candidate('1', { from: 'A' }),
    candidate('2', { from: 'B' }),
    candidate('3', { from: 'B' }),
  );
  const choosing = {
    chosen: new Set(['2']),
    corrections: new Map([
      ['2', { port: '1' }],
      ['3', { port: '2' }],
    ]),
  };

  test('keeps choice and corrections by where a connection comes from, though its key is another', () => {
    const after = preview(
      candidate('n', { from: 'NEW' }),
      candidate('x', { from: 'A' }),
      candidate('y', { from: 'B' }),
      candidate('z', { from: 'B' }),
    );
    const next = carriedOver(before, choosing, after);
    expect([...next.chosen]).toEqual(['n', 'y']);
    expect([...next.corrections]).toEqual([
      ['y', { port: '1' }],
      ['z', { port: '2' }],
    ]);
  });

  test('forgets what is no longer in them', () => {
    expect(carriedOver(before, choosing, preview()).corrections.size).toBe(0);
  });

  test('starts with everything new the first time', () => {
    const nothing = { chosen: new Set<string>(), corrections: new Map<string, Corrections>() };
    expect([...carriedOver(undefined, nothing, before).chosen]).toEqual(['1', '2', '3']);
  });
});

describe('a command out of a file', () => {
  const of = preview(candidate('plain'), withCompanion('runs'));

  test('never runs at once unless somebody agreed to this very one', () => {
    const connects = (corrections: Record<string, Corrections>, connect: boolean) =>
      choicesOf(rows(of, corrections), { passwords: true, connect }).map((choice) => choice.connect);
    expect(connects({}, true)).toEqual([true, false]);
    expect(connects({ runs: { connect: true } }, true)).toEqual([true, true]);
    expect(connects({ runs: { companion: false } }, true)).toEqual([true, true]);
    expect(connects({}, false)).toEqual([false, false]);
  });

  test('is warned of, and counted among those that wait', () => {
    const [plain, runs] = rows(of);
    expect(plain && findingsOf(plain)).toEqual([]);
    expect(runs && findingsOf(runs)).toMatchObject([
      { severity: 'warning', text: expect.stringContaining(companion.command) },
    ]);
    expect(countsOf(rows(of)).waiting).toBe(1);
    expect(countsOf(rows(of, { runs: { connect: true } })).waiting).toBe(0);
  });
});

describe('what is added', () => {
  const of = preview(
    candidate('a', { hasPassword: true }),
    candidate('b', { hasPassword: true, same: 'x' }),
    candidate('c'),
  );

  test('are the chosen rows as corrected, with the passwords that are wanted', () => {
    const taken = rows(of, { a: { name: 'billing' } });
    const choices = choicesOf(taken, { passwords: true, connect: true });
    expect(choices.map(({ key, password, draft }) => [key, password, draft.name])).toEqual([
      ['a', true, 'billing'],
      ['c', false, 'c'],
    ]);
    expect(choicesOf(taken, { passwords: false, connect: true }).every(({ password }) => !password)).toBe(
      true,
    );
  });

  test('is counted', () => {
    const now = rows(of, { c: { host: '' } });
    expect(countsOf(now)).toEqual({ found: 3, chosen: 2, wrong: 1, passwords: 1, waiting: 0 });
  });
});

test('of all that should be known the worst comes first', () => {
  const of = preview(
    candidate('a', {
      same: 'billing',
      notes: [
        { severity: 'notice', id: 'n', text: 'n' },
        { severity: 'warning', id: 'w', text: 'w' },
      ],
    }),
  );
  const [row] = rows(of, { a: { name: '' } }, [], new Set(['a']));
  expect(row && findingsOf(row).map(({ id }) => id)).toEqual(['field-name', 'w', 'same', 'n']);
});
