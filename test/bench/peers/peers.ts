import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Other readers of structures, to compare with in the same run. They are no dependencies of Howdah: the first run
 * installs them into `.cache/bench-peers`, as `package-lock.json` beside this file pins them.
 */

const wanted = join(process.cwd(), 'test/bench/peers');
const folder = join(process.cwd(), '.cache/bench-peers');

export interface Peer {
  /** Its name and version. */
  name: string;
  /** Times in ms, memory in MB, of a process of its own. */
  run(url: string): { took: number; memory: number; before: number; tables: number };
}

/** DbGate's analyser of PostgreSQL; a reason instead where it can't be had. */
export function dbgate(): Peer | { missing: string } {
  const version = (JSON.parse(readFileSync(join(wanted, 'package.json'), 'utf8')) as Manifest).dependencies[
    'dbgate-plugin-postgres'
  ];
  try {
    if (installed('dbgate-plugin-postgres') !== version) install();
  } catch (error) {
    return { missing: `DbGate could not be installed: ${lastLine(error)}` };
  }
  return {
    name: `DbGate ${version}`,
    run: (url) => {
      const output = execFileSync(process.execPath, [join(wanted, 'dbgate.mjs'), folder, url], {
        encoding: 'utf8',
        // It warns of how it calls pg.
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 1e8,
      });
      // Its log stands before that.
      return JSON.parse(output.trim().split('\n').at(-1) ?? '') as ReturnType<Peer['run']>;
    },
  };
}

/** How long `pg_dump --schema-only` takes, ms. */
export function dumpSchema(program: string, url: string): number {
  const from = performance.now();
  execFileSync(program, ['--schema-only', '--file=/dev/null', `--dbname=${url}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return performance.now() - from;
}

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}

function installed(name: string): string | undefined {
  const file = join(folder, 'node_modules', name, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest).version : undefined;
}

function install(): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(wanted, name), join(folder, name));
  console.log('Installing what is compared with …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 180_000,
  });
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: Buffer; message: string };
  const lines = String(stderr ?? '')
    .trim()
    .split('\n');
  return lines.at(-1) || message;
}
