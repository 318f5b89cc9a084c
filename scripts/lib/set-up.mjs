/** Dependencies and build, each only when it is needed. Only Node's own modules. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt } from './build-stamp.mjs';
import { isStopping, run } from './children.mjs';
import { nodeCommand, plainEnvironment, projectNode, root } from './project.mjs';

/** The oldest Node.js these scripts run on. */
const oldest = { major: 20, minor: 19 };

/**
 * Installs and builds what is missing or out of date; ends the process with a reason when that fails.
 *
 * @param {(line: string) => void} say takes what a person reads
 * @param {{ build?: boolean }} options `build: false` leaves `dist` as it is
 */
export async function setUp(say, { build = true } = {}) {
  if (!isNewEnough(process.versions.node)) {
    fail(`Howdah needs Node.js ${oldest.major}.${oldest.minor} or newer; this is ${process.versions.node}.`);
  }
  if (!areInstalled()) {
    say('Installing dependencies (npm ci) …');
    await install();
  }
  if (build && !isBuilt()) {
    say('Building …');
    const [command, ...args] = nodeCommand('scripts/build.mjs');
    if ((await run(command, args, { stdio: ['ignore', 2, 2] })) !== 0) {
      fail('The build failed; the reason stands above.');
    }
  }
}

/**
 * Whether a version such as `20.19.1` will do.
 *
 * @param {string} version
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm keeps its own list of what it has put there,
 * written last: an installation that was interrupted has none.
 */
export function areInstalled(folder = root, node = projectNode) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const present = readPackages(join(folder, 'node_modules', '.package-lock.json'));
  if (!wanted || !present || !existsSync(node)) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = present[path];
    // Optional ones that are missing are for other platforms.
    return there ? there.version === entry.version : Boolean(entry.optional || entry.devOptional);
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Electron's binary is no part of this: its package has no install script, and `start` fetches it with a limit. */
async function install() {
  const shell = process.platform === 'win32';
  const env = plainEnvironment();
  // On Windows a running program can't be replaced, and this one may run from what npm ci would remove.
  const command = shell && process.execPath.startsWith(root) ? 'install' : 'ci';
  // Warnings would be about this Node.js being older than packages want; they run on the one that is installed here.
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run('npm', [command, ...options], { env, shell });
  if (code !== 0) fail(`npm ${command} failed; the reason stands above.`);
  if (!existsSync(projectNode)) {
    // npm may be set to skip install scripts. The `node` package is nothing without its own, so it runs here.
    const cwd = join(root, 'node_modules', 'node');
    await run('node', ['installArchSpecificPackage'], { cwd, env, shell });
  }
  if (!existsSync(projectNode)) fail('The package "node" did not bring its binary: npm rebuild node');
}

/**
 * Ends this script with a line that says why.
 *
 * @param {string} line
 * @returns {never}
 */
export function fail(line) {
  if (!isStopping()) console.error(line);
  process.exit(1);
}
