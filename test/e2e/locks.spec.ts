import { expect, type Page, test } from '@playwright/test';
import type pg from 'pg';
import { expectAccessible } from '../support/accessible.ts';
import { howdah as cli } from '../support/cli.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';

/** A lock jam as a person meets it: seen live, ended from here, and found again in history with what was waited for. */

let server: TestServer;
let howdah: ConsoleProcess;
let page: Page;
let root: pg.Client;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  server = await startPostgres();
  await server.query(`CREATE TABLE account (id int PRIMARY KEY, balance int);
    INSERT INTO account SELECT n, 0 FROM generate_series(1, 9) n`);
  howdah = await startConsoleProcess();
  const { code, stderr } = await cli(['environments', 'add', server.url(), '--name', 'bank'], {
    dataFolder: howdah.dataFolder,
  });
  expect(code, stderr).toBe(0);
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(howdah.address);
  await page.getByText('bank', { exact: true }).first().click();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Activity' }).click();
});
test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
  await server?.remove();
});

const view = (name: RegExp) => page.getByRole('radiogroup', { name: 'View' }).getByText(name).click();

test('a jam is seen live and its root ended from here', async () => {
  root = await server.connect({ application: 'nightly-report' });
  await root.query('BEGIN; UPDATE account SET balance = 1 WHERE id = 1');
  const waiters = await Promise.all(
    ['billing 2.4.0', 'billing 2.4.0', 'shop'].map((application) => server.connect({ application })),
  );
  for (const waiter of waiters)
    void waiter.query('UPDATE account SET balance = balance + 10 WHERE id = 1').catch(() => undefined);
  await view(/Blocking/);
  const tree = page.getByRole('grid', { name: 'Blocking tree' });
  await expect(tree.getByRole('row').filter({ hasText: 'nightly-report' })).toContainText('3');
  // Two samples make it an episode.
  await expect(tree.getByText('5 s', { exact: true }).first()).toBeVisible();
  await tree.getByRole('row').filter({ hasText: 'nightly-report' }).click();
  await page.getByRole('button', { name: 'Terminate', exact: true }).first().click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Terminate/ })
    .click();
  await expect(page.getByText('Nobody waits on a lock')).toBeVisible();
});

test('it is found again in history, with its tree and what happened around it', async () => {
  await view(/History/);
  const episodes = page.getByRole('grid', { name: 'Blocking episodes' });
  const row = episodes.getByRole('row').filter({ hasText: 'nightly-report' });
  await expect(row).toContainText('Terminated here');
  await expect(page.getByRole('region', { name: 'Events' })).toContainText(
    /Terminated backend \d+ \(.+ via browser\)/,
  );
  await row.dblclick();
  const inspector = page.getByRole('complementary', { name: /Behind nightly-report/ });
  await expect(inspector.getByRole('listitem')).toHaveCount(4);
  await expect(inspector).toContainText('This console ended the root’s session.');
  await expectAccessible(page, 'history of blocking');
  await page.keyboard.press('Escape');
  await expect(inspector).toBeHidden();
});

test('what sessions waited for is kept, and can be narrowed to who it was', async () => {
  await view(/Waits/);
  const applications = page.getByText('Applications', { exact: true });
  await applications.click();
  const list = page.getByRole('grid', { name: 'Who was active, by application' });
  await expect(list.getByRole('row').filter({ hasText: 'billing 2.4.0' })).toContainText(/%/);
  await list.getByRole('row').filter({ hasText: 'billing 2.4.0' }).dblclick();
  const statements = page.getByRole('grid', { name: 'Who was active, by statement' });
  await expect(statements).toContainText('UPDATE account SET balance = balance + ? WHERE id = ?');
  await expectAccessible(page, 'waits');
  // Nothing of it needs the server.
  await server.stop();
  await page.reload();
  await expect(page.getByRole('grid', { name: 'Who was active, by statement' })).toContainText(
    'UPDATE account',
  );
});
