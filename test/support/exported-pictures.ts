import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Exported } from './schema-screen.ts';

/**
 * Opens an SVG in a browser and asks the picture what it holds.
 *
 * @param reader a page of its own; it is in front afterwards
 * @param folder where the file lies meanwhile, under its own name
 */
export async function readSvg(
  reader: Page,
  { name, path }: Exported,
  folder: string,
): Promise<{ texts: string[]; titles: string[]; width: number }> {
  const file = join(folder, name);
  copyFileSync(path, file);
  await reader.goto(`file://${file}`);
  return await reader.evaluate(() => {
    const root = document.documentElement as unknown as SVGSVGElement;
    if (root.nodeName !== 'svg' || document.querySelector('parsererror')) throw new Error('It is no SVG.');
    const all = (selector: string): string[] =>
      [...document.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '');
    return { texts: all('text'), titles: all('title'), width: root.getBBox().width };
  });
}

/** Has the browser decode a picture: its size in px, and how many colours it has. */
export async function readPng(
  page: Page,
  { bytes }: Exported,
): Promise<{ width: number; height: number; colours: number }> {
  return await page.evaluate(async (base64) => {
    const picture = await createImageBitmap(
      new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]),
    );
    const { width, height } = picture;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) throw new Error('There is no canvas to look at it on.');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, colours: new Set(new Uint32Array(data.buffer)).size };
  }, bytes.toString('base64'));
}
