import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const tools = ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon', 'secret-tool'];
const missing =
  process.platform === 'linux' ? tools.filter((tool) => spawnSync('which', [tool]).status !== 0) : tools;
if (missing.length > 0) console.warn(`Skipped: the keychain test needs ${missing.join(', ')}.`);

/** Several calls of `howdah` share one session bus with one real Secret Service, as on a desktop. */
describe.skipIf(missing.length > 0)(`the keychain (needs ${tools.join(', ')})`, () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startPostgres();
    folder = mkdtempSync(join(tmpdir(), 'howdah-keychain-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.remove();
  });

  it('keeps a password between runs, never on disk, and lets go of it with its environment', () => {
    const cli = `"${process.execPath}" --disable-warning=ExperimentalWarning "${join(import.meta.dirname, '../../../dist/main/cli.js')}"`;
    const url = server.url().replace('postgres:postgres@', 'postgres@');
    const script = join(folder, 'script.sh');
    writeFileSync(
      script,
      `set -eu
printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null
printf 'postgres\\n' | ${cli} environments add '${url}' --name kept --password-stdin
echo "== listed"
${cli} environments list --json
echo "== tested"
${cli} environments test kept --json
echo "== found"
secret-tool search --all service Howdah 2>&1 | grep -c '^secret = postgres' || true
echo "== duplicated"
${cli} environments remove kept
echo "== removed"
secret-tool search --all service Howdah 2>&1 | grep -c '^secret = ' || true
`,
    );
    const output = execFileSync('dbus-run-session', ['--', 'bash', script], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        XDG_DATA_HOME: join(folder, 'xdg'),
        XDG_RUNTIME_DIR: folder,
        HOWDAH_DATA_DIR: join(folder, 'data'),
      },
      timeout: 60_000,
    });
    const part = (name: string): string => output.split(`== ${name}\n`)[1]?.split('\n==')[0]?.trim() ?? '';
    expect(JSON.parse(part('listed'))).toMatchObject([{ name: 'kept', password: 'keychain' }]);
    expect(JSON.parse(part('tested'))).toMatchObject({ good: true });
    expect(part('found')).toBe('1');
    expect(part('removed')).toBe('0');
    for (const name of readdirSync(join(folder, 'data'))) {
      const text = readFileSync(join(folder, 'data', name), 'utf8');
      expect(text, name).not.toMatch(/"password":\s*"postgres"/);
    }
  });
});

/**
 * A real gnome-keyring, locked by a call on its bus. The prompter that it starts to ask for the password is one that
 * counts how often it was started and then goes away, as when a person dismisses it or there is no display.
 */
describe.skipIf(missing.length > 0)(`a locked keychain (needs ${tools.join(', ')})`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-locked-'));
    const services = join(folder, 'xdg/dbus-1/services');
    mkdirSync(services, { recursive: true });
    writeFileSync(
      join(services, 'org.gnome.keyring.SystemPrompter.service'),
      `[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=${folder}/prompter.sh\n`,
    );
    writeFileSync(
      join(folder, 'prompter.sh'),
      `#!/bin/sh
echo asked >> '${folder}/prompts'
[ -e '${folder}/hang' ] && { echo $$ > '${folder}/hanging'; exec sleep 20; }
exit 1
`,
      { mode: 0o755 },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('asks once for all that want something of it, is left alone then, and has everything once unlocked', () => {
    const secretsModule = JSON.stringify(join(import.meta.dirname, '../../../main/secrets/index.ts'));
    writeFileSync(
      join(folder, 'walk.mjs'),
      `
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { openSecrets, osKeychain } from ${secretsModule};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const prompts = () => (existsSync('prompts') ? readFileSync('prompts', 'utf8').trim().split('\\n').length : 0);
const lock = () =>
  execFileSync('dbus-send', ['--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets',
    'org.freedesktop.Secret.Service.Lock', 'array:objpath:/org/freedesktop/secrets/collection/login']);
let daemon;
const startUnlocked = async () => {
  daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], { stdio: ['pipe', 'ignore', 'ignore'] });
  daemon.stdin.end('login');
  await pause(500);
};
const end = async () => {
  const gone = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGKILL');
  await gone;
};
const seen = {};
const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const getAll = (secrets) => Promise.all(ids.map((id) => secrets.get(id)));

await startUnlocked();
let changes = 0;
const secrets = await openSecrets(osKeychain, { onChange: () => (changes += 1) });
for (const id of ids) await secrets.set(id, 'pw of ' + id, true);
await secrets.setSecret('a', { kind: 'ssh-password', of: 'ada@bastion:22', value: 'ssh', remember: true });
await secrets.setSecret('a', { kind: 'key-passphrase', of: '/home/ada/my keys/id', value: 'phrase', remember: true });
await secrets.copy('a', 'copy of a'.replaceAll(' ', '-'));
seen.open = { state: secrets.state().state, accounts: (await secrets.entries()).map(({ account }) => account).sort() };

lock();
seen.looked = { entries: await secrets.entries(), state: secrets.state().state, prompts: prompts() };
const all = await getAll(secrets);
seen.dismissed = { all, state: secrets.state(), prompts: prompts() };
seen.stored = await secrets.set('late', 'late pw', true);
seen.place = await secrets.place('a');
await secrets.forget('g');
await getAll(secrets);
seen.leftAlone = { prompts: prompts(), changes };
await secrets.unlock();
seen.demanded = { state: secrets.state().state, prompts: prompts() };

// As when a person has unlocked it elsewhere: the daemon knows no other way without a display.
await end();
await startUnlocked();
await secrets.unlock();
seen.unlocked = {
  state: secrets.state().state, prompts: prompts(), all: await getAll(secrets),
  ssh: await secrets.getSecret('a', 'ssh-password', 'ada@bastion:22'),
  entries: (await secrets.entries()).length, changes,
};
seen.cleanedUp = await secrets.cleanUp(['a', 'b']);
seen.left = (await secrets.entries()).map(({ account }) => account).sort();

lock();
writeFileSync('hang', '');
const impatient = await openSecrets(osKeychain, { patience: 700 });
const before = prompts();
const from = Date.now();
seen.hanging = { all: await getAll(impatient), state: impatient.state(), prompts: prompts() - before, quick: Date.now() - from < 3000 };
process.kill(Number(readFileSync('hanging', 'utf8')));
rmSync('hang');
// A call without an answer would keep this process from ending: let it be told first that its prompt is gone.
while (impatient.pending()) await pause(20);
await end();
console.log(JSON.stringify(seen));
process.exit(0);
`,
    );
    const output = execFileSync(
      'dbus-run-session',
      ['--', process.execPath, '--disable-warning=ExperimentalWarning', 'walk.mjs'],
      {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          XDG_DATA_HOME: join(folder, 'xdg'),
          XDG_RUNTIME_DIR: folder,
        },
        timeout: 25_000,
      },
    );
    const seen = JSON.parse(output);
    const pairs = ['', ' key-passphrase /home/ada/my keys/id', ' ssh-password ada@bastion:22'];
    expect(seen.open).toEqual({
      state: 'open',
      accounts: [
        ...pairs.map((end) => `a${end}`),
        'b',
        'c',
        ...pairs.map((end) => `copy-of-a${end}`),
        'd',
        'e',
        'f',
        'g',
      ],
    });
    expect(seen.looked).toEqual({ entries: [], state: 'locked', prompts: 0 });
    expect(seen.dismissed).toMatchObject({
      all: Array(7).fill(null),
      state: { state: 'locked' },
      prompts: 1,
    });
    expect(seen.stored).toBe('memory');
    expect(seen.place).toBe('keychain');
    expect(seen.leftAlone).toEqual({ prompts: 1, changes: 1 });
    expect(seen.demanded).toEqual({ state: 'locked', prompts: 2 });
    expect(seen.unlocked).toEqual({
      state: 'open',
      prompts: 2,
      all: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `pw of ${id}`).concat([null as never]),
      ssh: 'ssh',
      entries: 11,
      changes: 2,
    });
    expect(seen.cleanedUp).toBe(7);
    expect(seen.left).toEqual([...pairs.map((end) => `a${end}`), 'b']);
    expect(seen.hanging).toMatchObject({
      all: Array(7).fill(null),
      state: { state: 'locked', detail: expect.stringContaining('no answer within') },
      prompts: 1,
      quick: true,
    });
  });

  it('does not keep the process from ending while its prompt hangs', () => {
    const script = `
      import { execFileSync, spawn } from 'node:child_process';
      import { rmSync, writeFileSync } from 'node:fs';
      import { openSecrets, osKeychain } from ${JSON.stringify(join(import.meta.dirname, '../../../main/secrets/index.ts'))};
      import { endProcess } from ${JSON.stringify(join(import.meta.dirname, '../../../main/secrets/leave.ts'))};
      const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], { stdio: ['pipe', 'ignore', 'ignore'] });
      daemon.stdin.end('login');
      await new Promise((resolve) => setTimeout(resolve, 500));
      const secrets = await openSecrets(osKeychain, { patience: 300 });
      await secrets.set('z', 'pw', true);
      execFileSync('dbus-send', ['--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets',
        'org.freedesktop.Secret.Service.Lock', 'array:objpath:/org/freedesktop/secrets/collection/login']);
      writeFileSync('hang', '');
      await secrets.get('z');
      if (!secrets.pending()) process.exit(9);
      setTimeout(() => endProcess(7), 50);`;
    writeFileSync(join(folder, 'leave.mjs'), script);
    const from = Date.now();
    const { status } = spawnSync(
      'dbus-run-session',
      [
        '--',
        'sh',
        '-c',
        // The prompter goes after the process has ended, or the bus would wait for it.
        `"${process.execPath}" --disable-warning=ExperimentalWarning leave.mjs; code=$?; kill $(cat hanging); rm hang; exit $code`,
      ],
      {
        cwd: folder,
        stdio: 'ignore',
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          XDG_DATA_HOME: join(folder, 'xdg-2'),
          XDG_DATA_DIRS: `${join(folder, 'xdg')}:/usr/local/share:/usr/share`,
          XDG_RUNTIME_DIR: folder,
        },
        timeout: 25_000,
      },
    );
    expect(status).toBe(7);
    expect(Date.now() - from).toBeLessThan(10_000);
  });

  it('is no keychain at all where nothing answers on the bus', () => {
    const script = `
      import { openSecrets, osKeychain } from ${JSON.stringify(join(import.meta.dirname, '../../../main/secrets/index.ts'))};
      const secrets = await openSecrets(osKeychain);
      console.log(JSON.stringify([secrets.state(), await secrets.set('a', 'pw', true), await secrets.get('a')]));
      process.exit(0);`;
    const output = execFileSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: folder, DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/none` },
      },
    );
    expect(JSON.parse(output)).toEqual([
      { state: 'none', detail: expect.stringContaining('No keychain answers here') },
      'memory',
      'pw',
    ]);
  });
});
