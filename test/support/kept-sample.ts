import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makePrivateFolder, serverAccount } from '../../main/sample/account.ts';
import { takeLock } from '../../main/sample/lock.ts';
import { digestOf } from '../../main/sample/manifest.ts';
import { homeFor, readRecord, type SampleRecord, writeRecord } from '../../main/sample/record.ts';
import { removeSample, startSample, stopSample } from '../../main/sample/sample.ts';
import { freePort } from './postgres.ts';
import { shortLived } from './short-lived.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const assets = join(root, 'assets/samples');
const cache = join(root, '.cache/samples');

/** The systems' rows tell of the days before they were made. ms. */
const freshFor = 6 * 60 * 60 * 1000;
/** To make one takes 10 s of a machine that has nothing else to do. ms. */
const patience = 300_000;

/**
 * Puts a sample server into a data folder, stopped, as an earlier start has left it there: whoever starts it finds it
 * whole. One is made in earnest and kept in `.cache/samples`; to copy that takes a fraction of a second. Tests of how
 * a sample is made do without.
 */
export async function putSample(dataFolder: string): Promise<void> {
  const record = await keptSample();
  const usual = await homeFor(dataFolder);
  // Only a name that is the sample's own can stand anywhere.
  const home = basename(usual).startsWith('howdah-sample-') ? join(shortLived, basename(usual)) : usual;
  await mkdir(dirname(home), { recursive: true });
  await makePrivateFolder(home, record.account);
  // With owners and permissions: PostgreSQL starts on nothing else.
  await run('cp', ['-pR', `${record.home}/.`, home]);
  // A port of its own: one that stops and starts again must find its own free, whatever the other copies do.
  const port = await freePort();
  await writeRecord(dataFolder, { ...record, home, port, bin: record.bin.replace(record.home, home) });
}

/** The record of the one that is kept; its home is the folder to copy. */
async function keptSample(): Promise<SampleRecord> {
  const folder = join(cache, await key());
  const lock = await takeLock(cache, { timeout: patience });
  try {
    const kept = await readRecord(folder);
    if (kept && Date.now() - (kept.loaded?.at ?? 0) < freshFor) return kept;
    for (const one of readdirSync(cache, { withFileTypes: true }))
      if (one.isDirectory()) rmSync(join(cache, one.name), { recursive: true, force: true });
    return await keep(folder);
  } finally {
    await lock.release();
  }
}

async function keep(folder: string): Promise<SampleRecord> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-kept-sample-'));
  try {
    await startSample({ dataFolder, assets });
    await stopSample({ dataFolder });
    const made = await readRecord(dataFolder);
    if (!made) throw new Error('The sample that was made left no record.');
    const home = join(folder, 'home');
    mkdirSync(folder, { recursive: true });
    await run('cp', ['-pR', made.home, `${home}-aside`]);
    dropSpareLog(join(`${home}-aside`, 'data/pg_wal'));
    renameSync(`${home}-aside`, home);
    const record = { ...made, home, bin: made.bin.replace(made.home, home) };
    // Last: without it there is none.
    await writeRecord(folder, record);
    return record;
  } finally {
    await removeSample({ dataFolder });
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

/** Of the write-ahead log a server that was shut down needs the first segment alone; the rest waits to be used again. */
function dropSpareLog(folder: string): void {
  const [, ...spare] = readdirSync(folder)
    .filter((name) => /^[0-9A-F]{24}$/.test(name))
    .sort();
  for (const name of spare) rmSync(join(folder, name));
}

/** Other files, other code that loads them, another account: another sample. */
async function key(): Promise<string> {
  const hash = createHash('sha256').update(await digestOf(assets));
  const sources = join(root, 'main/sample');
  for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
  return hash
    .update(String((await serverAccount())?.uid))
    .digest('hex')
    .slice(0, 16);
}
