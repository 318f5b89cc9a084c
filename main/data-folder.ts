import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The folder where Howdah keeps its settings and store: `HOWDAH_DATA_DIR`, else the platform's own place.
 * It is made, readable by its owner only, when it is not there.
 *
 * @throws naming the folder when it can't be made.
 */
export function dataFolder(): string {
  const folder = resolve(process.env.HOWDAH_DATA_DIR || platformFolder());
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${folder} can't be the data folder: ${reason}. HOWDAH_DATA_DIR names another one.`);
  }
  return folder;
}

function platformFolder(): string {
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Howdah');
    case 'win32':
      return join(process.env.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'Howdah');
    default:
      return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'howdah');
  }
}
