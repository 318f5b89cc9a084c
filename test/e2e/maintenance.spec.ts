import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { howdah as cli } from '../support/cli.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';

/** A table is vacuumed from where it is seen to be due; old rows and partitions go by a job that somebody makes. */

let server: TestServer;
let howdah: ConsoleProcess;
let page: Page;

test.describe.configure({ mode: 'serial', timeout: 120_000 });

test.beforeAll(async ({ browser }) => {
  server = await startPostgres({ settings: { max_prepared_transactions: 2 } });
  await server.query(`CREATE TABLE orders (id int PRIMARY KEY, note text) WITH (autovacuum_enabled = off);
    INSERT INTO orders SELECT g, 'x' FROM generate_series(1, 20000) g; ANALYZE orders; DELETE FROM orders WHERE id % 2 = 0;
    CREATE TABLE reading (id int PRIMARY KEY, at timestamptz NOT NULL);
    INSERT INTO reading SELECT g, now() - g * interval '1 day' + interval '12 hours' FROM generate_series(1, 300) g;
    CREATE TABLE log_line (at date NOT NULL, said text) PARTITION BY RANGE (at);
    CREATE TABLE log_line_2020 PARTITION OF log_line FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    CREATE TABLE log_line_now PARTITION OF log_line FOR VALUES FROM ('2021-01-01') TO (MAXVALUE);
    CREATE TABLE promised (n int)`);
  await server.query("BEGIN; INSERT INTO promised VALUES (1); PREPARE TRANSACTION 'nobody ends it'");
  howdah = await startConsoleProcess();
  const { code, stderr } = await cli(
    ['environments', 'add', server.url(), '--name', 'ledger', '--protection', 'guarded'],
    { dataFolder: howdah.dataFolder },
  );
  if (code !== 0) throw new Error(stderr);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(howdah.address);
  await page.getByLabel('Environments').getByText('ledger', { exact: true }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Storage' }).click();
});

test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
  await server?.remove();
});

const view = (name: string) =>
  page.getByRole('radiogroup', { name: 'View' }).getByText(name, { exact: true }).click();
const panel = () => page.getByRole('complementary').last();
const dialog = () => page.getByRole('dialog');

test('a table that is overdue is seen first, and vacuumed with the name typed', async () => {
  await view('Vacuum');
  const first = page.getByRole('grid', { name: 'Tables by what is due' }).getByRole('row').nth(1);
  await expect(first).toContainText('public.orders');
  await expect(first).toContainText('Overdue');
  await expect(page.getByRole('region', { name: 'Who holds dead rows back' })).toContainText(
    'nobody ends it',
  );
  await first.dblclick();
  await expect(panel()).toContainText('autovacuum_enabled=off');
  await expectAccessible(page, 'dead rows and ages');
  await panel().getByRole('button', { name: 'Vacuum…' }).click();
  await expect(dialog()).toContainText('VACUUM (VERBOSE, ANALYZE) "public"."orders";');
  const go = dialog().getByRole('button', { name: 'VACUUM' });
  await expect(go).toBeDisabled();
  await dialog().getByLabel('Type ledger to go on').fill('ledger');
  await expectAccessible(page, 'the question before a vacuum');
  await go.click();
  await expect(page.getByText(/VACUUM public\.orders done in/)).toBeVisible();
  await expect(panel()).toContainText('Healthy');
  const [row] = await server.query<{ n_dead_tup: string; vacuum_count: string }>(
    "SELECT n_dead_tup, vacuum_count FROM pg_stat_user_tables WHERE relname = 'orders'",
  );
  expect(row).toEqual({ n_dead_tup: '0', vacuum_count: '1' });
});

test('a job drops the partition that is over, after it was previewed', async () => {
  await view('Retention');
  await page.getByRole('button', { name: 'New job…' }).first().click();
  await panel().getByLabel('Table').fill('log_line');
  await page.getByRole('option', { name: 'public.log_line' }).click();
  await expect(panel()).toContainText('1 partition of 2 goes');
  await expect(panel()).toContainText('DROP TABLE "public"."log_line_2020"');
  await expectAccessible(page, 'the form of a retention job');
  await panel().getByRole('button', { name: 'Make the job…' }).click();
  await dialog().getByLabel('Type ledger to go on').fill('ledger');
  await dialog().getByRole('button', { name: 'Save the job' }).click();
  await panel().getByRole('button', { name: 'Run now…' }).click();
  await dialog().getByLabel('Type ledger to go on').fill('ledger');
  await dialog().getByRole('button', { name: 'Run the job' }).click();
  await expect(panel()).toContainText('1 of 1 partition of public.log_line dropped.');
  const left = await server.query("SELECT relname FROM pg_class WHERE relname LIKE 'log_line_%'");
  expect(left).toEqual([{ relname: 'log_line_now' }]);
});

test('a job deletes old rows, and says how many before and after', async () => {
  await page.getByRole('button', { name: 'New job…' }).first().click();
  await panel().getByLabel('Table').fill('reading');
  await page.getByRole('option', { name: 'public.reading' }).click();
  await expect(panel()).toContainText('210 rows go');
  await expect(panel()).toContainText('No index begins with at');
  await panel().getByRole('button', { name: 'Make the job…' }).click();
  await dialog().getByLabel('Type ledger to go on').fill('ledger');
  await dialog().getByRole('button', { name: 'Save the job' }).click();
  await panel().getByRole('button', { name: 'Run now…' }).click();
  await dialog().getByLabel('Type ledger to go on').fill('ledger');
  await dialog().getByRole('button', { name: 'Run the job' }).click();
  await expect(panel()).toContainText(/210 rows of public\.reading older than .* deleted\./);
  expect(await server.query('SELECT count(*) FROM reading')).toEqual([{ count: '90' }]);
  await expect(page.getByRole('grid', { name: 'Retention jobs' }).getByRole('row').nth(2)).toContainText(
    'Done',
  );
});
