/**
 * `npm run build`: renderer, main and preload into `dist`. `--if-stale` skips it when nothing changed.
 *
 * What is built from is hashed into `dist/stamp.json`, written last. The new `dist` is made aside and put in
 * place by renaming, so that a build that fails or is stopped leaves the old one whole.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt, sourceStamp } from './lib/build-stamp.mjs';
import { root } from './lib/project.mjs';

// Vite draws its progress over and over on a terminal, even when told to be quiet; on a build machine it does not.
process.env.CI ??= '1';

async function build() {
  const { build: viteBuild } = await import('vite');
  const { builds } = await import('../vite.config.ts');
  const stamp = sourceStamp();
  const aside = join(root, '.cache', `dist-${process.pid}`);
  const old = join(root, '.cache', `dist-old-${process.pid}`);
  mkdirSync(join(root, '.cache'), { recursive: true });
  try {
    await Promise.all(builds(aside).map((config) => viteBuild(config)));
    writeFileSync(join(aside, 'stamp.json'), JSON.stringify({ stamp }));
    try {
      renameSync(join(root, 'dist'), old);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    renameSync(aside, join(root, 'dist'));
  } finally {
    rmSync(aside, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

if (!(process.argv.includes('--if-stale') && isBuilt())) {
  const from = performance.now();
  await build();
  process.stderr.write(`Built in ${((performance.now() - from) / 1000).toFixed(1)} s.\n`);
}
