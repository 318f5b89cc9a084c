import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The file of a worker thread: beside the module that starts it, as TypeScript or built, or one folder up, where the
 * build puts all of them.
 */
export function workerFile(folder: string, name: string): string {
  const places = [`${name}.ts`, `${name}.js`, `../${name}.js`];
  const found = places.map((place) => join(folder, place)).find((file) => existsSync(file));
  if (!found) throw new Error(`The file of the thread ${name} is missing.`);
  return found;
}
