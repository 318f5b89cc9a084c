/** Where things are in this project. Only Node's own modules: this runs before anything is installed. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..');

/** The Node.js binary of the `node` package (the major that Electron has), once it is installed. */
export const projectNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Arguments that every Node process of the project gets. */
const nodeArguments = ['--disable-warning=ExperimentalWarning'];

/**
 * The command line of a script, a built entry or a package's program on the project's own Node.
 *
 * @param {string} file path inside the project
 * @param {...string} args
 * @returns {[string, ...string[]]}
 */
export function nodeCommand(file, ...args) {
  return [projectNode, ...nodeArguments, join(root, file), ...args];
}

/** The environment without this project's node_modules in PATH, for npm: it may replace what lies there. */
export function plainEnvironment(environment = process.env, folder = root) {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const own = join(folder, 'node_modules');
  const folders = (environment[name] ?? '').split(delimiter).filter((each) => !each.startsWith(own));
  return { ...environment, [name]: folders.join(delimiter) };
}

/**
 * Where the Electron binary is, or undefined. The override and `path.txt` are the electron package's own ways.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {NodeJS.Platform} platform
 */
export function electronBinary(environment = process.env, platform = process.platform, folder = root) {
  const inside =
    platform === 'darwin'
      ? join('Electron.app', 'Contents', 'MacOS', 'Electron')
      : platform === 'win32'
        ? 'electron.exe'
        : 'electron';
  const chosen = environment.ELECTRON_OVERRIDE_DIST_PATH;
  if (chosen) return existsSync(join(chosen, inside)) ? join(chosen, inside) : undefined;
  const electron = join(folder, 'node_modules', 'electron');
  const binary = join(electron, 'dist', inside);
  // path.txt is written last: without it the unpacking was interrupted.
  return existsSync(join(electron, 'path.txt')) && existsSync(binary) ? binary : undefined;
}

/**
 * Whether there is a screen to show a window on.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {NodeJS.Platform} platform
 */
export function hasDisplay(environment = process.env, platform = process.platform) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}
