import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPassword, passwordFromFile } from '../../../main/servers/passfile.ts';

const target = { host: 'db.example.com', port: 5432, database: 'shop', user: 'ada' };

describe('a line of the password file', () => {
  it.each([
    ['db.example.com:5432:shop:ada:secret', 'secret'],
    ['*:*:*:*:secret', 'secret'],
    ['# a comment\n\n*:*:*:bob:no\n*:*:*:ada:first\n*:*:*:ada:second', 'first'],
    ['*:*:*:ada:secret\r\n', 'secret'],
    ['*:*:*:ada:with\\:colon and \\\\ blank ', 'with:colon and \\ blank '],
    ['*:*:*:ada:up to:here', 'up to'],
    ['*:*:*:ada:ends\\', 'ends\\'],
    ['*:*:*:ada:', ''],
    ['*:*:*:ada', undefined],
    ['*:*:*:adam:no', undefined],
    ['*:*:*:ad:no', undefined],
    ['db.example.com:6432:*:*:no', undefined],
    ['*.example.com:*:*:*:no', undefined],
    [' *:*:*:*:no', undefined],
    ['**:*:*:*:no', undefined],
    ['DB.example.com:*:*:*:no', undefined],
    ['', undefined],
  ])('%j gives %j', (text, password) => expect(findPassword(text, target)).toBe(password));

  it('has colons and backslashes of names escaped', () => {
    const odd = { host: '::1', port: 1, database: 'a\\b', user: 'c:d' };
    expect(findPassword('\\:\\:1:1:a\\\\b:c\\:d:secret', odd)).toBe('secret');
    expect(findPassword('::1:1:a\\b:c:d:secret', odd)).toBeUndefined();
    expect(findPassword('\\d\\b:*:*:*:x', { ...odd, host: 'db' })).toBe('x');
  });

  it('calls the default socket directory localhost, and others by their path', () => {
    const local = { ...target, host: '/var/run/postgresql' };
    expect(findPassword('localhost:*:*:*:secret', local)).toBe('secret');
    expect(findPassword('/var/run/postgresql:*:*:*:secret', local)).toBeUndefined();
    expect(findPassword('/srv/pg:*:*:*:secret', { ...target, host: '/srv/pg' })).toBe('secret');
    expect(findPassword('localhost:*:*:*:secret', { ...target, host: '/srv/pg' })).toBeUndefined();
  });

  it('may be very long', () => {
    expect(findPassword(`${':'.repeat(200_000)}\n*:*:*:*:${'x'.repeat(200_000)}`, target)).toHaveLength(
      200_000,
    );
  });
});

describe('the password file', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'howdah-passfile-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const write = (name: string, password: string, mode = 0o600): string => {
    const path = join(home, name);
    writeFileSync(path, `*:*:*:*:${password}\n`, { mode });
    chmodSync(path, mode);
    return path;
  };

  it('is ~/.pgpass, PGPASSFILE before that, and the passfile parameter before both', async () => {
    write('.pgpass', 'usual');
    const env: Record<string, string> = {};
    expect(await passwordFromFile(target, { home, env })).toEqual({ password: 'usual' });
    env.PGPASSFILE = write('second', 'from the environment');
    expect(await passwordFromFile(target, { home, env })).toEqual({ password: 'from the environment' });
    write('third', 'from the parameter');
    expect(await passwordFromFile({ ...target, parameters: { passfile: '~/third' } }, { home, env })).toEqual(
      { password: 'from the parameter' },
    );
  });

  it('need not be there, unless it was named', async () => {
    expect(await passwordFromFile(target, { home, env: {} })).toEqual({});
    expect(await passwordFromFile(target, { home, env: { PGPASSFILE: '/nowhere' } })).toEqual({
      ignored: 'The password file /nowhere is not there.',
    });
  });

  it.each([0o640, 0o604, 0o620, 0o610])('is left aside with permissions %o, and says so', async (mode) => {
    write('.pgpass', 'hunter2', mode);
    const found = await passwordFromFile(target, { home, env: {} });
    expect(found.password).toBeUndefined();
    expect(found.ignored).toContain(`chmod 600`);
    expect(found.ignored).not.toContain('hunter2');
  });

  it('is left aside when it is no plain file', async () => {
    expect(await passwordFromFile(target, { home, env: { PGPASSFILE: home } })).toEqual({
      ignored: `The password file ${home} was left aside: it is not a plain file.`,
    });
  });
});
