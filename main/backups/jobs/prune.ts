import { readFile } from 'node:fs/promises';
import type { PruneEntry, Retention } from '../../../preload/contract/backup-jobs.ts';
import type { Backup } from '../../../preload/contract/backups.ts';
import { isBucketPath, manifestAt } from '../buckets/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import { Manifest, manifestPath } from '../files/index.ts';
import { type RemoveNeeds, removeBackup } from '../remove-files.ts';
import { type Candidate, planRetention, type RetentionClock } from './retention.ts';

export interface PruneNeeds extends RemoveNeeds {
  catalogue: Catalogue;
}

/** Backups that one job made, or all of an environment, and the rules for them. */
export type PruneOf =
  | { job: string; rules: Retention | null }
  | { environment: string; rules: Retention | null };

/** What the rules say of each. Nothing but what the catalogue knows as made by the job, or of the environment, is in it. */
export async function planPrune(
  needs: PruneNeeds,
  of: PruneOf,
  clock: RetentionClock,
): Promise<PruneEntry[]> {
  const { catalogue } = needs;
  const jobs = catalogue.jobs();
  const all = await catalogue.list('environment' in of ? of.environment : undefined);
  const chosen = 'job' in of ? all.filter(({ id }) => id !== null && jobs.get(id) === of.job) : all;
  const candidates = await Promise.all(chosen.map((one) => candidateOf(needs, one, jobs.get(one.id ?? ''))));
  return planRetention(candidates, of.rules, clock);
}

/**
 * Removes those that were shown as going and still go. Of each that was shown it says what became of it.
 */
export async function prune(
  needs: PruneNeeds,
  of: PruneOf,
  shown: readonly string[],
  clock: RetentionClock,
): Promise<PruneEntry[]> {
  const plan = await planPrune(needs, of, clock);
  const done: PruneEntry[] = [];
  for (const entry of plan)
    if (shown.includes(entry.backup)) done.push(entry.keeps ? entry : await removeOne(needs, entry));
  return done;
}

async function removeOne(needs: PruneNeeds, entry: PruneEntry): Promise<PruneEntry> {
  const { backup: id, path } = entry;
  try {
    const known = await needs.catalogue.get(id);
    const there = await manifestOf(needs, path);
    if (known?.sha256 && there && there.sha256 !== known.sha256)
      return { ...entry, keeps: true, why: 'Something else than this backup lies there by now.' };
    await removeBackup(needs, path);
    needs.catalogue.remove(id);
    return entry;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...entry, keeps: true, why: `It could not be removed: ${why}` };
  }
}

async function candidateOf(needs: RemoveNeeds, backup: Backup, job: string | undefined): Promise<Candidate> {
  const { path, at, bytes, isThere, verification, database, format, environment } = backup;
  const id = backup.id ?? '';
  // One that was noted before contents were.
  const contents = backup.contents ?? (await manifestOf(needs, path))?.options.contents ?? null;
  const kind = format === 'globals' ? 'globals' : database;
  return {
    id,
    path,
    at,
    bytes,
    isThere,
    state: verification.state,
    series: JSON.stringify([environment, job ?? null, kind, contents, backup.madeBy]),
    ...(backup.madeBy === 'other' ? { stays: 'It was not made by Howdah, which removes only its own.' } : {}),
  };
}

/** Undefined where there is none that can be read: nothing is known of its contents then. */
async function manifestOf({ buckets }: RemoveNeeds, path: string): Promise<Manifest | undefined> {
  try {
    if (isBucketPath(path)) {
      const { place, key } = await buckets.target(path);
      return (await manifestAt(await buckets.client(place), key))?.is;
    }
    return Manifest.safeParse(JSON.parse(await readFile(manifestPath(path), 'utf8'))).data;
  } catch {
    return undefined;
  }
}
