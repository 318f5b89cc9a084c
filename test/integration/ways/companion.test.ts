import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Companions, openCompanions } from '../../../main/companions/index.ts';
import { WayProblem } from '../../../main/lib/way-problem.ts';
import type { Companion } from '../../../preload/contract/connection.ts';
import type { CompanionLine } from '../../../preload/contract/environments.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort, startPostgres, type TestServer } from '../../support/postgres.ts';

/** A port nobody listens at, for a proxy of which only its own port counts. */
const nowhere = 1;

/** A forwarder such as cloud-sql-proxy: listens on one port, hands on to another. Notes each of its starts. */
const proxySource = `
import { appendFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
const [from, to, notes] = process.argv.slice(2);
if (notes) appendFileSync(notes, process.pid + '\\n');
const server = createServer((near) => {
  const far = connect(Number(to), '127.0.0.1');
  near.pipe(far).pipe(near);
  for (const end of [near, far]) end.on('error', () => { near.destroy(); far.destroy(); });
});
server.on('error', (error) => { console.error(error.message); process.exit(1); });
server.listen(Number(from), '127.0.0.1', () => console.log('forwarding ' + from + ' to ' + to));
`;

describe.skipIf(process.platform === 'win32')('a companion command', () => {
  let folder: string;
  let companions: Companions;
  let port: number;
  let changes = 0;
  const node = `"${process.execPath}"`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-companion-'));
    writeFileSync(join(folder, 'proxy.mjs'), proxySource);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    changes = 0;
    companions = openCompanions({ onChange: () => (changes += 1) });
    port = await freePort();
  });
  afterEach(() => companions.close());

  const companion = (command: string, more: Partial<Companion> = {}): Companion => ({
    command,
    folder,
    timeoutSeconds: 10,
    ...more,
  });
  const here = () => ({ host: '127.0.0.1', port });
  const proxy = (to: number, notes = ''): string => `exec ${node} proxy.mjs ${port} ${to} ${notes}`;
  const pidsIn = (file: string): number[] =>
    existsSync(join(folder, file))
      ? readFileSync(join(folder, file), 'utf8').trim().split('\n').map(Number)
      : [];
  const printed = async (one: Companion): Promise<CompanionLine[]> => {
    for await (const batch of companions.output(one, undefined)) return batch;
    return [];
  };
  const textOf = async (one: Companion): Promise<string> =>
    (await printed(one)).map(({ stream, text }) => `${stream}: ${text}`).join('\n');

  describe('that is a proxy to a server', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server?.remove());

    it('is started, waited for, used, and ended a moment after the last one has given it back', async () => {
      const one = companion(proxy(server.port, 'used'));
      expect(companions.status(one)).toBeUndefined();
      const lease = await companions.use(one, here());
      expect(companions.status(one)).toMatchObject({ state: 'ready', restarts: 0 });
      const url = new URL(server.url());
      url.port = String(port);
      url.hostname = '127.0.0.1';
      const client = new pg.Client(url.href);
      await client.connect();
      expect((await client.query('SELECT 7 AS seven')).rows).toEqual([{ seven: 7 }]);
      await client.end();
      expect(await textOf(one)).toContain(`out: forwarding ${port} to ${server.port}`);

      await lease.release();
      const [pid = 0] = pidsIn('used');
      expect(isAlive(pid)).toBe(true);
      await eventually(async () => !isAlive(pid));
      await eventually(async () => companions.status(one) === undefined);
      expect(changes).toBeGreaterThan(1);
    });

    it('is shared by all who need it, and not restarted for one who comes back at once', async () => {
      const one = companion(proxy(server.port, 'shared'));
      const [first, second] = await Promise.all([companions.use(one, here()), companions.use(one, here())]);
      expect(pidsIn('shared')).toHaveLength(1);
      await first.release();
      await first.release();
      await pause(1500);
      expect(isAlive(pidsIn('shared')[0] ?? 0)).toBe(true);
      await second.release();
      const third = await companions.use(one, here());
      await pause(1500);
      expect(companions.status(one)?.state).toBe('ready');
      expect(pidsIn('shared')).toHaveLength(1);
      await third.release();
    });

    it('is restarted when it dies, which is counted, and all who use it are told', async () => {
      const one = companion(proxy(server.port, 'died'));
      const told: string[] = [];
      const onLost = (problem: WayProblem): void => {
        told.push(problem.explanation.cause);
      };
      const leases = await Promise.all([
        companions.use(one, here(), { onLost }),
        companions.use(one, here(), { onLost }),
        companions.use(one, here(), {
          onLost: () => {
            throw new Error('one who fails when told');
          },
        }),
      ]);
      process.kill(pidsIn('died')[0] ?? 0, 'SIGKILL');
      await eventually(async () => told.length === 2);
      expect(told).toEqual(['companion-died', 'companion-died']);
      expect(companions.status(one)?.state).toBe('restarting');
      // One who comes meanwhile waits for it.
      leases.push(await companions.use(one, here()));
      expect(companions.status(one)).toMatchObject({ state: 'ready', restarts: 1 });

      process.kill(pidsIn('died')[1] ?? 0, 'SIGKILL');
      await eventually(async () => companions.status(one)?.restarts === 2);
      await eventually(async () => companions.status(one)?.state === 'ready');
      expect(await textOf(one)).toMatch(/howdah: It was ended by SIGKILL\.\nhowdah: Starting again in/);
      await Promise.all(leases.map((lease) => lease.release()));
    });

    it('counts as dead too when it ends well and its address is gone with it', async () => {
      const command = `${node} -e "require('net').createServer().listen(${port}, '127.0.0.1'); setTimeout(() => process.exit(0), 1500)"`;
      const lost = Promise.withResolvers<WayProblem>();
      const one = companion(command);
      const lease = await companions.use(one, here(), { onLost: lost.resolve });
      expect((await lost.promise).explanation).toMatchObject({
        cause: 'companion-died',
        why: expect.stringContaining('exit code 0'),
      });
      await eventually(async () => companions.status(one)?.restarts === 1);
      await lease.release();
    });
  });

  it('that ends well while what it started goes on is done, and run again only when the address is gone', async () => {
    const one = companion(
      `echo run >> done; ${proxy(nowhere).replace('exec ', '')} 2>&1 & echo $! >> done-pids`,
      {
        stop: 'echo stopped >> done',
      },
    );
    const lease = await companions.use(one, here());
    await eventually(async () => companions.status(one)?.state === 'done');
    const again = await companions.use(one, here());
    expect(readFileSync(join(folder, 'done'), 'utf8')).toBe('run\n');

    process.kill(pidsIn('done-pids')[0] ?? 0, 'SIGKILL');
    await pause(300);
    expect(companions.status(one)).toMatchObject({ state: 'done', restarts: 0 });
    const after = await companions.use(one, here());
    expect(readFileSync(join(folder, 'done'), 'utf8')).toBe('run\nrun\n');
    const pid = pidsIn('done-pids')[1] ?? 0;
    expect(isAlive(pid)).toBe(true);

    await Promise.all([lease, again, after].map((one) => one.release()));
    await eventually(async () => !isAlive(pid));
    await eventually(async () => companions.status(one) === undefined);
    expect(readFileSync(join(folder, 'done'), 'utf8')).toBe('run\nrun\nstopped\n');
    expect(await textOf(one)).toContain('howdah: Stop command: It ended with exit code 0.');
  });

  it('that dies before it is ready says with which code and which last words', async () => {
    const one = companion('echo first; echo "bind: address in use" >&2; exit 3');
    const problem = await problemOf(companions.use(one, here()));
    expect(problem.retry).toBe(true);
    expect(problem.explanation).toMatchObject({
      cause: 'companion-died',
      what: 'The companion command ended before it was ready.',
      why: expect.stringMatching(/^It ended with exit code 3\. Its last output: .*bind: address in use/),
    });
    expect(companions.status(one)?.state).toBe('failed');
  });

  it.each([
    ['is not there', 'no-such-command-of-ours --port 1'],
    ['may not be executed', './proxy.mjs'],
  ])('that %s could not be started, and trying again is in vain', async (_, command) => {
    const problem = await problemOf(companions.use(companion(command), here()));
    expect(problem.explanation.cause).toBe('companion-not-started');
    expect(problem.explanation.why).toMatch(/exit code 12[67]\. Its last output: .*(not found|denied)/);
    expect(problem.retry).toBe(false);
  });

  it('whose folder is missing says which', async () => {
    const problem = await problemOf(companions.use(companion('true', { folder: `${folder}/none` }), here()));
    expect(problem.explanation).toMatchObject({
      cause: 'companion-not-started',
      why: `The folder ${folder}/none is not there.`,
    });
  });

  it('whose address to wait for makes no sense is not started', async () => {
    const one = companion('touch senseless', { waitFor: 'over there' });
    const problem = await problemOf(companions.use(one, here()));
    expect(problem.explanation.cause).toBe('companion-not-started');
    expect(problem.explanation.why).toContain('"over there"');
    expect(existsSync(join(folder, 'senseless'))).toBe(false);
  });

  it('that never makes the address answer is ended when its time is over', async () => {
    const one = companion('echo $$ > never; sleep 60', { timeoutSeconds: 1 });
    const problem = await problemOf(companions.use(one, here()));
    expect(problem.retry).toBe(true);
    expect(problem.explanation).toMatchObject({
      cause: 'companion-not-ready',
      what: `The companion command did not make 127.0.0.1:${port} accept connections within 1 s.`,
    });
    expect(isAlive(pidsIn('never')[0] ?? 0)).toBe(false);
    expect(companions.status(one)?.state).toBe('failed');
  });

  it('whose address stops answering while it runs is ended and started again', async () => {
    // Listens at its first start for a moment only, as a port-forward whose peer has gone.
    const command = `echo $$ >> hung; exec ${node} -e "
      const server = require('net').createServer().listen(${port}, '127.0.0.1');
      setInterval(() => {}, 1000);
      if (require('fs').readFileSync('hung', 'utf8').trim().split('\\n').length === 1) setTimeout(() => server.close(), 1000);"`;
    const one = companion(command, { timeoutSeconds: 2 });
    const lost = Promise.withResolvers<WayProblem>();
    const lease = await companions.use(one, here(), { onLost: lost.resolve });
    await pause(1200);
    const problem = await problemOf(companions.use(one, here()));
    expect(problem.explanation.cause).toBe('companion-not-ready');
    expect((await lost.promise).explanation.cause).toBe('companion-not-ready');
    const again = await companions.use(one, here());
    expect(pidsIn('hung')).toHaveLength(2);
    expect(isAlive(pidsIn('hung')[0] ?? 0)).toBe(false);
    expect(companions.status(one)).toMatchObject({ state: 'ready', restarts: 1 });
    await Promise.all([lease.release(), again.release()]);
  });

  it('waits for a socket, in a directory or by its path', async () => {
    const sockets = join(folder, 'sockets');
    mkdirSync(sockets, { recursive: true });
    const listen = `exec ${node} -e "require('net').createServer().listen('${sockets}/.s.PGSQL.5432')"`;
    const lease = await companions.use(companion(listen), { host: sockets, port: 5432 });
    await lease.release();
    await companions.close();
    companions = openCompanions();
    rmSync(`${sockets}/.s.PGSQL.5432`, { force: true });
    const byPath = companion(listen, { waitFor: `${sockets}/.s.PGSQL.5432` });
    const other = await companions.use(byPath, here());
    expect(companions.status(byPath)?.state).toBe('ready');
    await other.release();
  });

  it('is started though something answers there already, which its output says', async () => {
    const stranger = await listen(port);
    try {
      const fine = companion('echo up');
      const lease = await companions.use(fine, here());
      expect(companions.status(fine)?.state).toBe('done');
      expect(await textOf(fine)).toContain(
        `howdah: Something accepts connections at 127.0.0.1:${port} already, before the start.`,
      );
      await lease.release();

      // A proxy can't have the port then, and must not be taken for ready because the other one answers.
      const problem = await problemOf(companions.use(companion(proxy(nowhere)), here()));
      expect(problem.explanation.cause).toBe('companion-died');
      expect(problem.explanation.why).toContain('EADDRINUSE');
    } finally {
      stranger.close();
    }
  });

  it('ends when the one who waited for it goes away, but not while another still waits', async () => {
    const one = companion('echo $$ > aborted; sleep 60', { timeoutSeconds: 30 });
    const [first, second] = [new AbortController(), new AbortController()];
    const waits = [first, second].map(({ signal }) => companions.use(one, here(), { signal }));
    const ends = Promise.allSettled(waits);
    await eventually(async () => pidsIn('aborted').length === 1);
    const [pid = 0] = pidsIn('aborted');
    first.abort();
    await expect(waits[0]).rejects.toMatchObject({ name: 'AbortError' });
    expect(isAlive(pid)).toBe(true);
    second.abort();
    await ends;
    expect(isAlive(pid)).toBe(false);
    expect(companions.status(one)).toBeUndefined();
  });

  it('takes all that it forked along, also what ignores being asked to end', async () => {
    const stubborn = `${node} -e "process.on('SIGTERM', () => {}); require('fs').writeFileSync('stubborn', String(process.pid)); setInterval(() => {}, 1000)"`;
    const one = companion(`(${stubborn} &) ; ${proxy(nowhere).replace('exec ', '')}`);
    const lease = await companions.use(one, here());
    await eventually(async () => pidsIn('stubborn').length === 1);
    const [pid = 0] = pidsIn('stubborn');
    await lease.release();
    await companions.close();
    expect(isAlive(pid)).toBe(false);
  });

  it('leaves nothing behind when the console is killed, and its stop command is run all the same', async () => {
    const stubborn = `${node} -e "process.on('SIGTERM', () => {}); require('fs').appendFileSync('orphans', process.pid + '\\n'); setInterval(() => {}, 1000)"`;
    const running = companion(
      `(${stubborn} &) ; echo $$ >> orphans; ${proxy(nowhere).replace('exec ', '')}`,
      {
        stop: 'touch stopped-after-kill',
      },
    );
    const otherPort = await freePort();
    const done = companion(`${node} proxy.mjs ${otherPort} 1 orphans >/dev/null 2>&1 &`, {
      waitFor: `127.0.0.1:${otherPort}`,
    });
    const owner = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '-e',
        `import { openCompanions } from ${JSON.stringify(join(import.meta.dirname, '../../../main/companions/index.ts'))};
         const companions = openCompanions();
         for (const one of ${JSON.stringify([running, done])}) await companions.use(one, { host: '127.0.0.1', port: ${port} });
         console.log('in use');
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(owner.stdout, 'data');
      await eventually(async () => pidsIn('orphans').length === 3);
      expect(pidsIn('orphans').every(isAlive)).toBe(true);
      expect(watchersOf(folder)).toBe(2);
    } finally {
      owner.kill('SIGKILL');
    }
    await eventually(async () => pidsIn('orphans').every((pid) => !isAlive(pid)));
    await eventually(async () => existsSync(join(folder, 'stopped-after-kill')));
    await eventually(async () => watchersOf(folder) === 0);
  });

  it('leaves no watcher behind when it has ended by itself', async () => {
    await problemOf(companions.use(companion('exit 1'), here()));
    await eventually(async () => watchersOf(folder) === 0, 3000);
  });

  it('is not restarted without end when it can no longer be ready', async () => {
    const one = companion(`echo $$ >> storm; [ $(wc -l < storm) -gt 1 ] && exit 9; ${proxy(nowhere)}`);
    const lease = await companions.use(one, here());
    process.kill(pidsIn('storm')[0] ?? 0, 'SIGKILL');
    await pause(6000);
    const starts = pidsIn('storm').length;
    expect(starts).toBeGreaterThan(1);
    expect(starts).toBeLessThan(6);
    expect(companions.status(one)?.state).toBe('restarting');
    await lease.release();
  });

  it('shows no secret in its output or its errors, and gets none from the surroundings', async () => {
    process.env.PGPASSWORD = 'from-around';
    process.env.HOWDAH_TEST_ONLY = 'from-howdah';
    try {
      const one = companion(
        'echo "user:$WORD"; env; echo "postgres://ada:pässw%40rd@db/x"; echo "say s3cr3t"; exit 4',
      );
      const problem = await problemOf(companions.use(one, here(), { secrets: ['s3cr3t', 'pässw@rd'] }));
      const all = JSON.stringify([problem.explanation, await printed(one)]);
      expect(all).toContain('say •••');
      expect(all).not.toMatch(/s3cr3t|pässw|from-around|from-howdah/);
    } finally {
      delete process.env.PGPASSWORD;
      delete process.env.HOWDAH_TEST_ONLY;
    }
  });

  it('that prints binary for ever keeps its followers and the memory small', async () => {
    // On a busy machine one writer may keep the others out of a pipe for long: lines come by one of their own.
    const one = companion(
      `renice -n 19 $$ > /dev/null; cat /dev/urandom >&2 & cat /dev/zero >&2 & yes & ${proxy(nowhere)}`,
    );
    const before = process.memoryUsage().rss;
    const lease = await companions.use(one, here());
    // On a busy machine it may take a while until more comes than is shown.
    const enough = new AbortController();
    const end = AbortSignal.any([enough.signal, AbortSignal.timeout(20_000)]);
    const from = performance.now();
    let lines = 0;
    let batches = 0;
    let leftOut = 0;
    for await (const batch of companions.output(one, end)) {
      batches += 1;
      lines += batch.length;
      for (const { text, stream } of batch) {
        expect(text.length).toBeLessThanOrEqual(2000);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be dropped.
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        if (stream === 'howdah') leftOut += Number(/^(\d+) lines left out/.exec(text)?.[1] ?? 0);
      }
      if (leftOut > 0 && performance.now() - from > 3000) enough.abort();
    }
    const seconds = (performance.now() - from) / 1000;
    expect(leftOut).toBeGreaterThan(0);
    expect(lines).toBeLessThan(500 + 200 + seconds * 220);
    expect(batches).toBeLessThan(seconds * 20 + 2);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150);
    await lease.release();
  });

  it('closing ends all of them and refuses new ones', async () => {
    const one = companion('echo $$ > closed; sleep 60');
    const waiting = problemOf(companions.use(one, here()));
    await eventually(async () => pidsIn('closed').length === 1);
    await companions.close();
    expect(isAlive(pidsIn('closed')[0] ?? 0)).toBe(false);
    expect((await waiting).explanation.why).toBe('Howdah is closing.');
    expect((await problemOf(companions.use(one, here()))).explanation.why).toBe('Howdah is closing.');
  });
});

async function problemOf(work: Promise<unknown>): Promise<WayProblem> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WayProblem);
  return error as WayProblem;
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether a process runs; one that has ended and was not yet noticed by its parent does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  const text = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ') Z';
  return !/^\) [ZX]/.test(text.slice(text.lastIndexOf(')')));
}

/** How many watchers stand beside the companions of a folder. Their working directory tells whose they are. */
function watchersOf(folder: string): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('howdah-watcher') &&
          readlinkSync(`/proc/${name}/cwd`) === folder
        );
      } catch {
        return false;
      }
    }).length;
}
