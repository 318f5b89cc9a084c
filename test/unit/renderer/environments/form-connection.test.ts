import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Connection, TypedSecret } from '../../../../preload/contract/connection.ts';
import { sameConnection, samePlace } from '../../../../preload/contract/connection-place.ts';
import { connectionOf, fieldsOf, secretsFor } from '../../../../renderer/environments/form-connection.ts';
import { hostsProblem, readHosts } from '../../../../renderer/environments/form-hosts.ts';

const plain: Connection = {
  host: 'db.example.com',
  port: 5432,
  database: 'billing',
  user: 'ops',
  sslmode: 'verify-full',
  parameters: {},
};
const full: Connection = {
  ...plain,
  otherHosts: [
    { host: 'fd00::2', port: 5433 },
    { host: '/var/run/postgresql', port: 5432 },
  ],
  parameters: {
    target_session_attrs: 'primary',
    sslrootcert: 'system',
    options: '-c search_path=a,b',
    keepalives_idle: '30',
  },
  tunnel: { host: 'bastion', port: 2222, user: 'ada', auth: 'key', keyFile: '~/.ssh/id', jump: 'a@b:22,c' },
  companion: {
    command: 'kubectl port-forward svc/db 5433:5432',
    folder: '~',
    waitFor: 'localhost:5433',
    timeoutSeconds: 20,
    stop: 'true',
  },
};

describe('fields', () => {
  test.each([
    ['a plain connection', plain],
    ['one with everything', full],
    ['one with a tunnel of a bare alias', { ...plain, tunnel: { host: 'bastion', auth: 'auto' as const } }],
  ])('of %s make the same connection again', (_, connection) => {
    expect(connectionOf(fieldsOf(connection))).toEqual(connection);
  });

  test('that the service file gives are empty and stay its business', () => {
    const connection: Connection = {
      ...plain,
      host: 'localhost',
      parameters: { service: 'billing' },
      fromService: ['host', 'port', 'sslmode'],
    };
    const fields = fieldsOf(connection);
    expect(fields).toMatchObject({ host: '', port: '', sslmode: '', user: 'ops', database: 'billing' });
    const made = connectionOf(fields);
    expect(made?.fromService).toEqual(['host', 'port', 'sslmode']);
    expect(made && sameConnection(made, connection)).toBe(true);
  });

  test('filled in over a service file are no longer taken from it', () => {
    const connection: Connection = { ...plain, parameters: { service: 'billing' }, fromService: ['host'] };
    const made = connectionOf({ ...fieldsOf(connection), host: 'mine' });
    expect(made).toMatchObject({ host: 'mine' });
    expect(made?.fromService).toBeUndefined();
  });

  test('left empty without a service make no connection', () => {
    expect(connectionOf({ ...fieldsOf(plain), host: '' })).toBeUndefined();
    expect(connectionOf({ ...fieldsOf(plain), sslmode: '' })).toBeUndefined();
  });

  test('of a tunnel or a companion that is switched off are kept but not part of the connection', () => {
    const fields = fieldsOf(full);
    const off = connectionOf({
      ...fields,
      tunnel: { ...fields.tunnel, on: false },
      companion: { ...fields.companion, on: false },
    });
    expect(off?.tunnel).toBeUndefined();
    expect(off?.companion).toBeUndefined();
  });

  test('of a key are left out where only an agent or a password is to be used', () => {
    const fields = fieldsOf(full);
    const byAgent = connectionOf({ ...fields, tunnel: { ...fields.tunnel, auth: 'agent' } });
    expect(byAgent?.tunnel).toEqual({
      host: 'bastion',
      port: 2222,
      user: 'ada',
      auth: 'agent',
      jump: 'a@b:22,c',
    });
  });

  test('of any hosts and ports come back as they were', () => {
    const host = fc.constantFrom('a', 'db.example.com', '10.0.0.1', 'fd00::1', '/run/pg', 'localhost');
    const hosts = fc.array(fc.record({ host, port: fc.integer({ min: 1, max: 65535 }) }), {
      minLength: 1,
      maxLength: 16,
    });
    fc.assert(
      fc.property(hosts, ([first, ...others]) => {
        const connection = { ...plain, ...first, ...(others.length > 0 ? { otherHosts: others } : {}) };
        expect(connectionOf(fieldsOf(connection))).toEqual(connection);
      }),
    );
  });
});

describe('hosts and ports', () => {
  test('one port stands for all hosts, or each has its own', () => {
    expect(readHosts('a, b', '5432')).toEqual([
      { host: 'a', port: 5432 },
      { host: 'b', port: 5432 },
    ]);
    expect(readHosts('a,b', '5432, 5433')?.[1]).toEqual({ host: 'b', port: 5433 });
  });

  test.each([
    ['a,,b', '5432', 'host'],
    ['a b', '5432', 'host'],
    [Array.from({ length: 17 }, (_, index) => `h${index}`).join(','), '5432', 'host'],
    ['a,b,c', '1,2', 'port'],
    ['a', '1,2', 'port'],
    ['a,b', '1,', 'port'],
    ['a,b', '1,70000', 'port'],
  ])('%s with %s is told at the %s', (host, port, field) => {
    expect(hostsProblem(host, port)?.field).toBe(field);
    expect(readHosts(host, port)).toBeUndefined();
  });
});

describe('the same connection', () => {
  test('is told whatever the order of its parameters', () => {
    const { sslrootcert, ...rest } = full.parameters;
    expect(sameConnection(full, { ...full, parameters: { ...rest, sslrootcert: sslrootcert ?? '' } })).toBe(
      true,
    );
  });

  test.each<[string, Partial<Connection>]>([
    ['a host more', { otherHosts: [{ host: 'x', port: 1 }] }],
    ['another tunnel', { tunnel: { host: 'bastion', auth: 'agent' } }],
    ['another companion', { companion: { command: 'x', timeoutSeconds: 30 } }],
    ['a field from the service file', { parameters: { service: 'a' }, fromService: ['user'] }],
    ['another parameter', { parameters: { options: '-c a=b' } }],
  ])('is not with %s', (_, change) => {
    expect(sameConnection(plain, { ...plain, ...change })).toBe(false);
  });
});

describe('the place a password is for', () => {
  test('is the same whatever the database and the patience', () => {
    const other: Connection = {
      ...plain,
      database: 'x',
      parameters: { connect_timeout: '3' },
    };
    expect(samePlace(plain, other)).toBe(true);
  });

  test.each<[string, Partial<Connection>]>([
    ['another port', { port: 1 }],
    ['another role', { user: 'x' }],
    ['a further host', { otherHosts: [{ host: 'x', port: 5432 }] }],
    ['another address behind the name', { parameters: { hostaddr: '10.0.0.1' } }],
    ['a tunnel', { tunnel: { host: 'bastion', auth: 'auto' } }],
    ['a companion', { companion: { command: 'kubectl port-forward svc/x 5432', timeoutSeconds: 30 } }],
    ['a service that says the host', { parameters: { service: 'x' }, fromService: ['host'] }],
  ])('is another with %s', (_, change) => {
    expect(samePlace(plain, { ...plain, ...change })).toBe(false);
  });

  test('is the same however one logs in to the SSH server, and another when somebody else does', () => {
    const by = (tunnel: Partial<NonNullable<Connection['tunnel']>>): Connection => ({
      ...plain,
      tunnel: { host: 'bastion', user: 'ada', auth: 'auto', ...tunnel },
    });
    expect(samePlace(by({}), by({ auth: 'key', keyFile: '~/.ssh/id' }))).toBe(true);
    expect(samePlace(by({}), by({ user: 'bob' }))).toBe(false);
  });

  test.each<[string, Partial<NonNullable<Connection['tunnel']>>]>([
    ['server', { host: 'other' }],
    ['port', { port: 1 }],
    ['jump host', { jump: 'eve' }],
  ])('is another through an SSH %s that is another', (_, change) => {
    const tunnel = { host: 'bastion', auth: 'auto' as const };
    expect(samePlace({ ...plain, tunnel }, { ...plain, tunnel: { ...tunnel, ...change } })).toBe(false);
  });
});

test('a typed secret is sent only where the connection has a use for it', () => {
  const ssh: TypedSecret = { kind: 'ssh-password', of: 'ada@b:22', value: 'x', remember: true };
  const client: TypedSecret = { kind: 'client-key-passphrase', of: '/key', value: 'y', remember: true };
  expect(secretsFor(plain, [ssh, client])).toEqual([]);
  expect(secretsFor({ ...plain, tunnel: { host: 'b', auth: 'auto' } }, [ssh, client])).toEqual([ssh]);
  expect(secretsFor({ ...plain, parameters: { sslkey: '/key' } }, [ssh, client])).toEqual([client]);
});
