import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { howdah as cli } from '../support/cli.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';

/** Restores as a person does them: planned, run, swapped and swapped back, in parts, and with errors. */

let server: TestServer;
let howdah: ConsoleProcess;
let page: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  server = await startPostgres();
  await server.query('CREATE DATABASE shop');
  await server.query('CREATE DATABASE desk');
  await server.query(
    `CREATE SCHEMA sales;
     CREATE TABLE sales.customers (id int PRIMARY KEY, mail text);
     CREATE TABLE sales.orders (id int PRIMARY KEY, customer int REFERENCES sales.customers);
     CREATE TABLE notes (id int PRIMARY KEY, words text);
     INSERT INTO sales.customers SELECT g, 'm' || g || '@shop.example' FROM generate_series(1, 500) g;
     INSERT INTO sales.orders SELECT g, g FROM generate_series(1, 500) g;
     INSERT INTO notes VALUES (1, 'one');`,
    'shop',
  );
  howdah = await startConsoleProcess();
  const { dataFolder } = howdah;
  const run = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await cli(args, { dataFolder });
    if (code !== 0) throw new Error(stderr);
  };
  const environment = (database: string, name: string, ...more: string[]) =>
    run('environments', 'add', server.url(database), '--name', name, ...more);
  await environment('shop', 'shop-prod', '--protection', 'guarded');
  await environment('desk', 'my-desk', '--confirm', 'shop-prod');
  await run('backups', 'create', 'shop-prod', '--format', 'custom');
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(howdah.address);
  await page.getByLabel('Environments').getByText('shop-prod', { exact: true }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Backups' }).click();
});

test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
  await server?.remove();
});

const dialog = () => page.getByRole('dialog').first();
const question = () => page.getByRole('dialog').nth(1);
const plan = () => dialog().getByRole('region', { name: 'Plan' });
const mode = (name: string) => dialog().getByRole('radio', { name: new RegExp(`^${name}`) });
const act = (name: string) => dialog().getByRole('button', { name });
const databases = async (): Promise<string[]> => {
  const rows = await server.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1',
  );
  return rows.map(({ datname }) => datname);
};
const countOf = async (table: string, database: string): Promise<number> => {
  const [row] = await server.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`, database);
  return row?.n ?? -1;
};

/** Opens the dialog for the backup in the list, by the keyboard. */
async function openRestore(): Promise<void> {
  const list = page.getByRole('grid').first();
  await expect(list.getByRole('row')).toHaveCount(2);
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: /^Restore/ }).click();
}

async function done(): Promise<void> {
  await dialog().getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

test('a backup of production is restored into a new database elsewhere, with a script before anybody sees it', async () => {
  await openRestore();
  await expect(dialog().getByText('Guarded', { exact: true })).toBeVisible();
  await dialog().getByLabel('To the environment').selectOption('my-desk');
  await expect(mode('Into a new database')).toBeChecked();
  const name = dialog().getByLabel('Name of the new database');
  expect(await name.inputValue()).toMatch(/^shop_\d{8}_\d{4}$/);
  await name.fill('desk');
  await expect(plan()).toContainText('There is a database desk already.');
  await expect(act('Restore into a new database')).toBeDisabled();
  await name.fill('shop_here');
  await dialog().getByLabel('SQL script afterwards').fill("UPDATE sales.customers SET mail = 'nobody'");
  await expect(plan()).toContainText('It gets the name shop_here.');
  await expect(plan()).toContainText('Nothing that is there is lost');
  await expect(plan()).toContainText('pg_restore');
  await expectAccessible(page, 'the plan of a restore');
  await act('Restore into a new database').click();
  await expect(dialog().getByText(/shop_here is restored on my-desk in .*, without errors\./)).toBeVisible();
  // It ended in sight.
  await expect(
    page
      .getByRole('contentinfo')
      .last()
      .getByRole('button', { name: /Restore/ }),
  ).toHaveCount(0);
  expect(await countOf("sales.customers WHERE mail = 'nobody'", 'shop_here')).toBe(500);
  await done();
});

test('a swap on a guarded environment wants its name, keeps what was there, and is undone', async () => {
  await server.query('TRUNCATE sales.orders', 'shop');
  await openRestore();
  await mode('Swap').check();
  await expect(plan().getByRole('region', { name: 'What is there now' })).toContainText(
    'shop is kept under a dated name, with 3 tables',
  );
  await act('Restore and swap').click();
  await expect(question()).toContainText('3 tables');
  const confirm = question().getByRole('button', { name: 'Restore and swap' });
  await expect(confirm).toBeDisabled();
  await question().getByRole('textbox').fill('shop-prod');
  await confirm.click();
  await expect(dialog().getByText(/shop is restored on shop-prod/)).toBeVisible();
  const kept = (await databases()).find((one) => one.startsWith('shop_before_'));
  await expect(dialog()).toContainText(`What was there before is kept as ${kept}`);
  expect(await countOf('sales.orders', 'shop')).toBe(500);
  expect(await countOf('sales.orders', kept ?? '')).toBe(0);

  await act('Undo the swap…').click();
  await question().getByRole('textbox').fill('shop-prod');
  await question().getByRole('button', { name: 'Undo the swap' }).click();
  await expect(dialog().getByText(/The swap is undone: shop is what it was before\./)).toBeVisible();
  expect(await countOf('sales.orders', 'shop')).toBe(0);
  const again = (await databases()).find((one) => one.startsWith('shop_before_'));
  expect(await countOf('sales.orders', again ?? '')).toBe(500);
  await expectAccessible(page, 'the outcome of a restore');
  await done();
});

test('a chosen table is restored alone; what it lacks is told before, and errors by cause after', async () => {
  await openRestore();
  await dialog().getByLabel('To the environment').selectOption('my-desk');
  await dialog().getByText('Chosen entries').click();
  await expect(plan()).toContainText('Choose at least one entry of the backup.');
  const tree = dialog().getByRole('tree', { name: 'Entries' });
  await tree.getByRole('treeitem', { name: 'notes, table, all of it' }).click();
  await expect(dialog().getByText(/^3 of \d+ entries chosen$/)).toBeVisible();
  await dialog().getByLabel('Name of the new database').fill('notes_only');
  await expect(plan()).toContainText('notes_only');
  await act('Restore into a new database').click();
  await expect(dialog().getByText('3 entries of the backup were restored.')).toBeVisible();
  expect(await countOf('notes', 'notes_only')).toBe(1);
  expect(await server.query("SELECT to_regnamespace('sales') AS there", 'notes_only')).toEqual([
    { there: null },
  ]);

  // Rows and keys without their tables, by the keyboard.
  await act('Restore it once more').click();
  await dialog().getByText('Chosen entries').click();
  await act('Choose none').click();
  const search = dialog().getByLabel('Search the entries');
  await search.fill('sales.');
  await dialog().getByLabel('Kind').selectOption('CONSTRAINT');
  await search.press('ArrowDown');
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await expect(dialog().getByText(/^2 of \d+ entries chosen$/)).toBeVisible();
  await expect(plan()).toContainText('needs TABLE customers, which is not chosen.');
  await dialog().getByLabel('Name of the new database').fill('nothing_much');
  await expect(plan()).toContainText('nothing_much');
  await act('Restore into a new database').click();
  const errors = dialog().getByRole('region', { name: 'Errors' });
  await expect(errors).toContainText('2 ×');
  await expect(errors).toContainText('3F000');
  await expect(errors).toContainText('sales');
  await expectAccessible(page, 'errors of a restore');
  await act('Log of pg_restore and psql').click();
  await expect(dialog().getByRole('log')).toContainText('customers_pkey');
  await done();
});

test('a restore goes on while its dialog is closed, is found again, and leaves nothing when it is cancelled', async () => {
  const before = await databases();
  await openRestore();
  await dialog().getByLabel('To the environment').selectOption('my-desk');
  // What failed is offered again as it was asked for.
  await expect(dialog().getByRole('radio', { name: 'Chosen entries' })).toBeChecked();
  await dialog().getByText('Everything', { exact: true }).click();
  await dialog().getByLabel('Name of the new database').fill('never_there');
  await dialog().getByLabel('SQL script afterwards').fill('SELECT pg_sleep(600)');
  await expect(plan()).toContainText('It gets the name never_there.');
  await act('Restore into a new database').click();
  const phases = dialog().getByRole('list', { name: 'Phases' });
  await expect(phases.getByRole('listitem').last()).toContainText('Running the SQL script');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const strip = page.getByRole('contentinfo').last().getByRole('button', { name: 'my-desk' });
  await expect(strip).toContainText('Restore: never_there');
  await strip.click();
  await act('Cancel the restore').click();
  await expect(dialog().getByText('The restore was cancelled.')).toBeVisible();
  await expect(dialog().getByText('Nothing is left of it on the server.')).toBeVisible();
  expect(await databases()).toEqual(before);
  await done();
});
