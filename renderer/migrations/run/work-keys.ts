import type { MigrationTrack } from '../../../preload/contract/migrations.ts';

type Placed = Pick<MigrationTrack, 'key' | 'tool' | 'table' | 'project' | 'folder'>;

/** Where a track's files lie; its key, where it has none. It stays when the tool makes its table, and the key does not. */
export const trackPlace = ({ key, tool, project, folder }: Omit<Placed, 'table'>): string =>
  project === null ? key : JSON.stringify([tool, project, folder]);

/**
 * The keys by which a track's work is found, the first being that of work that begins now. Work that began before the
 * tool's first migration made its table is found by the folder.
 */
export function workKeys(environment: string, track: Placed): readonly [string, string] {
  const own = `${environment}\n${track.key}`;
  const placed = `${environment}\n${trackPlace(track)}`;
  return track.table === null ? [placed, own] : [own, placed];
}
