import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const tools = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'];
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
