import type { Environment } from '../../../preload/contract/environments.ts';
import type { RunProgress } from '../../../preload/contract/migrations.ts';
import { fail } from '../../lib/fail.ts';
import type { Implementer } from '../../rpc.ts';
import { following } from '../../schema/index.ts';
import type { ServerPool } from '../../servers/index.ts';
import type { Store } from '../../store/index.ts';
import { checkedFolder } from '../look.ts';
import placeSql from '../place.sql?raw';
import { Refusal } from '../run/refusal.ts';
import { FileProblem } from '../tools/shared/file-problem.ts';
import { runSeedFiles, type SeedOutcome } from './run-seeds.ts';
import { hashOfSeed, readSeedFolder, type SeedFolder } from './seed-files.ts';
import { openSeedRecords } from './seed-records.ts';

export interface SeedNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  store: Store;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  onEvent(id: string, kind: string, text: string): void;
}

/** Files of seeds: `seeds`, `runSeeds`. What ran is kept in Howdah's own store; the database itself does not tell. */
export function seedProcedures(os: Implementer, needs: SeedNeeds) {
  const { findEnvironment, pool, onEvent } = needs;
  const records = openSeedRecords(needs.store);
  /** Folders whose seeds are being run, by environment. */
  const running = new Set<string>();

  const databaseOf = async (id: string): Promise<string> => {
    const [here] = await pool(id).query<{ database: string }>(placeSql);
    return here?.database ?? '';
  };

  return {
    seeds: os.migrations.seeds.handler(async ({ input }) => {
      const { id } = findEnvironment(input.environment);
      const folder = checkedFolder(input.folder);
      const before = records.of(id, await databaseOf(id), folder);
      return await refusing('folder', async () => {
        const { view, files } = await readSeedFolder(folder);
        const all: { file: string; ranAt: number | null; changedSince: boolean }[] = [];
        for (const file of files) {
          const run = before.get(file);
          const changedSince = run !== undefined && (await hashOfSeed(view, file)) !== run.sha256;
          all.push({ file, ranAt: run?.ranAt ?? null, changedSince });
        }
        return all;
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
        yield* following<RunProgress, SeedOutcome>(signal, (tell, until) =>
          refusing('files', () =>
            runSeedFiles(
              {
                lend: sessions.lend,
                query: <Row>(sql: string, values?: unknown[]) =>
                  sessions.query<Record<string, unknown>>(sql, values) as Promise<Row[]>,
              },
              {
                view: seeds.view,
                files,
                before: records.of(id, database, folder),
                onRun: (file, run) => records.put(id, database, folder, file, run),
                lockTimeoutMs,
                retries,
                signal: until,
                tell,
              },
            ).then((done) => {
              // Whoever began it may have gone by now; that it ran is to be known all the same.
              const text = eventText(done);
              if (text) onEvent(id, 'seeds', text);
              return done;
            }),
          ),
        );
      } finally {
        running.delete(key);
      }
    }),
  };
}

const lockTimeoutMs = 4000;
const retries = 5;

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

/** Refusals, and files that can't be read, as errors of the contract. */
async function refusing<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal || error instanceof FileProblem)
      throw fail('INVALID', { ...error.explanation, field });
    throw error;
  }
}
