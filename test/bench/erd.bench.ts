import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import type { DiagramView } from '../../renderer/schema/canvas/view.ts';
import { browserPath } from '../support/browser.ts';
import { buildFixture, serveFixture } from '../support/ui-schema-fixture/serve.ts';
import { printBench } from './table.ts';

/**
 * How fast a diagram shows and how smoothly it moves, drawn by software: the time from the model's last part to the first
 * picture, frames while somebody pans and zooms, tasks of the page's own thread, and its heap.
 */

interface Kept {
  tasks: number[];
  frames: number[];
}

type CanvasWithView = HTMLCanvasElement & { diagramView: DiagramView };

interface Move {
  name: string;
  /** The scale it happens at; undefined for all of it in sight. */
  scale: number | undefined;
  act: 'pan' | 'zoom';
}

const moves: readonly Move[] = [
  { name: 'pan, far', scale: undefined, act: 'pan' },
  { name: 'pan, middle', scale: 0.3, act: 'pan' },
  { name: 'pan, near', scale: 0.8, act: 'pan' },
  { name: 'zoom', scale: undefined, act: 'zoom' },
];

const seconds = 5;

async function drive(page: Page, move: Move): Promise<Kept> {
  await page.evaluate((scale) => {
    const canvas = document.querySelector<CanvasWithView>('[role=application] canvas');
    const view = canvas?.diagramView;
    const bounds = view?.scene?.bounds();
    if (!view || !bounds) throw new Error('There is no diagram.');
    if (scale === undefined) view.fit();
    else view.setCamera({ x: bounds.x + bounds.width / 3, y: bounds.y + bounds.height / 3, scale });
    Object.assign(window, { kept: { tasks: [], frames: [] } });
  }, move.scale);
  await page.waitForTimeout(300);
  await page.evaluate(() => {
    const { kept } = window as unknown as { kept: Kept };
    let before = performance.now();
    const frame = (now: number): void => {
      kept.frames.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => {
      before = now;
      requestAnimationFrame(frame);
    });
  });
  const box = await page.locator('[role=application]').boundingBox();
  if (!box) throw new Error('The diagram is not in sight.');
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const until = Date.now() + seconds * 1000;
  await page.mouse.move(x, y);
  if (move.act === 'zoom') await page.keyboard.down('Control');
  for (let step = 0; Date.now() < until; step += 1) {
    if (move.act === 'zoom') await page.mouse.wheel(0, step % 120 < 60 ? -40 : 40);
    else await page.mouse.wheel(step % 80 < 40 ? 30 : -30, step % 50 < 25 ? 14 : -14);
    await page.waitForTimeout(8);
  }
  if (move.act === 'zoom') await page.keyboard.up('Control');
  return page.evaluate(() => (window as unknown as { kept: Kept }).kept);
}

/** What one picture costs until its pixels are there, in ms: reading one back waits for all of them. */
async function drawing(page: Page, scale: number | undefined): Promise<number> {
  return page.evaluate((scale) => {
    const canvas = document.querySelector<CanvasWithView>('[role=application] canvas');
    const view = canvas?.diagramView;
    const bounds = view?.scene?.bounds();
    const context = canvas?.getContext('2d');
    if (!view || !bounds || !context) throw new Error('There is no diagram.');
    const times: number[] = [];
    for (let step = 0; step < 30; step += 1) {
      if (scale === undefined) view.fit();
      else
        view.setCamera({ x: bounds.x + bounds.width / 3 + step * 9, y: bounds.y + bounds.height / 3, scale });
      const from = performance.now();
      view.drawNow();
      context.getImageData(0, 0, 1, 1);
      times.push(performance.now() - from);
    }
    return times.sort((a, b) => a - b)[15] ?? 0;
  }, scale);
}

/** Memory of the page's whole process, its workers included, in MB. */
async function processMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      try {
        return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024;
      } catch {
        // Not on this system, or gone.
        return 0;
      }
    });
  return Math.max(0, ...sizes);
}

async function run(browser: Browser, address: string, tables: number): Promise<string[][]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const marks = { tasks: [] as number[] };
    Object.assign(window, { marks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        marks.tasks.push(entry.duration);
        (window as unknown as { kept?: Kept }).kept?.tasks.push(entry.duration);
      }
    }).observe({ entryTypes: ['longtask'] });
  });
  await page.goto(`${address}?model=${tables}`);
  await page.waitForFunction(() => 'firstPictureMs' in window, undefined, { timeout: 120_000, polling: 50 });
  const first = await page.evaluate(() => (window as unknown as { firstPictureMs: number }).firstPictureMs);
  // The better layout follows.
  await page.waitForTimeout(Math.max(1500, tables / 2));
  const loading = await page.evaluate(
    () => (window as unknown as { marks: { tasks: number[] } }).marks.tasks,
  );
  const rows: string[][] = [];
  for (const move of moves) {
    const { tasks, frames } = await drive(page, move);
    frames.sort((a, b) => a - b);
    rows.push([
      `${tables.toLocaleString('en-US')} tables, ${move.name}`,
      ms(frames[Math.floor(frames.length * 0.5)]),
      ms(frames[Math.floor(frames.length * 0.95)]),
      ms(frames.at(-1)),
      tasks.length > 0 ? ms(Math.max(...tasks)) : '–',
      '',
    ]);
  }
  // Last, because reading pixels back may change how the browser keeps the canvas.
  const memory = await processMemory(browser);
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  for (const [at, move] of moves.entries()) {
    const row = rows[at];
    if (row) row[5] = ms(await drawing(page, move.scale));
  }
  await context.close();
  summary.push([
    tables.toLocaleString('en-US'),
    ms(first),
    loading.length > 0 ? ms(Math.max(...loading)) : '–',
    `${(usedSize / 1_048_576).toFixed(0)} MB`,
    memory > 0 ? `${memory.toFixed(0)} MB` : '–',
  ]);
  return rows;
}

const ms = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(0)} ms`);

const summary = [['Tables', 'first picture', 'longest task of loading', 'heap', 'process with worker']];
const folder = mkdtempSync(join(tmpdir(), 'howdah-bench-'));
await buildFixture(folder);
const { address, server } = await serveFixture(folder);
const browser = await chromium.launch({
  ...(browserPath ? { executablePath: browserPath } : {}),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ],
});
const rows = [['Scene', 'median frame', 'p95 frame', 'longest frame', 'longest task', 'one drawing']];
try {
  for (const tables of [1000, 10_000]) rows.push(...(await run(browser, address, tables)));
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
printBench(
  'Diagram, from the last part of the model on (targets: 1,000 in 2 s and 120 MB; 10,000 in 10 s; no task over 200 ms)',
  summary,
);
printBench(
  'Diagram, frames while panning and zooming (target p95: 33 ms at 1,000 tables, 50 ms at 10,000)',
  rows,
);
