import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../preload/contract/connection.ts';
import { corrected, draftOf, draftProblems, formOf } from '../../../../renderer/imports/row-form.ts';
import { candidate } from './candidates.ts';

const connection: Connection = {
  host: 'localhost',
  port: 5432,
  otherHosts: [{ host: 'standby', port: 5433 }],
  database: 'app',
  user: 'ada',
  sslmode: 'prefer',
  parameters: { service: 'db', options: '-c x=y' },
  fromService: ['host', 'port'],
  tunnel: { host: 'bastion', auth: 'auto' },
  companion: { command: 'docker compose up -d db', timeoutSeconds: 30 },
};
const found = candidate('db', { draft: { connection } });

describe('a row without corrections', () => {
  test('gives back the very draft that was found', () => {
    expect(draftOf(found)).toEqual(found.draft);
  });
});

describe('a corrected row', () => {
  test('keeps what no field shows', () => {
    const draft = draftOf(found, { name: ' billing ', database: 'other' });
    expect(draft.name).toBe('billing');
    expect(draft.connection).toEqual({ ...connection, database: 'other' });
  });

  test('no longer takes a field from the service file once a person has set it', () => {
    expect(draftOf(found, { host: 'db.example.com' }).connection.fromService).toEqual(['port']);
    expect(draftOf(found, { host: 'a', port: '1' }).connection).not.toHaveProperty('fromService');
  });

  test('leaves the command out when it is not wanted', () => {
    expect(draftOf(found, { companion: false }).connection).not.toHaveProperty('companion');
  });

  test('is as it was found again when the old value is typed back', () => {
    const once = corrected(found, {}, { port: '6432' });
    expect(once).toEqual({ port: '6432' });
    expect(corrected(found, once, { port: '5432' })).toEqual({});
    expect(formOf(found, once).port).toBe('6432');
  });
});

describe('what is wrong', () => {
  test('is told at its field, in the words of the contract', () => {
    const draft = draftOf(found, { name: '  ', host: 'two words', port: '70000', user: '' });
    expect(draftProblems(draft)).toEqual({
      name: 'Name is empty.',
      host: 'Host is a name, an address or a socket directory.',
      port: 'Port must be a whole number from 1 to 65535.',
      user: 'User is empty.',
    });
  });

  test('is told of a port that is no number', () => {
    for (const port of ['', 'abc', '5 432', '1e3', '-1', '0x10']) {
      expect(draftProblems(draftOf(found, { port })), port).toHaveProperty('port');
    }
    expect(draftProblems(draftOf(found, { port: ' 5432 ' }))).toEqual({});
  });

  test('is told beside the fields when no field is to blame', () => {
    const draft = draftOf(found);
    const bad = { ...draft, connection: { ...draft.connection, parameters: { sslsni: 'yes' } } };
    expect(draftProblems(bad).other).toContain('sslsni is one of 0, 1');
  });
});
