import { expect } from 'vitest';
import type { VersionCheck } from './check.ts';

export const checks: VersionCheck[] = [
  {
    name: 'says what the server is',
    run: async ({ client, as, major }) => {
      const identity = await client.server.identity({ environment: as });
      expect(identity).toMatchObject({
        major,
        role: 'primary',
        encoding: 'UTF8',
        managed: null,
        walLevel: 'replica',
      });
      expect(identity.supportEnds).toMatch(/^20\d\d-\d\d-\d\d$/);
    },
  },
  {
    name: 'reads the settings, in words, and says what is hidden',
    run: async ({ client, as }) => {
      const { settings, fileErrors, hidden, limits } = await client.server.settings({ environment: as });
      const of = (name: string) => settings.find((one) => one.name === name);
      expect(of('shared_buffers')).toMatchObject({ value: '64 MB', raw: '8192', unit: '8kB', differs: true });
      // Howdah's own sessions set these: what others get is shown, or nothing.
      expect(of('statement_timeout')).toMatchObject({ value: '0', differs: false });
      expect(of('application_name')?.value).toBeNull();
      expect(of('data_directory') !== undefined).toBe(as !== 'plain');
      expect(of('fsync')?.place !== null).toBe(as !== 'plain');
      expect(hidden === 0).toBe(as !== 'plain');
      expect(fileErrors !== null).toBe(as === 'postgres');
      expect(limits.map(({ cause }) => cause)).toEqual(
        {
          postgres: [],
          monitor: ['settings-files-hidden'],
          plain: ['settings-hidden', 'settings-files-hidden'],
        }[as],
      );
      expect(await client.server.settingChanges({ environment: as })).toEqual([]);
    },
  },
  {
    name: 'compares the settings of two environments',
    run: async ({ client, as }) => {
      const mine = await client.server.compareSettings({ environment: as, other: 'postgres' });
      expect(mine.differences.every(({ kind }) => kind === 'only theirs')).toBe(true);
      expect(mine.differences.some(({ name }) => name === 'shared_preload_libraries')).toBe(as === 'plain');
      expect(mine.same).toBeGreaterThan(250);
    },
  },
  {
    name: 'tunes the settings for the machine that it knows',
    run: async ({ client, as }) => {
      const machine = { memory: 16 * 1024 ** 3, cores: 8, disk: 'ssd', workload: 'web' } as const;
      await client.server.setMachine({ environment: as, machine });
      const { advice } = await client.server.tuning({ environment: as });
      expect(advice.find(({ name }) => name === 'shared_buffers')).toMatchObject({
        now: '64 MB',
        recommended: '4 GB',
        takes: 'restart',
        apply: expect.stringContaining("ALTER SYSTEM SET shared_buffers = '4GB'"),
      });
      expect(advice.length).toBeGreaterThanOrEqual(17);
      await client.server.setMachine({ environment: as, machine: null });
      const found = await client.server.machine({ environment: as });
      expect(found.memory?.source).toBe(as === 'postgres' ? 'read from the server' : 'this machine');
      expect(found.cores?.value).toBeGreaterThan(0);
    },
  },
  {
    name: 'reads replication and I/O as far as this version counts it',
    run: async ({ client, as, major }) => {
      const replication = await client.server.replication({ environment: as });
      expect(replication).toMatchObject({
        role: 'primary',
        senders: [],
        slots: [],
        standby: null,
        limits: [],
      });
      expect(replication.archiver).toMatchObject({ mode: 'off', failing: false });
      const io = await client.server.io({ environment: as });
      expect(io.rows.length > 0).toBe(major >= 16);
      expect(io.wal !== null).toBe(major >= 14);
      expect(io.wal?.writes != null).toBe(major >= 14 && major < 18);
      expect(io.rows.some(({ object }) => object === 'wal')).toBe(major >= 18);
      expect(Number(io.checkpoints.timed)).toBeGreaterThanOrEqual(0);
      expect(io.checkpoints.byBackends).toMatch(/^\d+$/);
      expect(io.slru.length).toBeGreaterThan(0);
      expect(io.rows.every(({ reads, readBytes }) => reads === null || readBytes !== null)).toBe(true);
    },
  },
  {
    name: 'lists extensions and what could be installed',
    run: async ({ client, as }) => {
      const { extensions, collations, database } = await client.server.extensions({ environment: as });
      expect(database).toBe('postgres');
      expect(extensions[0]).toMatchObject({ name: 'pg_stat_statements', canUpdate: false, statement: null });
      expect(extensions[0]?.objects).toBeGreaterThanOrEqual(3);
      expect(extensions.some(({ version }) => version === null)).toBe(true);
      expect(collations).toEqual([]);
    },
  },
  {
    name: 'says why there is no log to read',
    run: async ({ client, as }) => {
      const log = await client.server.log({ environment: as });
      expect(log).toMatchObject({ entries: [], limits: [{ cause: 'log-not-collected' }] });
    },
  },
];
