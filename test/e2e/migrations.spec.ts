import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';

/** Where every sample system stands with its migrations, side by side, and what a linked folder adds to it. */

let howdah: ConsoleProcess;
let page: Page;
let project: string;

test.describe.configure({ mode: 'serial', timeout: 180_000 });

test.beforeAll(async ({ browser }) => {
  project = mkdtempSync(join(tmpdir(), 'howdah-e2e-project-'));
  howdah = await startConsoleProcess({ args: ['--sample'] });
  page = await (await browser.newContext()).newPage();
  await page.goto(howdah.address);
  await expect(page.getByText('7 connected')).toBeVisible({ timeout: 90_000 });
});

test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
  rmSync(project, { recursive: true, force: true });
});

async function open(environment: string): Promise<void> {
  await page.getByLabel('Environments').getByText(environment, { exact: true }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Migrations' }).click();
}

/** Serious and critical findings of axe on what is in sight, in both themes. */
async function expectAccessible(screen: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const told = grave.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
    );
    expect(told, `${screen}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

const list = (title: string) => page.getByRole('grid', { name: `Migrations of ${title}` });

test('each sample system shows the tool that it was made with, and what that does not record', async () => {
  await open('edictflow');
  await expect(page.getByRole('heading', { name: 'golang-migrate' })).toBeVisible();
  await expect(page.getByText('At 9', { exact: true })).toBeVisible();
  await expect(page.getByText(/golang-migrate does not record when, by whom/)).toBeVisible();
  await expect(list('golang-migrate').getByRole('row').nth(1)).toContainText(
    '000009_create_team_activity_view',
  );
  await expect(page.getByRole('button', { name: 'Applied 9' })).toBeVisible();
  await expectAccessible('status');

  await open('kronos_eam_production');
  await expect(page.getByText('At 001_complete_initial_schema, the head')).toBeVisible();
  await open('tau_lighting');
  await expect(list('Alembic').getByRole('row').nth(1)).toContainText('add_group_order_and_sleep_lock');
  await open('billing');
  await expect(page.getByRole('heading', { name: 'Knex' })).toBeVisible();
  await open('nebenkosten_config');
  await expect(page.getByText('No migration tool has left anything here')).toBeVisible();
  await expectAccessible('nothing found');
});

test('the list is searched and walked by keys, and the inspector shows the file', async () => {
  await open('iotistic');
  const grid = list('Home-made');
  await page.getByRole('searchbox', { name: 'Search the migrations' }).fill('mqtt_tls');
  await expect(grid.getByRole('row')).toHaveCount(2);
  await page.getByRole('searchbox', { name: 'Search the migrations' }).fill('');
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const inspector = page.getByRole('complementary').last();
  await expect(inspector.getByRole('heading', { name: '057_add_mqtt_tls_config' })).toBeVisible();
  await expect(inspector.locator('pre')).toContainText('mqtt');
  await page.keyboard.press('ArrowDown');
  await expect(inspector.getByRole('heading', { name: '056_add_mqtt_broker_config' })).toBeVisible();
  await expectAccessible('status with inspector');
  await page.keyboard.press('Escape');
});

test('the matrix shows local and production of Kronos apart, and opens the entry of a cell', async () => {
  await open('kronos_eam');
  await page.getByText('Matrix', { exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Migrations by environment' });
  await expect(grid.getByRole('columnheader', { name: /^kronos_eam\b(?!_)/ })).toBeVisible();
  await expect(grid.getByRole('columnheader', { name: /^kronos_eam_production Guarded/ })).toBeVisible();
  const row = grid.getByRole('row', { name: /001_complete_initial_schema/ }).last();
  await expect(row.getByText('Applied', { exact: true })).toHaveCount(2);
  await expect(grid.getByRole('columnheader', { name: /nebenkosten_config/ })).toContainText('no tool');
  await expectAccessible('matrix');

  await row.getByRole('gridcell', { name: 'Applied' }).last().click();
  const inspector = page.getByRole('complementary').last();
  await expect(inspector.getByText('kronos_eam_production')).toBeVisible();
  await expectAccessible('matrix with inspector');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: /Only where they differ/ }).click();
  await page.reload();
  await expect(page.getByRole('button', { name: /Only where they differ/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.getByRole('button', { name: /Only where they differ/ }).click();
});

test('a linked folder says what is still to be run, and unlinking it takes that away', async () => {
  mkdirSync(join(project, 'db', 'migrations'), { recursive: true });
  writeFileSync(
    join(project, 'db', 'migrations', '20260101000000_begin.sql'),
    '-- migrate:up\nSELECT 1;\n\n-- migrate:down\nSELECT 2;\n',
  );
  await open('nebenkosten_config');
  await page.getByText('Status', { exact: true }).click();
  await page.getByRole('button', { name: /^Link a project’s folder/ }).click();
  const path = page.getByLabel('Project’s folder on the console’s machine');
  await path.fill('relative/folder');
  await page.keyboard.press('Enter');
  await expect(page.getByText('"relative/folder" is not a whole path.')).toBeVisible();
  await path.fill(project);
  await page.keyboard.press('Enter');
  const found = page.getByRole('list', { name: 'Found' });
  await expect(found.getByRole('row', { name: /dbmate/ })).toContainText('1 migration');
  await expectAccessible('folders');
  await found.getByRole('button', { name: 'Link', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'dbmate' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pending 1' })).toBeVisible();
  await page.getByRole('button', { name: `Unlink ${project}` }).click();
  await expect(page.getByText('No migration tool has left anything here')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('a migration is taken back and run again, each seen before it runs', async () => {
  await open('edictflow');
  await page.getByRole('button', { name: 'Down…' }).click();
  const panel = page.getByRole('complementary').last();
  await expect(panel.getByText('DROP VIEW v_team_activity')).toBeVisible();
  await expect(panel.getByText('ACCESS EXCLUSIVE on v_team_activity')).toBeVisible();
  await expectAccessible('preview');
  await panel.getByRole('button', { name: 'Take 1 migration back…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Take 1 migration back on edictflow');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Take 1 migration back' }).click();
  await expect(panel.getByText(/1 migration run in/)).toBeVisible();
  await panel.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByText('At 8', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Up (1)…' }).click();
  await panel.getByRole('button', { name: 'Run 1 migration' }).click();
  await expect(panel.getByText(/1 migration run in/)).toBeVisible();
  await expectAccessible('outcome');
  await panel.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByText('At 9', { exact: true })).toBeVisible();
});

test('a version is forced, after what that means was said', async () => {
  await page.getByRole('button', { name: 'More to run' }).click();
  await page.getByRole('menuitem', { name: 'Force a version…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Version (-1 for none)').fill('x');
  await expect(dialog.getByRole('button', { name: /^Force/ })).toBeDisabled();
  await dialog.getByLabel('Version (-1 for none)').fill('8');
  await expect(dialog).toContainText('nothing is run');
  await dialog.getByRole('button', { name: 'Force version 8' }).click();
  await expect(page.getByText('At 8', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pending 1' })).toBeVisible();
});
