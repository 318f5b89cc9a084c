/** Where things are in this project. Only Node's own modules: this runs before anything is installed. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..');

const isWindows = process.platform === 'win32';

/** The Node.js binary of the `node` package (the major that Electron has), once it is installed. */
export const projectNode = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');

/** Arguments that every Node process of the project gets. */
export const nodeArguments = ['--disable-warning=ExperimentalWarning'];

/** The command line of one of the project's scripts or built entries, on the project's own Node. */
export function nodeCommand(file, ...args) {
  return [projectNode, ...nodeArguments, join(root, file), ...args];
}

/** The environment without this project's node_modules/.bin in PATH, for npm: it may replace what lies there. */
export function plainEnvironment(environment = process.env) {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const own = join(root, 'node_modules');
  const folders = (environment[name] ?? '').split(delimiter).filter((folder) => !folder.startsWith(own));
  return { ...environment, [name]: folders.join(delimiter) };
}

/** Where the Electron binary is, or undefined. The override and `path.txt` are the electron package's own ways. */
export function electronBinary(environment = process.env, platform = process.platform) {
  const inside =
    {
      darwin: 'Electron.app/Contents/MacOS/Electron',
      win32: 'electron.exe',
    }[platform] ?? 'electron';
  const folder = environment.ELECTRON_OVERRIDE_DIST_PATH;
  if (folder) return existsSync(join(folder, inside)) ? join(folder, inside) : undefined;
  const electron = join(root, 'node_modules', 'electron');
  const binary = join(electron, 'dist', inside);
  return existsSync(join(electron, 'path.txt')) && existsSync(binary) ? binary : undefined;
}

/** Whether there is a screen to show a window on. */
export function hasDisplay(environment = process.env, platform = process.platform) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}
