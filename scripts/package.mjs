/**
 * `npm run package [-- electron-builder's options]`: builds what is out of date and packages the desktop for this
 * system into `release`. Afterwards the fuses of the packaged binary are read back: a package whose fuses are not
 * as electron-builder.yml says is no good.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { passSignalsOn, run } from './lib/children.mjs';
import { nodeCommand, root } from './lib/project.mjs';
import { fail, setUp } from './lib/set-up.mjs';

passSignalsOn();
await setUp((line) => console.log(line));
const [command, ...args] = nodeCommand('node_modules/electron-builder/cli.js', ...process.argv.slice(2));
const code = await run(command, args);
if (code !== 0) process.exit(code);

/** Where electron-builder puts the unpacked application, by system. */
const binaries = readdirSync(join(root, 'release'))
  .flatMap((folder) => [
    join(root, 'release', folder, 'howdah'),
    join(root, 'release', folder, 'Howdah.exe'),
    join(root, 'release', folder, 'Howdah.app'),
  ])
  .filter((file) => existsSync(file));
if (binaries.length === 0)
  fail('No unpacked application was found in release, so its fuses could not be read.');
const { FuseV1Options: fuse, getCurrentFuseWire } = await import('@electron/fuses');
const [on, off] = ['1'.charCodeAt(0), '0'.charCodeAt(0)];
/** @type {[name: string, index: number, wanted: number][]} */
const wanted = [
  ['RunAsNode', fuse.RunAsNode, off],
  ['EnableCookieEncryption', fuse.EnableCookieEncryption, on],
  ['EnableNodeOptionsEnvironmentVariable', fuse.EnableNodeOptionsEnvironmentVariable, off],
  ['EnableNodeCliInspectArguments', fuse.EnableNodeCliInspectArguments, off],
  ['EnableEmbeddedAsarIntegrityValidation', fuse.EnableEmbeddedAsarIntegrityValidation, on],
  ['OnlyLoadAppFromAsar', fuse.OnlyLoadAppFromAsar, on],
];
for (const binary of binaries) {
  const wire = /** @type {Record<number, unknown>} */ (await getCurrentFuseWire(binary));
  const wrong = wanted.filter(([, index, value]) => wire[index] !== value).map(([name]) => name);
  if (wrong.length > 0) fail(`${binary}: these fuses are not as they should be: ${wrong.join(', ')}.`);
  console.log(`${binary}: fuses are as they should be.`);
}
