import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WayProblem } from '../../../main/lib/way-problem.ts';
import { describeTunnel } from '../../../main/tunnels/index.ts';
import { type Hop, routeOf } from '../../../main/tunnels/route.ts';
import type { Tunnel } from '../../../preload/contract/connection.ts';
import { cpuTime } from '../../support/cpu-time.ts';

describe('the way of an SSH tunnel', () => {
  let home: string;
  const me = userInfo().username;

  beforeEach(() => {
    home = mkdtempSync('/tmp/howdah-test-ssh-');
    mkdirSync(join(home, '.ssh', 'config.d'), { recursive: true });
    mkdirSync(join(home, 'etc'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const config = (text: string, file = '.ssh/config'): void => writeFileSync(join(home, file), text);
  const options = (): { home: string; systemFolder: string; agentSocket: string } => ({
    home,
    systemFolder: join(home, 'etc'),
    agentSocket: '/run/agent',
  });
  const hops = (tunnel: Partial<Tunnel> = {}): Hop[] =>
    routeOf({ host: 'db', auth: 'auto', ...tunnel }, options()).hops;
  const last = (tunnel: Partial<Tunnel> = {}): Hop => {
    const hop = hops(tunnel).at(-1);
    if (!hop) throw new Error('no hop');
    return hop;
  };
  const names = (tunnel: Partial<Tunnel> = {}): string[] => hops(tunnel).map(({ name }) => name);
  const problem = (tunnel: Partial<Tunnel> = {}): WayProblem => {
    try {
      hops(tunnel);
    } catch (error) {
      if (error instanceof WayProblem) return error;
      throw error;
    }
    throw new Error('There is no problem.');
  };

  it('is OpenSSH’s defaults where nothing is said', () => {
    expect(last()).toMatchObject({
      host: 'db',
      port: 22,
      user: me,
      name: `${me}@db:22`,
      command: `ssh -v ${me}@db true`,
      agent: '/run/agent',
      identityFiles: undefined,
      identitiesOnly: false,
      connectTimeout: 10_000,
      keyName: { host: 'db', port: 22 },
    });
    expect(last().usualFiles).toEqual(
      ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(home, '.ssh', name)),
    );
  });

  it('prefers fields to the configuration, and the first setting to later ones', () => {
    config('Host db\n  HostName 10.0.0.5\n  Port 2222\n  User ada\nHost *\n  User grace\n  Port 23\n');
    config('Host *\n  User system\n  ConnectTimeout 3\n', 'etc/ssh_config');
    expect(names()).toEqual(['ada@10.0.0.5:2222']);
    expect(names({ user: 'eve', port: 22 })).toEqual(['eve@10.0.0.5:22']);
    expect(names({ host: 'other' })).toEqual(['grace@other:23']);
    expect(last().connectTimeout).toBe(3_000);
  });

  it('reads keywords in any case, with =, quotes, tabs, comments and Windows line ends', () => {
    config(
      '# c\r\nhOsT="db"\r\n\tHOSTNAME = "10.0.0.5" # here\r\n  user=ada\r\n  IdentityFile "~/my keys/id"\r\n',
    );
    expect(names()).toEqual(['ada@10.0.0.5:22']);
    expect(last().identityFiles).toEqual([join(home, 'my keys/id')]);
  });

  it('reads patterns and negation of Host', () => {
    config('Host *.prod !bad.prod\n  User ada\nHost ?b\n  User bob\n');
    expect(names({ host: 'a.prod' })).toEqual(['ada@a.prod:22']);
    expect(names({ host: 'bad.prod' })).toEqual([`${me}@bad.prod:22`]);
    expect(names()).toEqual(['bob@db:22']);
  });

  it('adds identity files up, and fills in ~ and %', () => {
    config(
      'Host db\n  HostName %h.example.com\n  User ada\n  Port 2222\n  IdentityFile ~/.ssh/%r@%h-%p\n  IdentityFile %d/.ssh/%n-%u%%\nHost *\n  IdentityFile ~/.ssh/usual\n  IdentitiesOnly yes\n',
    );
    expect(last().host).toBe('db.example.com');
    expect(last().identityFiles).toEqual(
      ['ada@db.example.com-2222', `db-${me}%`, 'usual'].map((name) => join(home, '.ssh', name)),
    );
    expect(last().identitiesOnly).toBe(true);
  });

  it('takes identity files by none, and its agent by none, path or variable', () => {
    config('IdentityFile none\nIdentityAgent none\n');
    expect(last()).toMatchObject({ identityFiles: [], agent: undefined });
    config('IdentityAgent ~/agent.sock\n');
    expect(last().agent).toBe(join(home, 'agent.sock'));
    config('IdentityAgent SSH_AUTH_SOCK\n');
    expect(last().agent).toBe('/run/agent');
    process.env.HOWDAH_TEST_AGENT = '/run/other';
    config(`IdentityAgent $${'HOWDAH_TEST_AGENT'}\n`);
    expect(last().agent).toBe('/run/other');
    config(`IdentityAgent $${'{HOWDAH_TEST_AGENT}'}/x\n`);
    expect(last().agent).toBe('/run/other/x');
    delete process.env.HOWDAH_TEST_AGENT;
    expect(problem().explanation.why).toContain('HOWDAH_TEST_AGENT is not set');
  });

  it('reads what the host’s key is known by, and where', () => {
    config('HostKeyAlias alias\nUserKnownHostsFile ~/a "%d/b c"\nGlobalKnownHostsFile none\n');
    expect(last().keyName).toEqual({ host: 'alias', port: 22 });
    expect(last().knownHosts).toEqual({ user: [join(home, 'a'), join(home, 'b c')], global: [] });
  });

  it('reads times', () => {
    config('ConnectTimeout 1m30s\nServerAliveInterval 2\n');
    expect(last()).toMatchObject({ connectTimeout: 90_000, aliveInterval: 2_000 });
    config('ConnectTimeout none\nServerAliveInterval 0\n');
    expect(last()).toMatchObject({ connectTimeout: 10_000, aliveInterval: undefined });
  });

  it('writes IPv6 addresses in brackets', () => {
    expect(last({ host: 'fe80::1', user: 'ada', port: 2222 })).toMatchObject({
      name: 'ada@[fe80::1]:2222',
      command: 'ssh -v -p 2222 ada@fe80::1 true',
    });
  });

  it('quotes what a shell would take for more than a word', () => {
    expect(last({ host: '$(reboot)', user: "o'hara;ls" }).command).toBe(
      `ssh -v 'o'\\''hara;ls@$(reboot)' true`,
    );
  });

  describe('Match', () => {
    it('matches host, originalhost, user, localuser and all, also negated', () => {
      config(
        [
          'Host db',
          '  HostName real.example.com',
          'Match host *.example.com,x user ada',
          '  Port 1001',
          'Match originalhost db !user ada',
          '  Port 1002',
          `Match localuser ${me} originalhost third`,
          '  Port 1003',
          'Match all',
          '  Port 1004',
        ].join('\n'),
      );
      expect(
        [{ user: 'ada' }, { user: 'eve' }, { host: 'third' }, { host: 'fourth' }].map(
          (way) => last(way).port,
        ),
      ).toEqual([1001, 1002, 1003, 1004]);
    });

    it('runs nothing for exec and leaves out what it guards, negated or not, and says so', () => {
      const file = join(home, 'was-run');
      config(
        `Match exec "touch ${file}"\n  Port 1\nMatch !exec "touch ${file}"\n  Port 2\nMatch tagged x\n  Port 3\n`,
      );
      expect(last().port).toBe(22);
      expect(existsSync(file)).toBe(false);
      const { leftOut } = describeTunnel({ host: 'db', auth: 'auto' }, options());
      expect(leftOut).toHaveLength(3);
      expect(leftOut[0]).toContain(`${join(home, '.ssh', 'config')}, line 1`);
    });

    it('reads final in a second pass', () => {
      config('Match final host db.example.com\n  Port 2200\nHost db\n  HostName db.example.com\n');
      expect(last().port).toBe(2200);
    });
  });

  describe('Include', () => {
    it('reads included files in order, relative to ~/.ssh, and only where they apply', () => {
      config('Include config.d/*.conf\nHost db\n  Include extra\n  Port 1\nHost other\n  Include broken\n');
      config('Host db\n  User first\n', '.ssh/config.d/10.conf');
      config('Host *\n  User second\n', '.ssh/config.d/20.conf');
      config('HostName included\nHost nothing\n  Port 9\n', '.ssh/extra');
      config('"', '.ssh/broken');
      expect(names()).toEqual(['first@included:1']);
      expect(problem({ host: 'other' }).explanation.what).toContain(join(home, '.ssh', 'broken'));
      expect(describeTunnel({ host: 'db', auth: 'auto' }, options())).toEqual({
        hops: ['first@included:1'],
        files: ['config', 'config.d/10.conf', 'config.d/20.conf', 'extra'].map((name) =>
          join(home, '.ssh', name),
        ),
        leftOut: [],
      });
    });

    it('refuses a circle', () => {
      config('Include config\nInclude config\n');
      expect(problem().explanation).toMatchObject({
        cause: 'tunnel-config-malformed',
        what: expect.stringContaining('line 1'),
        why: expect.stringContaining('circle'),
      });
    });

    it('passes over files that are not there', () => {
      config('Include nothing/*.conf ~/nowhere\nUser ada\n');
      expect(names()).toEqual(['ada@db:22']);
    });
  });

  describe('jump hosts', () => {
    it('come from the field, first to last', () => {
      expect(names({ jump: 'ada@a:2201, [::1]:2202,ssh://eve@c:2203' })).toEqual([
        'ada@a:2201',
        `${me}@[::1]:2202`,
        'eve@c:2203',
        `${me}@db:22`,
      ]);
    });

    it('come from ProxyJump, each with its own settings', () => {
      config(
        'Host db\n  ProxyJump bast\n  User ada\nHost bast\n  HostName bastion.example.com\n  Port 2200\n  User jump\n  ProxyJump outer\n',
      );
      expect(names()).toEqual([`${me}@outer:22`, 'jump@bastion.example.com:2200', 'ada@db:22']);
      expect(last().command).toBe(`ssh -v -J ${me}@outer:22,jump@bastion.example.com:2200 ada@db true`);
    });

    it('are the field’s rather than the configuration’s, and none by none', () => {
      config(
        'Host db\n  ProxyJump bast\nHost free\n  ProxyJump none\nHost every\n  ProxyJump none\nHost *\n  ProxyJump every\n',
      );
      expect(names({ jump: 'mine' })).toEqual(['every', 'mine', 'db'].map((host) => `${me}@${host}:22`));
      expect(names()).toHaveLength(3);
      expect(names({ host: 'free' })).toEqual([`${me}@free:22`]);
    });

    it('fill in the host', () => {
      config('Host db\n  ProxyJump gate-%h\n');
      expect(names()).toEqual([`${me}@gate-db:22`, `${me}@db:22`]);
    });

    it('log in each on its own account', () => {
      const [bastion, target] = hops({ jump: 'bast', auth: 'password', user: 'ada' });
      expect([bastion?.auth, bastion?.user, target?.auth, target?.user]).toEqual([
        'auto',
        me,
        'password',
        'ada',
      ]);
    });

    it('are refused in a circle, and when there are too many', () => {
      config('Host a\n  ProxyJump b\nHost b\n  ProxyJump a\nHost self\n  ProxyJump self\nHost *\n');
      for (const way of [{ host: 'a' }, { host: 'self' }, { jump: 'x,y,x' }, { jump: 'db' }]) {
        expect(problem(way).explanation.why).toContain('circle');
      }
      expect(problem({ jump: 'h1,h2,h3,h4,h5,h6,h7,h8,h9' }).explanation.why).toContain('more than 8');
    });

    it('are refused when malformed', () => {
      for (const jump of [
        'a,,b',
        '-oProxyCommand=x',
        'a:0',
        'a:99999',
        'a b',
        'ada@',
        '@a',
        'a:x',
        'eve@-x',
        '[-x]',
        '[::1',
      ]) {
        expect(problem({ jump }).explanation.cause, jump).toBe('tunnel-config-malformed');
      }
    });

    it('give way to a ProxyCommand that comes first, which is not run', () => {
      config(
        'Host db\n  ProxyCommand ssh -W %h:%p bast\n  ProxyJump bast\nHost none\n  ProxyCommand none\n  ProxyJump bast\n',
      );
      expect(problem().explanation).toMatchObject({
        cause: 'tunnel-config-malformed',
        what: expect.stringContaining('line 2'),
        next: expect.stringContaining('companion'),
      });
      expect(names({ jump: 'other' })).toHaveLength(2);
      expect(names({ host: 'none' })).toHaveLength(1);
    });
  });

  it.each([
    ['Port 70000\n', 1],
    ['User ada\nPort x\n', 2],
    ['User\n', 1],
    ['\n\nHost\n', 3],
    ['Match host\n', 1],
    ['User "ada\n', 1],
    ['IdentitiesOnly perhaps\n', 1],
    ['ConnectTimeout soon\n', 1],
    ['HostName -oProxyCommand=x\n', 1],
    ['HostName a b\n', 1],
    ['IdentityFile %Z\n', 1],
    ['{"json": true}\n', 1],
    ['ProxyJump a,,b\n', 1],
  ])('names file and line of %j', (text, line) => {
    config(text);
    expect(problem().explanation).toMatchObject({
      cause: 'tunnel-config-malformed',
      what: expect.stringContaining(`${join(home, '.ssh', 'config')}, line ${line}.`),
    });
  });

  it('says what else makes a configuration unusable', () => {
    config('User ada\n\u0000');
    expect(problem().explanation.why).toContain('not plain text');
    rmSync(join(home, '.ssh', 'config'));
    mkdirSync(join(home, '.ssh', 'config'));
    expect(problem().explanation.why).toContain('is a folder');
  });

  it('reads a large configuration at once', () => {
    const many = Array.from(
      { length: 20_000 },
      (_, index) => `Host host${index}\n  Port ${(index % 60_000) + 1}\n`,
    );
    config(`\uFEFF${many.join('')}# ${'x'.repeat(500_000)}\n`);
    const from = cpuTime();
    expect(last({ host: 'host19999' }).port).toBe(20_000);
    expect(cpuTime(from)).toBeLessThan(2_000);
  });
});
