import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AddedTools, type Machine, openTools } from '../../../main/backups/tools/index.ts';
import { standardBinaries, startPostgres, type TestServer } from '../../support/postgres.ts';
import { noSshd, type Sshd, startSshd } from '../../support/sshd.ts';

/** A machine of the test's own: real files and real small programs below a folder. */
let root: string;
let server: TestServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server.remove());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'howdah-test-tools-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const machine = (more: Partial<Machine> = {}): Machine => ({
  platform: 'linux',
  env: { PATH: `${root}/bin:/usr/bin:/bin` },
  root,
  ...more,
});

function script(path: string, body: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `#!/bin/sh\n${body}\n`);
  chmodSync(join(root, path), 0o755);
}

const all = ['pg_dump', 'pg_restore', 'pg_dumpall', 'psql'];

/** A folder of programs that say their version. */
function programs(folder: string, version: string, names = all, ending = ''): void {
  for (const name of names)
    script(
      `${folder}/${name}${ending}`,
      `echo call >> ${root}/calls; echo "${name} (PostgreSQL) ${version}"`,
    );
}

const find = async (given: Machine, added: AddedTools[] = [], patience?: number) => {
  const found = await openTools({
    machine: given,
    added: () => added,
    ...(patience === undefined ? {} : { patience }),
  }).find();
  const sets = found.all.map(
    ({ about }) => `${about.version} ${about.source} ${about.where.replace(root, '')}`,
  );
  return { sets, ...found };
};

it('finds the programs of every system’s packages, newest first', async () => {
  programs('usr/lib/postgresql/15/bin', '15.18 (Debian 15.18-0+deb12u1)');
  programs('usr/pgsql-17/bin', '17.11');
  programs('opt/homebrew/Cellar/postgresql@16/16.14/bin', '16.14 (Homebrew)');
  programs('opt/homebrew/Cellar/libpq/18.4/bin', '18.4 (Homebrew)');
  mkdirSync(join(root, 'opt/homebrew/opt'), { recursive: true });
  for (const [link, to] of [
    ['postgresql@16', 'postgresql@16/16.14'],
    ['libpq', 'libpq/18.4'],
  ] as const)
    symlinkSync(`../Cellar/${to}`, join(root, 'opt/homebrew/opt', link));
  programs('Applications/Postgres.app/Contents/Versions/14/bin', '14.23 (Postgres.app)');
  programs('Library/PostgreSQL/13/bin', '13.23');
  const { sets, problems } = await find(machine());
  expect(sets).toEqual([
    '18.4 Homebrew /opt/homebrew/opt/libpq/bin',
    '17.11 Red Hat /usr/pgsql-17/bin',
    '16.14 Homebrew /opt/homebrew/opt/postgresql@16/bin',
    '15.18 Debian /usr/lib/postgresql/15/bin',
    '14.23 Postgres.app /Applications/Postgres.app/Contents/Versions/14/bin',
    '13.23 EDB /Library/PostgreSQL/13/bin',
    // This machine's own, by the links of its PATH.
    ...sets.slice(6),
  ]);
  expect(problems).toEqual([]);
});

it('finds EDB’s folders on Windows, whose programs end in .exe', async () => {
  programs('Program Files/PostgreSQL/16/bin', '16.4', all, '.exe');
  const { all: found } = await find(
    machine({ platform: 'win32', env: { ProgramFiles: join(root, 'Program Files'), PATH: '' } }),
  );
  expect(found.map(({ about }) => [about.source, about.versionNum, about.programs])).toEqual([
    ['EDB', 160004, all],
  ]);
});

it('a folder is one however many links lead to it, and Debian’s wrapper is none', async () => {
  programs('usr/lib/postgresql/15/bin', '15.18');
  script('usr/share/postgresql-common/pg_wrapper', 'echo "pg_dump (PostgreSQL) 99.1"');
  mkdirSync(join(root, 'bin'));
  for (const name of all) symlinkSync('../usr/share/postgresql-common/pg_wrapper', join(root, 'bin', name));
  mkdirSync(join(root, 'links'));
  for (const name of all) symlinkSync(`../usr/lib/postgresql/15/bin/${name}`, join(root, 'links', name));
  symlinkSync('usr/lib/postgresql/15/bin', join(root, 'whole'));
  const { sets } = await find(
    machine({ env: { PATH: ['bin', 'links', 'whole'].map((one) => join(root, one)).join(':') } }),
  );
  expect(sets).toEqual(['15.18 Debian /usr/lib/postgresql/15/bin']);
  const named = await find(machine({ env: {} }), [{ kind: 'local', where: join(root, 'whole') }]);
  expect(named.sets).toEqual(['15.18 set by you /whole']);
});

it('programs that are broken, hang or are of another version are left out, and said', async () => {
  programs('usr/lib/postgresql/17/bin', '17.10', ['pg_dump']);
  programs('usr/lib/postgresql/17/bin', '16.14', ['psql']);
  script('usr/lib/postgresql/17/bin/pg_restore', 'echo "libpq.so.5: no such file" >&2; exit 127');
  script('usr/lib/postgresql/17/bin/pg_dumpall', '/bin/sleep 60 & wait');
  script('usr/lib/postgresql/16/bin/pg_dump', 'echo what?');
  const started = performance.now();
  const { all: found, problems } = await find(
    machine({ env: { PATH: '' } }),
    [
      { kind: 'local', where: join(root, 'nowhere') },
      { kind: 'docker', where: '--privileged' },
    ],
    400,
  );
  expect(performance.now() - started).toBeLessThan(5000);
  expect(found.map(({ about }) => about.programs)).toEqual([['pg_dump']]);
  expect(problems.map(({ said }) => said).sort()).toEqual([
    'The folder has none of PostgreSQL’s programs.',
    'The name begins with a hyphen.',
    'pg_dump can’t be used: does not tell its version.',
    'pg_dumpall can’t be used: did not answer within 0.4 s.',
    'pg_restore can’t be used: ended with code 127: libpq.so.5: no such file.',
    'psql is left out: it is of version 16.14, and pg_dump of 17.10.',
  ]);
});

it('each program is asked once, and again only when that is wanted', async () => {
  programs('usr/lib/postgresql/15/bin', '15.18', ['pg_dump', 'psql']);
  const tools = openTools({ machine: machine({ env: { PATH: '' } }) });
  const calls = async (): Promise<number> =>
    (await text(Readable.from(spawn('cat', [join(root, 'calls')]).stdout))).split('\n').length - 1;
  const [one, two] = await Promise.all([tools.find(), tools.find()]);
  expect(one).toBe(two);
  await tools.find();
  expect(await calls()).toBe(2);
  programs('usr/lib/postgresql/16/bin', '16.1', ['pg_dump']);
  expect((await tools.find(true)).all).toHaveLength(2);
  expect(await calls()).toBe(5);
});

/** Runs a command of a place with variables, as those who use it do. */
async function run(command: string[], env: NodeJS.ProcessEnv, input?: string): Promise<string> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  const [out, errors] = await Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)]);
  if (errors) throw new Error(errors);
  return out;
}

const connection = (): NodeJS.ProcessEnv => ({
  PGHOST: '127.0.0.1',
  PGPORT: String(server.port),
  PGUSER: 'odd',
  PGDATABASE: 'postgres',
  PGPASSWORD: `it's "$HOME" \\ \`x\` %d ünï`,
});

async function makeOddRole(): Promise<void> {
  const password = connection().PGPASSWORD?.replaceAll("'", "''").replaceAll('\\', '\\\\');
  await server.query(`DROP ROLE IF EXISTS odd; CREATE ROLE odd LOGIN SUPERUSER PASSWORD E'${password}'`);
}

it('programs of a container get their variables without a value in the arguments, and no terminal', async () => {
  // It stands in for the transport only: docker's own command line, which then runs the real programs here.
  script(
    'bin/docker',
    `echo "docker $*" >> ${root}/docker-calls
[ "$1" = compose ] && { shift; [ "$1" = --project-directory ] || exit 9; shift 2; }
[ "$1" = exec ] || exit 9; shift
while :; do case "$1" in -i|-T) shift;; -e) eval "[ -n \\"\\\${$2+x}\\" ]" || exit 8; shift 2;; *) break;; esac; done
[ "$1" = db ] || { echo "Error: No such container: $1" >&2; exit 1; }
shift; program=$1; shift; exec ${standardBinaries()}/$program "$@"`,
  );
  await makeOddRole();
  const path = { PATH: `${root}/bin:/usr/bin:/bin` };
  const { all: found, problems } = await find(machine({ env: path, root: '/nonexistent' }), [
    { kind: 'docker', where: 'db' },
    { kind: 'compose', where: '/srv/the shop:db' },
    { kind: 'docker', where: 'gone' },
  ]);
  const remote = found.filter(({ about }) => about.kind !== 'local');
  expect(remote.map(({ about }) => [about.id, about.programs])).toEqual([
    ['docker:db', all],
    ['compose:/srv/the shop:db', all],
  ]);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.said).toContain('No such container: gone');
  for (const { commandOf } of remote) {
    const command = commandOf('psql', ['-Atc', 'SELECT current_user'], Object.keys(connection()));
    expect(command.join(' ')).not.toContain(connection().PGPASSWORD);
    expect(command).not.toContain('-t');
    expect(await run(command, { ...path, ...connection() })).toBe('odd\n');
    const dump = commandOf('pg_dump', ['-Fc'], Object.keys(connection()));
    expect((await run(dump, { ...path, ...connection() })).startsWith('PGDMP')).toBe(true);
  }
});

it.skipIf(noSshd)(
  'programs of another host get their variables through ssh unseen, and their input whole',
  { timeout: 90_000 },
  async () => {
    await makeOddRole();
    const sshd: Sshd = await startSshd();
    await sshd.start();
    try {
      const home = join(root, 'home');
      mkdirSync(home);
      writeFileSync(join(root, 'known_hosts'), `${sshd.knownHostsLine()}\n`);
      writeFileSync(
        join(root, 'ssh_config'),
        `Host far\n HostName 127.0.0.1\n Port ${sshd.port}\n User ${sshd.user}\n IdentityFile ${sshd.clientKeyFile}\n IdentitiesOnly yes\n UserKnownHostsFile ${root}/known_hosts\n`,
      );
      // The real ssh, with the test's own configuration in place of the account's.
      script('bin/ssh', `exec /usr/bin/ssh -F ${root}/ssh_config "$@"`);
      const path = { PATH: `${root}/bin:/usr/bin:/bin` };
      const { all: found, problems } = await find(machine({ env: path, root: '/nonexistent' }), [
        { kind: 'ssh', where: 'far' },
      ]);
      const far = found.find(({ about }) => about.kind === 'ssh');
      expect(problems).toEqual([]);
      expect(far?.about).toMatchObject({ id: 'ssh:far', programs: all });
      if (!far) return;
      const variables = Object.keys(connection());
      const command = far.commandOf('psql', ['-Atc', `SELECT 'it''s "$x"' || current_user`], variables);
      expect(command.join(' ')).not.toContain(connection().PGPASSWORD);
      expect(await run(command, { ...path, ...connection() })).toBe(`it's "$x"odd\n`);
      // What comes after the variables is the program's own input.
      const script_ = 'SELECT 1;\nSELECT 2;\n'.repeat(2000);
      const all_ = await run(
        far.commandOf('psql', ['-At'], variables),
        { ...path, ...connection() },
        script_,
      );
      expect(all_).toBe('1\n2\n'.repeat(2000));
      await expect(
        run(far.commandOf('psql', ['-At', '-c', 'SELECT 1'], ['PGHOST']), { ...path, PGHOST: '/nowhere' }),
      ).rejects.toThrow('nowhere');
    } finally {
      await sshd.remove();
    }
  },
);
