import type { Backup, RestoreProgress, Verification } from '../../preload/contract/backups.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import type { Scratch } from '../scratch/index.ts';
import type { ProgramRoom } from './choosing.ts';
import { type Opened, type OpenNeeds, openBackup, sourceFrom, wantedFor } from './opened.ts';
import { refusing } from './refusals.ts';
import { verifyRestorable } from './restore/index.ts';

export interface TrialNeeds extends OpenNeeds {
  programs: ProgramRoom;
}

type TrialEvent = Extract<RestoreProgress, { kind: 'phase' | 'log' | 'progress' | 'errors' }>;

/**
 * Restores a backup into a scratch database and compares what came of it, which stays there.
 *
 * @throws INVALID where no programs fit the scratch database's server
 */
export async function tryOn(
  { programs, files }: Pick<TrialNeeds, 'programs' | 'files'>,
  opened: Opened,
  scratch: Scratch,
  signal: AbortSignal,
  onEvent: (event: TrialEvent) => void,
): Promise<Verification> {
  const client = await scratch.connect();
  const { rows } = await client.query<{ number: number }>(
    "SELECT current_setting('server_version_num')::int AS number",
  );
  await client.end();
  const fit = await programs.fitting(wantedFor(opened, rows[0]?.number ?? 0));
  const source = await refusing('backup', () => sourceFrom(opened, files, fit.programs));
  return await verifyRestorable({ source, programs: fit.programs }, { scratch, signal, onEvent });
}

/**
 * Restores the newest backup of an environment that holds all of its rows into a scratch database. What that proves of
 * the backup is kept.
 *
 * @throws INVALID when there is none, or it did not come out whole; the signal's reason
 */
export async function restoreNewest(
  needs: TrialNeeds,
  environment: Environment,
  scratch: Scratch,
  { signal, onStep }: { signal: AbortSignal; onStep(step: string): void },
): Promise<{ said: string; unlike: string[] }> {
  const newest = await newestWhole(needs, environment);
  if (!newest) throw noBackup(environment);
  const opened = await refusing('copy', () => openBackup(needs, { backup: newest.path }, signal));
  try {
    const found = await tryOn(needs, opened, scratch, signal, (event) => {
      if (event.kind === 'phase') onStep(event.said);
    });
    if (newest.id) await needs.catalogue.verified(newest.id, found);
    if (found.state !== 'good') throw notWhole(newest, found);
    const made = new Date(newest.at).toISOString().slice(0, 16).replace('T', ' ');
    return {
      said: `The backup of ${newest.database ?? environment.name} of ${made} UTC with its rows (${newest.path}).`,
      unlike: [
        'What was changed since that backup is not on the copy, migrations that were applied since then neither.',
        'Everything belongs to one role there: owners and privileges were left out.',
      ],
    };
  } finally {
    await opened.close();
  }
}

/** Of the environment's own database, with everything in it, and to be opened without a passphrase. */
async function newestWhole(
  { catalogue, files }: TrialNeeds,
  { id, connection }: Environment,
): Promise<Backup | undefined> {
  for (const backup of await catalogue.list(id)) {
    const { isThere, database, verification, path } = backup;
    if (!isThere || verification.state === 'bad') continue;
    if (database !== null && database !== connection.database) continue;
    const { manifest, recognised, toc } = await files.read(path);
    if (recognised.problem || recognised.format === 'globals') continue;
    if (manifest?.encryption?.by === 'passphrase') continue;
    const contents = manifest?.options.contents;
    const isAll = contents
      ? contents.what === 'all' &&
        ![
          contents.schemas,
          contents.tables,
          contents.excludeSchemas,
          contents.excludeTables,
          contents.excludeData,
        ].some((list) => list.length > 0)
      : toc?.some(({ kind }) => kind === 'TABLE DATA');
    if (isAll) return backup;
  }
  return undefined;
}

const noBackup = ({ name, connection }: Environment): Error =>
  fail('INVALID', {
    cause: 'no-backup',
    field: 'copy',
    what: `There is no backup of ${name} to make a copy from.`,
    why: `Howdah knows of none of ${connection.database} that is there, holds everything, and opens without a passphrase.`,
    next: 'Make one, or note one that others made; or take a copy of the structure only.',
    command: `howdah backups create "${name}"`,
  });

const notWhole = ({ path }: Backup, { said }: Verification): Error =>
  fail('INVALID', {
    cause: 'backup-not-restored',
    field: 'copy',
    what: `${path} could not be restored as a whole.`,
    why: said.join(' '),
    next: 'Verify it, make another one, or take a copy of the structure only.',
  });
