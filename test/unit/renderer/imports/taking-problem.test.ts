import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../../../renderer/imports/rows.ts';
import { isExpired, rowAtFault } from '../../../../renderer/imports/taking-problem.ts';
import { candidate, preview } from './candidates.ts';

const sent = rowsOf(
  preview(candidate('a', { draft: { name: 'billing' } }), candidate('b', { draft: { name: 'Orders' } })),
  { chosen: new Set(['a', 'b']), corrections: new Map() },
  [],
);
const taken = {
  cause: 'name-taken',
  what: 'There is already an environment named "orders".',
  why: 'Names tell environments apart.',
  next: 'Choose another name.',
};

describe('an error of adding', () => {
  test('that names an environment is shown at its name', () => {
    expect(rowAtFault(taken, 'name', sent)).toEqual({
      key: 'b',
      field: 'name',
      text: 'There is already an environment named "orders". Choose another name.',
    });
  });

  test('that names a place among the choices is shown at that row and field', () => {
    expect(rowAtFault(taken, 'choices.0.draft.connection.host', sent)).toMatchObject({
      key: 'a',
      field: 'host',
    });
    expect(rowAtFault(taken, 'choices.1', sent)).toMatchObject({ key: 'b', field: 'other' });
  });

  test('of a failed check of the input is shown there too', () => {
    const checked = {
      cause: 'input',
      what: 'Port is wrong.',
      why: 'Field: choices.1.draft.connection.port.',
      next: 'x',
    };
    expect(rowAtFault(checked, 'port', sent)).toEqual({ key: 'b', field: 'port', text: 'Port is wrong.' });
  });

  test('of none of the rows is nobody’s', () => {
    expect(rowAtFault({ ...taken, what: 'The store is full.' }, undefined, sent)).toBeUndefined();
    expect(rowAtFault(taken, 'choices.7.draft.name', sent)).toBeUndefined();
  });

  test('that the preview is gone is told apart', () => {
    expect(isExpired({ ...taken, cause: 'preview-expired' }, undefined)).toBe(true);
    expect(isExpired(taken, 'preview')).toBe(true);
    expect(isExpired(taken, 'name')).toBe(false);
  });
});
