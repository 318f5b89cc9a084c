import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseConnectionUrl,
  printConnectionUrl,
  UrlProblem,
} from '../../../preload/contract/connection-url.ts';

const fieldOf = (url: string): string | undefined => {
  try {
    parseConnectionUrl(url);
    return undefined;
  } catch (error) {
    return error instanceof UrlProblem ? error.field : 'thrown something else';
  }
};

describe('connection URLs', () => {
  it('reads all parts, percent-encoding included', () => {
    expect(
      parseConnectionUrl(
        'postgres://kro%40nos:p%3A%2Fw@db.example.com:6432/my%20db?sslmode=require&pool_max_conns=25',
      ),
    ).toEqual({
      connection: {
        host: 'db.example.com',
        port: 6432,
        database: 'my db',
        user: 'kro@nos',
        sslmode: 'require',
        parameters: { pool_max_conns: '25' },
      },
      password: 'p:/w',
    });
  });

  it('takes a socket directory with colons from the host parameter', () => {
    const { connection } = parseConnectionUrl(
      'postgresql://postgres@/kronos_eam?host=/cloudsql/project:europe-west1:kronos-db',
    );
    expect(connection.host).toBe('/cloudsql/project:europe-west1:kronos-db');
    expect(connection.sslmode).toBe('prefer');
  });

  it('starts a remote host with verify-full and loopback with prefer', () => {
    expect(parseConnectionUrl('postgres://a@db.example.com/x').connection.sslmode).toBe('verify-full');
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(parseConnectionUrl(`postgres://a@${host}/x`).connection.sslmode).toBe('prefer');
    }
  });

  it.each([
    ['not a url', 'url'],
    ['mysql://a@b/c', 'url'],
    ['postgres://a@b:0/c', 'port'],
    ['postgres://a@b:70000/c', 'port'],
    ['postgres://a@b:12x/c', 'port'],
    ['postgres://a@b:-1/c', 'port'],
    ['postgres://a@b/c?sslmode=maybe', 'sslmode'],
    ['postgres://a@b/%zz', 'database'],
    ['postgres://a@h1,h2/c', 'host'],
    ['postgres://u:p@ss@h/db', 'host'],
    ['postgres://u@ho st/db', 'host'],
    ['postgres://u@h/db?sslpassword=hunter2', 'url'],
    [`postgres://a@b/${'x'.repeat(11_000)}`, 'url'],
  ])('refuses %.40s and names the field', (url, field) => {
    expect(fieldOf(url)).toBe(field);
  });

  it('never repeats a password in an error', () => {
    for (const url of [
      'postgres://u:hunter2@h:99999/d',
      'postgres://u:hunter2%zz@h/d',
      'postgres://u:hunter2@h/d?sslmode=x',
      'postgres://u@h/d?sslpassword=hunter2',
      'postgres://u:p@hunter2@h/d',
    ]) {
      expect(() => parseConnectionUrl(url)).toThrow(UrlProblem);
      expect(() => parseConnectionUrl(url)).not.toThrow(/hunter2/);
    }
  });

  it('prints what it reads back to the same fields, for any names', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      .filter((text) => text.trim() === text && text.isWellFormed());
    const host = fc.oneof(
      fc.domain(),
      fc.constantFrom('localhost', '::1', '10.0.0.7', '/var/run/postgresql', '/cloudsql/a:b:c'),
    );
    fc.assert(
      fc.property(
        host,
        fc.integer({ min: 1, max: 65535 }),
        name,
        name,
        fc.dictionary(fc.constantFrom('options', 'connect_timeout'), name),
        (h, port, database, user, parameters) => {
          const connection = {
            host: h,
            port,
            database,
            user,
            sslmode: 'prefer' as const,
            parameters: { ...parameters },
          };
          expect(parseConnectionUrl(printConnectionUrl(connection))).toEqual({ connection });
        },
      ),
    );
  });
});
