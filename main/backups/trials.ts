import {
  type Backup,
  isWholeDatabase,
  type RestoreProgress,
  type Verification,
} from '../../preload/contract/backups.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import type { Scratch } from '../scratch/index.ts';
import type { ProgramRoom } from './choosing.ts';
import { type Opened, type OpenNeeds, openBackup, readWhole, sourceFrom, wantedFor } from './opened.ts';
import { refusing } from './refusals.ts';
import { verifyRestorable } from './restore/index.ts';
import type { Reached } from './types.ts';

export interface TrialNeeds extends OpenNeeds {
  programs: ProgramRoom;
}

export type TrialEvent = Extract<RestoreProgress, { kind: 'phase' | 'log' | 'progress' | 'errors' }>;

export interface TrialWatch {
  signal: AbortSignal;
  /** Rows are compared by the checksums that were taken with the dump; otherwise by their number. */
  checksums: boolean;
  onEvent(event: TrialEvent): void;
}

type TrialRoom = Pick<TrialNeeds, 'programs' | 'files'>;

/**
 * Restores a backup into a scratch database and compares what came of it, which stays there.
 *
 * @throws INVALID where no programs fit the scratch database's server
 */
export async function tryOn(
  room: TrialRoom,
  opened: Opened,
  scratch: Scratch,
  watch: TrialWatch,
): Promise<Verification> {
  const client = await scratch.connect();
  const { rows } = await client.query<{ number: number }>(
    "SELECT current_setting('server_version_num')::int AS number",
  );
  await client.end();
  const asked = await ready(room, opened, rows[0]?.number ?? 0);
  return await verifyRestorable(asked, { scratch, ...watch });
}

/**
 * The same in a database of its own on any server, made and dropped by the role that goes there.
 *
 * @throws INVALID where no programs fit the server
 */
export async function tryOnServer(
  room: TrialRoom,
  opened: Opened,
  { reached, version }: { reached: Reached; version: number },
  watch: TrialWatch,
): Promise<Verification> {
  return await verifyRestorable({ ...(await ready(room, opened, version)), reached }, watch);
}

async function ready({ programs, files }: TrialRoom, opened: Opened, version: number) {
  const fit = await programs.fitting(wantedFor(opened, version));
  const source = await refusing('backup', () => sourceFrom(opened, files, fit.programs));
  return { source, programs: fit.programs };
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
  const newest = await newestWhole(needs, environment, signal);
  if (!newest) throw noBackup(environment);
  const opened = await refusing('copy', () => openBackup(needs, { backup: newest.path }, signal));
  try {
    const found = await tryOn(needs, opened, scratch, {
      signal,
      checksums: false,
      onEvent: (event) => {
        if (event.kind === 'phase') onStep(event.said);
      },
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
  { catalogue, files, buckets }: TrialNeeds,
  { id, connection }: Environment,
  signal: AbortSignal,
): Promise<Backup | undefined> {
  for (const backup of await catalogue.list(id)) {
    const { isThere, database, verification, path } = backup;
    if (!isThere || verification.state === 'bad') continue;
    if (database !== null && database !== connection.database) continue;
    const found = await readWhole({ files, buckets }, path, signal).catch(() => undefined);
    if (!found) continue;
    await found.close();
    const { manifest, recognised, toc } = found.read;
    if (recognised.problem || recognised.format === 'globals') continue;
    if (manifest?.encryption?.by === 'passphrase') continue;
    const contents = manifest?.options.contents;
    const isAll = contents ? isWholeDatabase(contents) : toc?.some(({ kind }) => kind === 'TABLE DATA');
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
