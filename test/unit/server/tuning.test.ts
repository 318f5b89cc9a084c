import { describe, expect, it } from 'vitest';
import { meminfoTotal, onlineCores } from '../../../main/server/tuning/machine.ts';
import type { Load } from '../../../main/server/tuning/rule.ts';
import { tune } from '../../../main/server/tuning/tune.ts';
import type { Setting } from '../../../preload/contract/server-settings.ts';
import type { Machine, MachineGiven } from '../../../preload/contract/server-tuning.ts';

/** What a fresh PostgreSQL 15 has: raw value, unit, context. */
const fresh: Record<string, [string, string | null, string]> = {
  shared_buffers: ['16384', '8kB', 'postmaster'],
  effective_cache_size: ['524288', '8kB', 'user'],
  work_mem: ['4096', 'kB', 'user'],
  maintenance_work_mem: ['65536', 'kB', 'user'],
  autovacuum_max_workers: ['3', null, 'postmaster'],
  max_connections: ['100', null, 'postmaster'],
  wal_buffers: ['512', '8kB', 'postmaster'],
  checkpoint_completion_target: ['0.9', null, 'sighup'],
  checkpoint_timeout: ['300', 's', 'sighup'],
  max_wal_size: ['1024', 'MB', 'sighup'],
  min_wal_size: ['80', 'MB', 'sighup'],
  fsync: ['on', null, 'sighup'],
  full_page_writes: ['on', null, 'sighup'],
  random_page_cost: ['4', null, 'user'],
  effective_io_concurrency: ['1', null, 'user'],
  default_statistics_target: ['100', null, 'user'],
  max_worker_processes: ['8', null, 'postmaster'],
  max_parallel_workers: ['8', null, 'user'],
  max_parallel_workers_per_gather: ['2', null, 'user'],
  max_parallel_maintenance_workers: ['2', null, 'user'],
};
const settings = (changes: Record<string, string> = {}): Setting[] =>
  Object.entries(fresh).map(([name, [raw, unit, context]]) => ({
    name,
    raw: changes[name] ?? raw,
    value: changes[name] ?? raw,
    unit,
    standard: raw,
    differs: false,
    category: '',
    description: '',
    context,
    type: 'integer',
    source: 'default',
    place: null,
    min: null,
    max: null,
    choices: [],
    pendingRestart: false,
    pending: null,
  }));
const said = ({ memory, cores, disk, workload }: MachineGiven): Machine => ({
  memory: memory === null ? null : { value: memory, source: 'given' },
  cores: cores === null ? null : { value: cores, source: 'given' },
  disk: disk === null ? null : { value: disk, source: 'given' },
  workload: workload === null ? null : { value: workload, source: 'given' },
  notes: [],
});
const big = said({ memory: 16 * 1024 ** 3, cores: 8, disk: 'ssd', workload: 'web' });
const idle: Load = { sessions: 12, walPerSecond: null, requestedShare: null };
const advised = (changes = {}, machine = big, load = idle) =>
  new Map(tune(settings(changes), machine, load, 15, true).map((one) => [one.name, one]));

describe('the advisor', () => {
  it('says what a fresh server on a 16 GB machine with solid disks should have, and how', () => {
    const advice = advised();
    const recommended = [...advice.values()]
      .filter(({ verdict }) => verdict === 'change')
      .map(({ name, recommended }) => [name, recommended]);
    expect(recommended).toEqual([
      ['shared_buffers', '4 GB'],
      ['effective_cache_size', '12 GB'],
      ['work_mem', '40 MB'],
      ['maintenance_work_mem', '1 GB'],
      ['max_wal_size', '4 GB'],
      ['random_page_cost', '1.1'],
      ['effective_io_concurrency', '200'],
    ]);
    expect(advice.get('shared_buffers')?.apply).toBe(
      "ALTER SYSTEM SET shared_buffers = '4GB';\n-- then restart the server",
    );
    expect(advice.get('random_page_cost')?.apply).toBe(
      "ALTER SYSTEM SET random_page_cost = '1.1';\nSELECT pg_reload_conf();",
    );
    expect(advice.get('checkpoint_completion_target')).toMatchObject({ verdict: 'as it is', apply: null });
  });

  it('finds nothing to change once that is done, and says so of each', () => {
    const done = {
      shared_buffers: '524288',
      effective_cache_size: '1572864',
      work_mem: '40960',
      maintenance_work_mem: '1048576',
      wal_buffers: '2048',
      max_wal_size: '4096',
      min_wal_size: '1024',
      random_page_cost: '1.1',
      effective_io_concurrency: '200',
    };
    expect([...advised(done).values()].filter(({ verdict }) => verdict !== 'as it is')).toEqual([]);
  });

  it('claims nothing about a machine that is not known', () => {
    const unknown = said({ memory: null, cores: null, disk: null, workload: null });
    const advice = advised({}, unknown);
    for (const name of [
      'shared_buffers',
      'work_mem',
      'random_page_cost',
      'max_parallel_workers',
      'max_wal_size',
    ])
      expect(advice.get(name)).toMatchObject({ verdict: 'unknown', recommended: null, apply: null });
    expect(advice.get('fsync')?.verdict).toBe('as it is');
  });

  it('goes by the load that was measured, and warns of memory that is not there', () => {
    const busy = advised({}, big, { sessions: 95, walPerSecond: 40 * 1024 ** 2, requestedShare: 0.8 });
    expect(busy.get('max_connections')).toMatchObject({ verdict: 'change', recommended: '150' });
    expect(busy.get('max_wal_size')).toMatchObject({ verdict: 'change', recommended: '23 GB' });
    const greedy = advised({ work_mem: '1048576' });
    expect(greedy.get('work_mem')).toMatchObject({
      verdict: 'change',
      reason: expect.stringContaining('swap'),
    });
    expect(advised({ fsync: 'off' }).get('fsync')).toMatchObject({ verdict: 'change', recommended: 'on' });
    // In a cloud there is no ALTER SYSTEM.
    expect(tune(settings(), big, idle, 15, false).every(({ apply }) => apply === null)).toBe(true);
  });

  it('reads what the kernel says', () => {
    expect(meminfoTotal('MemTotal:        8048564 kB\nMemFree: 1 kB')).toBe(8048564 * 1024);
    expect([onlineCores('0-3,6\n'), onlineCores('0'), onlineCores('')]).toEqual([5, 1, null]);
  });
});
