import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison, Settings } from '../../../preload/contract/server-settings.ts';
import { howdah } from '../../support/cli.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

describe('howdah settings', () => {
  let one: TestServer;
  let two: TestServer;
  let dataFolder: string;
  const run = (...args: string[]) =>
    howdah(['settings', ...args], { dataFolder, env: { PGPASSWORD: 'postgres' } });
  const bare = (server: TestServer) => server.url().replace('postgres:postgres@', 'postgres@');

  beforeAll(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-settings-'));
    // The same by other units, and two that do differ.
    [one, two] = await Promise.all([
      startPostgres({ settings: { wal_buffers: '1MB', checkpoint_timeout: '600s', jit: 'off' } }),
      startPostgres({
        settings: {
          wal_buffers: '1024kB',
          checkpoint_timeout: '10min',
          jit: 'no',
          work_mem: '64MB',
          maintenance_work_mem: '1GB',
        },
      }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([one?.remove(), two?.remove()]);
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('diff says what differs, whatever the units, and exits 1 when something does', async () => {
    const differ = await run('diff', bare(one), bare(two), '--json');
    expect(differ.code, differ.stderr).toBe(1);
    const { differences, same, leftOut } = JSON.parse(differ.stdout) as Comparison;
    expect(differences.map(({ name, mine, theirs, kind }) => [name, mine, theirs, kind])).toEqual([
      ['maintenance_work_mem', '64 MB', '1 GB', 'differs'],
      ['work_mem', '4 MB', '64 MB', 'differs'],
    ]);
    expect(same).toBeGreaterThan(250);
    // Their ports and folders.
    expect(leftOut).toBeGreaterThanOrEqual(5);

    const [all, words, alike] = await Promise.all([
      run('diff', bare(one), bare(two), '--all', '--json'),
      run('diff', bare(one), bare(two)),
      run('diff', bare(one), bare(one)),
    ]);
    expect((JSON.parse(all.stdout) as Comparison).differences.map(({ name }) => name)).toContain('port');
    expect(words.stdout).toMatch(/work_mem +4 MB +64 MB\n/);
    expect(words.stdout).toContain('left out (--all)');
    expect(alike).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 differ, \d+ are the same/) });
  });

  it('show lists what is not as it is built in', async () => {
    const { code, stdout } = await run('show', bare(two), '--json');
    expect(code).toBe(0);
    const { settings } = JSON.parse(stdout) as Settings;
    expect(settings.find(({ name }) => name === 'work_mem')).toMatchObject({
      value: '64 MB',
      standard: '4 MB',
    });
    expect(settings.some(({ name }) => name === 'enable_seqscan')).toBe(false);
  });
});
