import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../../preload/contract/environments.ts';
import type { FormState } from '../../../../renderer/environments/form-fields.ts';
import { problemsOf } from '../../../../renderer/environments/form-problems.ts';
import {
  changesOf,
  draftOf,
  formOf,
  isDelicate,
  newForm,
  passwordIsForElsewhere,
  settled,
  withFields,
  withUrl,
} from '../../../../renderer/environments/form-state.ts';

const guarded: Environment = {
  id: '1',
  name: 'billing-prod',
  group: 'Production',
  color: 'red',
  protection: 'guarded',
  connection: {
    host: 'db.example.com',
    port: 5432,
    database: 'billing',
    user: 'ops',
    sslmode: 'verify-full',
    parameters: { application_name: 'x' },
  },
  password: 'keychain',
  transient: false,
  connect: true,
};

const typed = (url: string): FormState => withUrl(newForm([]), url);

describe('URL and fields', () => {
  test('a URL fills the fields while it is typed, its password included', () => {
    const state = typed('postgres://ada:se%20cret@db.example.com:6432/billing?sslmode=require');
    expect(state).toMatchObject({
      host: 'db.example.com',
      port: '6432',
      database: 'billing',
      user: 'ada',
      sslmode: 'require',
      password: 'se cret',
    });
  });

  test('once left, the URL shows no password', () => {
    expect(settled(typed('postgres://ada:secret@db.example.com/billing')).url).not.toContain('secret');
  });

  test('a URL that can not be read names its field and leaves the others as they were', () => {
    const state = withUrl(
      typed('postgres://ada@db.example.com/billing'),
      'postgres://ada@db.example.com:70000/billing',
    );
    expect(state.urlProblem?.field).toBe('port');
    expect(state.host).toBe('db.example.com');
    expect(problemsOf(state, []).url).toContain('Port');
  });

  test('a field changes the URL, and the parameters of the URL survive it', () => {
    const state = withFields(formOf(guarded), { port: '6432' });
    expect(state.url).toContain(':6432/');
    expect(draftOf(state)?.connection).toEqual({ ...guarded.connection, port: 6432 });
  });
});

describe('suggestions', () => {
  test('name and protection follow the address until a person sets them', () => {
    const remote = typed('postgres://ada@db1.example.com/billing');
    expect(remote).toMatchObject({ name: 'billing-db1', protection: 'guarded' });
    expect(typed('postgres://ada@localhost/billing')).toMatchObject({
      name: 'billing-local',
      protection: 'open',
    });
    const named = withFields(remote, { name: 'mine', protection: 'read-only' });
    expect(withUrl(named, 'postgres://ada@localhost/other')).toMatchObject({
      name: 'mine',
      protection: 'read-only',
    });
  });

  test('the colour used least is taken', () => {
    expect(newForm([{ ...guarded, color: 'slate' }]).color).not.toBe('slate');
  });
});

describe('problems', () => {
  test.each([
    [{ name: '  ' }, 'name'],
    [{ name: 'BILLING-prod' }, 'name'],
    [{ port: '0' }, 'port'],
    [{ port: '70000' }, 'port'],
    [{ port: '54 32' }, 'port'],
    [{ host: ' ' }, 'host'],
    [{ database: '' }, 'database'],
    [{ user: '' }, 'user'],
  ] as const)('%o is told at the field %s', (change, field) => {
    const state = withFields(typed('postgres://ada@localhost/app'), change);
    expect(Object.keys(problemsOf(state, ['billing-prod']))).toContain(field);
  });
});

describe('editing what is protected', () => {
  const changed = (change: Partial<FormState>) => {
    const draft = draftOf(withFields(formOf(guarded), change));
    if (!draft) throw new Error('The form makes no draft.');
    return changesOf(guarded, draft);
  };

  test('nothing changed is no change', () => {
    expect(changed({})).toEqual({});
  });

  test('a lowered protection or another address wants the name typed; a new colour does not', () => {
    expect(isDelicate(guarded, changed({ protection: 'open' }))).toBe(true);
    expect(isDelicate(guarded, changed({ host: 'elsewhere' }))).toBe(true);
    expect(isDelicate(guarded, changed({ protection: 'read-only' }))).toBe(false);
    expect(isDelicate(guarded, changed({ color: 'blue', name: 'new' }))).toBe(false);
    expect(isDelicate({ ...guarded, protection: 'open' }, changed({ host: 'elsewhere' }))).toBe(false);
  });

  test('a stored password is for one host, port and role, whatever the database', () => {
    expect(passwordIsForElsewhere(guarded, { ...guarded.connection, database: 'other' })).toBe(false);
    expect(passwordIsForElsewhere(guarded, { ...guarded.connection, port: 1 })).toBe(true);
  });
});
