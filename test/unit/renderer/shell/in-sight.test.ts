import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../preload/contract/connection.ts';
import type { EnvironmentStatus } from '../../../../preload/contract/environments.ts';
import { showsRoom, showsWay } from '../../../../renderer/shell/in-sight.ts';

const connection: Connection = {
  host: 'localhost',
  port: 5432,
  database: 'app',
  user: 'ada',
  sslmode: 'prefer',
  parameters: {},
};
const direct = { connection };
const tunnelled = { connection: { ...connection, tunnel: { host: 'bastion', auth: 'auto' as const } } };
const accompanied = {
  connection: { ...connection, companion: { command: 'kubectl port-forward', timeoutSeconds: 600 } },
};
const overview = { worksOffline: true };
const activity = { worksOffline: false };
const status = (change: Partial<EnvironmentStatus>): EnvironmentStatus => ({
  environment: 'a',
  state: 'connecting',
  since: 0,
  findings: [],
  trend: [],
  ...change,
});
const problem = { what: 'x', why: 'x', next: 'x', cause: 'companion-died' };

describe('while an environment connects for the first time', () => {
  test('a room that works offline awaits a server with nothing in between', () => {
    expect(showsRoom(overview, direct, status({}), false)).toBe(true);
    expect(showsRoom(activity, direct, status({}), false)).toBe(false);
  });

  test('the way and its output are in sight instead of empty charts where there is a tunnel or a companion', () => {
    for (const environment of [tunnelled, accompanied]) {
      expect(showsRoom(overview, environment, status({}), false)).toBe(false);
      expect(showsWay(environment, status({}))).toBe(true);
    }
  });
});

describe('what is known from before', () => {
  test('stays in sight while the way is opened again', () => {
    const known = status({ trend: [null, 3] });
    expect(showsRoom(overview, accompanied, known, false)).toBe(true);
    expect(showsRoom(activity, accompanied, known, false)).toBe(true);
  });

  test('is shown when it is asked for', () => {
    const failed = status({ state: 'disconnected', problem });
    expect(showsRoom(overview, accompanied, failed, false)).toBe(false);
    expect(showsRoom(overview, accompanied, failed, true)).toBe(true);
    expect(showsRoom(activity, accompanied, failed, true)).toBe(false);
  });
});

describe('when nothing is tried any more', () => {
  const stopped = status({ state: 'disconnected' });

  test('what a companion has printed stays in sight', () => {
    expect(showsRoom(overview, accompanied, stopped, false)).toBe(false);
    expect(showsWay(accompanied, stopped)).toBe(true);
  });

  test('a tunnel is in sight only when it was to blame', () => {
    expect(showsWay(tunnelled, stopped)).toBe(false);
    expect(showsWay(tunnelled, { ...stopped, problem })).toBe(true);
  });
});

test('nothing in between is no way to show', () => {
  expect(showsWay(direct, status({ problem }))).toBe(false);
});
