/** Tells whether `dist` was built from the sources as they are now. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './project.mjs';

const folders = ['main', 'preload', 'renderer', 'migrations'];
const files = ['package-lock.json', 'package.json', 'tsconfig.json', 'vite.config.ts', 'scripts/build.mjs'];

/** A hash of the names and contents of everything that goes into `dist`. */
export function sourceStamp(folder = root) {
  const hash = createHash('sha256');
  const all = [...files, ...folders.flatMap((each) => filesUnder(folder, each))].sort();
  for (const file of all) {
    if (!existsSync(join(folder, file))) continue;
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether `dist` is complete and up to date. */
export function isBuilt(folder = root) {
  try {
    const { stamp } = JSON.parse(readFileSync(join(folder, 'dist', 'stamp.json'), 'utf8'));
    return stamp === sourceStamp(folder);
  } catch {
    return false;
  }
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string[]}
 */
function filesUnder(folder, name) {
  if (!existsSync(join(folder, name))) return [];
  return readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
