import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import pg from 'pg';
import { readRecord, type SampleRecord } from '../../main/sample/record.ts';
import { expectAccessible } from '../support/accessible.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { standardBinaries } from '../support/postgres.ts';

/** Backups as a person makes and keeps them: made, cancelled, proven, found damaged, found among others' files. */

let howdah: ConsoleProcess;
let page: Page;
let sample: SampleRecord;
let folder: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-e2e-backups-'));
  howdah = await startConsoleProcess({ args: ['--sample'] });
  page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(howdah.address);
  await expect(page.getByText('7 connected')).toBeVisible({ timeout: 60_000 });
  const record = await readRecord(howdah.dataFolder);
  if (!record) throw new Error('There is no sample server.');
  sample = record;
});

test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const rooms = () => page.getByRole('navigation', { name: 'Rooms' });
const panel = () => page.getByRole('complementary').last();
const list = () => page.getByRole('grid', { name: 'Backups' });
const row = (text: string | RegExp) => list().getByRole('row').filter({ hasText: text });
const press = (name: string) => panel().getByRole('button', { name, exact: true }).click();
const strip = () => page.getByRole('contentinfo').last();

async function open(environment: string): Promise<void> {
  await page.getByLabel('Environments').getByText(environment, { exact: true }).click();
  await rooms().getByRole('link', { name: 'Backups' }).click();
}

/** What lies among Howdah's own backups of an environment. */
const own = (environment: string): string[] => {
  const at = join(howdah.dataFolder, 'backups', environment);
  return readdirSync(at, { recursive: false, encoding: 'utf8' }).sort();
};

/** Somebody else's session on a sample database. */
async function on(database: string): Promise<pg.Client> {
  const { port, user, password } = sample;
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database });
  // The server may be gone before it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

test('an environment without backups shows the two ways forward; the plan says what will be done, or why not', async () => {
  await open('edictflow');
  await expect(page.getByRole('button', { name: 'Find existing files' })).toBeVisible();
  await page.getByRole('button', { name: 'Make a backup' }).click();
  const plan = panel().getByRole('region', { name: 'Plan' });
  await expect(plan).toContainText('--format=directory');
  await panel().getByLabel('Format').selectOption('plain');
  await panel().getByText('More', { exact: true }).click();
  await panel().getByLabel('Without these tables').fill('audit_*\nno_such_table');
  await expect(plan).toContainText("'--exclude-table=audit_*'");
  await panel().getByLabel('Where to').selectOption('path');
  await panel().getByLabel('Path on the console’s machine').fill('/no/such/folder/x.sql');
  await expect(plan).toContainText('Its folder is not there.');
  await expect(panel().getByRole('button', { name: 'Back up', exact: true })).toBeDisabled();
  await panel().getByLabel('Where to').selectOption('');
  await panel().getByLabel('Without these tables').fill('');
  await panel().getByLabel('Format').selectOption('directory');
  await expect(plan).not.toContainText('audit_');
  await expectAccessible(page, 'new backup');
});

test('a backup is followed to its end, goes on beside other rooms, and lies in the list as readable', async () => {
  const edictflow = await on('edictflow');
  await edictflow.query('BEGIN');
  await edictflow.query('LOCK TABLE teams IN ACCESS EXCLUSIVE MODE');
  await press('Back up');
  await expect(panel().getByRole('progressbar')).toBeVisible();
  await expect(panel().getByText(/^Dumping with pg_dump/)).toBeVisible();
  await rooms().getByRole('link', { name: 'Activity' }).click();
  await expect(strip().getByRole('button', { name: 'edictflow' })).toContainText('Backup');
  await strip().getByRole('button', { name: 'edictflow' }).click();
  await expect(panel().getByRole('heading', { name: 'Backing up' })).toBeVisible();
  await edictflow.query('COMMIT');
  await edictflow.end();
  await expect(panel().getByRole('heading', { name: 'Backed up' })).toBeVisible();
  await panel()
    .getByText(/^Log, \d+ lines/)
    .click();
  await expect(panel().getByRole('log')).toContainText('teams');
  await press('Show it');
  await expect(row('edictflow')).toContainText('Readable');
  await expect(page.getByText('Newest good backup:')).toBeVisible();
  await expect(panel().getByText(/^pg_restore .* has read all of it/)).toBeVisible();
  const [made, manifest] = own('edictflow');
  expect(manifest).toBe(`${made}.howdah.json`);
  const { sha256 } = JSON.parse(
    readFileSync(join(howdah.dataFolder, 'backups/edictflow', manifest ?? ''), 'utf8'),
  );
  await expect(panel().getByText(sha256)).toBeVisible();
  await panel().getByLabel('Search the contents').fill('data teams');
  await expect(panel().getByRole('grid', { name: 'Contents' }).getByRole('row').nth(1)).toContainText(
    'TABLE DATA',
  );
  await expectAccessible(page, 'list of backups with one open');
});

test('a cancelled backup leaves nothing, and says so', async () => {
  const before = own('edictflow');
  const edictflow = await on('edictflow');
  await edictflow.query('BEGIN');
  await edictflow.query('LOCK TABLE teams IN ACCESS EXCLUSIVE MODE');
  await page.getByRole('button', { name: 'New backup…' }).click();
  await press('Back up');
  await expect(panel().getByText(/^Dumping with pg_dump/)).toBeVisible();
  expect(own('edictflow').some((name) => name.includes('.partial-'))).toBe(true);
  await press('Cancel the backup');
  await expect(panel().getByText('Nothing was left behind.')).toBeVisible();
  await edictflow.end();
  expect(own('edictflow')).toEqual(before);
  await press('Close');
  await expect(row('edictflow')).toHaveCount(1);
});

test('it is proven restorable, and read again', async () => {
  await row('edictflow').dblclick();
  await press('Verify restorable');
  await expect(panel().getByText(/Verify restorable: ended, restorable/)).toBeVisible({ timeout: 30_000 });
  await expect(panel().getByText(/objects that were compared by name are there/)).toBeVisible();
  await expect(row('edictflow')).toContainText('Restorable');
  await press('Verify readable');
  await expect(panel().getByText(/Verify readable: ended/)).toBeVisible();
  // To have been read takes nothing away from having been restored.
  await expect(row('edictflow')).toContainText('Restorable');
});

test('Escape closes the dialog above an open backup, also when nothing has the focus', async () => {
  await page.getByRole('button', { name: 'Programs, buckets and key' }).click();
  await page.getByRole('menuitem', { name: 'Programs…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  // As when the button that was pressed is switched off.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(panel().getByRole('button', { name: 'Restore…' })).toBeVisible();
});

test('others’ dumps are found by their content and taken; a damaged copy among them is found out', async () => {
  const [made = ''] = own('edictflow');
  const copy = join(folder, 'copied');
  cpSync(join(howdah.dataFolder, 'backups/edictflow', made), copy, { recursive: true });
  const [largest] = readdirSync(copy)
    .filter((name) => name.endsWith('.dat.gz'))
    .map((name) => ({ name, bytes: readFileSync(join(copy, name)) }))
    .sort((a, b) => b.bytes.length - a.bytes.length);
  if (!largest) throw new Error('The backup has no data.');
  const middle = largest.bytes.length >> 1;
  largest.bytes.writeUInt8(largest.bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(join(copy, largest.name), largest.bytes);
  const { port, user, password } = sample;
  const foreign = execFileSync(join(standardBinaries(), 'pg_dump'), ['-Fp', 'edictflow'], {
    env: { ...process.env, PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: user, PGPASSWORD: password },
    maxBuffer: 1e9,
  });
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  writeFileSync(join(folder, 'deep/er/dump from monday.bak'), gzipSync(foreign));
  writeFileSync(join(folder, 'notes.sql'), 'SELECT 1;\n');

  await page.getByRole('button', { name: 'Find files…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Folder/ }).fill(folder);
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('2 backups found.')).toBeVisible();
  await expect(dialog.getByRole('row').filter({ hasText: 'monday' })).toContainText('Plain SQL, gzip');
  await dialog.getByRole('button', { name: 'Take 2 backups' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row(/Others/)).toHaveCount(2);

  await row('Plain SQL').dblclick();
  await press('Verify readable');
  await expect(panel().getByText(/Verify readable: ended, readable/)).toBeVisible();
  await row(/Directory.*Others/).dblclick();
  await expect(panel().getByRole('heading', { name: 'copied' })).toBeVisible();
  await press('Verify readable');
  await expect(panel().getByText(/Verify readable: ended, damaged/)).toBeVisible();
  await expect(row('Damaged')).toHaveCount(1);
});

test('files that went are greyed, a backup is forgotten, and files are removed', async () => {
  rmSync(join(folder, 'deep'), { recursive: true });
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(row('Not there any more')).toHaveCount(1);
  await row('Not there any more').dblclick();
  await press('Forget…');
  await page.getByRole('dialog').getByRole('button', { name: 'Forget it' }).click();
  await expect(row('Not there any more')).toHaveCount(0);
  await row('Damaged').dblclick();
  await press('Remove the files…');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the files' }).click();
  await expect(row('Damaged')).toHaveCount(0);
  expect(readdirSync(folder)).toEqual(['notes.sql']);
  await expect(row('edictflow')).toHaveCount(1);
});
