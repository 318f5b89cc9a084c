import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type ConsoleProcess, startConsoleProcess } from '../support/console-process.ts';
import { freePort, startPostgres, type TestServer } from '../support/postgres.ts';
import { noSshd, type Sshd, startSshd } from '../support/sshd.ts';

/**
 * Getting to servers, as a person does it: import what is there, correct a field, go through a tunnel whose
 * fingerprint is asked, see a cut heal, and read cause and fix of what is broken.
 */

let server: TestServer;
let sshd: Sshd;
let web: Server;
let howdah: ConsoleProcess;
let page: Page;
let folder: string;

test.describe.configure({ mode: 'serial' });
test.skip(noSshd !== undefined, noSshd);

test.beforeAll(async ({ browser }) => {
  server = await startPostgres();
  await server.query("CREATE ROLE dagster LOGIN PASSWORD 'dagster'");
  await server.query('CREATE DATABASE nebenkosten_config OWNER dagster');
  await server.query("CREATE ROLE locked NOLOGIN PASSWORD 'x'");
  await server.query("CREATE ROLE narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 0");
  await server.query('CREATE DATABASE secret_db');
  await server.query('REVOKE CONNECT ON DATABASE secret_db FROM PUBLIC');
  await server.hba([
    'host all outsider 127.0.0.1/32 reject',
    'host all locked 127.0.0.1/32 trust',
    'host all all 127.0.0.1/32 scram-sha-256',
  ]);
  sshd = await startSshd();
  web = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'howdah-e2e-files-'));
  howdah = await startConsoleProcess();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(howdah.address);
});

test.afterAll(async () => {
  await page?.context().close();
  await howdah?.stop();
  web?.close();
  await sshd?.remove();
  await server?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test('imports a .env and a compose file, one field corrected', async () => {
  const env = join(folder, '.env');
  writeFileSync(
    env,
    [
      '# Configuration database',
      'CONFIG_DB_HOST=localhost              # or the address of the container',
      `CONFIG_DB_PORT=${server.port}`,
      'CONFIG_DB_NAME=nebenkosten_confg',
      'export CONFIG_DB_USER=dagster',
      'CONFIG_DB_PASSWORD="dagster"',
      '',
    ].join('\n'),
  );
  const compose = join(folder, 'docker-compose.yml');
  writeFileSync(
    compose,
    [
      'services:',
      '  db:',
      '    image: postgres:15',
      '    environment:',
      '      POSTGRES_USER: postgres',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as compose has it.
      '      POSTGRES_PASSWORD: ${DB_PASSWORD:-postgres}',
      '      POSTGRES_DB: postgres',
      '    ports:',
      `      - "127.0.0.1:${server.port}:5432"`,
      '',
    ].join('\n'),
  );

  await page.getByRole('button', { name: 'Import connections' }).first().click();
  await expect(page.getByText('Import connections', { exact: true })).toHaveCount(1);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles([env, compose]);

  await expect(page.getByText('2 connections found')).toBeVisible();
  const found = page.getByRole('grid', { name: 'Connections found' });
  const row = found.getByRole('row').filter({ hasText: 'nebenkosten_confg' });
  await expect(row).toContainText('.env');
  await row.dblclick();
  const database = page.getByRole('textbox', { name: 'Database' });
  await database.fill('nebenkosten_config');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('nebenkosten');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: /^Add 2 environments/ }).click();

  const rail = page.getByLabel('Environments');
  await expect(rail.getByText('nebenkosten', { exact: true })).toBeVisible();
  await rail.getByText('nebenkosten', { exact: true }).click();
  await expect(page.getByText('Connected').first()).toBeVisible();
});

test('goes through a tunnel whose fingerprint is asked, and heals when it is cut', async () => {
  await page.getByLabel('Environments').getByText('nebenkosten', { exact: true }).click();
  await openForm('nebenkosten');
  const form = page.locator('form#environment-form');
  await form.getByText('SSH tunnel').click();
  await form.getByLabel('Connect through an SSH server').check();
  await form.getByLabel('SSH host').fill('127.0.0.1');
  await form.locator('[name="tunnel.port"]').fill(String(sshd.port));
  await form.locator('[name="tunnel.user"]').fill(sshd.user);
  await form.locator('[name="tunnel.keyFile"]').fill(sshd.clientKeyFile);
  // A password for the address itself is not sent to the same address behind a tunnel.
  await form.getByRole('textbox', { name: 'Password' }).fill('dagster');

  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('is seen for the first time')).toBeVisible();
  await expect(page.getByText(sshd.hostKeyFingerprint()).first()).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Trust this key and test' }).click();
  await expect(page.getByText(`${sshd.user}@127.0.0.1:${sshd.port}`).first()).toBeVisible();
  await expect(page.getByText('Accepted as "dagster"')).toBeVisible();

  await page.getByRole('button', { name: 'Save and connect' }).click();
  await expect(page.getByText('Connected').first()).toBeVisible();

  sshd.killSessions();
  await expect(page.getByText(/SSH.*(closed|lost|ended)|tunnel.*(closed|lost)/i).first()).toBeVisible();
  await expect(page.getByText('Connected').first()).toBeVisible({ timeout: 30_000 });
});

test('tells cause and fix of what is broken', async () => {
  const dead = await freePort();
  const address = web.address();
  const webPort = typeof address === 'object' && address ? address.port : 0;
  const at = (user: string, password: string, database = 'postgres', port = server.port, mode = 'disable') =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=${mode}&connect_timeout=3`;
  const broken: [url: string, cause: RegExp, fix: RegExp][] = [
    [at('postgres', 'postgres', 'postgres', dead), /Nothing listens on/, /Start PostgreSQL/],
    ['postgres://a:b@no-such-host.invalid/db', /The name "no-such-host\.invalid" was not found/, /VPN/],
    [at('postgres', 'wrong'), /refused the password of "postgres"/, /Enter the password again/],
    [at('postgres', 'postgres', 'nope'), /There is no database "nope"/, /Correct the database/],
    [at('outsider', 'x'), /does not let "outsider" into/, /Add a line to pg_hba\.conf/],
    [at('postgres', 'postgres', 'postgres', server.port, 'require'), /offers no TLS/, /Turn ssl on/],
    [at('postgres', 'postgres', 'postgres', webPort), /is not PostgreSQL/, /Correct the port/],
    [at('locked', 'x'), /"locked" may not log in/, /allow it/],
    [at('narrow', 'narrow'), /"narrow" has no free connection/, /raise the limit/],
    [at('dagster', 'dagster', 'secret_db'), /may not connect to "secret_db"/, /granted/],
  ];
  // Without waiting for the field, as people type.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Add an environment');
  await page.keyboard.press('Enter');
  const form = page.locator('form#environment-form');
  for (const [url, cause, fix] of broken) {
    await form.getByLabel('Connection URL').fill(url);
    await form.getByLabel('Connection URL').blur();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(form.getByText(cause).first()).toBeVisible();
    await expect(form.getByText(fix).first()).toBeVisible();
  }
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test('shows what a companion prints while it is awaited, and after one has given up', async () => {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Add an environment');
  await page.keyboard.press('Enter');
  const form = page.locator('form#environment-form');
  await form
    .getByLabel('Connection URL')
    .fill(`postgres://postgres@127.0.0.1:${await freePort()}/postgres?sslmode=disable`);
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('behind-a-proxy');
  await form.getByText('Companion command').click();
  await form.getByLabel(/^Run a command/).check();
  await form.locator('[name="companion.command"]').fill('echo the proxy asks for a login; sleep 300');
  await page.getByRole('button', { name: 'Save and connect' }).click();

  const output = page.getByRole('region', { name: 'What the companion printed' });
  const printed = output.getByText('the proxy asks for a login', { exact: true });
  await expect(page.getByText('Connecting to behind-a-proxy')).toBeVisible();
  await expect(printed).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Stop trying' }).click();
  await expect(page.getByText('Not connected to behind-a-proxy')).toBeVisible();
  await expect(printed).toBeVisible();
});

async function openForm(name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions on ${name}` }).click();
  await page.getByRole('menuitem', { name: /^Edit/ }).click();
  await expect(page.locator('form#environment-form')).toBeVisible();
}
