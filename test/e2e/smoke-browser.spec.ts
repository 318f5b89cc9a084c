import { expect, test } from '@playwright/test';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';

let running: ConsoleProcess;
test.beforeAll(async () => {
  running = await startConsoleProcess();
});
test.afterAll(async () => {
  expect(await running.stop()).toBe(0);
});

test('the printed address opens the console under its strict policy, with nothing from elsewhere', async ({
  page,
}) => {
  const problems: string[] = [];
  const foreign: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const { origin } = new URL(running.address);
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:')
      foreign.push(request.url());
  });
  const response = await page.goto(running.address);
  expect(response?.status()).toBe(200);
  expect(page.url()).toBe(`${origin}/`);
  await expect(page.locator('#root')).not.toBeEmpty();
  expect(await page.evaluate(() => document.cookie)).toBe('');
  // The address is spent now, but this browser has its session.
  await page.goto(running.address);
  await expect(page.locator('#root')).not.toBeEmpty();
  expect(problems).toEqual([]);
  expect(foreign).toEqual([]);
});

test('another browser is told what to do', async ({ page }) => {
  const { origin } = new URL(running.address);
  await page.goto(origin);
  await expect(page.getByRole('heading')).toHaveText('An address is needed');
  await page.goto(`${origin}/?token=wrong`);
  await expect(page.getByRole('heading')).toHaveText('This address is spent');
});

test('after a restart a fresh address opens the console', async ({ page }) => {
  const before = running.address;
  await running.restart();
  expect(running.address).not.toBe(before);
  await page.goto(running.address);
  await expect(page.locator('#root')).not.toBeEmpty();
});
