import type { MigrationEntry, MigrationTrack } from '../../preload/contract/migrations.ts';
import type { Notebook } from './notebook.ts';
import type { Project } from './projects.ts';
import { happened } from './tools/shared/entries.ts';

/**
 * Tools that keep no checksum don't see an edited file: what it was like when Howdah first saw it applied does. Only for
 * home-made tables, whose tool is Howdah as much as anybody, that makes another state of it.
 */
export async function compareWithFirstSeen(
  track: MigrationTrack,
  project: Project | undefined,
  notebook: Notebook,
  environment: string,
  database: string,
): Promise<void> {
  if (!project || !track.table) return;
  const applied = track.entries.filter(
    ({ state, file, checksum }) => file !== null && state === 'applied' && checksum === 'unknown',
  );
  const now = new Map<string, string>();
  for (const { id, file } of applied) {
    const sha256 = await project.hashOf(file as string);
    if (sha256) now.set(id, sha256);
  }
  const gone = track.entries.filter(({ state }) => !happened(state)).map(({ id }) => id);
  const known = notebook.firstSeen(environment, database, track.key, now);
  notebook.forgetSeen(
    environment,
    database,
    track.key,
    gone.filter((id) => known.has(id)),
  );
  for (const entry of applied) {
    const before = known.get(entry.id);
    if (!before || before.sha256 === now.get(entry.id)) continue;
    noteChange(track, entry, before.seenAt);
  }
}

function noteChange(track: MigrationTrack, entry: MigrationEntry, seenAt: number): void {
  entry.notes.push(
    `Its file is not what it was when Howdah first saw it applied, on ${new Date(seenAt).toISOString().slice(0, 10)}.`,
  );
  if (track.tool !== 'home-made' || entry.state !== 'applied') return;
  entry.state = 'changed';
  entry.checksum = 'different';
  track.counts.applied = (track.counts.applied ?? 0) - 1;
  track.counts.changed = (track.counts.changed ?? 0) + 1;
}
