import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../../preload/contract/connection.ts';
import { openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort, startPostgres, type TestServer } from '../../support/postgres.ts';

const password = { password: 'postgres', remember: false };

describe('several hosts', () => {
  let one: TestServer;
  let two: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    one = await startPostgres();
    two = await startPostgres();
    await two.stop();
    // Two clusters of their own stand for a pair here: what counts is who says that it is in recovery.
    two.write('standby.signal', '');
    await two.start();
    howdah = await openTestConsole({ connect: false });
  });
  afterAll(async () => {
    await howdah?.remove();
    await one?.remove();
    await two?.remove();
  });
  const to = (ports: number[], attrs?: string): Connection => {
    const [first = 0, ...others] = ports;
    return {
      host: '127.0.0.1',
      port: first,
      otherHosts: others.map((port) => ({ host: '127.0.0.1', port })),
      database: 'postgres',
      user: 'postgres',
      sslmode: 'disable',
      parameters: attrs ? { target_session_attrs: attrs } : {},
    };
  };
  const reached = async (connection: Connection): Promise<number | string | undefined> => {
    const result = await howdah.client.environments.test({ connection, password });
    if (!result.good) return result.problem?.cause;
    const detail = result.steps.find(({ step }) => step === 'database')?.detail ?? '';
    return Number(/:(\d+)\.$/.exec(detail)?.[1]);
  };

  it('are tried in order until one is of the wanted kind', async () => {
    const both = [two.port, one.port];
    expect(await reached(to(both))).toBe(two.port);
    expect(await reached(to(both, 'primary'))).toBe(one.port);
    expect(await reached(to(both, 'read-write'))).toBe(one.port);
    expect(await reached(to([one.port, two.port], 'standby'))).toBe(two.port);
    expect(await reached(to([one.port, two.port], 'read-only'))).toBe(two.port);
    expect(await reached(to([one.port, two.port], 'prefer-standby'))).toBe(two.port);
    expect(await reached(to([one.port, await freePort()], 'prefer-standby'))).toBe(one.port);
  });

  it('may be down but for one, and say of each why when none would do', async () => {
    const dead = await freePort();
    expect(await reached(to([dead, one.port]))).toBe(one.port);
    const connection = to([dead, two.port], 'primary');
    const { problem } = await howdah.client.environments.test({ connection, password });
    expect(problem?.cause).toBe('wrong-role-of-server');
    expect(problem?.why).toContain(`127.0.0.1:${dead}`);
    expect(problem?.why).toContain(`127.0.0.1:${two.port}`);
  });

  it('are not asked any more after one of them has refused the password', async () => {
    const wrong = { password: 'nope', remember: false };
    const { problem } = await howdah.client.environments.test({
      connection: to([one.port, await freePort()]),
      password: wrong,
    });
    expect(problem?.cause).toBe('password-wrong');
    expect(problem?.why).not.toContain('hosts');
  });

  it('are followed through a failover to the new primary', async () => {
    const { id } = await howdah.client.environments.add({
      draft: {
        name: 'pair',
        group: '',
        color: 'blue',
        protection: 'open',
        connection: to([one.port, two.port], 'primary'),
      },
      password,
    });
    await howdah.client.environments.connect({ environment: id });
    const status = async () => {
      const { statuses } = await howdah.client.environments.list();
      const mine = statuses.find(({ environment }) => environment === id);
      if (!mine) throw new Error('no status');
      return mine;
    };
    expect(await status()).toMatchObject({ state: 'connected', host: `127.0.0.1:${one.port}` });
    await one.stop('immediate');
    await two.query('SELECT pg_promote()');
    await eventually(async () => {
      const now = await status();
      return now.state === 'connected' && now.host === `127.0.0.1:${two.port}`;
    }, 20_000);
    expect(await status()).toMatchObject({ server: { role: 'primary' } });
  }, 40_000);
});
