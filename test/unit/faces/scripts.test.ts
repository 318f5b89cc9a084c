import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { request } from 'node:https';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import { openerOf } from '../../../main/faces/browser/open-browser.ts';
import { answers, watchGrowth } from '../../../scripts/lib/bounded-download.mjs';
import { installedBrowser } from '../../../scripts/lib/browser.mjs';
import { isBuilt, sourceStamp } from '../../../scripts/lib/build-stamp.mjs';
import { downloadAddress } from '../../../scripts/lib/electron-fetch.mjs';
import { chooseFace } from '../../../scripts/lib/face.mjs';
import { missingOptionals } from '../../../scripts/lib/lockfile.mjs';
import { electronBinary, hasDisplay, plainEnvironment, root } from '../../../scripts/lib/project.mjs';
import { areInstalled, isNewEnough } from '../../../scripts/lib/set-up.mjs';
import { readTally, summaryLines } from '../../../scripts/lib/summary.mjs';
import TallyReporter from '../../../scripts/lib/vitest-reporter.mjs';
import { temporaryFolder } from '../../support/stand-in-console.ts';

const folders: { remove(): void }[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder(files);
  folders.push(folder);
  return folder.path;
}

test('Node.js 20.19 is the oldest that will do', () => {
  expect(['20.19.0', '20.20.2', '22.0.0', '24.21.0', '100.0.0'].filter((each) => !isNewEnough(each))).toEqual(
    [],
  );
  expect(['18.20.8', '20.18.9', '20.0.0'].filter(isNewEnough)).toEqual([]);
});

describe('dependencies are installed', () => {
  const lock = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.2.3' },
      'node_modules/for-windows': { version: '1.0.0', optional: true },
    },
  };
  const place = (present: object | string): string =>
    folderWith({
      'package-lock.json': JSON.stringify(lock),
      node: '',
      'node_modules/.package-lock.json': typeof present === 'string' ? present : JSON.stringify(present),
    });
  const installed = (folder: string): boolean => areInstalled(folder, join(folder, 'node'));

  test('when npm put the locked versions there, whatever is for other systems', () => {
    expect(installed(place({ packages: { 'node_modules/a': { version: '1.2.3' } } }))).toBe(true);
  });

  test('not when a version differs, one is missing, or npm was interrupted', () => {
    expect(installed(place({ packages: { 'node_modules/a': { version: '1.2.4' } } }))).toBe(false);
    expect(installed(place({ packages: {} }))).toBe(false);
    expect(installed(place('{"packages":'))).toBe(false);
    expect(installed(folderWith({ 'package-lock.json': JSON.stringify(lock) }))).toBe(false);
  });

  test('not without the Node.js they bring', () => {
    const folder = place({ packages: { 'node_modules/a': { version: '1.2.3' } } });
    expect(areInstalled(folder, join(folder, 'none'))).toBe(false);
  });
});

test('the build is up to date until a name or content changes', () => {
  const files = { 'main/a.ts': 'a', 'main/b.sql': 'select 1', 'package-lock.json': '{}' };
  const stamp = sourceStamp(folderWith(files));
  expect(sourceStamp(folderWith(files))).toBe(stamp);
  expect(sourceStamp(folderWith({ ...files, 'main/b.sql': 'select 2' }))).not.toBe(stamp);
  expect(sourceStamp(folderWith({ ...files, 'docs/c.md': 'not built' }))).toBe(stamp);
  const { 'main/b.sql': moved, ...others } = files;
  expect(sourceStamp(folderWith({ ...others, 'main/c.sql': moved }))).not.toBe(stamp);

  expect(isBuilt(folderWith({ ...files, 'dist/stamp.json': JSON.stringify({ stamp }) }))).toBe(true);
  expect(isBuilt(folderWith({ ...files, 'dist/stamp.json': '{}' }))).toBe(false);
  expect(isBuilt(folderWith(files))).toBe(false);
});

describe('the face', () => {
  test('is the desktop where there are a display and Electron', () => {
    expect(chooseFace({ hasDisplay: true, binary: '/e' })).toMatchObject({ face: 'desktop' });
  });

  test('is the browser otherwise, and says why', () => {
    expect(chooseFace({ hasDisplay: false, binary: '/e' })).toEqual({
      face: 'browser',
      why: 'Browser face: no display on this machine.',
    });
    expect(chooseFace({ hasDisplay: true }).why).toBe('Browser face: the Electron binary can’t be had here.');
  });

  test('is the one asked for, or an error', () => {
    expect(chooseFace({ wanted: 'browser', hasDisplay: true, binary: '/e' }).face).toBe('browser');
    expect(chooseFace({ wanted: 'desktop', hasDisplay: true, binary: '/e' }).face).toBe('desktop');
    expect(chooseFace({ wanted: 'desktop', hasDisplay: false, binary: '/e' }).face).toBe('none');
    expect(chooseFace({ wanted: 'desktop', hasDisplay: true }).face).toBe('none');
  });
});

test('a display is what Linux says in the environment; other systems have one', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
  expect(openerOf('linux', {})).toBeUndefined();
  expect(openerOf('linux', { DISPLAY: ':0' })).toEqual(['xdg-open']);
  expect(openerOf('darwin', {})).toEqual(['open']);
});

test('Electron’s binary is taken when it was unpacked to its end, or from where it was said to be', () => {
  const unpacked = {
    'node_modules/electron/dist/electron': '',
    'node_modules/electron/path.txt': 'electron',
  };
  const folder = folderWith(unpacked);
  expect(electronBinary({}, 'linux', folder)).toBe(join(folder, 'node_modules/electron/dist/electron'));
  expect(
    electronBinary({}, 'linux', folderWith({ 'node_modules/electron/dist/electron': '' })),
  ).toBeUndefined();
  const elsewhere = folderWith({ electron: '' });
  expect(electronBinary({ ELECTRON_OVERRIDE_DIST_PATH: elsewhere }, 'linux', folder)).toBe(
    join(elsewhere, 'electron'),
  );
  expect(electronBinary({ ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }, 'linux', folder)).toBeUndefined();
});

test('npm does not run from the folder it replaces', () => {
  const PATH = ['/p/node_modules/.bin', '/usr/bin', '/p/node_modules/npm/bin'].join(delimiter);
  expect(plainEnvironment({ PATH, A: 'b' }, '/p')).toEqual({ PATH: '/usr/bin', A: 'b' });
});

test('CHROME_PATH goes before what is installed', () => {
  const folder = folderWith({ chromium: '' });
  expect(installedBrowser({ CHROME_PATH: '/c', PATH: folder }, 'linux')).toBe('/c');
  expect(installedBrowser({ PATH: `/nowhere${delimiter}${folder}` }, 'linux')).toBe(join(folder, 'chromium'));
  expect(installedBrowser({ PATH: '/nowhere' }, 'linux')).toBeUndefined();
});

describe('a download', () => {
  /** A stand-in for https.request: `act` is what its network does. */
  function network(act: (call: EventEmitter, answer: (status: number) => void) => void) {
    const destroyed = vi.fn();
    const open = ((
      _address: string,
      _options: object,
      onAnswer: (response: { statusCode: number }) => void,
    ) => {
      const call = Object.assign(new EventEmitter(), {
        destroy: destroyed,
        end: () => act(call, (statusCode) => onAnswer({ statusCode })),
      });
      return call;
    }) as unknown as typeof request;
    return { open, destroyed };
  }

  test('is tried when its server answers, a redirect or a refusal of HEAD included', async () => {
    for (const status of [200, 302, 404, 405]) {
      expect(await answers('https://x', 1000, network((_call, answer) => answer(status)).open)).toBe(true);
    }
  });

  test('is not tried when the server is silent, unknown or broken', async () => {
    const silent = network(() => {});
    expect(await answers('https://x', 30, silent.open)).toBe(false);
    expect(silent.destroyed).toHaveBeenCalled();
    const unknown = network((call) => call.emit('error', new Error('ENOTFOUND')));
    expect(await answers('https://x', 1000, unknown.open)).toBe(false);
    expect(await answers('https://x', 1000, network((_call, answer) => answer(503)).open)).toBe(false);
    expect(await answers('not an address', 1000)).toBe(false);
  });

  test('is given up when it stands still, not while it grows', async () => {
    let bytes = 0;
    const growing = setInterval(() => {
      bytes += 1;
    }, 10);
    const giveUp = vi.fn();
    const watch = watchGrowth(() => bytes, giveUp, 100);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(giveUp).not.toHaveBeenCalled();
    clearInterval(growing);
    await vi.waitFor(() => expect(giveUp).toHaveBeenCalled());
    clearInterval(watch);
  });

  test('of Electron goes to the mirror that was named', () => {
    expect(downloadAddress({})).toContain('electron/releases');
    expect(downloadAddress({ ELECTRON_MIRROR: 'https://mirror.example/' })).toBe('https://mirror.example/');
  });
});

describe('the summary', () => {
  const good = { passed: 3, failed: [], skipped: [{ name: 'c', reason: 'no keychain here' }] };

  test('adds all runners up and names what failed and why something was skipped', () => {
    const bad = { passed: 1, failed: [{ name: 'b', reason: 'expected 1\nmore' }], skipped: [] };
    expect(summaryLines([good, bad])).toEqual([
      'FAILED   b: expected 1',
      'skipped  c: no keychain here',
      '4 passed, 1 failed, 1 skipped',
    ]);
  });

  test('takes silence and unexplained exit codes for failures', () => {
    const file = join(folderWith({ 'good.json': JSON.stringify(good) }), 'good.json');
    expect(readTally(file, 'runner', 0)).toEqual(good);
    expect(readTally(file, 'runner', 1).failed).toHaveLength(1);
    expect(readTally('/nowhere', 'runner', 0).failed).toHaveLength(1);
  });
});

test('the tally holds what went wrong around tests, not only in them', () => {
  const file = join(folderWith({}), 'tally.json');
  vi.stubEnv('HOWDAH_TALLY', file);
  const module = {
    relativeModuleId: 'a.test.ts',
    errors: () => [],
    children: {
      allSuites: () => [{ fullName: 'on a server', errors: () => [{ message: 'it did not start' }] }],
      allTests: () => [{ fullName: 'on a server > works', result: () => ({ state: 'skipped' }) }],
    },
  };
  new TallyReporter().onTestRunEnd([module as unknown as TestModule], []);
  vi.unstubAllEnvs();
  expect(readTally(file, 'vitest', 1)).toEqual({
    passed: 0,
    failed: [{ name: 'a.test.ts › on a server', reason: 'it did not start' }],
    skipped: [{ name: 'a.test.ts › on a server > works', reason: 'no reason was given' }],
  });
});

describe('the lockfile', () => {
  test('holds the optional packages of every platform; otherwise: node scripts/complete-lock.mjs', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    expect(Object.keys(missingOptionals(lock))).toEqual([]);
  });

  test('is completed by what a package’s name says of its platform', () => {
    const optionalDependencies = {
      '@x/a-linux-x64-musl': '1.0.0',
      '@x/a-darwin-arm64': '1.0.0',
      '@x/a-plain': '1.0.0',
    };
    const packages = {
      '': {},
      'node_modules/a': { version: '1.0.0', dev: true, optionalDependencies },
      'node_modules/a/node_modules/@x/a-darwin-arm64': { version: '1.0.0' },
    };
    expect(missingOptionals({ packages })).toEqual({
      'node_modules/@x/a-linux-x64-musl': {
        version: '1.0.0',
        cpu: ['x64'],
        libc: ['musl'],
        os: ['linux'],
        dev: true,
        optional: true,
      },
    });
  });
});
