import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { swapBack } from '../../../main/backups/restore/index.ts';
import type { RestoreOptions } from '../../../preload/contract/backups.ts';
import { reach } from '../../support/backup-programs.ts';
import { client, leftOf, needsFor, optionsFor, restored } from '../../support/backup-restores.ts';
import { eventually } from '../../support/eventually.ts';
import { moments, patience } from '../../support/moments.ts';
import { standardBinaries, startPostgres, type TestServer } from '../../support/postgres.ts';
import { startProxy } from '../../support/proxy.ts';

let server: TestServer;
let folder: string;
const at = (name: string): string => join(folder, name);
const modes = ['new', 'swap', 'clean', 'recreate'] as const;
type Mode = (typeof modes)[number];
const nothingLeft = { databases: [], locks: 0, sessions: 0 };
const random = (from: number, to: number): number => from + Math.floor(Math.random() * (to - from));

beforeAll(async () => {
  server = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), 'howdah-kills-'));
  await server.query('CREATE DATABASE fresh_source');
  await server.query(
    `CREATE TABLE marker (v text); INSERT INTO marker VALUES ('new');
     CREATE TABLE items (id int PRIMARY KEY, name text); INSERT INTO items SELECT i, md5(i::text) FROM generate_series(1, 30000) i;
     CREATE TABLE last (id int); INSERT INTO last VALUES (1)`,
    'fresh_source',
  );
  await server.query('CREATE DATABASE old_source');
  await server.query(
    `CREATE TABLE marker (v text); INSERT INTO marker VALUES ('old');
     CREATE TABLE items (id int PRIMARY KEY, name text); INSERT INTO items SELECT i, '' FROM generate_series(1, 30000) i;
     CREATE TABLE last (id int); INSERT INTO last VALUES (1)`,
    'old_source',
  );
  await client(server, 'pg_dump', ['-Fd', '-f', at('fresh.dir')], 'fresh_source');
  await client(server, 'pg_dump', ['--clean', '--if-exists', '-f', at('fresh.sql')], 'fresh_source');
}, 60_000);

afterAll(async () => {
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const nameOf = (mode: Mode): string => `to_${mode}`;

async function prepare(mode: Mode): Promise<void> {
  await server.query(`DROP DATABASE IF EXISTS ${nameOf(mode)} WITH (FORCE)`);
  if (mode !== 'new') await server.query(`CREATE DATABASE ${nameOf(mode)} TEMPLATE old_source`);
}

/** Says of a database that it is wholly the old one or wholly the new one; null: it is not there. */
async function wholeState(database: string): Promise<string | null> {
  const there = await server.query(`SELECT FROM pg_database WHERE datname = '${database}'`);
  if (there.length === 0) return null;
  const [row] = await server.query<{ v: string; n: number; last: number }>(
    'SELECT (SELECT v FROM marker) AS v, (SELECT count(*)::int FROM items) AS n, (SELECT count(*)::int FROM last) AS last',
    database,
  );
  expect(row).toMatchObject({ n: 30000, last: 1 });
  return row?.v ?? 'nothing';
}

/** What the mode promises for a run that did not come to its end. */
async function expectPromise(mode: Mode, isFinished: boolean | undefined): Promise<void> {
  const state = await wholeState(nameOf(mode));
  const before = mode === 'new' ? null : 'old';
  if (isFinished === undefined) expect([before, 'new']).toContain(state);
  else expect(state).toBe(isFinished ? 'new' : before);
}

async function dropKept(): Promise<void> {
  const kept = await server.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datname LIKE 'to_swap_before%'",
  );
  for (const { datname } of kept) {
    expect(await wholeState(datname)).toBe('old');
    await server.query(`DROP DATABASE ${datname}`);
  }
}

const given = (mode: Mode, index: number): Partial<RestoreOptions> & { database: string } => ({
  database: nameOf(mode),
  mode,
  ...(mode !== 'clean' && index % 2 === 0 ? { jobs: 2 } : {}),
  after: 'SELECT pg_sleep(0.05)',
});
const fileFor = (index: number): string => at(index % 3 === 2 ? 'fresh.sql' : 'fresh.dir');

describe('whatever moment it is, the target is as the mode promises', () => {
  it(
    'when the restore is cancelled or its programs are killed',
    async () => {
      let cut = 0;
      // As long as one takes that nobody disturbs: on a fast machine most would be over before they are cut.
      let from = 0;
      await prepare('swap');
      await restored(await needsFor(server, fileFor(0)), given('swap', 0), {
        onEvent: (event) => {
          if (event.kind === 'phase' && /Restoring into/.test(event.said)) from = performance.now();
        },
      });
      const span = Math.min(500, performance.now() - from);
      await dropKept();
      for (let index = 0; index < moments(12); index += 1) {
        const mode = modes[index % 4] ?? 'new';
        await prepare(mode);
        const stop = new AbortController();
        const byKill = index % 2 === 1;
        const after = random(0, span);
        let timer: NodeJS.Timeout | undefined;
        const { finished, failed } = await restored(
          await needsFor(server, fileFor(index)),
          given(mode, index),
          {
            signal: stop.signal,
            onEvent: (event) => {
              if (event.kind !== 'phase' || !/Restoring into/.test(event.said)) return;
              timer = setTimeout(() => {
                if (!byKill) return stop.abort();
                for (const pid of programsOf(folder)) process.kill(pid, 'SIGKILL');
              }, after);
            },
          },
        );
        clearTimeout(timer);
        if (failed) cut += 1;
        expect(failed === undefined).toBe(finished !== undefined);
        await expectPromise(mode, finished !== undefined);
        if (failed && mode !== 'new') expect(failed.state).toMatch(/is as it was/);
        expect(await leftOf(server)).toEqual(nothingLeft);
        await dropKept();
      }
      expect(cut).toBeGreaterThan(2);
    },
    patience(120_000),
  );

  it('when it is cancelled too late: what is restored in place is told as restored', async () => {
    await prepare('clean');
    const stop = new AbortController();
    const { finished, failed } = await restored(await needsFor(server, fileFor(0)), given('clean', 0), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'phase' && /^Analysing/.test(event.said)) stop.abort();
      },
    });
    expect([failed, finished?.errors]).toEqual([undefined, 0]);
    await expectPromise('clean', true);
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it(
    'when the server dies',
    async () => {
      for (let index = 0; index < moments(4); index += 1) {
        const mode = modes[index % 4] ?? 'new';
        await prepare(mode);
        let dying: Promise<void> | undefined;
        const { finished } = await restored(await needsFor(server, fileFor(index)), given(mode, index), {
          onEvent: (event) => {
            if (event.kind === 'phase' && /Restoring into/.test(event.said))
              setTimeout(
                () => {
                  dying = server.stop('immediate').then(() => server.start());
                },
                random(0, 400),
              );
          },
        });
        await eventually(async () => dying !== undefined);
        await dying;
        await expectPromise(mode, finished !== undefined);
        await eventually(async () => (await leftOf(server)).locks === 0);
        await dropKept();
      }
      await expectNextRun();
    },
    patience(120_000),
  );

  it(
    'when the network is cut',
    async () => {
      let cut = 0;
      for (let index = 0; index < moments(8); index += 1) {
        const mode = modes[index % 4] ?? 'new';
        await prepare(mode);
        const proxy = await startProxy(server.port);
        const { finished, failed } = await restored(
          await needsFor(server, fileFor(index), { reached: await reach({ ...server, port: proxy.port }) }),
          given(mode, index),
          {
            onEvent: (event) => {
              if (event.kind === 'phase' && /Restoring into/.test(event.said))
                setTimeout(() => proxy.reset(), random(0, 400));
            },
          },
        );
        await proxy.close();
        if (failed) cut += 1;
        expect(failed === undefined).toBe(finished !== undefined);
        // Its last words may have been lost on their way: what it could not tell is then one or the other, never half.
        await expectPromise(mode, finished ? true : undefined);
        await eventually(async () => (await leftOf(server)).sessions === 0);
        expect((await leftOf(server)).locks).toBe(0);
        await dropKept();
      }
      expect(cut).toBeGreaterThan(1);
      await expectNextRun();
    },
    patience(120_000),
  );

  it(
    'when Howdah itself is killed',
    async () => {
      const script = await buildChild();
      for (let round = 0; round < moments(5); round += 1) {
        const children = await Promise.all(
          modes.map(async (mode, index) => {
            await prepare(mode);
            return await startChild(script, fileFor(round + index), given(mode, round));
          }),
        );
        await Promise.all(
          children.map(async (child) => {
            if (child.exitCode !== null) return;
            const gone = once(child, 'exit');
            setTimeout(() => child.kill('SIGKILL'), random(0, 1200));
            await gone;
          }),
        );
        // The watchers beside the programs end these, and then the server its sessions.
        await eventually(
          async () => (await leftOf(server)).sessions === 0 && programsOf(folder).length === 0,
        );
        expect((await leftOf(server)).locks).toBe(0);
        for (const mode of modes) await expectPromise(mode, undefined);
        await dropKept();
      }
      await expectNextRun();
    },
    patience(120_000),
  );
});

/** The next one finds what was left, drops it, and comes through. */
async function expectNextRun(): Promise<void> {
  await prepare('new');
  const { finished, failed } = await restored(await needsFor(server, at('fresh.dir')), {
    database: nameOf('new'),
  });
  expect(failed).toBeUndefined();
  expect(finished).toBeDefined();
  await expectPromise('new', true);
  expect(await leftOf(server)).toEqual(nothingLeft);
}

it('clients that come and go all the while see the old one or the new one, and get in again', async () => {
  await server.query('CREATE DATABASE busy TEMPLATE old_source');
  const over = new AbortController();
  const seen = { old: 0, new: 0 };
  const codes = new Set<string>();
  const clients = Array.from({ length: 5 }, async () => {
    while (!over.signal.aborted) {
      const session = new pg.Client({ connectionString: server.url('busy') });
      session.on('error', () => undefined);
      try {
        await session.connect();
        for (let some = 0; some < 20; some += 1) {
          const { rows } = await session.query<{ v: 'old' | 'new'; n: number }>(
            'SELECT (SELECT v FROM marker) AS v, (SELECT count(*)::int FROM items) AS n',
          );
          const [row] = rows;
          if (row?.n !== 30000) throw new Error(`half of it: ${row?.n}`);
          seen[row.v] += 1;
        }
      } catch (error) {
        codes.add((error as { code?: string }).code ?? (error as Error).message);
      } finally {
        await session.end().catch(() => undefined);
      }
    }
  });
  const { finished, failed } = await restored(await needsFor(server, at('fresh.dir')), {
    database: 'busy',
    mode: 'swap',
  });
  expect(failed).toBeUndefined();
  const before = { ...seen };
  await eventually(async () => seen.new > before.new + 20);
  const back = await swapBack(await reach(server), { database: 'busy', kept: finished?.kept ?? '' });
  const swapped = { ...seen };
  await eventually(async () => seen.old > swapped.old + 20);
  over.abort();
  await Promise.all(clients);
  // Ended by an administrator, or the name was just given to another.
  for (const code of codes)
    expect(code).toMatch(
      /^(57P01|3D000|Connection terminated unexpectedly|Client has encountered .*|ECONNRESET)$/,
    );
  expect(await wholeState('busy')).toBe('old');
  expect(await wholeState(back.kept)).toBe('new');
  expect(await leftOf(server)).toEqual(nothingLeft);
}, 60_000);

/** The programs of restores from a folder that run now, as the system sees them. */
function programsOf(path: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const isProgram = /^[^\0]*\/(?:pg_restore|psql)\0/.test(line);
        return (
          isProgram &&
          (line.includes(path) || /dbname=(?:howdah_restore_|to_)/.test(line)) &&
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`PGPORT=${server.port}`)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function startChild(
  script: string,
  path: string,
  options: Partial<RestoreOptions> & { database: string },
): Promise<ChildProcess> {
  const { source } = await needsFor(server, path);
  const task = { url: server.url(), source, options: optionsFor(options), bin: standardBinaries() };
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, JSON.stringify(task)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit').then(() => {
    throw new Error('The process ended before it began.');
  });
  ended.catch(() => undefined);
  await Promise.race([once(child.stdout ?? child, 'data'), ended]);
  return child;
}

/** A console's restore in a process of its own, in one file, so that it starts soon; it prints a line once it has begun. */
async function buildChild(): Promise<string> {
  const main = (file: string): string => JSON.stringify(join(import.meta.dirname, '../../..', file));
  writeFileSync(
    at('child.ts'),
    `
import { createReadStream } from 'node:fs';
import { planRestore, restore } from ${main('main/backups/restore/index.ts')};
import { parseConnectionUrl } from ${main('preload/contract/connection-url.ts')};
const { url, source, options, bin } = JSON.parse(process.argv[2]);
const { connection } = parseConnectionUrl(url);
const target = { host: connection.host, port: connection.port };
const needs = {
  reached: { address: { connection, password: 'postgres' }, way: { target, tls: false, pooled: false } },
  programs: {
    about: { id: bin, kind: 'local', where: bin, source: 'test', version: '15.18', versionNum: 150018, programs: [] },
    commandOf: (program, args) => [bin + '/' + program, ...args],
  },
  source: { ...source, open: async () => createReadStream(source.path) },
};
const { token } = await planRestore(needs, options);
for await (const event of restore({ needs, options, token, run: 'child' })) {
  if (event.kind === 'begun') process.stdout.write('begun\\n');
  if (event.kind === 'failed') process.stderr.write(JSON.stringify(event) + '\\n');
}
process.exit();
`,
  );
  await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    ssr: { noExternal: true, external: ['pg-native'] },
    build: { ssr: at('child.ts'), outDir: at('built'), target: 'node24', minify: false },
  });
  return at('built/child.mjs');
}
