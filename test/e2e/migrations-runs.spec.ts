import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import pg from 'pg';
import { readRecord, type SampleRecord } from '../../main/sample/record.ts';
import { expectAccessible } from '../support/accessible.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { isSkipped, toolFolder } from '../support/migration-tools.ts';

/** Running migrations as a person does: tried on a copy, run, stopped, set straight after a failure, by the tool itself. */

const knex = await toolFolder('knex');

let howdah: ConsoleProcess;
let page: Page;
let sample: SampleRecord;
let project: string;
const clients: pg.Client[] = [];

test.describe.configure({ mode: 'serial', timeout: 180_000 });

test.beforeAll(async ({ browser }) => {
  project = mkdtempSync(join(tmpdir(), 'howdah-e2e-runs-'));
  howdah = await startConsoleProcess({ args: ['--sample'] });
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(howdah.address);
  await expect(page.getByText('7 connected')).toBeVisible({ timeout: 90_000 });
  const record = await readRecord(howdah.dataFolder);
  if (!record) throw new Error('There is no sample server.');
  sample = record;
});

test.afterAll(async () => {
  for (const client of clients) await client.end().catch(() => undefined);
  await page?.context().close();
  await howdah?.stop();
  rmSync(project, { recursive: true, force: true });
});

/** Somebody else's session on the sample server, its superuser's. */
async function on(database: string): Promise<pg.Client> {
  const { port, user, password } = sample;
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

async function open(environment: string): Promise<void> {
  await page.getByLabel('Environments').getByText(environment, { exact: true }).click();
  await rooms().getByRole('link', { name: 'Migrations' }).click();
}

const rooms = () => page.getByRole('navigation', { name: 'Rooms' });
const panel = () => page.getByRole('complementary').last();
const dialog = () => page.getByRole('dialog');
/** The button of the status strip about work of an environment. */
const job = (environment: string) =>
  page.getByRole('contentinfo').last().getByRole('button', { name: environment });
const press = async (name: string | RegExp): Promise<void> =>
  await panel()
    .getByRole('button', { name, exact: typeof name === 'string' })
    .click();

test('a pending migration is tried on a copy, run for real from there, and taken back', async () => {
  const edictflow = await on('edictflow');
  await edictflow.query('DROP VIEW v_team_activity');
  await edictflow.query('UPDATE schema_migrations SET version = 8, dirty = false');
  await open('edictflow');
  await page.getByRole('button', { name: 'Up (1)…' }).click();
  await press('Try it on a copy first');
  await expect(panel().getByText('1 migration went through on the copy')).toBeVisible({ timeout: 60_000 });
  const added = panel().getByRole('listitem').filter({ hasText: 'Added' });
  await expect(added).toContainText('public.v_team_activity');
  expect((await edictflow.query("SELECT to_regclass('v_team_activity') AS view")).rows).toEqual([
    { view: null },
  ]);
  await expectAccessible(page, 'report of a dry run');
  await press('Try it with the rows of a backup');
  await expect(panel().getByText('There is no backup of edictflow to make a copy from.')).toBeVisible();
  await press('Run it for real…');
  await expect(panel().getByText('CREATE VIEW v_team_activity')).toBeVisible();
  await press('Run 1 migration');
  await expect(panel().getByText(/1 migration run in/)).toBeVisible();
  // It ended in sight.
  await expect(job('edictflow')).toHaveCount(0);
  await press('Close');

  await page.getByRole('button', { name: 'Down…' }).click();
  await press(/^Take 1 migration back/);
  await dialog().getByRole('button', { name: 'Take 1 migration back' }).click();
  await expect(panel().getByText(/1 migration run in/)).toBeVisible();
  await press('Close');
  await expect(page.getByText('At 8', { exact: true })).toBeVisible();
});

test('a run goes on beside other screens, its failure stays in sight, and the dirty version is set straight', async () => {
  const edictflow = await on('edictflow');
  await edictflow.query('CREATE VIEW v_team_activity AS SELECT 1 AS one');
  await page.getByRole('button', { name: 'Up (1)…' }).click();
  await panel().getByRole('textbox', { name: 'lock_timeout' }).fill('60');
  await expect(panel().getByText('CREATE VIEW v_team_activity')).toBeVisible();
  await edictflow.query('BEGIN');
  await edictflow.query('LOCK TABLE teams IN ACCESS EXCLUSIVE MODE');
  await press('Run 1 migration');
  await expect(panel().getByRole('button', { name: 'Cancel the run' })).toBeVisible();
  await rooms().getByRole('link', { name: 'Activity' }).click();
  await expect(job('edictflow')).toContainText('golang-migrate');
  await edictflow.query('COMMIT');
  await expect(job('edictflow')).toContainText('failed at migration 1 of 1');
  await page.getByLabel('Environments').getByText('iotistic', { exact: true }).click();
  await job('edictflow').click();
  await expect(panel().getByText('relation "v_team_activity" already exists').first()).toBeVisible();
  await expect(job('edictflow')).toHaveCount(0);
  await expect(panel().getByText(/dirty at version 9/)).toBeVisible();
  await expectAccessible(page, 'a failed run');
  await panel()
    .getByRole('button', { name: /^Inspect/ })
    .first()
    .click();
  await expect(panel().getByRole('heading', { name: '000009_create_team_activity_view' })).toBeVisible();
  await page.getByRole('button', { name: 'Last run failed: show' }).click();
  await panel().getByRole('button', { name: 'Force version 8…' }).first().click();
  await dialog().getByRole('button', { name: 'Force version 8' }).click();
  await expect(page.getByText('At 8', { exact: true })).toBeVisible();
  await edictflow.query('DROP VIEW v_team_activity');
  await panel()
    .getByRole('button', { name: /^(Run again…|Look again and retry)$/ })
    .first()
    .click();
  await press('Run 1 migration');
  await expect(panel().getByText(/1 migration run in/)).toBeVisible();
  await press('Close');
  await expect(page.getByText('At 9', { exact: true })).toBeVisible();
});

test('a home-made file is unmarked and run again; a cancelled run tells what it left', async () => {
  const iotistic = await on('iotistic');
  await open('iotistic');
  await page.getByRole('searchbox', { name: 'Search the migrations' }).fill('mqtt_tls');
  await page.getByRole('grid', { name: 'Migrations of Home-made' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await press('Mark as not applied…');
  await dialog().getByRole('button', { name: 'Mark as not applied' }).click();
  await page.getByRole('button', { name: 'Up (1)…' }).click();
  await press('Try it on a copy first');
  const strongest = panel().getByRole('list', { name: 'Locks' }).getByRole('listitem').first();
  await expect(strongest).toContainText('ACCESS EXCLUSIVE', { timeout: 60_000 });
  await expect(strongest).toContainText('stops readers and writers');
  await press('Run it for real…');
  await iotistic.query('BEGIN');
  await iotistic.query('LOCK TABLE system_config IN ACCESS EXCLUSIVE MODE');
  await press('Run 1 migration');
  await expect(panel().getByText('ALTER TABLE system_config')).toBeVisible();
  await expect(panel().getByText(/^running/)).toBeVisible();
  await press('Cancel the run');
  await expect(panel().getByText(/was cancelled\./)).toBeVisible();
  await expect(panel().getByText(/is recorded as not applied/)).toBeVisible();
  await iotistic.query('ROLLBACK');
  await panel()
    .getByRole('button', { name: /^(Run again…|Look again and retry)$/ })
    .first()
    .click();
  await press('Run 1 migration');
  await expect(panel().getByText(/1 migration run in/)).toBeVisible();
  await press('Close');
  await expect(page.getByRole('button', { name: /^Up/ })).toBeDisabled();
});

test('seeds are listed, marked as ran by other hands, and run once', async () => {
  const tau = await on('tau_lighting');
  await open('tau_lighting');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('run seeds');
  await page.keyboard.press('Enter');
  const files = panel().getByRole('table').getByRole('row');
  await expect(files).toHaveCount(4);
  // They ran when the sample was made.
  await expect(files.filter({ hasText: 'Not run' })).toHaveCount(0);
  await expect(panel().getByRole('checkbox', { checked: true })).toHaveCount(0);
  await files.first().getByRole('checkbox').check();
  await press('Mark as not run…');
  await dialog().getByRole('button', { name: 'Mark 3 files as not run' }).click();
  await expect(files.filter({ hasText: 'Not run' })).toHaveCount(3);
  await expect(panel().getByRole('checkbox', { checked: true })).toHaveCount(4);
  await panel().getByRole('checkbox', { name: '03-switch-models.sql' }).uncheck();
  await press('Mark as ran…');
  await expect(dialog()).toContainText('the database is not touched');
  await dialog().getByRole('button', { name: 'Mark 2 files as ran' }).click();
  await expect(panel().getByRole('checkbox', { name: '03-switch-models.sql' })).toBeChecked();
  await expect(files.filter({ hasText: 'Not run' })).toHaveCount(1);
  await expectAccessible(page, 'seeds');

  // The sample has these rows already.
  await press('Run 1 file…');
  await dialog().getByRole('button', { name: 'Run 1 file' }).click();
  await expect(panel().getByText(/03-switch-models\.sql, line 1, failed with SQLSTATE 23505/)).toBeVisible();
  await expect(panel().getByText(/nothing of it is in the database/)).toBeVisible();
  await tau.query("UPDATE switch_models SET model = model || ' (old)'");
  await panel()
    .getByRole('button', { name: /^(Run again…|Back to the seeds)$/ })
    .first()
    .click();
  await press('Run 1 file…');
  await dialog().getByRole('button', { name: 'Run 1 file' }).click();
  await expect(panel().getByText(/1 file run in/)).toBeVisible();
  await press('Back to the seeds');
  await expect(files.filter({ hasText: 'Not run' })).toHaveCount(0);
  await expect(panel().getByRole('button', { name: 'Run…', exact: true })).toBeDisabled();
  await page.keyboard.press('Escape');
});

test('the guarded production copy asks for its name before a command, and shows the very line that runs', async () => {
  await open('kronos_eam_production');
  await page.getByRole('button', { name: 'Alembic’s commands…' }).click();
  await expect(panel().getByText('alembic upgrade head')).toBeVisible();
  await expect(panel().getByText('PGPASSWORD', { exact: true })).toBeVisible();
  await expectAccessible(page, 'commands of a tool');
  const line =
    'echo "at $PGDATABASE"; echo "to err" >&2; for n in $(seq 1 900); do echo "line $n"; done; sleep 0.5; exit 3';
  await press('Edit: Show status');
  await panel().getByRole('textbox', { name: 'Command: Show status' }).fill(line);
  await page.keyboard.press('Enter');
  await press('Run: Show status');
  await expect(dialog().locator('pre')).toHaveText(line);
  const go = dialog().getByRole('button', { name: 'Show status' });
  await expect(go).toBeDisabled();
  await dialog().getByRole('textbox').fill('kronos_eam');
  await expect(go).toBeDisabled();
  await dialog().getByRole('textbox').fill('kronos_eam_production');
  await go.click();
  await expect(panel().getByText(/Failed: exit code 3 after/)).toBeVisible();
  const log = panel().getByRole('log');
  await expect(log).toBeFocused();
  await expect(log.getByText('line 900', { exact: true })).toBeInViewport();
  // Who scrolls up stays there, and reaches the beginning.
  await page.keyboard.press('Home');
  await expect(panel().getByRole('button', { name: 'To the end' })).toBeVisible();
  await panel()
    .getByRole('button', { name: /earlier lines/ })
    .click();
  await expect(log.getByText('at kronos_eam_production', { exact: true })).toHaveCount(1);
  await expect(log.locator('[data-stream="err"]')).toHaveText('errto err');
  await expectAccessible(page, 'output of a command');
  await press('Back to the commands');
  await press('Edit: Show status');
  await press('Reset to the default');
  await expect(panel().getByText('alembic current --verbose')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('a fresh database is migrated by the tool itself, whose panel stays when its table appears', async () => {
  test.skip(isSkipped(knex), 'Knex can’t be installed here.');
  mkdirSync(join(project, 'steps'));
  writeFileSync(
    join(project, 'package.json'),
    '{ "name": "x", "private": true, "dependencies": { "knex": "*", "pg": "*" } }',
  );
  writeFileSync(
    join(project, 'knexfile.js'),
    "module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: './steps' } };",
  );
  for (const name of ['one', 'two'])
    writeFileSync(
      join(project, 'steps', `${name === 'one' ? 1 : 2}_${name}.js`),
      `exports.up = (knex) => knex.schema.createTable('knex_${name}', (t) => t.increments());
exports.down = (knex) => knex.schema.dropTable('knex_${name}');\n`,
    );
  symlinkSync(join(knex as string, 'node_modules'), join(project, 'node_modules'));
  await open('nebenkosten_config');
  await page.getByRole('button', { name: /^Link a project’s folder/ }).click();
  await page.getByLabel('Project’s folder on the console’s machine').fill(project);
  await page.keyboard.press('Enter');
  await press('Link');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Knex’s commands…' }).click();
  // By keyboard alone: from the list to the run and back.
  await panel().getByRole('button', { name: 'Run: Run all pending' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog().getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(panel().getByRole('log')).toContainText('Batch 1 run: 2 migrations');
  await expect(panel().getByText(/Exit code 0 after/)).toBeVisible();
  await expect(page.getByText('At 2_two.js')).toBeVisible();
  await expect(panel().getByRole('log')).toContainText('Batch 1 run: 2 migrations');
  await press('Back to the commands');
  await press('Run: Take back the last one');
  await dialog().getByRole('button', { name: 'Take back the last one' }).click();
  await expect(panel().getByRole('log')).toContainText('Batch 1 rolled back');
  await expect(page.getByRole('button', { name: 'Pending 1' })).toBeVisible();
  await page.keyboard.press('Escape');
});
