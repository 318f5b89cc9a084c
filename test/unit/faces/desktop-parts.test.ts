import { afterAll, expect, test } from 'vitest';
import { loadAppFiles } from '../../../main/faces/app-files.ts';
import { answerApp, isAppAddress } from '../../../main/faces/desktop/app-protocol.ts';
import { menuTemplate } from '../../../main/faces/desktop/menu.ts';
import { isOwnFrame } from '../../../main/faces/desktop/port.ts';
import { temporaryFolder } from '../../support/stand-in-console.ts';

const folder = temporaryFolder({
  'renderer/index.html': '<title>app</title>',
  'renderer/assets/a-1.js': 'export {};',
  'secret.txt': 'outside of the app',
});
afterAll(folder.remove);
const files = await loadAppFiles(`${folder.path}/renderer`);
const ask = (url: string, method = 'GET'): Response => answerApp(files, { url, method });

test('the protocol answers with the app and the same policy as the browser face', async () => {
  const answer = ask('howdah://app/');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await answer.text()).toContain('<title>app</title>');
  expect(ask('howdah://app/assets/a-1.js').headers.get('content-type')).toContain('text/javascript');
  expect(ask('howdah://app/assets/none.js').status).toBe(404);
});

test('other hosts, other methods and paths that lead outside get nothing', async () => {
  expect(ask('howdah://other/').status).toBe(403);
  expect(ask('howdah://app/', 'POST').status).toBe(403);
  for (const path of ['../secret.txt', '%2e%2e/secret.txt', '..%2fsecret.txt', '%ff.txt']) {
    expect(await ask(`howdah://app/${path}`).text()).not.toContain('outside of the app');
  }
});

test('only the main frame that shows our own address is ours', () => {
  const main = { url: 'howdah://app/environments/1' };
  expect(isOwnFrame(main, main)).toBe(true);
  expect(isOwnFrame({ url: 'howdah://app/' }, main)).toBe(false);
  expect(isOwnFrame(null, main)).toBe(false);
  const foreign = { url: 'https://app/' };
  expect(isOwnFrame(foreign, foreign)).toBe(false);
  for (const address of [
    'howdah://app.evil/',
    'howdah://application/',
    'howdah:app/',
    'file:///howdah://app/',
  ]) {
    expect(isAppAddress(address)).toBe(false);
  }
});

test('the menu is made of standard roles; packages have no developer tools', () => {
  const text = (platform: NodeJS.Platform, packaged: boolean): string =>
    JSON.stringify(menuTemplate(platform, packaged));
  expect(text('linux', false)).toContain('toggleDevTools');
  expect(text('linux', true)).not.toContain('toggleDevTools');
  expect(text('darwin', true)).toContain('appMenu');
  expect(text('win32', true)).toContain('"quit"');
});
