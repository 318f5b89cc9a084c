import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readLogFile, readLogText } from '../../../main/queries/plans/log/read-log.ts';

const plan = (text: string): string =>
  JSON.stringify({ 'Query Text': text, Plan: { 'Node Type': 'Seq Scan', 'Relation Name': 't' } }, null, 2);
const stderr = (ms: number, text: string): string =>
  `2026-01-02 03:04:05.678 UTC [12] app@db LOG:  duration: ${ms} ms  plan:\n\t${plan(text).replaceAll('\n', '\n\t')}\n`;
const csv = (ms: number, text: string): string =>
  `2026-01-02 03:04:05.678 UTC,"app","db",12,"[local]",1,"SELECT",0,LOG,00000,"duration: ${ms} ms  plan:\n${plan(text).replaceAll('"', '""')}",,,,,,,,,"psql","client backend",,0\n`;
const jsonLine = (ms: number, text: string): string =>
  `${JSON.stringify({ timestamp: '2026-01-02 03:04:05.678 UTC', message: `duration: ${ms} ms  plan:\n${plan(text)}` })}\n`;
const noise =
  '2026-01-02 03:04:06 UTC [12] LOG:  duration: 99999 ms  statement: SELECT 1\n\tFROM t\n{"message": "no plan: here"}\n';

const folder = mkdtempSync(join(tmpdir(), 'howdah-plan-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('finds plans whatever the log’s destination, the longest first', async () => {
  const tricky = 'SELECT "a""b", \'},\n"duration: 1 ms  plan:\'';
  for (const write of [stderr, csv, jsonLine]) {
    for (const newline of ['\n', '\r\n']) {
      const text = (
        noise +
        write(3.5, tricky) +
        noise +
        write(1200.25, 'SELECT 2') +
        write(7, 'SELECT 3')
      ).replaceAll('\n', newline);
      const log = await readLogText(text);
      expect(log).toMatchObject({ found: 3, broken: 0, otherFormats: 0, whole: true, limits: [] });
      expect(log.entries.map(({ durationMs, text: statement }) => [durationMs, statement])).toEqual([
        [1200.25, 'SELECT 2'],
        [7, 'SELECT 3'],
        [3.5, tricky],
      ]);
      expect(log.entries[0]).toMatchObject({ at: '2026-01-02 03:04:05.678 UTC' });
      expect(JSON.parse(log.entries[0]?.json ?? '')).toMatchObject({ Plan: { 'Node Type': 'Seq Scan' } });
    }
  }
});

it('counts what is broken, cut off or in another format, and says what to set', async () => {
  const cut = stderr(5, 'SELECT cut').slice(0, -30);
  const text =
    '2026-01-02 03:04:05 UTC [9] LOG:  duration: 8 ms  plan:\n\tQuery Text: SELECT 1\n\tSeq Scan on t  (cost=0..1 rows=1 width=4)\n';
  const log = await readLogText(`${cut}\n${text}${stderr(6, 'SELECT good')}${cut}`);
  expect(log).toMatchObject({ found: 4, broken: 2, otherFormats: 1, entries: [{ text: 'SELECT good' }] });
  expect(log.limits).toMatchObject([{ cause: 'log-format', command: expect.stringContaining('json') }]);
  expect((await readLogText(noise)).limits).toMatchObject([{ cause: 'no-auto-explain' }]);
});

it('goes through a large file in bounded memory, and no further than it says', async () => {
  const file = join(folder, 'large.log');
  const block = noise.repeat(2000) + stderr(4, `SELECT '${'x'.repeat(50_000)}'`);
  writeFileSync(file, block.repeat(60) + stderr(9000, 'SELECT last'));
  const before = process.memoryUsage().heapUsed;
  const log = await readLogFile(file);
  expect(log).toMatchObject({
    found: 61,
    whole: true,
    entries: [{ durationMs: 9000 }, ...Array.from({ length: 60 }, () => ({ durationMs: 4 }))],
  });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(120 * 1024 * 1024);
  const some = await readLogFile(file, undefined, 1024 * 1024);
  expect(some).toMatchObject({ whole: false, bytes: 1024 * 1024, limits: [{ cause: 'log-too-long' }] });
  expect(some.found).toBeLessThan(61);
  const stop = new AbortController();
  stop.abort(new Error('Enough.'));
  await expect(readLogFile(file, stop.signal)).rejects.toThrow('Enough.');
});
