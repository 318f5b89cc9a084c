import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why a real tool can't be had here; the tests that need it are skipped, and say so. */
export interface Skipped {
  skipped: string;
}

export const isSkipped = (tool: string | Skipped): tool is Skipped => typeof tool !== 'string';

const here = join(import.meta.dirname, 'migration-tools');
const cache = join(import.meta.dirname, '../../.cache/migration-tools');
const nodeFolder = join(import.meta.dirname, '../../node_modules/node/bin');

/**
 * The folder with `node_modules` of a migration tool from npm, as `test/support/migration-tools/<name>/` pins it. It is
 * installed once, into `.cache/migration-tools`, without running any package's scripts.
 */
export async function toolFolder(name: string): Promise<string | Skipped> {
  const source = join(here, name);
  const lock = readFileSync(join(source, 'package-lock.json'));
  const folder = join(cache, `${name}-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  if (existsSync(join(folder, 'node_modules'))) return folder;
  const aside = `${folder}-${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    cpSync(source, aside, { recursive: true });
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: aside,
      env: withProjectNode(),
      timeout: 240_000,
    });
    try {
      renameSync(aside, folder);
    } catch (error) {
      // Another test file was faster.
      if (!existsSync(join(folder, 'node_modules'))) throw error;
    }
    return folder;
  } catch (error) {
    return skip(`${name} can’t be installed from npm: ${firstLine(error)}`);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The path of a tool of Debian's; installed by apt-get when it is missing and the tests run as root. */
export async function debianTool(
  command: string,
  packages: readonly string[] = [command],
): Promise<string | Skipped> {
  const found = await pathOf(command);
  if (found) return found;
  if (process.getuid?.() !== 0 || !(await pathOf('apt-get')))
    return skip(`${command} isn’t installed; on Debian: apt-get install ${packages.join(' ')}`);
  const install = ['-o', 'DPkg::Lock::Timeout=180', 'install', '-y', '--no-install-recommends', ...packages];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', install, { env, timeout: 300_000 }).catch(async () => {
      await run('apt-get', ['-o', 'DPkg::Lock::Timeout=180', 'update'], { env, timeout: 180_000 });
      await run('apt-get', install, { env, timeout: 300_000 });
    });
  } catch (error) {
    return skip(`${command} can’t be installed by apt-get: ${firstLine(error)}`);
  }
  return (await pathOf(command)) ?? skip(`${packages.join(', ')} brought no ${command}`);
}

export interface ToolRun {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a tool to its end, a failing one too. `env` comes on top of this process's own without its `PG…` variables;
 * the project's own Node is first in the path.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; timeoutMs?: number },
): Promise<ToolRun> {
  try {
    const { stdout, stderr } = await run(command, [...args], {
      cwd: options.cwd,
      env: { ...withProjectNode(), ...options.env },
      timeout: options.timeoutMs ?? 60_000,
      maxBuffer: 32 * 1024 * 1024,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const failed = error as { code?: number | string; stdout?: string; stderr?: string };
    if (typeof failed.code !== 'number') throw error;
    return { code: failed.code, stdout: failed.stdout ?? '', stderr: failed.stderr ?? '' };
  }
}

function withProjectNode(): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PG[A-Z]/.test(name)));
  const node = existsSync(nodeFolder) ? nodeFolder : dirname(process.execPath);
  return {
    ...env,
    PATH: `${node}${delimiter}${process.env.PATH ?? ''}`,
    NO_COLOR: '1',
    CI: '1',
    CHECKPOINT_DISABLE: '1',
    DO_NOT_TRACK: '1',
  };
}

async function pathOf(command: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder && existsSync(join(folder, command))) return join(folder, command);
  }
  return undefined;
}

function skip(reason: string): Skipped {
  console.warn(`Skipped: ${reason}`);
  return { skipped: reason };
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 3).join(' ');
