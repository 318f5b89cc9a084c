import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { howdah as cli } from '../support/cli.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { type EngineLab, noEngines, startEngineLab } from '../support/engines.ts';
import { standardBinaries, startPostgres, type TestServer } from '../support/postgres.ts';
import { type S3Server, s3Server, startS3 } from '../support/s3-server.ts';

/** Buckets, cancelled runs, pruning, kept databases, and what others keep: all on one server, with one console. */

let server: TestServer;
let lab: EngineLab | undefined;
let s3: S3Server | undefined;
let howdah: ConsoleProcess;
let page: Page;
let folder: string;

test.describe.configure({ mode: 'serial' });

const noBucket = await s3Server();
const noEngine = noEngines();
const database = 'nebenkosten_config';

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-e2e-more-'));
  [howdah, lab, s3] = await Promise.all([
    startConsoleProcess(),
    noEngine === undefined ? startEngineLab() : undefined,
    noBucket === undefined ? startS3() : undefined,
  ]);
  server = lab?.server ?? (await startPostgres());
  // The clock's own environment: what holds the other one up must not make its job wait.
  await run('environments', 'add', server.url(), '--name', 'clock');
  const minutely = ['--cron', '* * * * *', '--time-zone', 'UTC', '--format', 'custom'];
  await run(
    'backups',
    'jobs',
    'add',
    'every minute',
    'clock',
    ...minutely,
    '--folder',
    join(folder, 'clock'),
  );
  await makeSystem();
  await run(
    'environments',
    'add',
    server.url(database),
    '--name',
    'house',
    '--protection',
    'guarded',
    '--confirm',
    'house',
  );
  // By its name a database of Amazon's, wherever it really is.
  const managed = `orders.abc123.eu-central-1.rds.amazonaws.com:${server.port}`;
  const here = 'hostaddr=127.0.0.1&sslmode=disable';
  await run(
    'environments',
    'add',
    `postgres://postgres:postgres@${managed}/postgres?${here}`,
    '--name',
    'orders',
    '--confirm',
    'house',
  );
  if (s3) {
    await s3.makeBucket('nightly');
    const at = [
      '--bucket',
      'nightly',
      '--endpoint',
      s3.endpoint,
      '--path-style',
      '--access-key',
      s3.accessKey,
    ];
    await run('backups', 'places', 'add', 'attic', ...at);
  }
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(howdah.address);
});

test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
  await (lab ?? server)?.remove();
  await s3?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<void> {
  const env = s3 ? { HOWDAH_S3_SECRET_KEY: s3.secretKey } : {};
  const { code, stderr } = await cli(args, { dataFolder: howdah.dataFolder, env });
  if (code !== 0) throw new Error(stderr);
}

/** One of the sample systems, from its own files. */
async function makeSystem(): Promise<void> {
  const home = join(import.meta.dirname, '../../assets/samples', database);
  const { steps } = JSON.parse(readFileSync(join(home, 'system.json'), 'utf8')) as {
    steps: { file: string }[];
  };
  await server.query(`CREATE DATABASE ${database}`);
  for (const { file } of steps) await server.query(readFileSync(join(home, file), 'utf8'), database);
}

async function open(environment: string, view = 'Backups'): Promise<void> {
  await page.getByLabel('Environments').getByText(environment, { exact: true }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Backups' }).click();
  await page.getByRole('radiogroup', { name: 'View' }).getByText(view, { exact: true }).click();
}
const panel = () => page.getByRole('complementary').last();
const dialog = () => page.getByRole('dialog').first();
const jobRow = () => page.getByRole('grid', { name: 'Jobs' }).getByRole('row').nth(1);
const keys = async () => (await s3?.keys('nightly')) ?? [];
const backups = async () => (await keys()).filter((key) => key.endsWith('.howdah.json'));

test('a job is made whose backups go to a bucket; it runs, and what its rules let go is removed when somebody says so', async () => {
  test.skip(noBucket !== undefined, noBucket);
  await open('house', 'Jobs');
  await page.getByRole('button', { name: 'New job…' }).first().click();
  await panel().getByLabel('Name').fill('to the attic');
  // One object, not one for each table.
  await panel().getByLabel('Format').selectOption('custom');
  await panel().getByLabel('Into').selectOption('Bucket attic');
  await panel().getByLabel('Keys begin with').fill('house');
  await panel().getByRole('combobox', { name: 'What stays' }).selectOption('All stay');
  await expectAccessible(page, 'a job into a bucket');
  await panel().getByRole('button', { name: 'Make the job' }).click();
  const runs = panel().getByRole('list', { name: 'Runs, newest first' }).getByRole('listitem');
  for (const nth of [1, 2]) {
    await panel().getByRole('button', { name: 'Run now' }).click();
    await expect(runs.getByText('Done', { exact: true })).toHaveCount(nth);
  }
  const [older, newer] = await backups();
  expect(newer).toMatch(/^house\/nebenkosten_config_\d{8}_\d{6}_run\d+\.dump\.howdah\.json$/);
  await panel().getByRole('button', { name: 'Edit…' }).click();
  await panel().getByRole('combobox', { name: 'What stays' }).selectOption('The newest 7');
  await panel().getByLabel('Newest').fill('1');
  await panel().getByRole('button', { name: 'Save' }).click();
  await panel().getByRole('button', { name: 'Remove 1 backup now…' }).click();
  await expect(dialog()).toContainText(`s3://attic/${older?.replace('.howdah.json', '')}`);
  await dialog().getByRole('textbox').fill('house');
  await dialog().getByRole('button', { name: 'Remove 1 backup' }).click();
  await expect(panel().getByText('The one backup stays.')).toBeVisible();
  expect(await backups()).toEqual([newer]);
  expect((await keys()).filter((key) => !key.startsWith(newer?.replace('.howdah.json', '') ?? '-'))).toEqual(
    [],
  );
});

test('a job’s run is found again from the status strip, cancelled, and leaves nothing anywhere', async () => {
  test.skip(noBucket !== undefined, noBucket);
  const before = await keys();
  const locker = await server.connect({ database });
  await locker.query('BEGIN');
  const [{ table } = { table: '' }] = (
    await locker.query(
      "SELECT format('%I.%I', schemaname, tablename) AS table FROM pg_tables WHERE schemaname !~ '^(pg_|info)' LIMIT 1",
    )
  ).rows;
  await locker.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  await panel().getByRole('button', { name: 'Run now' }).click();
  await expect(panel().getByText(/Dumping with pg_dump/)).toBeVisible();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Activity' }).click();
  const strip = page.getByRole('contentinfo').last().getByRole('button', { name: 'house' });
  await expect(strip).toContainText('to the attic');
  await strip.click();
  await expect(jobRow()).toContainText('Running');
  await jobRow().dblclick();
  await panel().getByRole('button', { name: 'Cancel the run' }).click();
  await expect(jobRow()).toContainText('Cancelled');
  await locker.end();
  expect(await keys()).toEqual(before);
  expect(await s3?.uploads('nightly')).toEqual([]);
  const aside = join(howdah.dataFolder, 'uploads');
  expect(existsSync(aside) ? readdirSync(aside) : []).toEqual([]);
});

test('a system’s own dump is found, swapped in, and what it replaced is seen later: swapped back, and dropped', async () => {
  // As the system's handbook has it.
  mkdirSync(join(folder, 'theirs'));
  const url = server.url(database);
  writeFileSync(
    join(folder, 'theirs/nebenkosten_config_backup.sql'),
    execFileSync(join(standardBinaries(), 'pg_dump'), [url], { maxBuffer: 1e9 }),
  );
  await open('house');
  await page.getByRole('button', { name: 'Find files…' }).click();
  await dialog()
    .getByRole('textbox', { name: /^Folder/ })
    .fill(join(folder, 'theirs'));
  await page.keyboard.press('Enter');
  await dialog().getByRole('button', { name: 'Take 1 backup' }).click();
  await page
    .getByRole('grid', { name: 'Backups' })
    .getByRole('row')
    .filter({ hasText: 'Plain SQL' })
    .dblclick();
  await panel().getByRole('button', { name: 'Restore…' }).click();
  await dialog().getByRole('radio', { name: /^Swap/ }).check();
  await dialog().getByRole('button', { name: 'Restore and swap' }).click();
  const question = page.getByRole('dialog').nth(1);
  await question.getByRole('textbox').fill('house');
  await question.getByRole('button', { name: 'Restore and swap' }).click();
  await expect(dialog().getByText(/is restored on house/)).toBeVisible();
  await dialog().getByRole('button', { name: 'Close' }).click();

  await open('house', 'Swaps');
  const kept = page.getByRole('grid', { name: 'Kept databases' }).getByRole('row').nth(1);
  await expect(kept).toContainText('nebenkosten_config_backup.sql');
  await expect(kept).toContainText('What was there before');
  await kept.dblclick();
  await expect(panel()).toContainText('What was nebenkosten_config before the restore.');
  await expectAccessible(page, 'a kept database');
  await panel().getByRole('button', { name: 'Swap back…' }).click();
  await dialog().getByRole('textbox').fill('house');
  await dialog().getByRole('button', { name: 'Undo the swap' }).click();
  await expect(kept).toContainText('What was restored');
  // The swap ended the console's own sessions, too: until they are back it can't say how the database stands.
  await expect(kept.getByRole('gridcell', { name: 'Kept', exact: true })).toBeVisible();
  await kept.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Drop the kept database…' }).click();
  await expect(dialog()).toContainText('nebenkosten_config itself is not touched.');
  await dialog().getByRole('textbox').fill('house');
  await dialog().getByRole('button', { name: 'Drop the kept database' }).click();
  await expect(page.getByText('No swap keeps a database here')).toBeVisible();
  const left = await server.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datname LIKE 'nebenkosten%' OR datname LIKE 'howdah%'",
  );
  expect(left).toEqual([{ name: database }]);
});

test('what Barman has is listed, a managed service’s snapshots are linked, and without a keychain no key is promised', async () => {
  await open('orders', 'Engines');
  await expect(page.getByRole('link', { name: /^Its snapshots/ })).toHaveAttribute(
    'href',
    /^https:\/\/eu-central-1\.console\.aws\.amazon\.com\/rds\//,
  );
  await expectAccessible(page, 'a link to snapshots');
  await open('house');
  await page.getByRole('button', { name: 'Programs, buckets and key' }).click();
  await page.getByRole('menuitem', { name: 'Key…' }).click();
  await expect(dialog()).toContainText('No key can be kept here.');
  await expect(dialog().getByRole('button', { name: 'Save a copy of the key…' })).toBeDisabled();
  await expectAccessible(page, 'the key');
  await page.keyboard.press('Escape');
  test.skip(noEngine !== undefined || !lab, noEngine);
  if (!lab) return;
  const { where, configs, byHand } = lab;
  await byHand('barman', '-c', configs.barman, 'backup', '--wait', 'shop');
  await open('clock', 'Engines');
  await page.getByRole('button', { name: 'Add an engine…' }).click();
  if (where.kind === 'local' && where.as)
    await panel().getByRole('textbox', { name: 'As the account' }).fill(where.as);
  await panel().getByText('By its name').click();
  await panel().getByRole('radiogroup', { name: 'Engine' }).getByText('Barman').click();
  await panel().getByRole('textbox', { name: 'Server' }).fill('shop');
  await panel().getByRole('textbox', { name: 'Configuration file' }).fill(configs.barman);
  await panel().getByRole('button', { name: 'Add it' }).click();
  const listed = page.getByRole('grid', { name: 'Backups of shop' }).getByRole('row').nth(1);
  await expect(listed).toContainText('full');
  await expect(page.getByText(/^A restore can end/)).toBeVisible();
  await expectAccessible(page, 'what Barman has');
});

test('a job has run on its minute by the machine’s own clock', async () => {
  await open('clock', 'Jobs');
  await expect(jobRow()).toContainText('every minute');
  await expect(jobRow()).toContainText('Done', { timeout: 65_000 });
  await jobRow().dblclick();
  await expect(panel().getByRole('list', { name: 'Runs, newest first' })).toContainText('on time');
  const made = readdirSync(join(folder, 'clock')).filter((name) => name.endsWith('.dump'));
  expect(made.length).toBeGreaterThan(0);
});
