import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import pg from 'pg';
import { readRecord, type SampleRecord } from '../../main/sample/record.ts';
import { splitScript } from '../../main/sql-text/index.ts';
import { expectAccessible } from '../support/accessible.ts';
import { howdah as runHowdah } from '../support/cli.ts';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { readPng, readSvg } from '../support/exported-pictures.ts';
import {
  type DrawnBox,
  drawable,
  environmentIds,
  neighbours,
  SchemaScreen,
} from '../support/schema-screen.ts';
import { understoodByDbml, understoodByMermaid } from '../unit/core/export-readers.ts';

/**
 * A database's structure as a person works with it: see it whole, find a table, put it where it belongs, take the
 * picture along, and find out where two databases differ and what would close that.
 */

const systems = [
  'edictflow',
  'tau_lighting',
  'kronos_eam',
  'kronos_eam_production',
  'iotistic',
  'billing',
  'nebenkosten_config',
];

let howdah: ConsoleProcess;
let page: Page;
let screen: SchemaScreen;
let sample: SampleRecord;
let folder: string;
/** Where exported pictures are looked at. */
let reader: Page;
const clients = new Map<string, pg.Client>();

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-e2e-schema-'));
  howdah = await startConsoleProcess({ args: ['--sample'] });
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  reader = await page.context().newPage();
  await page.goto(howdah.address);
  await expect(page.getByText('7 connected')).toBeVisible({ timeout: 60_000 });
  const environments = await environmentIds(page, systems);
  expect([...environments.keys()]).toEqual(systems);
  screen = new SchemaScreen(page, environments);
  const record = await readRecord(howdah.dataFolder);
  if (!record) throw new Error('There is no sample server.');
  sample = record;
});

test.afterAll(async () => {
  for (const client of clients.values()) await client.end().catch(() => undefined);
  await page?.context().close();
  await howdah?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const addressOf = (database: string): string =>
  `postgres://${sample.user}@127.0.0.1:${sample.port}/${database}`;

/** Somebody else's session on the sample server, its superuser's. */
async function on(database: string): Promise<pg.Client> {
  const known = clients.get(database);
  if (known) return known;
  const { port, user, password } = sample;
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  clients.set(database, client);
  return client;
}

/** Asks again and again, so quickly that nobody waits for the asking. */
const soon = <T>(ask: () => Promise<T>, message?: string) =>
  expect.poll(ask, { intervals: [50, 100, 100, 200], timeout: 20_000, ...(message ? { message } : {}) });

/** The button that compares what is chosen. */
const compare = () =>
  page.getByRole('form', { name: 'What is compared' }).getByRole('button', { name: 'Compare' });

/** Opens a system's diagram and waits until all of it is drawn, and stays where it is. */
async function draw(system: string): Promise<string[]> {
  const wanted = await drawable(await on(system));
  expect(wanted.length, system).toBeGreaterThan(5);
  await screen.open(system);
  await soon(() => screen.names(), system).toEqual(wanted);
  await soon(() => screen.isSettled(), system).toBe(true);
  return wanted;
}

test('draws each sample system whole, and exports the picture with every table in it', async () => {
  for (const system of systems) {
    const wanted = await draw(system);
    const file = await screen.export('SVG');
    expect(file.name).toMatch(/\.svg$/);
    const { texts, titles, width } = await readSvg(reader, file, folder);
    // Only the page in front takes the pointer.
    await page.bringToFront();
    expect(width, system).toBeGreaterThan(400);
    for (const name of wanted) {
      expect(
        titles.some((title) => title.endsWith(`.${name}`)),
        `${system}: ${name}`,
      ).toBe(true);
      expect(texts, system).toContain(name);
    }
  }
});

test('finds a table, and draws it with what is one and two relations away', async () => {
  const client = await on('kronos_eam');
  await draw('kronos_eam');
  await page.keyboard.press('/');
  await page.keyboard.type('task_doc');
  await page.keyboard.press('Enter');
  const canvas = await screen.canvas.boundingBox();
  if (!canvas) throw new Error('There is no canvas.');
  await expect
    .poll(async () => {
      const { header } = await screen.box('task_documents');
      return header.x > canvas.x && header.x < canvas.x + canvas.width && header.y > canvas.y;
    })
    .toBe(true);

  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Views', { exact: true }).uncheck();
  await page.getByLabel('Enums', { exact: true }).uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Focus' }).click();
  await soon(() => screen.names()).toEqual(await neighbours(client, 'task_documents', 1));
  await page.getByRole('radiogroup', { name: 'How many relations away' }).getByText('2').click();
  await soon(() => screen.names()).toEqual(await neighbours(client, 'task_documents', 2));
  await page.getByRole('button', { name: /Draw all tables again/ }).click();
  await soon(async () => (await screen.names()).includes('alembic_version')).toBe(true);

  await page.getByRole('button', { name: 'Filter (2)' }).click();
  await page.getByLabel('What extensions brought').check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Filter (3)' })).toBeVisible();
  await page.getByRole('button', { name: 'Filter (3)' }).click();
  await page.getByLabel('Views', { exact: true }).check();
  await page.keyboard.press('Escape');
  await soon(() => screen.names()).toContain('pg_stat_statements');
});

test('leaves a table where somebody put it, beyond a reload', async () => {
  await draw('tau_lighting');
  const boxes = (await screen.boxes()).filter(({ kind }) => kind === 'table');
  let name = '';
  // One in sight, with room to go, that nothing floats above.
  for (const box of boxes) {
    const { x, y } = (await screen.box(box.name)).header;
    const isFree = await page.evaluate(
      ([x, y]) =>
        [
          [x, y],
          [x + 90, y + 40],
        ].every(([at, down]) => document.elementFromPoint(at ?? 0, down ?? 0)?.tagName === 'CANVAS'),
      [x, y] as const,
    );
    if (isFree) name = box.name;
    if (isFree) break;
  }
  expect(name).not.toBe('');
  // The picture is still fitted while its lines are led: whoever grabs a box sees it stand still.
  let before: DrawnBox = await screen.box(name);
  await soon(async () => {
    const last = JSON.stringify(before);
    await page.waitForTimeout(400);
    before = await screen.box(name);
    return JSON.stringify(before) === last;
  }).toBe(true);
  await page.mouse.move(before.header.x, before.header.y);
  await page.mouse.down();
  await page.mouse.move(before.header.x + 30, before.header.y + 10);
  await page.mouse.move(before.header.x + 90, before.header.y + 40, { steps: 4 });
  await page.mouse.up();
  const way = (to: DrawnBox) => Math.hypot(to.place.x - before.place.x, to.place.y - before.place.y);
  await soon(async () => way(await screen.box(name))).toBeGreaterThan(60);
  const moved = await screen.box(name);
  await page.waitForTimeout(600);
  await page.reload();
  await soon(() => screen.isSettled()).toBe(true);
  await soon(async () => (await screen.box(name)).place).toEqual(moved.place);
  await page.getByRole('button', { name: 'Put moved tables back' }).click();
  await soon(async () => (await screen.box(name)).place).toEqual(before.place);
});

test('exports what others read: PNG, Mermaid, DBML, and DDL that makes the same again', async () => {
  const client = await on('kronos_eam');
  await draw('kronos_eam');
  const { rows: tables } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  const { rows: keys } = await client.query("SELECT FROM pg_constraint WHERE contype = 'f'");

  const png = await screen.export('PNG');
  const { width, height, colours } = await readPng(page, png);
  expect(png.name).toMatch(/\.png$/);
  expect(width).toBeGreaterThan(1500);
  expect(height).toBeGreaterThan(500);
  expect(colours).toBeGreaterThan(20);

  const { entities, relations } = await understoodByMermaid(
    (await screen.export('Mermaid')).bytes.toString(),
  );
  for (const { name } of tables) expect([...entities.keys()].join(' ')).toContain(name);
  expect(relations.length).toBeGreaterThanOrEqual(keys.length);

  const database = understoodByDbml((await screen.export('DBML')).bytes.toString());
  expect(database.tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(tables.map(({ name }) => name)),
  );
  expect(database.refs).toHaveLength(keys.length);

  const ddl = (await screen.export('DDL')).bytes.toString();
  await client.query('CREATE DATABASE made_of_ddl');
  await (await on('made_of_ddl')).query(ddl);
  const { code, stdout, stderr } = await runHowdah(
    ['schema', 'diff', addressOf('kronos_eam'), addressOf('made_of_ddl')],
    { dataFolder: folder, env: { PGPASSWORD: sample.password } },
  );
  expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
});

test('tells of a table all there is: structure, statistics, access, DDL and rows', async () => {
  await draw('kronos_eam');
  await screen.inspect('documents');
  const { inspector } = screen;
  await expect(inspector.getByText('documents_workflow_id_fkey')).toBeVisible();
  await expect(inspector.getByText('idx_documents_expiry', { exact: true })).toBeVisible();
  await expectAccessible(page, 'structure');
  await screen.tab('Statistics');
  await expect(inspector.getByText('Dead rows')).toBeVisible();
  await screen.tab('Access');
  await expect(inspector.getByText('tenant_isolation').first()).toBeVisible();
  await expect(inspector.getByText('kronos', { exact: true }).first()).toBeVisible();
  await screen.tab('DDL');
  await expect(inspector.locator('pre')).toContainText('CREATE TABLE');
  await expect(inspector.locator('pre')).toContainText(/REFERENCES .*workflows/);
  await screen.tab('Rows');
  await inspector.getByRole('button', { name: 'Read 50 rows' }).click();
  const grid = inspector.getByRole('grid', { name: 'Rows of documents' });
  await expect(grid.getByRole('row').nth(5)).toBeVisible();
  await expectAccessible(page, 'rows');
});

test('shows a locked table at once, says what waits, and fills it in when the lock goes', async () => {
  const client = await on('nebenkosten_config');
  await client.query(
    "CREATE TABLE held_back (id int PRIMARY KEY, state text DEFAULT 'unseen by anybody' CHECK (state <> ''))",
  );
  await client.query('BEGIN');
  await client.query('LOCK TABLE held_back IN ACCESS EXCLUSIVE MODE');
  try {
    await screen.open('nebenkosten_config');
    await soon(() => screen.names()).toContain('held_back');
    await screen.inspect('held_back');
    await expect(screen.inspector.getByText('waiting for a lock').first()).toBeVisible();
    await expect(page.getByText(/^\d+ definitions? waits? for a lock/)).toBeVisible();
    await expectAccessible(page, 'waiting for a lock');
  } finally {
    await client.query('ROLLBACK');
  }
  // It is asked for again by itself, a few times in short order; then when somebody asks, or later.
  const again = page.getByRole('button', { name: 'Ask now' });
  const text = screen.inspector.getByText("'unseen by anybody'").first();
  await expect(again.or(text).first()).toBeVisible();
  if (await again.isVisible()) await again.click();
  await expect(text).toBeVisible();
  await expect(page.getByText('waiting for a lock')).toHaveCount(0);
  await expect(again).toHaveCount(0);
  await client.query('DROP TABLE held_back');
});

test('is all within reach of the keyboard', async () => {
  await draw('kronos_eam');
  const spoken = page.locator('[aria-live=polite]').filter({ hasText: /related to/ });
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await expect(spoken).toHaveCount(1);
  const first = await spoken.textContent();
  await page.keyboard.press('ArrowRight');
  await expect(spoken).not.toHaveText(first ?? '');
  await page.keyboard.press('Enter');
  await expect(screen.inspector.locator('h2')).toBeVisible();
  const inspected = await screen.inspector.locator('h2').textContent();
  await expect(spoken).toContainText(`${inspected}, `);
  await page.getByRole('application').focus();
  await page.keyboard.press('f');
  const depth = page.getByRole('radiogroup', { name: 'How many relations away' });
  await expect(depth).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(depth).toHaveCount(0);
  // One press undoes one thing.
  await expect(screen.inspector).toBeVisible();
  // From the diagram back to the outline, and along it with the inspector following.
  await screen.outline.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(screen.inspector.locator('h2')).toHaveText('alembic_version');
  await page.keyboard.press('ArrowDown');
  await expect(screen.inspector.locator('h2')).toHaveText('documents');
  // Each button and field of the room has a name and can be reached by Tab.
  await page.getByRole('radiogroup', { name: 'View' }).getByRole('radio').first().focus();
  const reached: string[] = [];
  for (let step = 0; step < 14; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      ),
    );
  }
  expect(reached).toEqual(
    expect.arrayContaining(['Filter', 'Look for changes', 'Export', 'Find a table', 'Schemas and tables']),
  );
});

test('what changed since a snapshot is what somebody did since', async () => {
  const client = await on('edictflow');
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  const table = rows[0]?.name ?? '';
  await screen.open('edictflow');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('take a schema snap');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Name of the snapshot, if it is to have one')).toBeFocused();
  await page.keyboard.type('before the release');
  await page.keyboard.press('Enter');
  const taken = page.getByRole('list', { name: 'Snapshots, newest first' }).getByText('before the release');
  await expect(taken).toBeVisible();

  await client.query(
    `ALTER TABLE ${client.escapeIdentifier(table)} ADD COLUMN since_then integer NOT NULL DEFAULT 7`,
  );
  await client.query('CREATE TABLE made_since (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)');
  await taken.click();
  const list = page.getByRole('tree', { name: 'Differences' });
  await expect(list.locator('[data-difference]').first()).toBeVisible();
  const told = await list
    .locator('[data-difference]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-difference')));
  expect(told.sort()).toEqual(['public.made_since', `public.${table}.since_then`].sort());
  await expectAccessible(page, 'what changed since');
  await client.query(`ALTER TABLE ${client.escapeIdentifier(table)} DROP COLUMN since_then`);
  await client.query('DROP TABLE made_since');
  await taken.click();
  await expect(page.getByRole('heading', { name: 'Nothing has changed' })).toBeVisible();
});

test('shows how Kronos has drifted, difference by difference', async () => {
  await screen.open('kronos_eam_production');
  await page.getByText('Compare', { exact: true }).click();
  await expect(page.getByLabel('Wanted, what it should be like').first()).toHaveValue('kronos_eam');
  await expect(page.getByLabel('Actual, what would be brought to it').first()).toHaveValue(
    'kronos_eam_production',
  );
  await compare().click();
  const list = page.getByRole('tree', { name: 'Differences' });
  await expect(page.getByText(/^\d+ differences: /)).toBeVisible();
  await expect(page.getByText(/^Script \d+$/)).toBeVisible();
  const kinds = new Set<string>();
  const told = new Set<string | null>();
  await list.focus();
  for (const key of ['Home', 'End']) {
    await page.keyboard.press(key);
    await expect(list.locator('[data-active]')).toBeInViewport();
    for (const kind of await list.locator('[aria-level="1"]').allTextContents()) kinds.add(kind);
    const rows = list.locator('[data-difference]');
    for (const name of await rows.evaluateAll((all) => all.map((one) => one.getAttribute('data-difference'))))
      told.add(name);
  }
  expect([...kinds].length, [...kinds].join(', ')).toBeGreaterThanOrEqual(10);
  for (const name of [
    'plant_status',
    'documents.size',
    'documents.version',
    'plants.external_ref',
    'users.surname',
  ])
    expect([...told]).toContain(`public.${name}`);
  await page.keyboard.press('Home');
  await expectAccessible(page, 'differences');

  // A double click opens; snapshots come back when asked for, the inspector staying.
  await list.locator('[data-difference="public.documents.size"]').dblclick();
  await expect(screen.inspector.locator('h2')).toHaveText('public.documents.size');
  await expect(screen.inspector.getByText('bigint')).toBeVisible();
  await page.getByRole('button', { name: 'Snapshots of this environment' }).click();
  await expect(page.getByRole('heading', { name: /What changed here since/ })).toBeVisible();
  await expect(screen.inspector.locator('h2')).toHaveText('public.documents.size');
  await expect(page.getByRole('button', { name: 'Snapshots of this environment' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.getByRole('button', { name: 'Snapshots of this environment' }).click();
  await expectAccessible(page, 'a difference');
});

test('writes a script that closes the drift, for somebody else to run', async () => {
  await screen.inspector.getByRole('button', { name: /Show statement/ }).click();
  await expect(page.getByRole('listbox')).toBeFocused();
  await expectAccessible(page, 'the script');

  const script = (
    await screen.saved(() => page.getByRole('button', { name: 'Save as file' }).click())
  ).bytes.toString();
  const client = await on('kronos_eam_production');
  const { items, problems } = splitScript(script);
  expect(problems).toEqual([]);
  for (const item of items) if (item.kind === 'statement') await client.query(item.text);
  await compare().click();
  await expect(page.getByRole('heading', { name: 'No differences' })).toBeVisible();
});
