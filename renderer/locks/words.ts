import type { Episode, EpisodeEnd, LockParty } from '../../preload/contract/locks.ts';

/** How an episode ended, in short and in full. */
export const endWords: Record<EpisodeEnd, { short: string; full: string }> = {
  'transaction-ended': {
    short: 'Transaction ended',
    full: 'The root ended its transaction: committed or rolled back.',
  },
  'session-ended': { short: 'Session ended', full: 'The root’s session ended, and not by this console.' },
  'cancelled-here': { short: 'Cancelled here', full: 'This console cancelled the root’s statement.' },
  'terminated-here': { short: 'Terminated here', full: 'This console ended the root’s session.' },
  'waiters-left': {
    short: 'Waiters left',
    full: 'The root went on as it was: those that waited were cancelled or timed out, or it gave a lock back.',
  },
  'server-restarted': { short: 'Server restarted', full: 'The server was restarted.' },
  unknown: { short: 'Unknown', full: 'Nobody watched when it ended, or it could not be told.' },
};

/** An episode that goes on, as far as anybody knows: seen last this long ago, ms. */
const freshMs = 60_000;

/** What became of an episode. */
export function endOf(
  { end, ended, lastSeen }: Episode,
  now: number,
  connected: boolean,
): { short: string; full: string } {
  if (end !== null || ended !== null) return endWords[end ?? 'unknown'];
  return connected && now - lastSeen < freshMs
    ? { short: 'Goes on', full: 'Somebody still waits behind it.' }
    : { short: 'Not watched since', full: 'It went on when it was last seen; nobody has looked since.' };
}

/** How long it lasted as far as it was seen, ms. */
export const lastedMs = ({ began, ended, lastSeen }: Episode): number =>
  Math.max(0, (ended ?? lastSeen) - began);

/** Who a party is, as briefly as it can be said. */
export function partyName({ kind, gid, pid, application, user, type }: LockParty): string {
  if (kind === 'prepared') return gid === null ? 'Prepared transaction' : `Prepared “${gid}”`;
  return application || user || type || `pid ${pid}`;
}
