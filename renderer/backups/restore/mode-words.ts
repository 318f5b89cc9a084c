import type { RestoreMode } from '../../../preload/contract/backups.ts';

interface ModeWords {
  title: string;
  /** What it does. */
  does: string;
  /** What it promises should it be cancelled or fail. */
  promise: string;
  /** On the button. */
  act: string;
  undo: string;
}

export const modeWords: Record<RestoreMode, ModeWords> = {
  new: {
    title: 'Into a new database',
    does: 'Made beside the others; nothing that is there is touched.',
    promise: 'Cancelled or failed: it is dropped again.',
    act: 'Restore into a new database',
    undo: 'It can be undone by dropping the new database.',
  },
  swap: {
    title: 'Swap',
    does: 'Restored aside, then it takes the place of the present database, which is kept under a dated name.',
    promise: 'Cancelled or failed: the present one goes on as it is.',
    act: 'Restore and swap',
    undo: 'It can be undone: the database that is there now is kept, and can be given its name back.',
  },
  clean: {
    title: 'Clean',
    does: 'Over the present database: what the backup has is dropped there and made anew; all else stays.',
    promise: 'Cancelled or failed: as before in one transaction, else some is replaced and some is not.',
    act: 'Clean and restore',
    undo: 'It can’t be undone: rows that are replaced are gone.',
  },
  recreate: {
    title: 'Drop and recreate',
    does: 'Restored aside, takes the place of the present database, which is then dropped.',
    promise: 'Cancelled or failed before that: the present one is still there.',
    act: 'Restore, and drop what is there',
    undo: 'It can’t be undone: the database that is there now is gone.',
  },
};

/** Whether something that is there is taken away or replaced. */
export const replaces = (mode: RestoreMode): boolean => mode !== 'new';

/** In the order in which they are offered: the harmless first. */
export const restoreModes: readonly RestoreMode[] = ['new', 'swap', 'clean', 'recreate'];
