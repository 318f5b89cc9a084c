import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import type { Severity } from '../../theme/colors.ts';

export const stateWords: Record<KeptDatabase['state'], { word: string; severity?: Severity }> = {
  kept: { word: 'Kept' },
  renamed: { word: 'Renamed', severity: 'notice' },
  replaced: { word: 'Replaced', severity: 'warning' },
  gone: { word: 'Dropped by others', severity: 'notice' },
  unknown: { word: 'Unknown', severity: 'notice' },
};

export const holdsWords: Record<KeptDatabase['holds'], string> = {
  former: 'What was there before',
  restored: 'What was restored',
  unknown: 'Not noted',
};

/** What can be done with one now. A reason in place of true: why it can't. */
export function able({ id, state, isDatabaseThere, database }: KeptDatabase): {
  swapBack: true | string;
  drop: true | string;
  forget: boolean;
} {
  const isKept = state === 'kept';
  const away = 'It is not there under its name, or the server can’t be asked.';
  return {
    swapBack: !isKept ? away : isDatabaseThere || `There is no ${database} to swap it for.`,
    drop: !isKept
      ? away
      : id !== null || 'Howdah has not noted it: only a kept database that it knows is dropped from here.',
    forget: id !== null && !isKept,
  };
}
