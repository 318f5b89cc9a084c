import type { Explanation } from '../../../preload/contract/common.ts';
import { Explained } from '../../lib/explained.ts';

/** Why a restore is not begun. */
export class Refused extends Explained {
  override name = 'Refused';
}

export const underWay = (database: string): Explanation => ({
  cause: 'restore-under-way',
  what: `Another restore to ${database} is under way.`,
  why: 'It holds the lock for that name on the server.',
  next: 'Wait until it has finished, or cancel it.',
});

export const behindPooler: Explanation = {
  cause: 'behind-pooler',
  what: 'Nothing is restored through a pooler.',
  why: 'It shares its sessions among clients: locks and settings of a restore would leak to others.',
  next: 'Give the environment the server’s own address and port.',
};
