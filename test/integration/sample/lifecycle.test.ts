import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isRunning, waitForExit } from '../../../main/sample/processes.ts';
import { readSamplePassword, sampleStatus, startSample, stopSample } from '../../../main/sample/sample.ts';
import type { SampleProgress, SampleServer } from '../../../main/sample/types.ts';
import { assets, dataFolder, postmastersOn, processesOn, rowsOf } from './support.ts';

const linux = process.platform === 'linux';

describe('a sample server that is there', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let options: { dataFolder: string; assets: string };
  let server: SampleServer;
  const progress: SampleProgress[] = [];
  let halfMade: { state: string; password: string | undefined };

  beforeAll(async () => {
    folder = await dataFolder();
    options = { dataFolder: folder.dataFolder, assets };
    // A console that was making it died hard half-way. Two others come at once: one makes it anew, the other waits
    // and is given the same.
    const { child, said } = startAndStay(folder.dataFolder);
    await said(/Loaded/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    halfMade = { ...(await sampleStatus(options)), password: await readSamplePassword(options) };
    const onProgress = (told: SampleProgress): void => void progress.push(told);
    const both = await Promise.all([
      startSample({ ...options, onProgress }),
      startSample({ ...options, onProgress }),
    ]);
    server = both[0];
    expect(both[1].pid).toBe(server.pid);
  });
  afterAll(async () => {
    await folder.clean();
  });

  it('was absent while it was half-made, and is whole now', async () => {
    expect(halfMade).toMatchObject({ state: 'absent', password: undefined });
    expect(await rowsOf(server, { database: 'billing' }, 'SELECT FROM customers')).toHaveLength(400);
    if (linux) expect(await postmastersOn((await sampleStatus(options)).folder)).toEqual([server.pid]);
  });

  it('told of each step of its making, once for two callers', () => {
    const made = progress.filter((told) => told.total > 1);
    expect(made.map((told) => told.done)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(made.map((told) => told.step)).toContain('Loaded Iotistic');
  });

  it('says where it is and what it runs on', async () => {
    expect(await sampleStatus(options)).toMatchObject({
      state: 'running',
      port: server.port,
      pid: server.pid,
      serverVersion: server.serverVersion,
      binaries: expect.stringContaining('bin'),
    });
  });

  it('listens on the loopback address alone and lets nobody in without the password', async () => {
    const [row] = await rowsOf(server, { database: 'postgres' }, 'SHOW listen_addresses');
    expect(row).toEqual({ listen_addresses: '127.0.0.1' });
    const stranger = new Client({
      host: server.host,
      port: server.port,
      user: 'kronos',
      database: 'kronos_eam',
      password: 'guess',
    });
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
    expect(await readSamplePassword(options)).toBe(server.password);
  });

  it.runIf(process.platform !== 'win32')('keeps its password and its files to their owner', async () => {
    const record = await stat(join(options.dataFolder, 'sample', 'sample.json'));
    expect(record.mode & 0o777).toBe(0o600);
    const home = await stat((await sampleStatus(options)).folder);
    expect(home.mode & 0o777).toBe(0o700);
  });

  it.runIf(linux && process.getuid?.() === 0)('does not run as root even when root starts it', async () => {
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
    expect(uid).not.toBe('0');
  });

  it('is adopted by the next start, not started twice', async () => {
    const again = await startSample(options);
    expect([again.pid, again.port, again.password]).toEqual([server.pid, server.port, server.password]);
  });

  it('leaves no process when it is stopped, and comes back with its data on its port', async () => {
    await keep(server);
    const home = (await sampleStatus(options)).folder;
    await server.stop();
    expect(await isRunning(server.pid)).toBe(false);
    if (linux) expect(await processesOn(home)).toEqual([]);
    expect(await sampleStatus(options)).toMatchObject({ state: 'stopped', folder: home });
    expect(await stopSample(options)).toBe(false);
    const former = server;
    server = await startSample(options);
    expect(server.port).toBe(former.port);
    expect(await kept(server)).toBe(1);
  });

  it('outlives a console that dies hard and starts again after the server died hard', async () => {
    await server.stop();
    const { child, said } = startAndStay(options.dataFolder);
    const pid = Number((await said(/running (\d+)/))[1]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await sampleStatus(options)).toMatchObject({ state: 'running', pid });
    server = await startSample(options);
    expect(server.pid).toBe(pid);
    process.kill(pid, 'SIGKILL');
    await waitForExit(pid, 5000);
    server = await startSample(options);
    expect(server.pid).not.toBe(pid);
    expect(await kept(server)).toBe(1);
  });

  it.runIf(linux)('is not mistaken for another program that has its old process number', async () => {
    await server.stop();
    const home = (await sampleStatus(options)).folder;
    await writeFile(
      join(home, 'data', 'postmaster.pid'),
      `${process.pid}\n${home}/data\n0\n1\n\n127.0.0.1\n`,
    );
    expect((await sampleStatus(options)).state).toBe('stopped');
    server = await startSample(options);
    expect(server.pid).not.toBe(process.pid);
  });

  // As long as making one takes where others are at work too.
  it('is made anew when its folder was removed', { timeout: 120_000 }, async () => {
    await server.stop();
    await rm((await sampleStatus(options)).folder, { recursive: true, force: true });
    server = await startSample(options);
    expect(await kept(server)).toBe(0);
  });
});

it.runIf(linux)('a cancelled start leaves no process and no files', async () => {
  const { dataFolder: folder, clean } = await dataFolder();
  onTestFinished(clean);
  for (const moment of [/^Making/, /^Starting/, /^Loaded/]) {
    const end = new AbortController();
    const reason = new Error('the person changed their mind');
    const starting = startSample({
      dataFolder: folder,
      assets,
      signal: end.signal,
      onProgress: ({ step }) => {
        if (moment.test(step)) setTimeout(() => end.abort(reason), 20);
      },
    });
    await expect(starting).rejects.toBe(reason);
    const status = await sampleStatus({ dataFolder: folder, assets });
    expect(status.state).toBe('absent');
    expect(await processesOn(status.folder)).toEqual([]);
    await expect(stat(status.folder)).rejects.toMatchObject({ code: 'ENOENT' });
  }
});

it('names the file when a system’s manifest is damaged', async () => {
  const { dataFolder: folder, clean } = await dataFolder();
  onTestFinished(clean);
  await expect(startSample({ dataFolder: folder, assets: folder })).rejects.toMatchObject({
    code: 'sample-assets-damaged',
    why: expect.stringContaining('system.json'),
  });
});

/** Leaves a mark in the database that a cluster made anew would not have. */
async function keep({ host, port, user, password }: SampleServer): Promise<void> {
  const client = new Client({ host, port, user, password, database: 'billing' });
  await client.connect();
  await client.query('CREATE TABLE kept ()');
  await client.end();
}

async function kept(server: SampleServer): Promise<number> {
  const rows = await rowsOf(server, { database: 'billing' }, "SELECT FROM pg_class WHERE relname = 'kept'");
  return rows.length;
}

/** A console in a process of its own; `said` waits until it prints a line that matches. */
function startAndStay(folder: string): { child: ChildProcess; said(line: RegExp): Promise<RegExpExecArray> } {
  const script = join(import.meta.dirname, 'start-and-stay.ts');
  const child = spawn(process.execPath, [script, assets, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const said = async (line: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = line.exec(output);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`the console ended: ${output}`);
      await once(child.stdout ?? child, 'data');
    }
  };
  return { child, said };
}
