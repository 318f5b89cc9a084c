/**
 * `node scripts/complete-lock.mjs`, after `npm install` on a registry that does not have every platform's packages.
 *
 * npm leaves an optional package whose metadata it can't get out of package-lock.json without a word. `npm ci` then
 * refuses the whole file, on every machine. This puts such packages in by what is known of them: name, exact
 * version, and the platform that stands in the name. Where they are needed npm fetches the rest.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingOptionals } from './lib/lockfile.mjs';
import { root } from './lib/project.mjs';

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingOptionals(lock);
const packages = { ...lock.packages, ...missing };
const names = Object.keys(packages).sort((one, other) => one.localeCompare(other, 'en'));
lock.packages = Object.fromEntries(names.map((name) => [name, packages[name]]));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${Object.keys(missing).length} packages for other platforms were added to package-lock.json.`);
