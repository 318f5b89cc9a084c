import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { locksRoom } from '../../../main/locks/index.ts';
import type { MonitoringNeeds } from '../../../main/monitoring/index.ts';
import { implementContract } from '../../../main/rpc.ts';
import { takeLockSample } from '../../../main/sampler/index.ts';
import { openPool, type ServerPool } from '../../../main/servers/index.ts';
import { openStore } from '../../../main/store/index.ts';
import { waitsRoom } from '../../../main/waits/index.ts';
import type { ActivitySample } from '../../../preload/contract/activity.ts';
import { parseConnectionUrl } from '../../../preload/contract/connection-url.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { contract } from '../../../preload/contract/index.ts';
import type { ServerEvent } from '../../../preload/contract/metrics.ts';
import type { TestServer } from '../../support/postgres.ts';

/** When the first sample is taken by the rooms' clock. */
export const start = Date.parse('2026-03-02T14:00:00Z');

export interface Driven {
  client: ContractRouterClient<Pick<typeof contract, 'locks' | 'waits'>>;
  locks: ReturnType<typeof locksRoom>;
  waits: ReturnType<typeof waitsRoom>;
  events: ServerEvent[];
  now: number;
  /** Takes a real sample after so many ms of the rooms' clock, and hands it to them as the live one. */
  sample(afterMs?: number): Promise<ActivitySample>;
  /** Closes the rooms and opens them anew on the same store, as a console that is started again does. */
  restart(): Promise<void>;
  /** New sessions: the old ones went with the server. */
  reconnect(): void;
  remove(): Promise<void>;
}

/** The rooms of locks and waits over a real server, with samples taken when a test says so. */
export function openDriven(server: TestServer, user = 'postgres'): Driven {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-test-'));
  const store = openStore(folder);
  const { connection } = parseConnectionUrl(server.url('postgres', user));
  const environment = { id: 'jammed', name: 'jammed', connection } as unknown as Environment;
  const open = (): ServerPool =>
    openPool(
      { connection, password: 'postgres' },
      { way: { target: connection, tls: false, pooled: false } },
    );
  let pool = open();
  const os = implementContract({
    findEnvironment: () => environment,
    audit: { begin: () => 1, finish: () => undefined },
  });

  const needs = {
    findEnvironment: () => environment,
    store,
    pool: () => pool,
    poolIfAny: () => pool,
    status: () => ({ state: 'connected' }),
    current: () => takeLockSample(pool, driven.now),
    events: (_: string, from: number, to: number) => driven.events.filter(({ at }) => at >= from && at <= to),
    onEvent: (_: string, kind: string, text: string, at = driven.now) => {
      driven.events.push({ at, kind, text });
    },
    now: () => driven.now,
  } as unknown as MonitoringNeeds;
  const rooms = () => {
    const locks = locksRoom(os, needs);
    const waits = waitsRoom(os, needs);
    const client = createRouterClient(
      { locks: locks.router, waits: waits.router },
      { context: { who: 'tester' } },
    ) as Driven['client'];
    return { locks, waits, client };
  };
  const close = async (): Promise<void> => {
    await driven.locks.close();
    driven.waits.close();
  };

  const driven: Driven = {
    ...rooms(),
    events: [],
    now: start,
    sample: async (afterMs = 5000) => {
      driven.now += afterMs;
      const sample = { ...(await takeLockSample(pool, driven.now)), intervalMs: 5000 };
      driven.locks.sample('jammed', sample);
      driven.waits.sample('jammed', sample);
      return sample;
    },
    restart: async () => {
      await close();
      Object.assign(driven, rooms());
    },
    reconnect: () => {
      pool = open();
    },
    remove: async () => {
      await close();
      await pool.close();
      store.close();
      rmSync(folder, { recursive: true });
    },
  };
  return driven;
}
