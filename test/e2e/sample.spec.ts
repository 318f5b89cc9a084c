import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';

/** The first minutes of somebody new: the empty screen, the sample server, charts that move, every screen in sight. */

let howdah: ConsoleProcess;
let page: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  howdah = await startConsoleProcess();
  page = await (await browser.newContext()).newPage();
  await page.goto(howdah.address);
});

test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
});

test('the empty screen offers the sample server, and makes it with progress', async () => {
  await expect(page.getByRole('button', { name: 'Add an environment' }).first()).toBeVisible();
  await expectAccessible(page, 'empty home', 'page');
  await page
    .getByRole('button', { name: /sample server/i })
    .first()
    .click();
  await expect(page.getByText('kronos_eam_production', { exact: true }).first()).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText('7 connected')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'home', 'page');
});

test('its charts move within seconds', async () => {
  await page.getByLabel('Environments').getByText('edictflow', { exact: true }).click();
  const line = page.locator('.recharts-line path, .recharts-area path').first();
  await expect(line).toBeVisible({ timeout: 20_000 });
  const before = await line.getAttribute('d');
  await expect.poll(() => line.getAttribute('d'), { timeout: 30_000 }).not.toBe(before);
  await expectAccessible(page, 'overview', 'page');
});

test('its workload shows in the activity, with production’s protection in sight', async () => {
  await page.getByLabel('Environments').getByText('kronos_eam_production', { exact: true }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Activity' }).click();
  await expect(page.getByRole('grid', { name: 'Sessions' }).getByText('edictflow').first()).toBeVisible();
  await expect(page.getByRole('banner').getByText('Guarded')).toBeVisible();
  await expectAccessible(page, 'activity', 'page');
  await page.getByRole('grid', { name: 'Sessions' }).getByRole('row').nth(1).click();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary').last()).toBeVisible();
  await expectAccessible(page, 'activity with inspector', 'page');
  await page.keyboard.press('Escape');
  await page.getByRole('grid', { name: 'Sessions' }).getByRole('row').nth(1).click();
  await page.getByRole('button', { name: 'Terminate' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('kronos_eam_production');
  await expectAccessible(page, 'terminate dialog', 'page');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('every other screen stands up to a check as well', async () => {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'command palette', 'page');
  await page.keyboard.type('audit');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/audit/);
  await expectAccessible(page, 'audit log', 'page');
  await page.getByRole('button', { name: 'Add an environment' }).first().click();
  await expect(page.locator('form#environment-form')).toBeVisible();
  await expectAccessible(page, 'environment form', 'page');
});

test('a console that ends takes its sample server with it', async () => {
  await howdah.restart();
  await page.goto(howdah.address);
  await expect(page.getByText('edictflow', { exact: true }).first()).toBeVisible();
  await expect(
    page.getByText('0 connected').or(page.getByText('0 of 7 environments connected')).first(),
  ).toBeVisible();
});
