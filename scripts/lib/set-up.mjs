/** Dependencies and build, each only when it is needed. Only Node's own modules. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt } from './build-stamp.mjs';
import { ended, isStopping, run, runNode, start } from './children.mjs';
import { plainEnvironment, projectNode, root } from './project.mjs';

/** The oldest Node.js these scripts run on. */
const oldest = [20, 19];

/** What a person reads goes to `say`; scripts that print answers of their own pass one that writes to stderr. */
export async function setUp(say = (line) => console.log(line)) {
  if (!isNewEnough(process.versions.node)) {
    fail(`Howdah needs Node.js ${oldest.join('.')} or newer; this one is ${process.versions.node}.`);
  }
  if (!areInstalled()) {
    say('Installing dependencies (npm ci) …');
    await install();
  }
  if (!isBuilt()) {
    say('Building …');
    const code = await runNode([join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 2, 2] });
    if (code !== 0) fail('The build failed; the reason stands above.');
  }
}

/** Whether a version such as `20.19.1` will do. */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm keeps its own list of what it has put there,
 * written last: an installation that was interrupted has none.
 */
export function areInstalled(folder = root) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const present = readPackages(join(folder, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  if (folder === root && !existsSync(projectNode)) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = present[path];
    // Optional ones are for other platforms as a rule.
    return there
      ? there.version === entry.version
      : Boolean(entry.optional || entry.devOptional || entry.peer);
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  // Electron's binary is no part of this: its package has no install script, and `start` fetches it with a limit.
  const shell = process.platform === 'win32';
  const environment = plainEnvironment();
  // On Windows a running program can't be replaced, and this one may run from what npm ci would remove.
  const command = shell && process.execPath.startsWith(root) ? 'install' : 'ci';
  const code = await run('npm', [command, '--no-audit', '--no-fund'], { env: environment, shell });
  if (code !== 0) fail(`npm ${command} failed; the reason stands above.`);
  if (!existsSync(projectNode)) await runSkippedInstaller(environment);
  if (!existsSync(projectNode)) {
    fail(
      'The package "node" did not bring its binary. Allow its install script, then try again: npm rebuild node',
    );
  }
}

/** npm may be set to skip install scripts. The `node` package is nothing without its own, so it runs here. */
function runSkippedInstaller(env) {
  const cwd = join(root, 'node_modules', 'node');
  return ended(start(process.execPath, ['installArchSpecificPackage'], { cwd, env }), 300_000);
}

/** Ends this script with a line that says why. */
export function fail(line) {
  if (!isStopping()) console.error(line);
  process.exit(1);
}
