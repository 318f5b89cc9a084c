/** Fetches Electron's binary without ever making anybody wait for a network that does not answer. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { ended, start } from './children.mjs';
import { electronBinary, nodeArguments, projectNode, root } from './project.mjs';

/** ms for the first answer of the server that has the binary. */
const probeMs = 3_000;
/** ms without a single byte more after which a download is given up. */
const stallMs = 8_000;
/** ms after which it is given up in any case. */
const limitMs = 10 * 60_000;

/**
 * Tries to get Electron's binary. Resolves with its path, or with undefined when it can't be had.
 *
 * @param {(line: string) => void} say
 */
export async function fetchElectron(say) {
  const proxy = process.env.HTTPS_PROXY ?? process.env.https_proxy;
  // Behind a proxy only the download itself can tell; it is given up when it stands still.
  if (!proxy && !(await answers(downloadAddress()))) {
    say('Electron can’t be downloaded here: the server that has it does not answer.');
    return undefined;
  }
  say('Downloading Electron, once …');
  // The package downloads into the system's temporary folder; this one is ours to watch and to clear.
  const temporary = join(root, '.cache', 'electron-download');
  mkdirSync(temporary, { recursive: true });
  const watched = [temporary, join(root, 'node_modules', 'electron', 'dist')];
  const child = start(projectNode, [...nodeArguments, join(root, 'node_modules', 'electron', 'install.js')], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: {
      ...process.env,
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
      ...(proxy ? { NODE_USE_ENV_PROXY: '1' } : {}),
    },
  });
  const watch = watchGrowth(
    () => watched.reduce((sum, folder) => sum + bytesUnder(folder), 0),
    () => child.kill('SIGKILL'),
  );
  const code = await ended(child, limitMs);
  clearInterval(watch);
  rmSync(temporary, { recursive: true, force: true });
  if (code !== 0) say('The download of Electron was given up.');
  return electronBinary();
}

/** Where the electron package looks; the same variables move it to a mirror. */
export function downloadAddress(environment = process.env) {
  return (
    environment.npm_config_electron_mirror ||
    environment.ELECTRON_MIRROR ||
    'https://github.com/electron/electron/releases/download/'
  );
}

/** Whether a server answers within `timeoutMs`, whatever it says short of an error of its own. */
export function answers(address, timeoutMs = probeMs, open = request) {
  return new Promise((resolve) => {
    let call;
    const finish = (value) => {
      clearTimeout(limit);
      call?.destroy();
      resolve(value);
    };
    const limit = setTimeout(() => finish(false), timeoutMs);
    try {
      call = open(address, { method: 'HEAD' }, (response) => finish((response.statusCode ?? 500) < 500));
      call.on('error', () => finish(false));
      call.end();
    } catch {
      finish(false);
    }
  });
}

/** Calls `giveUp` once `measure` has told the same number for `stallAfterMs`. Returns the timer. */
export function watchGrowth(measure, giveUp, stallAfterMs = stallMs) {
  let last = measure();
  let since = performance.now();
  return setInterval(
    () => {
      const now = measure();
      if (now !== last) since = performance.now();
      else if (performance.now() - since >= stallAfterMs) giveUp();
      last = now;
    },
    Math.min(500, stallAfterMs / 4),
  );
}

function bytesUnder(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  } catch {
    // Not made yet, or changing under our eyes.
    return 0;
  }
}
