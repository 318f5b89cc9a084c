import { join } from 'node:path';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { Seed } from '../../../preload/contract/migration-runs.ts';
import { fail } from '../../lib/fail.ts';
import type { Implementer } from '../../rpc.ts';
import type { ServerPool } from '../../servers/index.ts';
import type { Store } from '../../store/index.ts';
import { checkedFolder, type Looks } from '../look.ts';
import placeSql from '../place.sql?raw';
import { refusing } from '../run/refusal.ts';
import type { Running } from '../running.ts';
import { projectTree } from '../tools/code/project-tree.ts';
import { openFolder } from '../tools/shared/folder-view.ts';
import { runSeedFiles, type SeedOutcome } from './run-seeds.ts';
import { hashOfSeed, isSeed, readSeedFolder, type SeedFolder } from './seed-files.ts';
import { type Loaded, openSeedRecords } from './seed-records.ts';

export interface SeedNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  store: Store;
  looks: Looks;
  /** What Howdah itself filled an environment's database with. */
  loaded(environment: Environment): Promise<Loaded | undefined>;
  running: Running;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  onEvent(id: string, kind: string, text: string): void;
}

/** Files of seeds: `seedFolders`, `seeds`, `runSeeds`, `markSeeds`. What ran is kept in Howdah's own store; the database itself does not tell. */
export function seedProcedures(os: Implementer, needs: SeedNeeds) {
  const { findEnvironment, looks, pool, onEvent } = needs;
  const records = openSeedRecords(needs.store);
  /** Folders whose seeds are being run, by environment. */
  const running = new Set<string>();

  const databaseOf = async (id: string): Promise<string> => {
    const [here] = await pool(id).query<{ database: string }>(placeSql);
    return here?.database ?? '';
  };

  const runsOf = async (environment: Environment, database: string, folder: string) =>
    records.of(environment.id, database, folder, await needs.loaded(environment));

  const seedsOf = async (
    environment: Environment,
    database: string,
    { view, files }: SeedFolder,
  ): Promise<Seed[]> => {
    const before = await runsOf(environment, database, view.root);
    const all: Seed[] = [];
    for (const file of files) {
      const run = before.get(file);
      const changedSince = run !== undefined && (await hashOfSeed(view, file)) !== run.sha256;
      all.push({ file, ranAt: run?.ranAt ?? null, changedSince });
    }
    return all;
  };

  return {
    seedFolders: os.migrations.seedFolders.handler(async ({ input }) => {
      const projects = looks.linked(findEnvironment(input.environment)).map(({ folder }) => folder);
      const all = new Set([...projects, ...input.folders.map(checkedFolder)]);
      const found = await Promise.all([...all].map(seedFoldersOf));
      return found.flat();
    }),
    seeds: os.migrations.seeds.handler(async ({ input }) => {
      const environment = findEnvironment(input.environment);
      const folder = checkedFolder(input.folder);
      const database = await databaseOf(environment.id);
      return await refusing('folder', async () =>
        seedsOf(environment, database, await readSeedFolder(folder)),
      );
    }),
    markSeeds: os.migrations.markSeeds.handler(async ({ input }) => {
      const environment = findEnvironment(input.environment);
      const { id } = environment;
      const folder = checkedFolder(input.folder);
      const database = await databaseOf(id);
      return await refusing('files', async () => {
        const seeds = await readSeedFolder(folder);
        for (const file of chosen(seeds, input.files)) {
          if (!input.ran) records.remove(id, database, folder, file);
          else
            records.put(id, database, folder, file, {
              sha256: await hashOfSeed(seeds.view, file),
              ranAt: Date.now(),
            });
        }
        return await seedsOf(environment, database, seeds);
      });
    }),
    runSeeds: os.migrations.runSeeds.handler(async function* ({ input, signal }) {
      const environment = findEnvironment(input.environment);
      const { id } = environment;
      const folder = checkedFolder(input.folder);
      const seeds = await refusing('folder', () => readSeedFolder(folder));
      const files = chosen(seeds, input.files);
      const database = await databaseOf(id);
      const key = JSON.stringify([id, database, folder]);
      if (running.has(key)) throw runningAlready(folder);
      running.add(key);
      try {
        const sessions = pool(id);
        const before = await runsOf(environment, database, folder);
        yield* needs.running.follow(id, signal, (tell, until) =>
          refusing('files', async () => {
            const done = await runSeedFiles(
              {
                lend: sessions.lend,
                query: <Row>(sql: string, values?: unknown[]) =>
                  sessions.query<Record<string, unknown>>(sql, values) as Promise<Row[]>,
              },
              {
                view: seeds.view,
                files,
                before,
                onRun: (file, run) => records.put(id, database, folder, file, run),
                lockTimeoutMs,
                retries,
                signal: until,
                tell,
              },
            );
            // Whoever began it may have gone by now; that it ran is to be known all the same.
            const text = eventText(done);
            if (text) onEvent(id, 'seeds', text);
          }),
        );
      } finally {
        running.delete(key);
      }
    }),
  };
}

const lockTimeoutMs = 4000;
const retries = 5;

/** A project that can't be read has none: the list of projects says so. */
async function seedFoldersOf(project: string): Promise<{ folder: string; files: number }[]> {
  try {
    const tree = await projectTree(await openFolder(project));
    return [...tree].flatMap(([path, { files }]) => {
      if (!/(^|[/])(seeds?|seeders)$/i.test(path)) return [];
      const count = files.filter(isSeed).length;
      return count ? [{ folder: join(project, path), files: count }] : [];
    });
  } catch {
    return [];
  }
}

/** @throws INVALID when one of them isn't there */
function chosen({ files }: SeedFolder, wanted: readonly string[]): string[] {
  const missing = wanted.find((file) => !files.includes(file));
  if (missing !== undefined)
    throw fail('INVALID', {
      cause: 'seed-missing',
      field: 'files',
      what: `There is no file ${missing} among the seeds.`,
      why: 'It was moved or renamed since the list was read, or is no SQL file.',
      next: 'Read the list again.',
    });
  return files.filter((file) => wanted.includes(file));
}

function eventText({ ran, cancelled, failed }: SeedOutcome): string {
  const count = `${ran} file${ran === 1 ? '' : 's'} of seeds run`;
  if (failed) return `Seeds: ${count}, then ${failed.problem.what}`;
  if (cancelled) return `Seeds: ${count}, then cancelled.`;
  return ran ? `Seeds: ${count}.` : '';
}

const runningAlready = (folder: string): Error =>
  fail('INVALID', {
    cause: 'seeds-running',
    field: 'folder',
    what: `The seeds of ${folder} are being run already.`,
    why: 'A second run at the same time could run a file twice.',
    next: 'Wait for its end, then read the list again.',
  });
