import { expect, type Page, test } from '@playwright/test';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';

/**
 * The console's main job, as a person does it: add an environment, read why it fails, mend it, watch, free a
 * blocked session, be refused where it is read-only, lose the server and get it back, restart and find the hour.
 */

let server: TestServer;
let howdah: ConsoleProcess;
let page: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  server = await startPostgres();
  await server.query(
    'CREATE TABLE account (id int PRIMARY KEY, amount int); INSERT INTO account VALUES (1, 100)',
  );
  howdah = await startConsoleProcess();
  page = await browser.newPage();
  await page.goto(howdah.address);
});

test.afterAll(async () => {
  await page?.close();
  await howdah?.stop();
  await server?.remove();
});

const rowOf = (text: string) => page.getByRole('row').filter({ hasText: text });

async function openRoom(environment: string, room: 'Overview' | 'Activity'): Promise<void> {
  await page.getByLabel('Environments').getByText(environment, { exact: true }).first().click();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: room }).click();
}

/** Blocks `waiter` behind `blocker` on one row. */
async function blockOneSession(): Promise<{ waiting: Promise<unknown> }> {
  const blocker = await server.connect({ application: 'nightly-report' });
  const waiter = await server.connect({ application: 'checkout' });
  await blocker.query('BEGIN; UPDATE account SET amount = 1 WHERE id = 1');
  return {
    waiting: waiter.query('UPDATE account SET amount = 2 WHERE id = 1').catch((error: unknown) => error),
  };
}

test('adds an environment by URL, reads why the password is refused, and mends it', async () => {
  await page.getByRole('button', { name: 'Add an environment' }).first().click();
  await page
    .locator('form#environment-form')
    .getByLabel('Connection URL')
    .fill(server.url().replace('postgres:postgres@', 'postgres@'));
  await expect(page.getByLabel('Port')).toHaveValue(String(server.port));
  await expect(page.getByLabel('User', { exact: true })).toHaveValue('postgres');
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
  await page.getByLabel('Name', { exact: true }).fill('orders-prod');
  await page.getByLabel(/Guarded/).check();

  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText(/The server refused the password of "postgres"/).first()).toBeVisible();
  await expect(page.getByText(/28P01/).first()).toBeVisible();

  await page.getByRole('button', { name: 'Save and connect' }).click();
  await expect(page.getByText(/The server refused the password of "postgres"/).first()).toBeVisible();
  await page.getByLabel('Password of postgres').fill('postgres');
  await page.getByLabel('Password of postgres').press('Enter');
  await expect(page.getByText(/PostgreSQL/).first()).toBeVisible();
  await expect(page.getByText('Connected').first()).toBeVisible();
});

test('shows live rows', async () => {
  const session = await server.connect({ application: 'invoice-api' });
  void session.query('SELECT pg_sleep(60), 42 AS find_me').catch(() => undefined);
  await openRoom('orders-prod', 'Activity');
  const row = rowOf('find_me');
  await expect(row).toBeVisible();
  await expect(row).toContainText('Active');
  await session.end().catch(() => undefined);
});

test('shows the blocking tree and terminates the blocker after its name was typed; the waiter goes on', async () => {
  const { waiting } = await blockOneSession();
  await openRoom('orders-prod', 'Activity');
  await page.getByRole('radiogroup').getByText('Blocking').click();
  const tree = page.getByRole('grid', { name: 'Blocking tree' });
  await expect(tree.getByRole('row').filter({ hasText: 'nightly-report' })).toBeVisible();
  await expect(tree.getByRole('row').filter({ hasText: 'checkout' })).toBeVisible();
  await tree.getByRole('row').filter({ hasText: 'nightly-report' }).first().click();
  await page.getByRole('button', { name: 'Terminate' }).first().click();

  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog')).first();
  await expect(dialog).toContainText('Terminate 1 backend on orders-prod');
  await expect(dialog).toContainText('nightly-report');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  const act = dialog.getByRole('button', { name: /^Terminate/ });
  await expect(act).toBeDisabled();
  await dialog.getByRole('textbox').fill('orders');
  await expect(act).toBeDisabled();
  await dialog.getByRole('textbox').fill('orders-prod');
  await act.click();

  expect(await waiting).toMatchObject({ rowCount: 1 });
  await expect(rowOf('nightly-report')).toHaveCount(0);
});

test('finds the act in the audit log', async () => {
  await page.goto(`${new URL(howdah.address).origin}/#/audit`);
  const row = page
    .getByRole('row')
    .filter({ hasText: /terminate/i })
    .first();
  await expect(row).toBeVisible();
  await expect(row).toContainText('orders-prod');
});

test('refuses to terminate where the environment is read-only', async () => {
  await page.getByRole('button', { name: 'Add an environment' }).first().click();
  await page
    .locator('form#environment-form')
    .getByLabel('Connection URL')
    .fill(server.url().replace('postgres:postgres@', 'postgres@'));
  await page.getByRole('textbox', { name: 'Password' }).fill('postgres');
  await page.getByLabel('Name', { exact: true }).fill('orders-reports');
  await page.getByLabel(/Read-only/).check();
  await page.getByRole('button', { name: 'Save and connect' }).click();
  await expect(page.getByText('Connected').first()).toBeVisible();

  const victim = await server.connect({ application: 'untouchable' });
  await victim.query('SELECT 1');
  await openRoom('orders-reports', 'Activity');
  await rowOf('untouchable').click();
  const terminate = page.getByRole('button', { name: 'Terminate' }).first();
  // Either the button itself is off and says why, or the dialog refuses.
  if (await terminate.isEnabled()) {
    await terminate.click();
    const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog')).first();
    await expect(dialog).toContainText(/read-only/i);
    await expect(dialog.getByRole('button', { name: /^Terminate/ })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  }
  await expect(victim.query('SELECT 1')).resolves.toBeDefined();
});

test('says that the server is gone, and goes on by itself when it is back', async () => {
  await openRoom('orders-prod', 'Overview');
  // Not in a list: there the event of it stays.
  const problem = page
    .getByText(/Nothing listens on|was lost|ended the session/)
    .and(page.locator(':not(li *)'));
  await server.stop('fast');
  await expect(problem.first()).toBeVisible();
  await server.start();
  await expect(problem).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByText('Connected').first()).toBeVisible();
  // The sessions chart has a live value again.
  await expect(page.getByText('Sessions').first()).toBeVisible();
});

test('finds the history of the hour after a restart of the console', async () => {
  const pointsOf = () => page.locator('.recharts-area path, .recharts-line path').count();
  await expect.poll(pointsOf).toBeGreaterThan(0);
  await howdah.restart();
  await page.goto(howdah.address);
  await openRoom('orders-prod', 'Overview');
  // No keychain here: the password is gone with the process, so what is drawn can only come from the store.
  await expect.poll(pointsOf, { timeout: 20_000 }).toBeGreaterThan(0);
});
