import { useRef } from 'react';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { trackPlace } from '../run/work-keys.ts';

/**
 * The chosen track; the first, where none is chosen. One whose tool has just made its table has another key than
 * before: it is known again by its folder, so that who runs its first migration goes on looking at it.
 */
export function useShownTrack(
  tracks: readonly MigrationTrack[] | undefined,
  chosen: string,
): MigrationTrack | undefined {
  const last = useRef<{ chosen: string; place: string }>(undefined);
  const before = last.current;
  const track =
    tracks?.find(({ key }) => key === chosen) ??
    (before?.chosen === chosen ? tracks?.find((one) => trackPlace(one) === before.place) : undefined) ??
    tracks?.[0];
  if (track) last.current = { chosen, place: trackPlace(track) };
  return track;
}

/** What a track's view is kept by: its folder, and which of the tracks on that folder it is. */
export function viewKey(tracks: readonly MigrationTrack[], track: MigrationTrack): string {
  const place = trackPlace(track);
  const at = tracks.filter((one) => trackPlace(one) === place).indexOf(track);
  return `${place} ${at}`;
}
