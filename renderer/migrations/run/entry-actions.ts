import {
  IconArrowBarDown,
  IconArrowBarUp,
  IconBookmark,
  IconBookmarkOff,
  IconFlag,
} from '@tabler/icons-react';
import type { MigrationEntry, MigrationTrack } from '../../../preload/contract/migrations.ts';
import type { RowAction } from '../../components/table/row-menu.tsx';
import type { Asked } from './asked.ts';
import { isIn } from './run-words.ts';

/** What can be done with one migration of a track that Howdah itself runs. */
export function entryActions(
  track: MigrationTrack,
  entry: MigrationEntry,
  ask: (asked: Asked) => void,
): readonly RowAction[] {
  const isHere = isIn(entry);
  const goto = (): void => ask({ kind: 'run', action: { kind: 'goto', version: entry.id } });
  const isLast = track.entries.findLast(isIn)?.id === entry.id;
  const way: RowAction | undefined = isHere
    ? isLast
      ? undefined
      : { id: 'down-to', label: 'Down to here…', icon: IconArrowBarDown, destroys: true, run: goto }
    : { id: 'up-to', label: 'Up to here…', icon: IconArrowBarUp, run: goto };
  const record: RowAction =
    track.tool === 'golang-migrate'
      ? {
          id: 'force',
          label: 'Force this version…',
          icon: IconFlag,
          run: () => ask({ kind: 'force', version: entry.id }),
        }
      : isHere
        ? {
            id: 'unmark',
            label: 'Mark as not applied…',
            icon: IconBookmarkOff,
            run: () => ask({ kind: 'mark', entry, as: 'unmark' }),
          }
        : {
            id: 'mark',
            label: 'Mark as applied…',
            icon: IconBookmark,
            run: () => ask({ kind: 'mark', entry, as: 'applied' }),
          };
  return way ? [way, record] : [record];
}
