import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type Server } from 'ssh2';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../main/tunnels/known-hosts.ts';
import { expectNoSecretIn, Home } from './tunnel-support.ts';

const PASSWORD = 'Geheim-Wort-4711';
const WRONG = 'Falsches-Wort-0815';

/** What OpenSSH's server asks only with PAM, asked by the library's own server. */
describe('logging in to an SSH server that asks questions', () => {
  let home: Home;
  let server: Server;
  let port: number;
  let connections: Set<Connection>;
  /** What the server was given, in order. */
  let given: string[];

  const start = async (login: (context: AuthContext) => void): Promise<void> => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const hostKey = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    connections = new Set();
    given = [];
    server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
      connections.add(connection);
      connection.on('error', () => undefined);
      connection.on('authentication', login);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    port = (server.address() as { port: number }).port;
    const key = ssh2.utils.parseKey(hostKey);
    if (key instanceof Error) throw key;
    home.file('known_hosts', `[127.0.0.1]:${port} ssh-rsa ${key.getPublicSSH().toString('base64')}\n`);
    expect(fingerprintOf(key.getPublicSSH())).toMatch(/^SHA256:/);
  };
  const stored = (password: string): void => {
    home.secrets.set(`ssh-password ada@127.0.0.1:${port}`, password);
  };
  const questions = (
    context: AuthContext,
    rounds: { prompt: string; echo: boolean }[][],
    right: string[],
  ): void => {
    if (context.method !== 'keyboard-interactive') {
      context.reject(['keyboard-interactive']);
      return;
    }
    const ask = (round: number): void => {
      const prompts = rounds[round];
      if (!prompts) {
        if (right.every((answer, index) => given[index] === answer)) context.accept();
        else context.reject(['keyboard-interactive']);
        return;
      }
      context.prompt(prompts, (answers) => {
        given.push(...answers);
        ask(round + 1);
      });
    };
    ask(0);
  };

  beforeEach(() => {
    home = new Home();
  });
  afterEach(async () => {
    home.remove();
    for (const connection of connections) connection.end();
    await new Promise((resolve) => server.close(resolve));
  });
  afterAll(() => expectNoSecretIn(PASSWORD, WRONG));

  const password = [{ prompt: '(ada@host) Password: ', echo: false }];
  const way = (): { port: number; user: string; auth: 'password' } => ({
    port,
    user: 'ada',
    auth: 'password',
  });

  it('answers a single question for the password', async () => {
    await start((context) => questions(context, [password], [PASSWORD]));
    stored(PASSWORD);
    await home.open(way());
    expect(given).toEqual([PASSWORD]);
  });

  it('asks for the password when none is stored, and says when it was wrong, after one try', async () => {
    await start((context) => questions(context, [password], [PASSWORD]));
    expect((await home.problem(way())).explanation.cause).toBe('tunnel-password-missing');
    expect(given).toEqual([]);
    stored(WRONG);
    const problem = await home.problem(way());
    expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
    expect(problem.ask).toMatchObject({ wasWrong: true });
    expect(given).toEqual([WRONG]);
  });

  it('takes being asked for the password again as a no', async () => {
    await start((context) => questions(context, [password, password], [PASSWORD, PASSWORD]));
    stored(WRONG);
    expect((await home.problem(way())).ask).toMatchObject({ wasWrong: true });
    expect(given).toEqual([WRONG]);
  });

  it('gives the password to no other question', async () => {
    for (const prompts of [
      [{ prompt: 'Verification code: ', echo: false }],
      [{ prompt: 'Favourite colour? ', echo: true }],
      [...password, { prompt: 'One-time password (OATH): ', echo: false }],
    ]) {
      await start((context) => questions(context, [prompts], ['never']));
      stored(PASSWORD);
      const problem = await home.problem(way());
      expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
      expect(problem.explanation.why).toContain('only a person can answer');
      expect(problem.explanation.next).toContain('companion');
      expect(problem.ask).toBeUndefined();
      expect(given).toEqual([]);
      for (const connection of connections) connection.end();
      await new Promise((resolve) => server.close(resolve));
    }
    await start((context) => context.reject());
  });

  it('says that a second proof is asked for after the password was taken', async () => {
    await start((context) =>
      questions(context, [password, [{ prompt: 'Verification code: ', echo: false }]], [PASSWORD]),
    );
    stored(PASSWORD);
    const problem = await home.problem(way());
    expect(problem.explanation.why).toContain('"Verification code:"');
    expect(problem.ask).toBeUndefined();
    expect(given).toEqual([PASSWORD]);
  });

  it('gives a password once where it is taken both ways', async () => {
    await start((context) => {
      if (context.method === 'password') given.push(context.password);
      context.reject(['password', 'keyboard-interactive']);
    });
    stored(WRONG);
    expect((await home.problem(way())).ask).toMatchObject({ wasWrong: true });
    expect(given).toEqual([WRONG]);
  });

  it('takes a connection that is closed on the password as a no', async () => {
    await start((context) => {
      if (context.method !== 'password') return void context.reject(['password']);
      given.push(context.password);
      for (const connection of connections) connection.end();
    });
    stored(WRONG);
    const problem = await home.problem(way());
    expect(problem.ask).toMatchObject({ wasWrong: true });
    expect(problem.retry).toBe(false);
    expect(given).toEqual([WRONG]);
  });

  it('says that the password has expired', async () => {
    await start((context) => {
      if (context.method === 'password') context.requestChange('Change it', () => undefined);
      else context.reject(['password']);
    });
    stored(PASSWORD);
    const problem = await home.problem(way());
    expect(problem.explanation.cause).toBe('tunnel-authentication-refused');
    expect(problem.explanation.why).toContain('expired');
  });

  it('goes on with key files where the agent says nothing', async () => {
    const silent = createServer(() => undefined);
    const socket = join(home.folder, 'agent');
    await new Promise<void>((resolve) => silent.listen(socket, resolve));
    try {
      await start((context) =>
        context.method === 'none' ? context.reject(['publickey']) : context.accept(),
      );
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      home.file('id_rsa', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
      await home.open({ port, user: 'ada' }, { agentSocket: socket });
    } finally {
      silent.close();
    }
  });

  it('says that no algorithm is common', async () => {
    await start((context) => context.accept());
    await new Promise((resolve) => server.close(resolve));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    server = new ssh2.Server(
      {
        hostKeys: [privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
        algorithms: { kex: ['diffie-hellman-group1-sha1'] },
      },
      (connection) => connection.on('error', () => undefined),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    port = (server.address() as { port: number }).port;
    const problem = await home.problem({ port, user: 'ada' });
    expect(problem.explanation.cause).toBe('other');
    expect(problem.explanation.what).toContain('no common SSH algorithm');
  });
});
