import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';

/** What takes space, as a person looks at it: tables, their partitions, one of them, indexes, growth. */

let howdah: ConsoleProcess;
let page: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  howdah = await startConsoleProcess({ args: ['--sample'] });
  page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(howdah.address);
  await expect(page.getByText('7 connected')).toBeVisible({ timeout: 60_000 });
  await page.getByLabel('Environments').getByText('iotistic', { exact: true }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Storage' }).click();
});
test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
});

const view = (name: string) => page.getByLabel('View').getByText(name, { exact: true }).click();

test('tables come largest first, partitions with what they are part of, and one is told in detail', async () => {
  const tables = page.getByRole('grid', { name: 'Tables by size' });
  const first = tables.getByRole('row').nth(1);
  await expect(first).toContainText('device_metrics');
  await expect(page.getByText(/in tables, of .* in the database/)).toBeVisible();
  await tables.getByRole('button', { name: 'Partitions of public.device_metrics' }).click();
  await expect(tables.getByRole('row').nth(2)).toContainText('device_metrics_20');
  await page.getByPlaceholder('Search').fill('users');
  await tables.getByRole('row').filter({ hasText: 'public.users' }).dblclick();
  const panel = page.getByRole('complementary').last();
  await expect(panel).toContainText('CREATE UNIQUE INDEX users_email_key');
  await panel.getByRole('button', { name: 'Measure exactly…' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('CREATE EXTENSION pgstattuple;');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expectAccessible(page, 'a table in detail');
  await panel.getByRole('button', { name: 'Close (Esc)' }).click();
});

test('indexes: the one that is there twice is named with its statement, and all are listed with their use', async () => {
  await view('Indexes');
  await expect(
    page.getByText('public.idx_users_email is the same index as public.users_email_key'),
  ).toBeVisible();
  await expect(page.getByText('DROP INDEX CONCURRENTLY "public"."idx_users_email";')).toBeVisible();
  await expectAccessible(page, 'findings about indexes');
  await page.getByText('All indexes').click();
  const all = page.getByRole('grid', { name: 'Indexes' });
  await page.getByPlaceholder('Search').fill('users_email');
  await expect(all.getByRole('row')).toHaveCount(3);
  await expectAccessible(page, 'all indexes');
});

test('growth is drawn once sizes are kept', async () => {
  await view('Growth');
  await page.getByRole('button', { name: 'Measure now' }).first().click();
  await expect(page.getByText(/There is no forecast yet/)).toBeVisible();
  const growers = page.getByRole('grid', { name: 'Tables by growth' });
  await expect(growers.getByRole('row').filter({ hasText: 'device_logs' })).toBeVisible();
  await growers.getByRole('row').filter({ hasText: 'device_logs' }).dblclick();
  await expect(page.getByRole('region', { name: 'public.device_logs' })).toBeVisible();
  await expectAccessible(page, 'growth');
});
