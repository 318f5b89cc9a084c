import { createHmac, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KnownHosts, openKnownHosts } from '../../../main/tunnels/index.ts';
import { fingerprintOf } from '../../../main/tunnels/known-hosts.ts';
import { matchesPattern } from '../../../main/tunnels/patterns.ts';
import { cpuTime } from '../../support/cpu-time.ts';

/** A key in SSH's wire format; its content is of no matter here. */
function keyOf(type: string, filling: string): Buffer {
  const part = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  return Buffer.concat([part(type), part(filling)]);
}

const mine = keyOf('ssh-ed25519', 'mine');
const other = keyOf('ssh-ed25519', 'other');
const rsa = keyOf('ssh-rsa', 'rsa');
const entry = (hosts: string, key: Buffer): string => {
  const type = key.toString('latin1', 4, 4 + key.readUInt32BE(0));
  return `${hosts} ${type} ${key.toString('base64')}`;
};
const hashed = (name: string): string => {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

describe('known hosts', () => {
  let home: string;
  let ownFile: string;
  let known: KnownHosts;

  beforeEach(() => {
    home = mkdtempSync('/tmp/howdah-test-known-');
    mkdirSync(join(home, '.ssh'));
    ownFile = join(home, 'data', 'known_hosts');
    known = openKnownHosts({ ownFile, home, systemFolder: join(home, 'etc') });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const write = (...lines: string[]): void =>
    writeFileSync(join(home, '.ssh', 'known_hosts'), `${lines.join('\n')}\n`);
  const verdict = (host: string, port = 22, key = mine): string => known.check(host, port, key).verdict;

  it('knows nobody where there are no files', () => {
    expect(verdict('db')).toBe('unknown');
    expect(known.knownTypes('db', 22)).toEqual([]);
  });

  it('reads plain names, lists, and any case', () => {
    write(entry('db,10.0.0.5', mine));
    expect(['db', 'DB', '10.0.0.5', 'db2'].map((host) => verdict(host))).toEqual([
      'known',
      'known',
      'known',
      'unknown',
    ]);
  });

  it('reads wildcards and negation', () => {
    write(entry('*.example.com,!bad.example.com,db?', mine));
    expect(
      ['a.example.com', 'bad.example.com', 'db1', 'db', 'example.com'].map((host) => verdict(host)),
    ).toEqual(['known', 'unknown', 'known', 'unknown', 'unknown']);
  });

  it('keeps ports apart', () => {
    write(entry('[db]:2222', mine), entry('[fe80::1]:2200', mine));
    expect([verdict('db', 2222), verdict('db', 22), verdict('db', 2223), verdict('fe80::1', 2200)]).toEqual([
      'known',
      'unknown',
      'unknown',
      'known',
    ]);
  });

  it('takes the same key that is known without the port, as OpenSSH does, but calls no other changed by it', () => {
    write(entry('db', mine));
    expect(verdict('db', 2222)).toBe('known');
    expect(verdict('db', 2222, other)).toBe('unknown');
  });

  it('reads hashed names', () => {
    write(entry(hashed('db'), mine), entry(hashed('[db]:2222'), other));
    expect([verdict('db'), verdict('db', 2222, other), verdict('db2')]).toEqual([
      'known',
      'known',
      'unknown',
    ]);
  });

  it('names file and line of a key that changed', () => {
    write('# a comment', '', entry('db', other));
    expect(known.check('db', 22, mine)).toEqual({
      verdict: 'changed',
      file: join(home, '.ssh', 'known_hosts'),
      line: 3,
    });
  });

  it('calls a host that is known by another type of key unknown, not changed', () => {
    write(entry('db', rsa));
    expect(verdict('db')).toBe('unknown');
    expect(known.knownTypes('db', 22)).toEqual(['ssh-rsa']);
  });

  it('knows a host by any of several keys', () => {
    write(entry('db', other), entry('db', rsa), entry('db', mine));
    expect([verdict('db'), verdict('db', 22, other), verdict('db', 22, rsa)]).toEqual([
      'known',
      'known',
      'known',
    ]);
    expect(known.knownTypes('db', 22)).toEqual(['ssh-ed25519', 'ssh-rsa']);
  });

  it('refuses a revoked key even where it is known', () => {
    write(entry('db', mine), `@revoked ${entry('*', mine)}`);
    expect(known.check('db', 22, mine)).toMatchObject({ verdict: 'revoked', line: 2 });
    expect(verdict('db', 2222)).toBe('revoked');
    expect(verdict('db', 22, other)).toBe('changed');
  });

  it('passes over certificate authorities', () => {
    write(`@cert-authority ${entry('*', other)}`, entry('db', mine));
    expect([verdict('db'), verdict('db2', 22, other)]).toEqual(['known', 'unknown']);
  });

  it('passes over whatever is malformed, and reads on', () => {
    write(
      'db',
      'db ssh-ed25519',
      'db ssh-ed25519 !!!',
      `db ssh-rsa ${mine.toString('base64')}`,
      '|1|nonsense ssh-ed25519 AAAA',
      `|1|| ${entry('x', mine)}`,
      '@unknown-mark db ssh-ed25519 AAAA',
      '\u0000\u0001\u0002',
      'x'.repeat(3_000_000),
      `${`${'*a'.repeat(20_000)}b`} ssh-ed25519 ${mine.toString('base64')}`,
      entry('db', mine),
    );
    const from = cpuTime();
    expect(verdict('db')).toBe('known');
    expect(verdict('a'.repeat(200))).toBe('unknown');
    expect(cpuTime(from)).toBeLessThan(2_000);
  });

  it('reads Windows line ends and a last line without an end', () => {
    writeFileSync(join(home, '.ssh', 'known_hosts'), `${entry('a', mine)}\r\n${entry('b', mine)}`);
    expect([verdict('a'), verdict('b')]).toEqual(['known', 'known']);
  });

  it('reads the second file, the system’s, and other places when told to', () => {
    mkdirSync(join(home, 'etc'));
    writeFileSync(join(home, '.ssh', 'known_hosts2'), entry('two', mine));
    writeFileSync(join(home, 'etc', 'ssh_known_hosts'), entry('system', mine));
    const elsewhere = join(home, 'elsewhere');
    writeFileSync(elsewhere, entry('else', mine));
    expect([verdict('two'), verdict('system'), verdict('else')]).toEqual(['known', 'known', 'unknown']);
    const places = { user: [elsewhere], global: [] };
    expect(known.check('else', 22, mine, places).verdict).toBe('known');
    expect(known.check('two', 22, mine, places).verdict).toBe('unknown');
    expect(known.files).toContain(join(home, 'etc', 'ssh_known_hosts'));
  });

  it('goes on where a file is a folder or the null device', () => {
    mkdirSync(join(home, '.ssh', 'known_hosts'));
    expect(known.check('db', 22, mine, { user: ['/dev/null', join(home, '.ssh')] }).verdict).toBe('unknown');
  });

  describe('trusting', () => {
    const trust = (hostPort: string, key = mine): void =>
      known.trust(hostPort, key.toString('latin1', 4, 4 + key.readUInt32BE(0)), key.toString('base64'));

    it('adds to the own file alone, readable by its owner only', () => {
      write(entry('elsewhere', other));
      const before = readFileSync(join(home, '.ssh', 'known_hosts'), 'utf8');
      trust('db:22');
      trust('db:2222');
      trust('[fe80::1]:22', rsa);
      expect(readFileSync(ownFile, 'utf8').split('\n')).toEqual([
        entry('db', mine),
        entry('[db]:2222', mine),
        entry('fe80::1', rsa),
        '',
      ]);
      expect(statSync(ownFile).mode & 0o777).toBe(0o600);
      expect(readdirSync(join(home, 'data'))).toEqual(['known_hosts']);
      expect(readFileSync(join(home, '.ssh', 'known_hosts'), 'utf8')).toBe(before);
      expect([verdict('db'), verdict('db', 2222), verdict('fe80::1', 22, rsa)]).toEqual([
        'known',
        'known',
        'known',
      ]);
    });

    it('keeps what is there, even without an end of the last line, and writes nothing twice', () => {
      mkdirSync(join(home, 'data'));
      writeFileSync(ownFile, entry('old', other));
      trust('db:22');
      trust('db:22');
      expect(readFileSync(ownFile, 'utf8')).toBe(`${entry('old', other)}\n${entry('db', mine)}\n`);
    });

    it('refuses what would be more than one plain entry', () => {
      for (const name of [
        '*:22',
        'a,b:22',
        'a b:22',
        'a\nb:22',
        '!a:22',
        '@revoked:22',
        '#a:22',
        '|1|a:22',
        'a:0',
        'a:70000',
        'a',
        '',
      ]) {
        expect(() => trust(name), name).toThrow('is no host and port');
      }
      expect(() => known.trust('db:22', 'ssh-rsa', mine.toString('base64'))).toThrow('not a key of type');
      expect(() => known.trust('db:22', 'ssh-ed25519 AAAA\nx', mine.toString('base64'))).toThrow(
        'not a key of type',
      );
      expect(existsSync(ownFile)).toBe(false);
    });

    it('leaves the file whole when it can’t be written', () => {
      trust('db:22');
      mkdirSync(`${ownFile}.${process.pid}.new`);
      expect(() => trust('db2:22')).toThrow();
      expect(readFileSync(ownFile, 'utf8')).toBe(`${entry('db', mine)}\n`);
    });
  });

  it('prints fingerprints without padding', () => {
    expect(fingerprintOf(mine)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});

describe('patterns', () => {
  it.each([
    ['', '', true],
    ['a', '', false],
    ['', '*', true],
    ['abc', 'a*c', true],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['a*c', 'a*c', true],
    ['abcbc', '*bc', true],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
    ['abc', 'ab', false],
  ])('matches %j against %j: %s', (text, pattern, expected) => {
    expect(matchesPattern(text, pattern)).toBe(expected);
  });

  it('takes no longer for a pattern made to be slow', () => {
    const from = cpuTime();
    expect(matchesPattern('a'.repeat(5_000), `${'*a'.repeat(50)}b`)).toBe(false);
    expect(cpuTime(from)).toBeLessThan(1_000);
  });
});
