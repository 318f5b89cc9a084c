/** Lets another program download something, and never waits for a network that stands still. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { ended, start } from './children.mjs';
import { root } from './project.mjs';

/** ms for the first answer of a server. */
const probeMs = 3_000;
/** ms without a single byte more after which a download is given up. */
const stallMs = 8_000;
/** ms after which it is given up in any case. */
const limitMs = 10 * 60_000;

/**
 * Runs a program that downloads, if the server it needs answers at all. Resolves with whether it ended well.
 *
 * @param {object} download
 * @param {string} download.from address of the server, for the first probe
 * @param {readonly [string, ...string[]]} download.command
 * @param {string} download.into folder that grows while what came is unpacked
 */
export async function boundedDownload({ from, command: [command, ...args], into }) {
  const proxy = process.env.HTTPS_PROXY ?? process.env.https_proxy;
  // Behind a proxy only the download itself can tell.
  if (!proxy && !(await answers(from))) return false;
  // Such programs download into the system's temporary folder; this one is ours to watch and to clear.
  const temporary = join(root, '.cache', `download-${process.pid}`);
  mkdirSync(temporary, { recursive: true });
  const env = {
    ...process.env,
    ...{ TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    ...(proxy ? { NODE_USE_ENV_PROXY: '1' } : {}),
  };
  const child = start(command, args, { stdio: 'ignore', env });
  const watch = watchGrowth(
    () => bytesUnder(temporary) + bytesUnder(into),
    () => child.kill('SIGKILL'),
  );
  const code = await ended(child, limitMs);
  clearInterval(watch);
  rmSync(temporary, { recursive: true, force: true });
  return code === 0;
}

/**
 * Whether a server answers within `timeoutMs`, whatever it says short of an error of its own.
 *
 * @param {string} address
 * @returns {Promise<boolean>}
 */
export function answers(address, timeoutMs = probeMs, open = request) {
  return new Promise((resolve) => {
    /** @type {import('node:http').ClientRequest | undefined} */
    let call;
    /** @param {boolean} value */
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

/**
 * Calls `giveUp` once `measure` has told the same number for `stallAfterMs`. Returns the timer.
 *
 * @param {() => number} measure
 * @param {() => void} giveUp
 */
export function watchGrowth(measure, giveUp, stallAfterMs = stallMs) {
  let last = measure();
  let since = performance.now();
  const look = () => {
    const now = measure();
    if (now !== last) since = performance.now();
    else if (performance.now() - since >= stallAfterMs) giveUp();
    last = now;
  };
  return setInterval(look, Math.min(500, stallAfterMs / 4));
}

/** @param {string} folder */
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
