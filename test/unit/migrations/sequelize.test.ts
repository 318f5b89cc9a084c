import { expect, it } from 'vitest';
import { sequelize } from '../../../main/migrations/tools/sequelize.ts';
import { candidate, states } from '../../support/migration-tracks.ts';

const file = (id: string) => ({
  id,
  name: id,
  file: id,
  downFile: null,
  reversible: null,
  parents: [],
  labels: [],
  checksums: null,
});

it('is sure of SequelizeMeta, less of another table with the one column, and leaves seeders alone', () => {
  const table = (name: string, more = {}) =>
    candidate(name, { name: 'character varying(255)', ...more }, ['name']);
  expect(sequelize.recognise(table('SequelizeMeta'), [])?.certainty).toBe('certain');
  const stamps = { createdAt: 'timestamp with time zone', updatedAt: 'timestamp with time zone' };
  expect(sequelize.recognise(table('SequelizeMeta', stamps), [])?.certainty).toBe('certain');
  expect(sequelize.recognise(table('steps'), [])?.certainty).toBe('probable');
  expect(sequelize.recognise(table('SequelizeData'), [])).toBeUndefined();
  expect(sequelize.recognise(table('cities', { id: 'integer' }), [])).toBeUndefined();
});

it('takes a name without extension for the file of that stem, and another extension for another migration', () => {
  const reading = { migrations: [file('1.js'), file('2.js')], problems: [] };
  expect(states(sequelize.status(['1', '2.ts'], reading))).toEqual([
    '1.js: applied',
    '2.js: out-of-order',
    '2.ts: missing',
  ]);
});
