import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  canMakeAccounts,
  makeKey,
  noSshd,
  type Sshd,
  startAgent,
  startSshd,
  type TestAgent,
} from '../../support/sshd.ts';
import { expectNoSecretIn, Home, listen } from './tunnel-support.ts';

const PASSWORD = 'Geheim-Wort-4711';
const WRONG = 'Falsches-Wort-0815';

/** Has ssh-add read a passphrase without a terminal. */
function askpass(folder: string, passphrase: string): Record<string, string> {
  const program = join(folder, 'askpass');
  writeFileSync(program, `#!/bin/sh\necho '${passphrase}'\n`, { mode: 0o700 });
  return { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force' };
}

describe.skipIf(noSshd)('an SSH tunnel through OpenSSH', () => {
  let server: Sshd;
  let bastion: Sshd;
  let home: Home;
  const agents: TestAgent[] = [];

  const agent = async (...keys: string[]): Promise<string> => {
    const started = await startAgent(...keys);
    agents.push(started);
    return started.socket;
  };

  beforeAll(async () => {
    [server, bastion] = await Promise.all([
      startSshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] }),
      startSshd(),
    ]);
  });
  afterAll(async () => {
    await Promise.all([server?.remove(), bastion?.remove()]);
    expectNoSecretIn(PASSWORD, WRONG, server.passphrase, 'BEGIN OPENSSH');
  });
  beforeEach(() => {
    home = new Home();
  });
  afterEach(async () => {
    home.remove();
    await Promise.all(agents.splice(0).map((one) => one.stop()));
  });

  const key = (): { port: number; keyFile: string } => ({ port: server.port, keyFile: server.clientKeyFile });

  describe('keys', () => {
    it('logs in with a key file', async () => {
      home.trust(server);
      const tunnel = await home.open({ ...key(), auth: 'key' });
      expect(tunnel.hops).toEqual([`${server.user}@127.0.0.1:${server.port}`]);
      expect(home.asked).toEqual([]);
    });

    it.each([
      ['ecdsa', 'ecdsa'],
      ['rsa', 'rsa'],
    ] as const)('logs in with an %s key', async (_, type) => {
      const file = makeKey(join(home.folder, `id_${type}`), type);
      const authorised = join(server.folder, 'authorized_keys');
      writeFileSync(authorised, readFileSync(`${file}.pub`, 'utf8') + readFileSync(authorised, 'utf8'));
      await home.trust(server).open({ port: server.port, auth: 'key', keyFile: file });
    });

    it('logs in with a key as OpenSSL writes it', async () => {
      const file = join(home.folder, 'key.pem');
      execFileSync(
        'openssl',
        ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', file],
        {
          stdio: 'ignore',
        },
      );
      const publicKey = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' });
      const authorised = join(server.folder, 'authorized_keys');
      writeFileSync(authorised, publicKey + readFileSync(authorised, 'utf8'));
      await home.trust(server).open({ port: server.port, auth: 'key', keyFile: file });
    });

    it('opens an encrypted key with its stored passphrase', async () => {
      home.trust(server).secrets.set(`key-passphrase ${server.encryptedKeyFile}`, server.passphrase);
      await home.open({ port: server.port, auth: 'key', keyFile: server.encryptedKeyFile });
    });

    it('asks for the passphrase of a key that the server would take', async () => {
      const problem = await home
        .trust(server)
        .problem({ port: server.port, auth: 'key', keyFile: server.encryptedKeyFile });
      expect(problem.explanation.cause).toBe('tunnel-passphrase-missing');
      expect(problem.ask).toEqual({
        kind: 'secret',
        secret: 'key-passphrase',
        of: server.encryptedKeyFile,
        wasWrong: false,
      });
      expect(problem.retry).toBe(false);
    });

    it('says that a passphrase is wrong', async () => {
      home.trust(server).secrets.set(`key-passphrase ${server.encryptedKeyFile}`, WRONG);
      const problem = await home.problem({
        port: server.port,
        auth: 'key',
        keyFile: server.encryptedKeyFile,
      });
      expect(problem.explanation.cause).toBe('tunnel-passphrase-missing');
      expect(problem.ask).toMatchObject({ wasWrong: true });
    });

    it('opens an encrypted key of the older format, right, missing and wrong', async () => {
      const file = makeKey(join(home.folder, 'old'), 'rsa', server.passphrase, ['-m', 'PEM']);
      const authorised = join(server.folder, 'authorized_keys');
      writeFileSync(authorised, readFileSync(`${file}.pub`, 'utf8') + readFileSync(authorised, 'utf8'));
      home.trust(server);
      // Without its public half beside it, it can't even be offered.
      execFileSync('rm', [`${file}.pub`]);
      const missing = await home.problem({ port: server.port, auth: 'key', keyFile: file });
      expect(missing.ask).toMatchObject({ secret: 'key-passphrase', of: file, wasWrong: false });
      home.secrets.set(`key-passphrase ${file}`, WRONG);
      const wrong = await home.problem({ port: server.port, auth: 'key', keyFile: file });
      expect(wrong.ask).toMatchObject({ secret: 'key-passphrase', of: file, wasWrong: true });
      home.secrets.set(`key-passphrase ${file}`, server.passphrase);
      await home.open({ port: server.port, auth: 'key', keyFile: file });
    });

    it('does not ask for the passphrase of a usual key that the server does not know', async () => {
      makeKey(join(home.folder, '.ssh', 'id_ed25519'), 'ed25519', server.passphrase);
      const problem = await home.trust(server).problem({ port: server.port });
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(problem.ask).toBeUndefined();
      expect(problem.explanation.why).toContain('id_ed25519');
      expect(problem.explanation.why).toContain('The server offers: publickey');
      expect(home.asked).toEqual([]);
    });

    it('asks for the passphrase of a usual key only when nothing else gets in', async () => {
      copyFileSync(server.encryptedKeyFile, join(home.folder, '.ssh', 'id_ed25519'));
      copyFileSync(server.clientKeyFile, join(home.folder, '.ssh', 'id_rsa'));
      home.trust(server);
      await home.open({ port: server.port });
      execFileSync('rm', [join(home.folder, '.ssh', 'id_rsa')]);
      const problem = await home.problem({ port: server.port });
      expect(problem.explanation.cause).toBe('tunnel-passphrase-missing');
    });

    it('says that the server does not know the key', async () => {
      const problem = await home
        .trust(server)
        .problem({ port: server.port, auth: 'key', keyFile: server.strangeKeyFile });
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(problem.explanation.command).toBe(
        `ssh -v -p ${server.port} -i ${server.strangeKeyFile} ${server.user}@127.0.0.1 true`,
      );
      expect(problem.retry).toBe(false);
    });

    it.each([
      ['missing', undefined, 'no such file'],
      ['empty', '', 'empty'],
      [
        'garbage',
        '-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----\n',
        'no private key',
      ],
      ['prose', 'not a key at all\n', 'no private key'],
      ['huge', 'x'.repeat(200_000), 'too large'],
    ])('says that a key file is %s', async (name, text, why) => {
      const file = join(home.folder, '.ssh', name);
      if (text !== undefined) writeFileSync(file, text);
      for (const auth of ['key', 'auto'] as const) {
        const problem = await home.trust(server).problem({ port: server.port, auth, keyFile: file });
        expect(problem.explanation.cause).toBe('tunnel-key-unreadable');
        expect(problem.explanation.what).toContain(file);
        expect(problem.explanation.why).toContain(why);
      }
    });

    it('says that a key file is a public key, a folder, or a pipe', async () => {
      home.trust(server);
      execFileSync('mkfifo', [join(home.folder, 'pipe')]);
      for (const [file, why] of [
        [`${server.clientKeyFile}.pub`, 'public key'],
        [home.folder, 'is a folder'],
        [join(home.folder, 'pipe'), 'no regular file'],
      ] as const) {
        const problem = await home.problem({ port: server.port, auth: 'key', keyFile: file });
        expect(problem.explanation.cause).toBe('tunnel-key-unreadable');
        expect(problem.explanation.why).toContain(why);
      }
    });

    it('says that there are no usual keys', async () => {
      const problem = await home.trust(server).problem({ port: server.port, auth: 'key' });
      expect(problem.explanation.cause).toBe('tunnel-key-unreadable');
      expect(problem.explanation.why).toContain('id_ed25519');
    });
  });

  describe('the agent', () => {
    it('logs in with a key that it holds', async () => {
      await home
        .trust(server)
        .open({ port: server.port, auth: 'agent' }, { agentSocket: await agent(server.clientKeyFile) });
    });

    it('logs in with an RSA and an ECDSA key that it holds', async () => {
      home.trust(server);
      for (const type of ['rsa', 'ecdsa'] as const) {
        const file = makeKey(join(home.folder, type), type);
        const authorised = join(server.folder, 'authorized_keys');
        writeFileSync(authorised, readFileSync(`${file}.pub`, 'utf8') + readFileSync(authorised, 'utf8'));
        await home.open({ port: server.port, auth: 'agent' }, { agentSocket: await agent(file) });
      }
    });

    it('says that there is none', async () => {
      home.trust(server);
      for (const agentSocket of ['', join(home.folder, 'nothing-here')]) {
        const problem = await home.problem({ port: server.port, auth: 'agent' }, { agentSocket });
        expect(problem.explanation.cause).toBe('tunnel-agent-missing');
      }
    });

    it('goes on to key files where its socket is dead', async () => {
      copyFileSync(server.clientKeyFile, join(home.folder, '.ssh', 'id_ed25519'));
      await home
        .trust(server)
        .open({ port: server.port }, { agentSocket: join(home.folder, 'nothing-here') });
    });

    it('goes on to key files where it does not sign, and says so where there are none', async () => {
      home.trust(server);
      const agentSocket = await agent();
      // It must ask for a confirmation, and has nobody to ask.
      execFileSync('ssh-add', ['-q', '-c', server.encryptedKeyFile], {
        env: { ...process.env, SSH_AUTH_SOCK: agentSocket, ...askpass(home.folder, server.passphrase) },
        stdio: 'ignore',
      });
      const problem = await home.problem({ port: server.port, auth: 'agent' }, { agentSocket });
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(problem.explanation.why).toContain('its agent said no');
      copyFileSync(server.clientKeyFile, join(home.folder, '.ssh', 'id_ed25519'));
      await home.open({ port: server.port }, { agentSocket });
    });

    it('says that it holds no key that the server knows', async () => {
      home.trust(server);
      const empty = await home.problem({ port: server.port, auth: 'agent' }, { agentSocket: await agent() });
      expect(empty.explanation).toMatchObject({ cause: 'tunnel-authentication-refused' });
      expect(empty.explanation.why).toContain('holds no keys');
      const strange = await home.problem(
        { port: server.port, auth: 'agent' },
        { agentSocket: await agent(server.strangeKeyFile) },
      );
      expect(strange.explanation.why).toContain("the agent's key test ed25519");
    });

    it('uses the named key first, however many others it holds', async () => {
      const many = Array.from({ length: 8 }, (_, index) => makeKey(join(home.folder, `many_${index}`)));
      const agentSocket = await agent(...many, server.clientKeyFile);
      home.trust(server);
      await home.open({ ...key() }, { agentSocket });
      // The public half is enough to name one that the agent holds.
      await home.open({ port: server.port, keyFile: `${server.clientKeyFile}.pub` }, { agentSocket });
    });

    it('gets to its last key although the server ends the connection after six', async () => {
      const many = Array.from({ length: 8 }, (_, index) => makeKey(join(home.folder, `many_${index}`)));
      await home
        .trust(server)
        .open(
          { port: server.port, auth: 'agent' },
          { agentSocket: await agent(...many, server.clientKeyFile) },
        );
    });

    it.skipIf(!canMakeAccounts)(
      'leaves keys out rather than the password where each one costs a connection',
      async () => {
        const stern = await startSshd({ password: PASSWORD, config: ['MaxAuthTries 1'] });
        try {
          const many = Array.from({ length: 6 }, (_, index) => makeKey(join(home.folder, `many_${index}`)));
          home.trust(stern).secrets.set(`ssh-password ${stern.user}@127.0.0.1:${stern.port}`, PASSWORD);
          await home.open({ port: stern.port, user: stern.user }, { agentSocket: await agent(...many) });
        } finally {
          await stern.remove();
        }
      },
    );

    it('says all that was tried when the server ends the connection for too many tries', async () => {
      const many = Array.from({ length: 8 }, (_, index) => makeKey(join(home.folder, `many_${index}`)));
      const problem = await home
        .trust(server)
        .problem({ port: server.port, auth: 'agent' }, { agentSocket: await agent(...many) });
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(problem.explanation.why.match(/the agent's key/g)).toHaveLength(8);
    });

    it('offers only the named keys with IdentitiesOnly', async () => {
      home.file('config', `Host *\n  IdentitiesOnly yes\n  IdentityFile ${server.strangeKeyFile}\n`);
      const problem = await home
        .trust(server)
        .problem({ port: server.port }, { agentSocket: await agent(server.clientKeyFile) });
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(problem.explanation.why).not.toContain('agent');
    });
  });

  describe.skipIf(!canMakeAccounts)('passwords', () => {
    let withPassword: Sshd;
    let hop: string;
    beforeAll(async () => {
      withPassword = await startSshd({ password: PASSWORD });
      hop = `${withPassword.user}@127.0.0.1:${withPassword.port}`;
    });
    afterAll(() => withPassword?.remove());

    const asWho = (): { port: number; user: string } => ({
      port: withPassword.port,
      user: withPassword.user,
    });

    it('logs in with the stored one', async () => {
      home.trust(withPassword).secrets.set(`ssh-password ${hop}`, PASSWORD);
      await home.open({ ...asWho(), auth: 'password' });
      await home.open({ ...asWho(), auth: 'auto' });
    });

    it('asks for it when none is stored', async () => {
      for (const auth of ['password', 'auto'] as const) {
        const problem = await home.trust(withPassword).problem({ ...asWho(), auth });
        expect(problem.explanation.cause).toBe('tunnel-password-missing');
        expect(problem.ask).toEqual({ kind: 'secret', secret: 'ssh-password', of: hop, wasWrong: false });
      }
    });

    it('says that it is wrong after one try, and does not try again by itself', async () => {
      home.trust(withPassword).secrets.set(`ssh-password ${hop}`, WRONG);
      const before = withPassword.log().length;
      const problem = await home.problem({ ...asWho(), auth: 'password' });
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(problem.ask).toEqual({ kind: 'secret', secret: 'ssh-password', of: hop, wasWrong: true });
      expect(problem.retry).toBe(false);
      expect(
        withPassword
          .log()
          .slice(before)
          .match(/Failed password/g),
      ).toHaveLength(1);
    });

    it('says so where the server takes no passwords', async () => {
      home.trust(server).secrets.set(`ssh-password ${server.user}@127.0.0.1:${server.port}`, PASSWORD);
      const problem = await home.problem({ port: server.port, auth: 'password' });
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(problem.explanation.why).toContain('The server offers: publickey');
      expect(home.asked).toEqual([]);
    });

    it('still gets to the password behind an agent full of strange keys', async () => {
      const many = Array.from({ length: 7 }, (_, index) => makeKey(join(home.folder, `many_${index}`)));
      home.trust(withPassword).secrets.set(`ssh-password ${hop}`, PASSWORD);
      await home.open({ ...asWho() }, { agentSocket: await agent(...many) });
    });

    it('gives key and password where the server wants both', async () => {
      const both = await startSshd({
        password: PASSWORD,
        config: ['AuthenticationMethods publickey,password'],
      });
      try {
        const name = `${both.user}@127.0.0.1:${both.port}`;
        home.trust(both);
        const tunnel = { port: both.port, user: both.user, keyFile: both.clientKeyFile };
        const missing = await home.problem(tunnel);
        expect(missing.explanation.cause).toBe('tunnel-password-missing');
        home.secrets.set(`ssh-password ${name}`, WRONG);
        expect((await home.problem(tunnel)).ask).toMatchObject({ of: name, wasWrong: true });
        home.secrets.set(`ssh-password ${name}`, PASSWORD);
        await home.open(tunnel);
        const keyOnly = await home.problem({ ...tunnel, auth: 'key' });
        expect(keyOnly.explanation.why).toContain('the server wants more');
      } finally {
        await both.remove();
      }
    });

    it('never sends the password of one hop to another', async () => {
      home.trust(withPassword, server).secrets.set(`ssh-password ${hop}`, PASSWORD);
      const problem = await home.problem({
        port: server.port,
        jump: `${withPassword.user}@127.0.0.1:${withPassword.port}`,
      });
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(home.asked).toEqual([`ssh-password ${hop}`]);
    });
  });

  describe('host keys', () => {
    it('asks about an unknown host, sends nothing to it, and connects once it is trusted', async () => {
      const before = server.log().length;
      const problem = await home.problem(key());
      expect(problem.explanation.cause).toBe('tunnel-host-key-unknown');
      expect(problem.ask).toMatchObject({
        kind: 'host-key',
        host: `127.0.0.1:${server.port}`,
        type: 'ssh-ed25519',
        fingerprint: server.hostKeyFingerprint('ed25519'),
      });
      expect(problem.explanation.why).toContain(server.hostKeyFingerprint('ed25519'));
      expect(server.log().slice(before)).not.toMatch(/publickey|userauth|Accepted|for user/);

      if (problem.ask?.kind !== 'host-key') throw new Error('no question');
      home.knownHosts.trust(problem.ask.host, problem.ask.type, problem.ask.key);
      expect(readFileSync(home.ownFile, 'utf8')).toBe(server.knownHostsLine('ed25519'));
      expect(statSync(home.ownFile).mode & 0o777).toBe(0o600);
      expect(existsSync(join(home.folder, '.ssh', 'known_hosts'))).toBe(false);
      await home.open(key());
    });

    it('takes a host known by its second or third key type', async () => {
      for (const type of ['ecdsa', 'rsa'] as const) {
        home.file('known_hosts', server.knownHostsLine(type));
        await home.open(key());
      }
    });

    it('takes a hashed known_hosts', async () => {
      const file = home.file('known_hosts', server.knownHostsLine());
      execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
      expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/);
      await home.open(key());
    });

    it('refuses a changed key, names its line, and the command shown mends it', async () => {
      const changing = await startSshd();
      try {
        home.file('known_hosts', `# mine\n${changing.knownHostsLine()}`);
        const tunnel = { port: changing.port, keyFile: changing.clientKeyFile };
        (await home.open(tunnel)).close();
        await changing.stop();
        changing.changeHostKey();
        await changing.start();
        const before = changing.log().length;
        const problem = await home.problem(tunnel);
        expect(problem.explanation.cause).toBe('tunnel-host-key-changed');
        expect(problem.ask).toBeUndefined();
        expect(problem.retry).toBe(false);
        expect(problem.explanation.why).toContain(`${join(home.folder, '.ssh', 'known_hosts')}, line 2`);
        expect(changing.log().slice(before)).not.toContain('Accepted');

        execFileSync('bash', ['-c', problem.explanation.command ?? 'false'], { stdio: 'ignore' });
        expect((await home.problem(tunnel)).explanation.cause).toBe('tunnel-host-key-unknown');
      } finally {
        await changing.remove();
      }
    });

    it('refuses a revoked key', async () => {
      const [, type, base64] = server.knownHostsLine('ed25519').split(' ');
      home.file('known_hosts', `${server.knownHostsLine('ed25519')}@revoked * ${type} ${base64}`);
      const problem = await home.problem(key());
      expect(problem.explanation.cause).toBe('tunnel-host-key-changed');
      expect(problem.explanation.what).toContain('revoked');
    });

    it('looks where the configuration says, under the name that it says', async () => {
      const elsewhere = join(home.folder, 'elsewhere');
      const line = server.knownHostsLine().replace(/^\S+/, 'the-alias');
      writeFileSync(elsewhere, line);
      home.file(
        'config',
        `Host alias\n  HostName 127.0.0.1\n  HostKeyAlias the-alias\n  UserKnownHostsFile ${elsewhere}\n`,
      );
      await home.open({ ...key(), host: 'alias' });
      writeFileSync(elsewhere, '');
      expect((await home.problem({ ...key(), host: 'alias' })).ask).toMatchObject({ host: 'the-alias:22' });
    });
  });

  describe('jump hosts', () => {
    it('goes through one, each with its own check and login', async () => {
      home.trust(server, bastion);
      home.file(
        'config',
        `Host bast\n  HostName 127.0.0.1\n  Port ${bastion.port}\n  IdentityFile ${bastion.clientKeyFile}\n`,
      );
      const tunnel = await home.open({ ...key(), jump: 'bast' });
      expect(tunnel.hops).toEqual([
        `${bastion.user}@127.0.0.1:${bastion.port}`,
        `${server.user}@127.0.0.1:${server.port}`,
      ]);
    });

    it('offers a jump host the usual keys and the named one', async () => {
      home.trust(server, bastion);
      const jump = `${bastion.user}@127.0.0.1:${bastion.port}`;
      copyFileSync(bastion.clientKeyFile, join(home.folder, '.ssh', 'id_ed25519'));
      await home.open({ ...key(), jump });
      writeFileSync(join(home.folder, '.ssh', 'id_ed25519'), '');
      const authorised = join(bastion.folder, 'authorized_keys');
      writeFileSync(
        authorised,
        readFileSync(`${server.clientKeyFile}.pub`, 'utf8') + readFileSync(authorised, 'utf8'),
      );
      await home.open({ ...key(), jump });
    });

    it('checks the host key of every hop', async () => {
      home.file(
        'config',
        `Host bast\n  HostName 127.0.0.1\n  Port ${bastion.port}\n  IdentityFile ${bastion.clientKeyFile}\n`,
      );
      const first = await home.problem({ ...key(), jump: 'bast' });
      expect(first.ask).toMatchObject({ host: `127.0.0.1:${bastion.port}` });
      home.trust(bastion);
      const second = await home.problem({ ...key(), jump: 'bast' });
      expect(second.ask).toMatchObject({ host: `127.0.0.1:${server.port}` });
      expect(second.explanation.cause).toBe('tunnel-host-key-unknown');
    });

    it('takes the whole way from ~/.ssh/config', async () => {
      home.trust(server, bastion);
      home.file(
        'config',
        [
          'Include config.d/*',
          'Host db',
          `  HostName 127.0.0.1`,
          `  Port ${server.port}`,
          `  IdentityFile ${server.clientKeyFile}`,
          '  ProxyJump bast',
        ].join('\n'),
      );
      execFileSync('mkdir', [join(home.folder, '.ssh', 'config.d')]);
      home.file(
        'config.d/bastion',
        `Host bast\n HostName 127.0.0.1\n Port ${bastion.port}\n IdentityFile ${bastion.clientKeyFile}\n`,
      );
      const tunnel = await home.open({ host: 'db' });
      expect(tunnel.hops).toHaveLength(2);
    });

    it('names the hop that fails, with a command that goes the same way', async () => {
      home.trust(bastion);
      const jump = `${bastion.user}@127.0.0.1:${bastion.port}`;
      home.file('config', `Match host 127.0.0.1\n  IdentityFile ${bastion.clientKeyFile}\n`);
      const problem = await home.problem({ host: '127.0.0.1', port: 1, user: 'ada', jump });
      expect(problem.explanation.cause).toBe('tunnel-unreachable');
      expect(problem.explanation.what).toContain('127.0.0.1:1');
      expect(problem.explanation.command).toBe(`ssh -v -p 1 -J ${jump} ada@127.0.0.1 true`);
      const named = await home.problem({ host: 'no-such-host.invalid', port: 1, user: 'ada', jump });
      expect(named.explanation.cause).toBe('tunnel-name-not-found');
    });

    it('refuses hosts that lead in a circle', async () => {
      home.file('config', 'Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n');
      for (const tunnel of [{ host: 'a' }, { host: 'x', jump: 'a' }, { host: 'a', jump: 'a' }]) {
        const problem = await home.problem(tunnel);
        expect(problem.explanation.cause).toBe('tunnel-config-malformed');
        expect(problem.explanation.why).toContain('circle');
      }
      expect((await home.problem({ host: 'c', jump: 'd,e,d' })).explanation.why).toContain('circle');
    });
  });

  describe('what is no way', () => {
    it('says that a name is not found', async () => {
      const problem = await home.problem({ host: 'no-such-host.invalid' });
      expect(problem.explanation.cause).toBe('tunnel-name-not-found');
      expect(problem.retry).toBe(true);
    });

    it('says that nothing listens', async () => {
      const problem = await home.problem({ port: 1 });
      expect(problem.explanation).toMatchObject({
        cause: 'tunnel-unreachable',
        server: { system: 'ECONNREFUSED' },
      });
      expect(problem.retry).toBe(true);
    });

    it('says that something else listens, and what it said', async () => {
      const web = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n'));
      const mute = await listen((socket) => socket.once('data', () => socket.end()));
      try {
        const problem = await home.problem({ port: web.port });
        expect(problem.explanation).toMatchObject({
          cause: 'tunnel-not-ssh',
          server: { message: 'HTTP/1.1 400 Bad Request' },
        });
        expect(problem.retry).toBe(false);
        expect((await home.problem({ port: mute.port })).explanation.cause).toBe('tunnel-not-ssh');
      } finally {
        web.close();
        mute.close();
      }
    });

    it('gives up on a listener that never says anything, within the ConnectTimeout', async () => {
      const silent = await listen(() => undefined);
      try {
        home.file('config', 'ConnectTimeout 1\n');
        const from = Date.now();
        const problem = await home.problem({ port: silent.port });
        expect(problem.explanation.cause).toBe('tunnel-unreachable');
        expect(problem.explanation.what).toContain('says nothing');
        expect(Date.now() - from).toBeLessThan(3_000);
      } finally {
        silent.close();
      }
    });

    it('gives up on one that says nothing after its greeting, and on one that talks rubbish for ever', async () => {
      const stuck = await listen((socket) => socket.write('SSH-2.0-Stuck\r\n'));
      const rubbish = await listen((socket) => {
        const timer = setInterval(() => socket.write(Buffer.alloc(4000, 7)), 20);
        socket.once('close', () => clearInterval(timer));
      });
      try {
        home.file('config', 'ConnectTimeout 1\n');
        expect((await home.problem({ port: stuck.port })).explanation.cause).toBe('tunnel-unreachable');
        expect((await home.problem({ port: rubbish.port })).explanation.cause).toBe('tunnel-not-ssh');
      } finally {
        stuck.close();
        rubbish.close();
      }
    });

    it('ends the opening when it is no longer wanted', async () => {
      const silent = await listen(() => undefined);
      try {
        const end = new AbortController();
        const opening = home.open({ port: silent.port }, { signal: end.signal });
        setTimeout(() => end.abort(new Error('no longer wanted')), 100);
        await expect(opening).rejects.toThrow('no longer wanted');
      } finally {
        silent.close();
      }
    });

    it('says that a ProxyCommand is not run, and runs none', async () => {
      const file = join(home.folder, 'was-run');
      home.file('config', `Match exec "touch ${file}"\n  Port 1\nHost cmd\n  ProxyCommand touch ${file}\n`);
      const problem = await home.problem({ host: 'cmd' });
      expect(problem.explanation.cause).toBe('tunnel-config-malformed');
      expect(problem.explanation.what).toContain('line 4');
      expect(problem.explanation.next).toContain('companion');
      expect(existsSync(file)).toBe(false);
    });

    it('names file and line of a malformed configuration', async () => {
      const file = home.file('config', 'Host *\n  User "ada\n');
      const problem = await home.problem({ host: 'x' });
      expect(problem.explanation.cause).toBe('tunnel-config-malformed');
      expect(problem.explanation.what).toContain(`${file}, line 2`);
    });
  });
});
