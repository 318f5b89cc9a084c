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

test('no screen breaks the policy: charts, tables, palette and dialogs in both themes', async ({ page }) => {
  test.setTimeout(180_000);
  const sample = await startConsoleProcess({ args: ['--sample'] });
  try {
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(sample.address);
    await expect.poll(() => sample.output(), { timeout: 120_000 }).toContain('The sample server is running');
    await page.getByText('kronos_eam', { exact: true }).first().click();
    for (const tab of ['Overview', 'Activity']) {
      await page
        .getByRole('tab', { name: tab })
        .or(page.getByRole('link', { name: tab }))
        .first()
        .click();
      // Long enough for live data to be drawn.
      await page.waitForTimeout(3000);
    }
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${new URL(sample.address).origin}/#/audit`);
    await page.waitForTimeout(1000);
    expect(problems).toEqual([]);
  } finally {
    expect(await sample.stop()).toBe(0);
  }
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
