import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../../preload/contract/connection.ts';
import type { CommandOutput, DrivenCommand } from '../../../preload/contract/migration-runs.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { debianTool, isSkipped, toolFolder } from '../../support/migration-tools.ts';
import { pgbouncer, startPgbouncer } from '../../support/pgbouncer.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';
import { noSshd, startSshd } from '../../support/sshd.ts';

// Each command of a tool starts an interpreter.
vi.setConfig({ testTimeout: 120_000 });

// Debian's tools are made for Debian's Python, whatever else lies in the path.
const path = process.env.PATH;
beforeAll(() => {
  process.env.PATH = `/usr/bin:${path}`;
});
afterAll(() => {
  process.env.PATH = path;
});

const alembic = await debianTool('alembic', ['alembic', 'python3-psycopg2']);
const django = await debianTool('django-admin', ['python3-django', 'python3-psycopg2']);
const knex = await toolFolder('knex');
const samples = join(import.meta.dirname, '../../../assets/samples');
/** One that has to be escaped in a URL, in a shell and in a Python configuration. */
const password = `p"a's$ %w/o@r:d`;

let server: TestServer;
let howdah: TestConsole;
let project: Project;
beforeAll(async () => {
  server = await startPostgres();
  await server.query(`CREATE ROLE ada LOGIN SUPERUSER PASSWORD '${password.replaceAll("'", "''")}'`);
});
afterAll(() => server?.remove());
beforeEach(async () => {
  await server.query('DROP DATABASE IF EXISTS app WITH (FORCE)');
  await server.query('CREATE DATABASE app');
  howdah = await openTestConsole();
});
afterEach(async () => {
  await howdah.remove();
  project?.remove();
});

async function connected(
  url = server.url('app', 'ada', 'x'),
  name = 'app',
  secret = password,
  tunnel?: Connection['tunnel'],
): Promise<string> {
  const draft = draftFor(url, { name });
  if (tunnel) draft.connection.tunnel = tunnel;
  const { id } = await howdah.client.environments.add({
    draft,
    password: { password: secret, remember: false },
    connect: false,
  });
  let status = await howdah.client.environments.connect({ environment: id });
  if (status.ask?.kind === 'host-key') {
    const { host, type, key } = status.ask;
    await howdah.client.environments.trustHost({ host, type, key });
    status = await howdah.client.environments.connect({ environment: id });
  }
  expect(status.state, JSON.stringify(status.problem)).toBe('connected');
  await howdah.client.migrations.link({ environment: id, folder: project.root });
  return id;
}

async function trackOf(environment: string) {
  const { tracks } = await howdah.client.migrations.status({ environment });
  const [track] = tracks.filter(({ runner }) => runner === 'driven');
  if (!track) throw new Error(`No driven track among ${JSON.stringify(tracks.map(({ key }) => key))}`);
  return track;
}

const entries = async (environment: string): Promise<string[]> =>
  (await trackOf(environment)).entries.map(({ id, state }) => `${id} ${state}`);

async function commandsOf(environment: string): Promise<Map<string, DrivenCommand>> {
  const { key } = await trackOf(environment);
  const commands = await howdah.client.migrations.commands({ environment, track: key });
  return new Map(commands.map((one) => [one.action, one]));
}

/** Runs an action as it is listed, or another command in its place; gives the lines and the end. */
async function run(environment: string, action: string, command?: string) {
  const { key } = await trackOf(environment);
  const listed = command ?? (await commandsOf(environment)).get(action)?.command;
  if (listed === undefined) throw new Error(`${action} is not listed`);
  const outputs: CommandOutput[] = [];
  for await (const one of await howdah.client.migrations.drive({
    environment,
    track: key,
    action,
    command: listed,
  }))
    outputs.push(one);
  const end = outputs.at(-1);
  if (end?.kind !== 'ended') throw new Error(`It did not end: ${JSON.stringify(outputs)}`);
  const text = outputs.flatMap((one) => (one.kind === 'line' ? [one.text] : [])).join('\n');
  return { outputs, text, end };
}

const plainAlembic = {
  'alembic.ini': '[alembic]\nscript_location = alembic\n',
  'alembic/env.py': `import os
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`,
  'alembic/versions/a1.py':
    'from alembic import op\nrevision = "a1"\ndown_revision = None\ndef upgrade():\n    op.execute("CREATE TABLE one (id int)")\ndef downgrade():\n    op.execute("DROP TABLE one")\n',
  'alembic/versions/b2.py':
    'from alembic import op\nrevision = "b2"\ndown_revision = "a1"\ndef upgrade():\n    op.execute("CREATE TABLE two (id int)")\ndef downgrade():\n    op.execute("DROP TABLE two")\n',
};

/** A project of a tool's without the tool: the commands are the test's own. */
const scripts = {
  'alembic.ini': plainAlembic['alembic.ini'],
  'alembic/versions/a1.py': 'revision = "a1"\ndown_revision = None\n',
};

describe.skipIf(isSkipped(alembic))('Alembic, by its own command', () => {
  it('goes up one by one and to the end, is marked, and comes down, and the status follows', async () => {
    project = makeProject(plainAlembic);
    const environment = await connected();
    expect((await run(environment, 'up-one')).end.code).toBe(0);
    expect(await entries(environment)).toEqual(['a1 applied', 'b2 pending']);
    expect((await run(environment, 'up')).end.code).toBe(0);
    expect(await entries(environment)).toEqual(['a1 applied', 'b2 applied']);
    expect((await run(environment, 'status')).text).toContain('b2 (head)');
    expect((await run(environment, 'down')).end.code).toBe(0);
    expect(await entries(environment)).toEqual(['a1 applied', 'b2 pending']);
    expect((await commandsOf(environment)).get('mark')?.command).toBe('alembic stamp b2');
    expect((await run(environment, 'mark')).end.code).toBe(0);
    expect(await entries(environment)).toEqual(['a1 applied', 'b2 applied']);
    expect(await server.query("SELECT to_regclass('two') AS two", 'app')).toEqual([{ two: null }]);
  });

  it('that fails tells its own words and its exit code, and leaves the status true', async () => {
    project = makeProject({
      ...plainAlembic,
      'alembic/versions/b2.py': plainAlembic['alembic/versions/b2.py'].replace('(id int)', '(id wrong)'),
    });
    const environment = await connected();
    const { end, text } = await run(environment, 'up');
    expect(end).toMatchObject({ code: 1, signal: null });
    expect(text).toContain('type "wrong" does not exist');
    expect(await entries(environment)).toEqual(['a1 applied', 'b2 pending']);
  });

  it('is run where its alembic.ini lies, as the sample system has it', async () => {
    project = makeProject();
    cpSync(join(samples, 'tau_lighting'), project.root, { recursive: true });
    const environment = await connected();
    const { command } = (await commandsOf(environment)).get('up') as DrivenCommand;
    expect(command).toMatch(/^cd \S+ && alembic upgrade heads?$/);
  });
});

describe.skipIf(isSkipped(django))('Django, by its own command', () => {
  it('runs one migration of an app, takes it back to the one before, and to zero', async () => {
    const migration = (name: string, before: string): string => `from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [${before && `("shop", "${before}")`}]
    operations = [migrations.RunSQL("CREATE TABLE ${name} (id int)", "DROP TABLE ${name}")]
`;
    project = makeProject({
      'manage.py': `import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app_settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
      'app_settings.py': `import os
SECRET_KEY = "x"
INSTALLED_APPS = ["shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"]}}
`,
      'shop/__init__.py': '',
      'shop/migrations/__init__.py': '',
      'shop/migrations/0001_one.py': migration('one', ''),
      'shop/migrations/0002_two.py': migration('two', '0001_one'),
    });
    const environment = await connected();
    expect((await commandsOf(environment)).get('up-one')?.command).toBe(
      'python3 manage.py migrate --noinput shop 0001_one',
    );
    // libpq's own variables say the rest: host, port, role and password.
    const first = await run(environment, 'up-one');
    expect(first.end.code, first.text).toBe(0);
    expect(await entries(environment)).toEqual(['shop.0001_one applied', 'shop.0002_two pending']);
    expect((await run(environment, 'up')).end.code).toBe(0);
    expect((await run(environment, 'down')).end.code).toBe(0);
    expect(await entries(environment)).toEqual(['shop.0001_one applied', 'shop.0002_two pending']);
    expect((await commandsOf(environment)).get('down')?.command).toMatch(/ shop zero$/);
    expect((await run(environment, 'down')).end.code).toBe(0);
    expect((await run(environment, 'mark')).end.code).toBe(0);
    expect(await entries(environment)).toEqual(['shop.0001_one applied', 'shop.0002_two pending']);
    expect(await server.query("SELECT to_regclass('one') AS one", 'app')).toEqual([{ one: null }]);
  });
});

describe.skipIf(isSkipped(knex))('Knex, by its own command', () => {
  it('runs from the project’s node_modules, and never fetches what isn’t there', async () => {
    const step = (table: string): string =>
      `exports.up = (knex) => knex.schema.createTable('${table}', (t) => t.increments());
exports.down = (knex) => knex.schema.dropTable('${table}');\n`;
    project = makeProject({
      'package.json': '{ "name": "x", "private": true, "dependencies": { "knex": "*", "pg": "*" } }',
      'knexfile.js':
        "module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: './steps' } };",
      'steps/1_one.js': step('one'),
      'steps/2_two.js': step('two'),
    });
    const environment = await connected();
    const without = await run(environment, 'up');
    expect(without.end.code).not.toBe(0);
    symlinkSync(join(knex as string, 'node_modules'), join(project.root, 'node_modules'));
    expect((await run(environment, 'up-one')).end.code).toBe(0);
    expect(await entries(environment)).toEqual(['1_one.js applied', '2_two.js pending']);
    expect((await run(environment, 'up')).text).toContain('Batch 2 run: 1 migrations');
    expect((await run(environment, 'down')).end.code).toBe(0);
    expect(await entries(environment)).toEqual(['1_one.js applied', '2_two.js pending']);
  });
});

describe('a command', () => {
  it('is the tool’s own until somebody changes it, and again once that is taken back', async () => {
    project = makeProject(scripts);
    const environment = await connected();
    const { key: track } = await trackOf(environment);
    const own = (await commandsOf(environment)).get('up')?.command;
    const set = (command: string | null) =>
      howdah.client.migrations.setCommand({ environment, track, action: 'up', command });
    expect((await set('make migrate')).find(({ action }) => action === 'up')?.command).toBe('make migrate');
    expect((await commandsOf(environment)).get('up')?.command).toBe('make migrate');
    const { dataFolder } = howdah;
    await howdah.close();
    howdah = await openTestConsole({ dataFolder });
    await howdah.client.environments.connect({
      environment,
      password: { password, remember: false },
    });
    expect((await commandsOf(environment)).get('up')?.command).toBe('make migrate');
    await set(null);
    expect((await commandsOf(environment)).get('up')?.command).toBe(own);
    await expect(
      howdah.client.migrations.setCommand({ environment, track, action: 'fly', command: 'x' }),
    ).rejects.toMatchObject({ code: 'INVALID', data: { cause: 'action-unknown' } });
  });

  it('gets address and password by variables that are named and never shown', async () => {
    project = makeProject(scripts);
    process.env.PGSERVICE = 'somewhere-else';
    process.env.PGHOST = 'somewhere.else';
    process.env.HOWDAH_TEST_ONLY = 'from-howdah';
    try {
      const environment = await connected();
      const commands = await howdah.client.migrations.commands({
        environment,
        track: (await trackOf(environment)).key,
      });
      expect(JSON.stringify(commands)).not.toContain(JSON.stringify(password).slice(1, -1));
      expect(commands[0]?.variables).toEqual(
        expect.arrayContaining(['DATABASE_URL', 'PGHOST', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGPASSWORD']),
      );
      const { text, outputs } = await run(
        environment,
        'up',
        'env; echo "$PGPASSWORD"; echo "again $DATABASE_URL" >&2; printf %s "$PGPASSWORD" | wc -c',
      );
      expect(text).toContain(`PGPORT=${server.port}`);
      expect(text).toContain('DATABASE_URL=postgresql://ada:•••@127.0.0.1');
      expect(text).toMatch(new RegExp(`^\\s*${password.length}$`, 'm'));
      expect(text).not.toMatch(/somewhere|from-howdah/);
      const all = JSON.stringify(outputs);
      for (const form of [password, encodeURIComponent(password)])
        expect(all).not.toContain(JSON.stringify(form).slice(1, -1));
      const audit = JSON.stringify(await howdah.client.audit.list({ limit: 100 }));
      expect(audit).not.toContain(encodeURIComponent(password));
    } finally {
      delete process.env.PGSERVICE;
      delete process.env.PGHOST;
      delete process.env.HOWDAH_TEST_ONLY;
    }
  });

  it('tells its lines as they come, of both streams, without escape sequences', async () => {
    project = makeProject(scripts);
    const environment = await connected();
    const { key: track } = await trackOf(environment);
    const command = String.raw`printf '\033[31mred\033[0m\n'; echo bad >&2; printf 'a question? '; sleep 2; echo yes; exit 3`;
    const seen: [string, number][] = [];
    const from = performance.now();
    for await (const one of await howdah.client.migrations.drive({
      environment,
      track,
      action: 'up',
      command,
    })) {
      if (one.kind === 'line') seen.push([`${one.stream} ${one.text}`, performance.now() - from]);
      else expect(one).toMatchObject({ kind: 'ended', code: 3, signal: null });
    }
    expect(seen.map(([text]) => text).sort()).toEqual(['err bad', 'out a question? ', 'out red', 'out yes']);
    expect(seen.find(([text]) => text === 'out a question? ')?.[1]).toBeLessThan(1900);
  });

  it('that floods is read on, and what nobody can take is counted', async () => {
    project = makeProject(scripts);
    const environment = await connected();
    const { text, end } = await run(environment, 'up', 'seq 1 200000; echo the end');
    expect(end.code).toBe(0);
    expect(text).toMatch(/the end$/);
    const leftOut = [...text.matchAll(/^… (\d+) lines left out …$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    const told = text.split('\n').filter((line) => /^\d+$/.test(line)).length;
    expect(told + leftOut).toBe(200_000);
  });

  it('that is cancelled ends with all that it started', async () => {
    project = makeProject(scripts);
    const environment = await connected();
    const { key: track } = await trackOf(environment);
    const stop = new AbortController();
    const command = `(trap '' TERM; echo $$ >> pids; while :; do sleep 0.2; done) & sh -c 'echo $$ >> pids; sleep 300' & echo $$ >> pids; while [ $(wc -l < pids) -lt 3 ]; do sleep 0.05; done; echo started; wait`;
    const driving = howdah.client.migrations.drive(
      { environment, track, action: 'up', command },
      { signal: stop.signal },
    );
    const ended = (async () => {
      for await (const one of await driving) if (one.kind === 'line' && one.text === 'started') stop.abort();
    })();
    await ended.catch(() => undefined);
    expect(stop.signal.aborted).toBe(true);
    expect(pids()).toHaveLength(3);
    await eventually(async () => pids().every((pid) => !isAlive(pid)));
    const { entries: audit } = await howdah.client.audit.list({ limit: 10 });
    expect(audit.find(({ procedure }) => procedure === 'migrations.drive')?.outcome).toBe('failed');
  });

  it('leaves nothing behind when the console is killed', async () => {
    project = makeProject();
    const owner = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '-e',
        `import { drive } from ${JSON.stringify(join(import.meta.dirname, '../../../main/migrations/drive/drive.ts'))};
         const command = 'echo $$ >> pids; sh -c "echo \\\\$\\\\$ >> pids; sleep 300" & echo started; wait';
         for await (const one of drive({ command, folder: ${JSON.stringify(project.root)}, environment: process.env, secrets: [] }))
           console.log(one.text);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(owner.stdout, 'data');
      await eventually(async () => pids().length === 2);
      expect(pids().every(isAlive)).toBe(true);
    } finally {
      owner.kill('SIGKILL');
    }
    await eventually(async () => pids().every((pid) => !isAlive(pid)));
  });

  it('that asks something gets no answer instead of hanging', async () => {
    project = makeProject(scripts);
    const environment = await connected();
    const { text } = await run(
      environment,
      'up',
      'read answer && echo "got $answer" || echo "nobody answered"',
    );
    expect(text).toBe('nobody answered');
  });

  it('leaves a mark in the environment’s history', async () => {
    project = makeProject(scripts);
    const environment = await connected();
    await run(environment, 'up', 'DATABASE_PASSWORD=hunter2 true');
    const { events } = await howdah.client.metrics.history({ environment, window: '1h' });
    const texts = events.filter(({ kind }) => kind === 'migration-command').map(({ text }) => text);
    expect(texts).toEqual(['Alembic: DATABASE_PASSWORD=••• true ended with code 0 (tester via test)']);
  });
});

describe('driving is refused', () => {
  it('on a guarded environment until its name is typed, and on a read-only one', async () => {
    project = makeProject(scripts);
    const environment = await connected();
    const { key: track } = await trackOf(environment);
    const input = { environment, track, action: 'up', command: 'touch ran' };
    const drive = async (confirm?: string): Promise<void> => {
      for await (const _ of await howdah.client.migrations.drive({
        ...input,
        ...(confirm ? { confirm } : {}),
      }));
    };
    const guard = (protection: 'guarded' | 'read-only') =>
      howdah.client.environments.update({ environment, changes: { protection }, confirm: 'app' });
    await guard('guarded');
    await expect(drive()).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    await guard('read-only');
    await expect(drive('app')).rejects.toMatchObject({ code: 'PROTECTED_READ_ONLY' });
    expect(existsSync(join(project.root, 'ran'))).toBe(false);
  });

  it.skipIf(!pgbouncer)('behind a pooler, with what to do about it', async () => {
    project = makeProject(scripts);
    const pooler = await startPgbouncer(server.port, 'transaction');
    try {
      const environment = await connected(
        `postgresql://postgres@127.0.0.1:${pooler.port}/app`,
        'pooled',
        'postgres',
      );
      await expect(run(environment, 'up', 'touch ran')).rejects.toMatchObject({
        code: 'INVALID',
        data: { cause: 'behind-pooler' },
      });
      expect(existsSync(join(project.root, 'ran'))).toBe(false);
    } finally {
      await pooler.stop();
    }
  });
});

describe.skipIf(noSshd !== undefined)('through a tunnel', () => {
  it('nothing is driven, because the tunnel opens no port, and it says so', async () => {
    project = makeProject(scripts);
    const sshd = await startSshd();
    try {
      const environment = await connected(undefined, 'far', password, {
        host: '127.0.0.1',
        port: sshd.port,
        user: sshd.user,
        auth: 'key',
        keyFile: sshd.clientKeyFile,
      });
      await expect(run(environment, 'up', 'touch ran')).rejects.toMatchObject({
        code: 'INVALID',
        data: { cause: 'behind-tunnel', next: expect.stringContaining('ssh -L') },
      });
      expect(existsSync(join(project.root, 'ran'))).toBe(false);
    } finally {
      await sshd.remove();
    }
  });
});

const pids = (): number[] =>
  existsSync(join(project.root, 'pids'))
    ? readFileSync(join(project.root, 'pids'), 'utf8').trim().split('\n').map(Number)
    : [];

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
