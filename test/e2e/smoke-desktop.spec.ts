import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { electronBinary, hasDisplay, root } from '../../scripts/lib/project.mjs';

const binary = electronBinary();

test('the desktop window opens the console, sandboxed and without Node', async () => {
  test.skip(
    !binary,
    'no Electron binary here: neither ELECTRON_OVERRIDE_DIST_PATH nor the package’s dist has one',
  );
  test.skip(!hasDisplay(), 'no display on this machine for the desktop window');
  const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-desktop-'));
  const app = await _electron.launch({
    ...(binary ? { executablePath: binary } : {}),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
    env: { ...process.env, HOWDAH_DATA_DIR: dataFolder, HOWDAH_KEYCHAIN: 'off' } as Record<string, string>,
  });
  try {
    const window = await app.firstWindow();
    await expect(window.locator('#root')).not.toBeEmpty();
    expect(window.url()).toBe('howdah://app/');
    expect(
      await window.evaluate(() => ['process', 'require', 'module'].filter((name) => name in globalThis)),
    ).toEqual([]);
    const preferences = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL()),
    );
    expect(preferences).toEqual(['howdah://app/']);
  } finally {
    await app.close();
    rmSync(dataFolder, { recursive: true, force: true });
  }
});
