import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from '@playwright/test';
import { browserPath } from '../support/browser.ts';
import { draftFor, openTestConsole } from '../support/console.ts';
import { printBench } from './table.ts';

/** From starting the process to the painted home screen, and how much JavaScript the first load takes. */

const root = process.cwd();
const rounds = 7;

interface Round {
  /** ms from the start of the process. */
  address: number;
  painted: number;
  /** Gzipped bytes of JavaScript and CSS until the home screen was there. */
  script: number;
  style: number;
}

async function fill(dataFolder: string): Promise<void> {
  const howdah = await openTestConsole({ dataFolder, connect: false });
  for (let index = 0; index < 20; index += 1) {
    const url = `postgres://ada@127.0.0.1:1/app${index}?sslmode=disable`;
    await howdah.client.environments.add({
      draft: draftFor(url, { name: `environment ${index}`, group: `group ${index % 4}` }),
    });
    await howdah.client.environments.disconnect({ environment: `environment ${index}` });
  }
  await howdah.close();
}

async function start(dataFolder: string, browser: Browser): Promise<Round> {
  const from = performance.now();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'dist/main/headless.js')],
    {
      env: { ...process.env, HOWDAH_DATA_DIR: dataFolder, HOWDAH_KEYCHAIN: 'off' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const page = await browser.newPage();
  let script = 0;
  let style = 0;
  page.on('response', async (response) => {
    const kind = response.request().resourceType();
    if (kind !== 'script' && kind !== 'stylesheet') return;
    const size = gzipSync(await response.body().catch(() => Buffer.alloc(0))).length;
    if (kind === 'script') script += size;
    else style += size;
  });
  try {
    let opened: string | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('http://')) continue;
      opened = line;
      break;
    }
    if (!opened) throw new Error('The console printed no address.');
    const address = performance.now() - from;
    await page.goto(opened);
    await page.getByText('environment 19', { exact: true }).last().waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))));
    const painted = performance.now() - from;
    await page.waitForTimeout(300);
    return { address, painted, script, style };
  } finally {
    await page.close();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await gone;
  }
}

const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-bench-'));
const browser = await chromium.launch({
  ...(browserPath ? { executablePath: browserPath } : {}),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
  ],
});
try {
  await fill(dataFolder);
  await start(dataFolder, browser);
  const results: Round[] = [];
  for (let round = 0; round < rounds; round += 1) results.push(await start(dataFolder, browser));
  const median = (of: (round: Round) => number): number =>
    results.map(of).sort((a, b) => a - b)[rounds >> 1] ?? 0;
  const worst = (of: (round: Round) => number): number => Math.max(...results.map(of));
  printBench(`Start of the browser face with 20 environments, ${rounds} warm rounds`, [
    ['', 'median', 'worst', 'target', 'ratio'],
    [
      'address printed',
      `${median(({ address }) => address).toFixed(0)} ms`,
      `${worst(({ address }) => address).toFixed(0)} ms`,
      '',
      '',
    ],
    [
      'home screen painted',
      `${median(({ painted }) => painted).toFixed(0)} ms`,
      `${worst(({ painted }) => painted).toFixed(0)} ms`,
      '1500 ms',
      (median(({ painted }) => painted) / 1500).toFixed(2),
    ],
    [
      'JavaScript of the first load, gzipped',
      `${(median(({ script }) => script) / 1000).toFixed(0)} kB`,
      `${(worst(({ script }) => script) / 1000).toFixed(0)} kB`,
      '350 kB',
      (median(({ script }) => script) / 350_000).toFixed(2),
    ],
    ['CSS of the first load, gzipped', `${(median(({ style }) => style) / 1000).toFixed(0)} kB`, '', '', ''],
  ]);
} finally {
  await browser.close();
  rmSync(dataFolder, { recursive: true, force: true });
}
