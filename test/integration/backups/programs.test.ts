import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProgramWay, runProgram } from '../../../main/backups/programs/index.ts';
import { reach, testPrograms } from '../../support/backup-programs.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const password = 'a:b\\c ü"\'d';
const programs = testPrograms();
let server: TestServer;

beforeAll(async () => {
  server = await startPostgres();
  await server.query(`CREATE ROLE odd LOGIN PASSWORD 'a:b\\c ü"''d'`);
  await server.query(`CREATE DATABASE "a=b 'c"`);
});
afterAll(() => server.remove());

const psql = ['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1'];
const sessions = (name: string | undefined) =>
  server.query(`SELECT pid FROM pg_stat_activity WHERE application_name = '${name}'`);

test('a program goes where the session went, whatever the surroundings say, and the password is in a private file alone', async () => {
  process.env.PGHOST = '/nowhere';
  process.env.PGOPTIONS = '--nonsense';
  process.env.PGPASSWORD = 'wrong';
  process.env.LC_ALL = 'de_DE.UTF-8';
  const way = await openProgramWay(await reach(server, { database: "a=b 'c", user: 'odd', password }));
  try {
    const { PGPASSFILE = '' } = way.variables;
    expect(statSync(PGPASSFILE).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(PGPASSFILE)).mode & 0o777).toBe(0o700);
    expect(JSON.stringify({ ...way.variables })).not.toContain('a:b');
    const sql = 'SELECT current_user, current_database(); SELECT nothing';
    const result = await runProgram(programs, 'psql', [...psql, '-c', sql], { way });
    expect(result).toMatchObject({ code: 1, output: "odd|a=b 'c\n", isHung: false });
    expect(result.errors[0]).toContain('ERROR:  column "nothing" does not exist');
    await way.close();
    expect(existsSync(dirname(PGPASSFILE))).toBe(false);
  } finally {
    for (const name of ['PGHOST', 'PGOPTIONS', 'PGPASSWORD', 'LC_ALL']) delete process.env[name];
    await way.close();
  }
});

test('what a program prints holds no secret', async () => {
  const way = await openProgramWay(await reach(server, { user: 'odd', password }));
  try {
    const lines: string[] = [];
    const sql = `DO $$ BEGIN RAISE NOTICE 'it is %', 'a:b\\c ü"''d'; END $$`;
    await runProgram(programs, 'psql', [...psql, '-c', sql], { way, onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['NOTICE:  it is •••']);
  } finally {
    await way.close();
  }
});

test('a cancelled program is gone, here and on the server', async () => {
  const way = await openProgramWay(await reach(server));
  try {
    const stop = new AbortController();
    const running = runProgram(programs, 'psql', [...psql, '-c', 'SELECT pg_sleep(60)'], {
      way,
      signal: stop.signal,
    });
    while ((await sessions(way.variables.PGAPPNAME)).length === 0) await wait(10);
    const from = performance.now();
    stop.abort();
    expect((await running).code).not.toBe(0);
    expect(performance.now() - from).toBeLessThan(4000);
    expect(await sessions(way.variables.PGAPPNAME)).toEqual([]);
    await expect(runProgram(programs, 'psql', psql, { way, signal: stop.signal })).rejects.toThrow();
  } finally {
    await way.close();
  }
});

test('a program that says nothing for too long is ended, unless something vouches for it', async () => {
  const way = await openProgramWay(await reach(server));
  try {
    let asked = 0;
    const result = await runProgram(programs, 'psql', [...psql, '-c', 'SELECT pg_sleep(60)'], {
      way,
      watchdog: { ms: 100, alive: () => ++asked < 3 },
    });
    expect(result.isHung).toBe(true);
    expect(asked).toBe(3);
    expect(await sessions(way.variables.PGAPPNAME)).toEqual([]);
  } finally {
    await way.close();
  }
});

test('an input that breaks is no end of the input, and an output that cannot be written ends the program', async () => {
  const way = await openProgramWay(await reach(server));
  try {
    await server.query('CREATE TABLE half (n int)');
    const broken = Readable.from(
      (async function* () {
        yield 'COPY half FROM stdin;\n1\n';
        await wait(200);
        throw new Error('the disk is gone');
      })(),
    );
    await expect(runProgram(programs, 'psql', psql, { way, stdin: broken })).rejects.toThrow(
      'the disk is gone',
    );
    expect(await server.query('SELECT * FROM half')).toEqual([]);
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
    const sql = 'COPY (SELECT repeat($$x$$, 1000) FROM generate_series(1, 1000000)) TO STDOUT';
    await expect(runProgram(programs, 'psql', [...psql, '-c', sql], { way, stdout: full })).rejects.toThrow(
      'no space left',
    );
    expect(await sessions(way.variables.PGAPPNAME)).toEqual([]);
  } finally {
    await way.close();
  }
});

test('a slow reader slows the program, and gets all of it', async () => {
  const way = await openProgramWay(await reach(server));
  try {
    const slow = new PassThrough({ highWaterMark: 1000 });
    let bytes = 0;
    const read = (async () => {
      for await (const chunk of slow) {
        if (bytes < 100_000) await wait(1);
        bytes += chunk.length;
      }
    })();
    const sql = 'SELECT repeat($$x$$, 999) FROM generate_series(1, 3000)';
    const result = await runProgram(programs, 'psql', [...psql, '-c', sql], { way, stdout: slow });
    await read;
    expect(result).toMatchObject({ code: 0, output: '' });
    expect(bytes).toBe(3_000_000);
  } finally {
    await way.close();
  }
});

test('through a tunnel the way has an entrance of its own, for this account alone', async () => {
  const dialed: string[] = [];
  const plain = await reach(server);
  const way = await openProgramWay({
    ...plain,
    address: {
      ...plain.address,
      connection: { ...plain.address.connection, host: 'db.internal' },
      dial: async ({ host, port }) => {
        dialed.push(`${host}:${port}`);
        return connect(server.port, '127.0.0.1');
      },
    },
    way: { ...plain.way, target: { host: 'db.internal', port: 5432 } },
  });
  const { PGHOST = '' } = way.variables;
  expect(readdirSync(PGHOST)).toContain('.s.PGSQL.5432');
  expect(statSync(PGHOST).mode & 0o777).toBe(0o700);
  const result = await runProgram(programs, 'psql', [...psql, '-c', 'SELECT 1'], { way });
  expect(result).toMatchObject({ code: 0, output: '1\n' });
  expect(dialed).toEqual(['db.internal:5432']);
  await way.close();
  expect(existsSync(PGHOST)).toBe(false);
});

test('the folders of consoles that died are cleared by the next way', async () => {
  const way = await openProgramWay(await reach(server));
  const folder = dirname(way.variables.PGPASSFILE ?? '');
  const dead = folder.replace(/private-\d+-/, 'private-4194301-');
  cpSync(folder, dead, { recursive: true });
  const next = await openProgramWay(await reach(server));
  expect(existsSync(dead)).toBe(false);
  expect(readFileSync(way.variables.PGPASSFILE ?? '', 'utf8')).toContain('postgres');
  await way.close();
  await next.close();
});
