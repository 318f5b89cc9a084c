import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const password = { password: 'postgres', remember: false };

describe('activity on a real server', () => {
  let server: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    server = await startPostgres();
    await server.query(`CREATE TABLE account (id int PRIMARY KEY, amount int);
      INSERT INTO account SELECT g, 100 FROM generate_series(1, 10) g;
      CREATE ROLE plain LOGIN PASSWORD 'plain'; CREATE ROLE watcher LOGIN PASSWORD 'watcher' IN ROLE pg_monitor`);
    howdah = await openTestConsole();
    for (const protection of ['open', 'guarded', 'read-only'] as const) {
      await howdah.client.environments.add({
        draft: draftFor(server.url(), { name: protection, protection }),
        password,
      });
    }
    await howdah.client.environments.connect({ environment: 'open' });
    await howdah.client.environments.connect({ environment: 'guarded' });
    await howdah.client.environments.connect({ environment: 'read-only' });
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
  });

  it('shows sessions with state, application and query text', async () => {
    const session = await server.connect({ application: 'order-api' });
    const sleeping = session.query("SELECT pg_sleep(8), 'find me'").catch(() => undefined);
    const found = await eventually(async () => {
      const sample = await howdah.client.activity.show({ environment: 'open' });
      return sample.backends.find((one) => one.application === 'order-api' && one.state === 'active');
    });
    expect(found).toMatchObject({
      user: 'postgres',
      database: 'postgres',
      type: 'client backend',
      queryCut: false,
    });
    expect(found.query).toContain('find me');
    expect(found.backendStart).toMatch(/^\d{4}-/);
    await howdah.client.activity.cancel({ environment: 'open', backends: [found] });
    await sleeping;
  });

  it('names itself and marks its own session', async () => {
    const sample = await howdah.client.activity.show({ environment: 'open' });
    // Three environments on this server hold a sampling session each.
    expect(sample.backends.filter(({ own }) => own).length).toBeGreaterThanOrEqual(3);
    expect(sample.backends.filter(({ own, application }) => own && application !== 'howdah')).toEqual([]);
    expect(sample.backends.find(({ own }) => own)?.application).toBe('howdah');
    expect(sample.maxConnections).toBe(60);
  });

  it('shows who blocks whom, and terminating the blocker after the typed name lets the waiter go on', async () => {
    const blocker = await server.connect({ application: 'blocker' });
    const waiter = await server.connect({ application: 'waiter' });
    await blocker.query('BEGIN; UPDATE account SET amount = 1 WHERE id = 1');
    const waiting = waiter.query('UPDATE account SET amount = 2 WHERE id = 1');
    const { root, held } = await eventually(async () => {
      const { backends } = await howdah.client.activity.show({ environment: 'guarded' });
      const root = backends.find(({ application }) => application === 'blocker');
      const held = backends.find(({ application }) => application === 'waiter');
      return root && held?.blockedBy.includes(root.pid) ? { root, held } : undefined;
    });
    expect(held.state).toBe('waiting');
    expect(held.waitingSince).toBeTypeOf('number');

    const impact = await howdah.client.activity.impact({
      environment: 'guarded',
      signal: 'terminate',
      backends: [root],
    });
    expect(impact.backends[0]).toMatchObject({ found: true, unblocks: [held.pid] });
    expect(impact.backends[0]?.warnings.join()).toContain('rolled back');

    const terminate = (confirm?: string) =>
      howdah.client.activity.terminate({
        environment: 'guarded',
        backends: [root],
        ...(confirm ? { confirm } : {}),
      });
    await expect(terminate()).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    await expect(terminate('Guarded')).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    const { results } = await terminate('guarded');
    expect(results).toMatchObject([{ pid: root.pid, outcome: 'done', message: 'Its session was ended.' }]);
    expect(results[0]?.who).toContain('postgres (blocker)');
    await expect(waiting).resolves.toMatchObject({ rowCount: 1 });

    const { entries } = await howdah.client.audit.list({
      environment: 'guarded',
      text: 'terminate',
      limit: 10,
    });
    expect(entries.map(({ outcome }) => outcome)).toEqual(['done', 'refused', 'refused']);
    expect(entries[0]).toMatchObject({ who: 'tester via test', risk: 'destroy', environmentName: 'guarded' });
    expect(entries[0]?.tookMs).toBeTypeOf('number');
    // The log says who was hit and what that one was doing, not only a number.
    expect(entries[0]?.result).toContain(`${root.pid} done: Its session was ended. postgres (blocker)`);
    expect(entries[0]?.result).toContain('UPDATE account');
  });

  it('refuses to signal on a read-only environment, and the session lives on', async () => {
    const session = await server.connect({ application: 'survivor' });
    const target = await eventually(async () => {
      const { backends } = await howdah.client.activity.show({ environment: 'read-only' });
      return backends.find(({ application }) => application === 'survivor');
    });
    for (const confirm of [undefined, 'read-only']) {
      const act = howdah.client.activity.terminate({
        environment: 'read-only',
        backends: [target],
        ...(confirm ? { confirm } : {}),
      });
      await expect(act).rejects.toMatchObject({ code: 'PROTECTED_READ_ONLY' });
    }
    await expect(session.query('SELECT 1')).resolves.toBeDefined();
  });

  it('never signals a backend whose pid belongs to another session by now', async () => {
    const session = await server.connect({ application: 'recycled' });
    const target = await eventually(async () => {
      const { backends } = await howdah.client.activity.show({ environment: 'open' });
      return backends.find(({ application }) => application === 'recycled');
    });
    const { results } = await howdah.client.activity.terminate({
      environment: 'open',
      backends: [{ pid: target.pid, backendStart: '2001-01-01 00:00:00+00' }],
    });
    expect(results[0]?.outcome).toBe('gone');
    const { entries } = await howdah.client.audit.list({ environment: 'open', text: 'terminate', limit: 1 });
    expect(entries[0]?.outcome).toBe('failed');
    await expect(session.query('SELECT 1')).resolves.toBeDefined();
  });

  it('gives the whole query text and the locks of one backend', async () => {
    const session = await server.connect({ application: 'talker' });
    const long = `SELECT 1 /* ${'x'.repeat(3000)} */`;
    await session.query('BEGIN; LOCK TABLE account IN SHARE MODE');
    await session.query(long);
    const target = await eventually(async () => {
      const { backends } = await howdah.client.activity.show({ environment: 'open' });
      return backends.find(({ application, query }) => application === 'talker' && query?.includes('xxx'));
    });
    expect(target.queryCut).toBe(true);
    expect(target.query).toHaveLength(500);
    const detail = await howdah.client.activity.detail({ environment: 'open', backend: target });
    expect(detail.truncatedByServer).toBe(true);
    expect(detail.trackActivityQuerySize).toBe(1024);
    expect(detail.query?.length).toBe(1023);
    expect(detail.locks).toContainEqual(
      expect.objectContaining({ relation: 'public.account', mode: 'ShareLock', granted: true }),
    );
  });

  it('says what a plain role may not see instead of counting it wrongly', async () => {
    await howdah.client.environments.add({
      draft: draftFor(server.url('postgres', 'plain'), { name: 'plain' }),
      confirm: 'read-only',
      password: { password: 'plain', remember: false },
    });
    await howdah.client.environments.connect({ environment: 'plain' });
    const other = await server.connect({ application: 'unseen' });
    const sample = await eventually(async () => {
      const sample = await howdah.client.activity.show({ environment: 'plain' });
      return sample.hidden > 0 && sample;
    });
    const unseen = sample.backends.filter(({ state }) => state === 'hidden');
    // Background processes are hidden too, but are nobody's sessions.
    expect(unseen.filter(({ user, database }) => user && database)).toHaveLength(sample.hidden);
    expect(unseen.length).toBeGreaterThan(sample.hidden);
    expect(unseen.every(({ type }) => type === null)).toBe(true);
    const { statuses, environments } = await howdah.client.environments.list();
    const plain = environments.find(({ name }) => name === 'plain');
    const status = statuses.find(({ environment }) => environment === plain?.id);
    expect(status?.findings.map(({ id }) => id)).toContain('limited-visibility');
    await other.end();
  });

  it('shows pg_monitor everything', async () => {
    await howdah.client.environments.add({
      draft: draftFor(server.url('postgres', 'watcher'), { name: 'watcher' }),
      confirm: 'read-only',
      password: { password: 'watcher', remember: false },
    });
    await howdah.client.environments.connect({ environment: 'watcher' });
    const sample = await howdah.client.activity.show({ environment: 'watcher' });
    expect(sample.hidden).toBe(0);
  });

  it('tells per backend when the server refuses the signal', async () => {
    const session = await server.connect({ application: 'not-yours' });
    const target = await eventually(async () => {
      const { backends } = await howdah.client.activity.show({ environment: 'watcher' });
      return backends.find(({ application }) => application === 'not-yours');
    });
    const { results } = await howdah.client.activity.terminate({
      environment: 'watcher',
      backends: [target],
    });
    expect(results[0]).toMatchObject({ outcome: 'refused' });
    expect(results[0]?.message).toMatch(/superuser|permission/i);
    await expect(session.query('SELECT 1')).resolves.toBeDefined();
  });

  it('streams samples and stops for a follower that leaves', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    for await (const sample of await howdah.client.activity.watch(
      { environment: 'open' },
      { signal: stop.signal },
    )) {
      seen.push(sample.at);
      if (seen.length === 3) break;
    }
    expect(new Set(seen).size).toBe(3);
  });
});
