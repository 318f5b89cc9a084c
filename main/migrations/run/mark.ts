import { createHash } from 'node:crypto';
import type { FolderView } from '../tool.ts';
import { happened } from '../tools/shared/entries.ts';
import { chunksOf } from '../tools/shared/folder-view.ts';
import { fitsInt8, plainNumber } from '../tools/shared/versions.ts';
import { type Digests, digestNames } from './analysis.ts';
import { takeLock } from './lock.ts';
import { fileLimit, readBoth } from './plan.ts';
import { openRecords } from './record.ts';
import { refuse } from './refusal.ts';
import { openRunSession, type RunNeeds } from './session.ts';
import { type RunTarget, statePlace } from './state-place.ts';
import { createTable, inTransaction, setVersion } from './state-rows.ts';

export type Mark =
  | { kind: 'force'; version: string }
  | { kind: 'applied'; id: string }
  | { kind: 'unmark'; id: string };

/** A mark is written at once or not at all; somebody who migrates is waited for so long. ms. */
const lockWaitMs = 10_000;

/**
 * Writes a tool's state without running anything: golang-migrate's `force`, or the row of one migration for the tools
 * that keep one for each. Gives back what was done, in a sentence.
 *
 * @throws {Refusal}, NOT_CONNECTED, the server's error
 */
export async function markMigration(
  needs: RunNeeds,
  target: RunTarget,
  mark: Mark,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const { tool } = target;
  const isVersioned = tool.id === 'golang-migrate';
  if (isVersioned !== (mark.kind === 'force')) refuse(isVersioned ? onlyForce : noForce(tool.title));
  const version = mark.kind === 'force' ? forced(mark.version) : null;

  const tell = (): void => undefined;
  const session = await openRunSession(needs, { lockTimeoutMs: 4000, signal, tell });
  try {
    const place = await statePlace(target, session.query);
    const lock = await takeLock(session, target, place, { waitMs: lockWaitMs, signal, tell });
    if (!lock) throw signal.reason;
    try {
      if (mark.kind === 'force') {
        await createTable(session, place);
        await setVersion(session, place.table, version, false);
        return version === null ? 'Forced to no version.' : `Forced to version ${version}.`;
      }
      const { state, folder, reading, view } = await readBoth(target, place, session.query);
      const entry = reading.entries.find(({ id }) => id === mark.id);
      if (!entry) refuse(unknown(mark.id));
      const isApplied = happened(entry.state);
      if (isApplied === (mark.kind === 'applied')) refuse(already(entry.name, isApplied));
      const records = openRecords(session, target, place, state, folder.migrations, ({ file }) =>
        readDigests(view, file ?? ''),
      );
      await createTable(session, place);
      await inTransaction(session, async () => {
        if (mark.kind === 'unmark') return await records.takeBack(mark.id);
        const migration = folder.migrations.find(({ id }) => id === mark.id);
        await records.apply(migration ?? refuse(unknown(mark.id)), 0);
      });
      return `${entry.name} was marked as ${mark.kind === 'applied' ? 'applied' : 'not applied'}; nothing of it was run.`;
    } finally {
      if (!session.isLost()) await lock.release().catch(() => undefined);
    }
  } finally {
    await session.end();
  }
}

/** Of a file's bytes, a piece at a time. @throws FileProblem */
async function readDigests(view: FolderView, file: string): Promise<Digests> {
  const hashes = digestNames.map((name) => createHash(name));
  for await (const chunk of chunksOf(view, file, fileLimit)) for (const hash of hashes) hash.update(chunk);
  const [sha256 = '', sha1 = '', md5 = ''] = hashes.map((hash) => hash.digest('hex'));
  return { sha256, sha1, md5 };
}

/** As `force` takes it: any version, whether a file has it or not; -1 for none. */
function forced(version: string): string | null {
  const text = version.trim();
  if (text === '-1') return null;
  const plain = plainNumber(text);
  if (/^\d+$/.test(text) && fitsInt8(plain)) return plain;
  return refuse({
    cause: 'version-invalid',
    what: `"${version}" is no version.`,
    why: 'golang-migrate’s versions are whole numbers; -1 stands for none.',
    next: 'Give the number that the file’s name begins with.',
  });
}

const onlyForce = {
  cause: 'mark-not-kept',
  what: 'golang-migrate keeps no record of single migrations.',
  why: 'Its table holds one version: all files up to it count as applied.',
  next: 'Force the version that is true.',
};

const noForce = (title: string) => ({
  cause: 'force-not-kept',
  what: `${title} has no version that could be forced.`,
  why: 'It keeps a row for each applied migration.',
  next: 'Mark the single migration as applied, or as not applied.',
});

const unknown = (id: string) => ({
  cause: 'version-unknown',
  what: `There is no migration ${id}.`,
  why: 'Neither the folder nor the table has it.',
  next: 'Look at the list for those that there are.',
});

const already = (name: string, applied: boolean) => ({
  cause: 'mark-already',
  what: `${name} is already ${applied ? 'applied' : 'not applied'}.`,
  why: 'The table says so.',
  next: 'Look at the migrations again. Nothing was written.',
});
