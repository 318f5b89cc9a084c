/** Finds a Chromium for the end-to-end tests, and gets one where there is none. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { boundedDownload } from './bounded-download.mjs';
import { ended, start } from './children.mjs';
import { nodeCommand, root } from './project.mjs';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** Browsers where their installers put them on systems that don't have them in PATH. */
const places = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    if (!folder) return [];
    return [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ];
  }),
};

/** The browser named by CHROME_PATH, or one that is installed on this system; undefined when there is none. */
export function installedBrowser(environment = process.env, platform = process.platform) {
  if (environment.CHROME_PATH) return environment.CHROME_PATH;
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  const inPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  const elsewhere = platform === 'darwin' || platform === 'win32' ? places[platform] : [];
  return [...inPath, ...elsewhere].find((file) => existsSync(file));
}

/**
 * A browser that starts: an installed one, else Playwright's own, else the distribution's package when this
 * process may install one. Undefined when none can be had.
 *
 * @param {(line: string) => void} say
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser(say) {
  const installed = installedBrowser();
  if (installed && (await starts(installed))) return installed;
  const own = await playwrightBrowser();
  if (own && (await starts(own))) return own;

  say('No browser for the end-to-end tests is here; getting Playwright’s Chromium …');
  const command = nodeCommand('node_modules/@playwright/test/cli.js', 'install', 'chromium');
  const from = process.env.PLAYWRIGHT_DOWNLOAD_HOST || 'https://cdn.playwright.dev';
  if (await boundedDownload({ from, command, into: browsersFolder() })) {
    const fetched = await playwrightBrowser();
    if (fetched && (await starts(fetched))) return fetched;
  }
  if (!mayInstallPackages()) return undefined;
  say('Playwright’s Chromium can’t be had here; installing the distribution’s …');
  const options = ['-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  await apt('update', '-q');
  await apt('install', ...options, 'chromium');
  const packaged = installedBrowser();
  return packaged && (await starts(packaged)) ? packaged : undefined;
}

/** A browser whose libraries are missing, or a stub that only advises to install one, does not start. */
async function starts(/** @type {string} */ browser) {
  if (!existsSync(browser)) return false;
  return (await ended(start(browser, ['--version'], { stdio: 'ignore' }), 20_000)) === 0;
}

async function playwrightBrowser() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/** Where Playwright keeps its browsers (Playwright, "Browsers", "Managing browser binaries"). */
function browsersFolder() {
  const { PLAYWRIGHT_BROWSERS_PATH: chosen, LOCALAPPDATA } = process.env;
  if (chosen === '0') return join(root, 'node_modules', 'playwright-core', '.local-browsers');
  if (chosen) return chosen;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ms-playwright');
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? homedir(), 'ms-playwright');
  return join(homedir(), '.cache', 'ms-playwright');
}

function mayInstallPackages() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** @param {string[]} args */
function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return ended(start('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }), 5 * 60_000);
}
