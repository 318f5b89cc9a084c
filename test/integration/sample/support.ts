import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { removeSample } from '../../../main/sample/sample.ts';
import type { SampleConnection } from '../../../main/sample/types.ts';

export const assets = join(import.meta.dirname, '../../../assets/samples');

/** A data folder of its own, removed with the sample in it by `clean`. */
export async function dataFolder(): Promise<{ dataFolder: string; clean(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-sample-test-'));
  return {
    dataFolder: folder,
    clean: async () => {
      await removeSample({ dataFolder: folder });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Target {
  database: string;
  user?: string;
}

/** Does some work in one session, inside a transaction that is rolled back. */
export async function within<Result>(
  server: Pick<SampleConnection, 'host' | 'port' | 'user' | 'password'>,
  target: Target,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { host, port, user, password } = server;
  const client = new Client({ host, port, user, password, application_name: 'howdah test', ...target });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN');
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The rows of one statement. */
export async function rowsOf<Row extends QueryResultRow>(
  server: Pick<SampleConnection, 'host' | 'port' | 'user' | 'password'>,
  target: Target,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return await within(server, target, async (client) => (await client.query<Row>(text, values)).rows);
}

/** Processes that have to do with a cluster: they work in its folder, or were started on it. Linux only. */
export async function processesOn(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [command, cwd] = await Promise.all([
      readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => ''),
      readlink(`/proc/${name}/cwd`).catch(() => ''),
    ]);
    if (command.includes(folder) || cwd.startsWith(folder)) found.push(Number(name));
  }
  return found;
}

/** The postmasters among them: those that were started on the data folder. */
export async function postmastersOn(folder: string): Promise<number[]> {
  const pids = await processesOn(folder);
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => commands[index]?.includes(`\0-D\0${folder}`));
}
