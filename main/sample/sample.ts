import { randomBytes } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makePrivateFolder, serverAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { createCluster, writeSettings } from './cluster.ts';
import { loadSystems } from './load.ts';
import { takeLock } from './lock.ts';
import { digestOf, loadedFiles, type Manifest, readManifests } from './manifest.ts';
import {
  findPostmaster,
  killPostmaster,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
  waitUntilReady,
} from './postmaster.ts';
import { EXE, versionOf } from './programs.ts';
import {
  homeFor,
  parts,
  readRecord,
  removeRecord,
  type SampleRecord,
  sampleFolder,
  writeRecord,
} from './record.ts';
import type { SampleOptions, SampleServer, SampleStatus } from './types.ts';

/**
 * Gives back a running sample server: the one that runs, or the one that is there, started, or a new one. What an
 * interrupted call left half-made is removed and made anew. When `signal` fires no process is left, nor anything
 * half-made, and the signal's reason is thrown.
 * @throws SampleError
 */
export async function startSample(options: SampleOptions): Promise<SampleServer> {
  options.signal?.throwIfAborted();
  const manifests = await readManifests(options.assets);
  const lock = await takeLock(sampleFolder(options.dataFolder), { signal: options.signal });
  try {
    const record = await readRecord(options.dataFolder);
    if (record?.complete) {
      const postmaster = (await adopt(record, options)) ?? (await startExisting(record, options));
      if (postmaster) return await server(record, postmaster, manifests, options);
    }
    const made = await make(manifests, record, options);
    return await server(made.record, made.postmaster, manifests, options);
  } finally {
    await lock.release();
  }
}

/** Stops the sample server. Gives back whether one ran. The cluster stays, for the next start. */
export async function stopSample(options: Pick<SampleOptions, 'dataFolder'>): Promise<boolean> {
  const lock = await takeLock(sampleFolder(options.dataFolder));
  try {
    const record = await readRecord(options.dataFolder);
    if (!record || !(await findPostmaster(record.home))) return false;
    await stopPostmaster(record);
    return true;
  } finally {
    await lock.release();
  }
}

/** Stops the sample server and removes all that belongs to it. */
export async function removeSample(options: Pick<SampleOptions, 'dataFolder'>): Promise<void> {
  const folder = sampleFolder(options.dataFolder);
  const lock = await takeLock(folder);
  try {
    await discard(await readRecord(options.dataFolder), options.dataFolder);
  } finally {
    await lock.release();
  }
  await rm(folder, { recursive: true, force: true });
}

export async function sampleStatus(
  options: Pick<SampleOptions, 'dataFolder' | 'assets'>,
): Promise<SampleStatus> {
  const [manifests, record] = await Promise.all([
    readManifests(options.assets),
    readRecord(options.dataFolder),
  ]);
  const systems = manifests.map((manifest) => manifest.system);
  if (!record?.complete) return { state: 'absent', folder: await homeFor(options.dataFolder), systems };
  const postmaster = await findPostmaster(record.home);
  const known = { folder: record.home, serverVersion: record.serverVersion, binaries: record.bin, systems };
  if (!postmaster) return { state: 'stopped', ...known };
  return { state: 'running', ...known, port: postmaster.port || record.port, pid: postmaster.pid };
}

/** The password of the sample's superuser and of its owner roles; undefined when there is no sample. */
export async function readSamplePassword(
  options: Pick<SampleOptions, 'dataFolder'>,
): Promise<string | undefined> {
  const record = await readRecord(options.dataFolder);
  return record?.complete ? record.password : undefined;
}

/** When the sample was made, and which SQL files were run for it; undefined when that is not known. */
export async function readSampleLoad({
  dataFolder,
}: Pick<SampleOptions, 'dataFolder'>): Promise<SampleRecord['loaded']> {
  const record = await readRecord(dataFolder);
  return record?.complete ? record.loaded : undefined;
}

/** Takes over a server that runs already; its owner may have died hard, or be another console. */
async function adopt(record: SampleRecord, options: SampleOptions): Promise<Postmaster | undefined> {
  const found = await findPostmaster(record.home);
  if (!found) return undefined;
  const port = found.port || record.port;
  await waitUntilReady({ ...record, port }, options.signal);
  options.onProgress?.({ step: 'The sample server runs already', done: 1, total: 1 });
  return { pid: found.pid, port };
}

/** Starts a complete cluster; gives up on it when it or its binaries have gone or the systems' files have changed. */
async function startExisting(record: SampleRecord, options: SampleOptions): Promise<Postmaster | undefined> {
  const whole = await access(join(parts(record.home).data, 'global', 'pg_control')).then(
    () => true,
    () => false,
  );
  if (!whole || record.assets !== (await digestOf(options.assets))) return undefined;
  const wanted = options.binaries;
  if (wanted && wanted !== record.source) return undefined;
  const installed = await versionOf(join(record.bin, `postgres${EXE}`), record.account, options.signal);
  if (!installed || Number.parseInt(installed, 10) !== record.major) {
    const found = await findBinaries({
      ...(record.account && { account: record.account }),
      major: record.major,
      copyTo: parts(record.home).binaries,
      signal: options.signal,
    }).catch(() => undefined);
    options.signal?.throwIfAborted();
    if (!found) return undefined;
    record.bin = found.bin;
    record.source = found.source;
    record.serverVersion = found.version;
  } else {
    // The machine's package may have had a minor update since.
    record.serverVersion = installed;
  }
  options.onProgress?.({ step: `Starting PostgreSQL ${record.serverVersion}`, done: 0, total: 1 });
  await writeSettings(record);
  const postmaster = await startPostmaster(record, options.signal);
  await writeRecord(options.dataFolder, { ...record, port: postmaster.port });
  options.onProgress?.({ step: `Started PostgreSQL ${record.serverVersion}`, done: 1, total: 1 });
  return postmaster;
}

async function make(
  manifests: Manifest[],
  former: SampleRecord | undefined,
  options: SampleOptions,
): Promise<{ record: SampleRecord; postmaster: Postmaster }> {
  const total = manifests.length + 3;
  let done = 0;
  const report = (step: string, finished = 0): void => {
    done += finished;
    options.onProgress?.({ step, done, total });
  };
  report('Looking for PostgreSQL');
  await discard(former, options.dataFolder);
  const home = await homeFor(options.dataFolder);
  const account = await serverAccount();
  await makePrivateFolder(home, account);
  let record: SampleRecord | undefined;
  try {
    const found = await findBinaries({
      account,
      source: options.binaries,
      copyTo: parts(home).binaries,
      signal: options.signal,
    });
    record = {
      format: 1,
      complete: false,
      home,
      port: 0,
      user: 'postgres',
      password: randomBytes(24).toString('base64url'),
      major: found.major,
      serverVersion: found.version,
      bin: found.bin,
      source: found.source,
      ...(account && { account }),
      assets: await digestOf(options.assets),
    };
    await writeRecord(options.dataFolder, record);
    report(`Making a cluster with PostgreSQL ${found.version}`, 1);
    await createCluster(record, options.signal);
    report(`Starting PostgreSQL ${found.version}`, 1);
    const postmaster = await startPostmaster(record, options.signal);
    record.port = postmaster.port;
    report('Loading the sample systems', 1);
    await loadSystems(
      record,
      manifests,
      (loaded) => report(`Loaded ${loaded.system.title}`, 1),
      options.signal,
    );
    options.signal?.throwIfAborted();
    record.loaded = { at: Date.now(), files: await loadedFiles(options.assets, manifests) };
    record.complete = true;
    await writeRecord(options.dataFolder, record);
    return { record, postmaster };
  } catch (error) {
    await discard(record ?? { home, bin: '' }, options.dataFolder);
    throw error;
  }
}

/** Removes a cluster and its record, with whatever runs on it; also one whose record was lost. */
async function discard(
  record: Pick<SampleRecord, 'home' | 'bin'> | undefined,
  dataFolder: string,
): Promise<void> {
  // A record could have been tampered with: only folders that we name so are ever removed.
  const usual = await homeFor(dataFolder);
  const home =
    record && /^(cluster|howdah-sample-[0-9a-f]{12})$/.test(basename(record.home)) ? record.home : usual;
  await killPostmaster({ home, bin: record?.bin ?? '' });
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  await removeRecord(dataFolder);
}

async function server(
  record: SampleRecord,
  postmaster: Postmaster,
  manifests: Manifest[],
  options: SampleOptions,
): Promise<SampleServer> {
  return {
    host: '127.0.0.1',
    port: postmaster.port,
    user: record.user,
    password: record.password,
    serverVersion: record.serverVersion,
    pid: postmaster.pid,
    systems: manifests.map((manifest) => manifest.system),
    assets: options.assets,
    stop: async () => {
      await stopSample(options);
    },
  };
}
