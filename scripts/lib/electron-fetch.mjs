/** Fetches Electron's binary, when it can be had soon. */
import { join } from 'node:path';
import { boundedDownload } from './bounded-download.mjs';
import { electronBinary, nodeCommand, root } from './project.mjs';

/**
 * Tries to get Electron's binary. Resolves with its path, or with undefined when it can't be had.
 *
 * @param {(line: string) => void} say
 */
export async function fetchElectron(say) {
  say('Electron’s binary is not here yet; downloading it, once …');
  // The package's own downloader; `npx install-electron` runs the same.
  const command = nodeCommand('node_modules/electron/install.js');
  const into = join(root, 'node_modules', 'electron', 'dist');
  const done = await boundedDownload({ from: downloadAddress(), command, into });
  if (!done) say('The download of Electron did not get anywhere and was given up.');
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
