import type { Explanation } from '../../../preload/contract/common.ts';
import { serverWords } from '../../servers/index.ts';
import { isLoss, sqlstateOf } from '../session.ts';

/** Whom a statement was last seen waiting for. */
export interface Blocker extends Record<string, unknown> {
  pid: number;
  user: string | null;
  application: string | null;
  state: string | null;
  /** Age of its transaction, ms. */
  forMs: number | null;
}

export interface Failed {
  /** `VACUUM public.orders`. */
  act: string;
  error: unknown;
  cancelled: boolean;
  blockers: readonly Blocker[];
  /** Longest wait for a lock, ms. */
  lockTimeoutMs: number;
}

/** What went wrong with a statement, in words. */
export function explainFailure({ act, error, cancelled, blockers, lockTimeoutMs }: Failed): Explanation {
  const server = serverWords(error);
  const words = server ? { server } : {};
  const sqlstate = sqlstateOf(error);
  if (cancelled && sqlstate === '57014')
    return {
      cause: 'cancelled',
      what: `${act} was cancelled.`,
      why: 'Somebody stopped the run, and the server has ended the statement.',
      next: 'Begin it again if it is still wanted.',
      ...words,
    };
  if (isLoss(error))
    return {
      cause: 'connection-lost',
      what: `The connection was lost while ${act} ran.`,
      why: 'The server, or the way to it, went away before it had answered.',
      next: 'See whether it still runs before you begin it again.',
      ...words,
    };
  if (sqlstate === '55P03')
    return {
      cause: 'lock-timeout',
      what: `${act} did not get its lock within ${lockTimeoutMs / 1000} s, and let go of it.`,
      why:
        blockers.length > 0
          ? `${blockers.map(blockerWords).join('; ')} ${blockers.length === 1 ? 'holds' : 'hold'} it.`
          : 'Somebody else holds it, who was not seen.',
      next: 'Nothing was changed. Try again when it is free, or wait longer for it.',
      ...words,
    };
  return {
    cause: sqlstate === '42501' ? 'not-allowed' : 'statement-failed',
    what: `${act} failed.`,
    why: server?.message ?? (error instanceof Error ? error.message : String(error)),
    next: sqlstate === '42501' ? 'Have its owner do it, or a superuser.' : 'See what the server says.',
    ...words,
  };
}

export function blockerWords({ pid, user, application, state, forMs }: Blocker): string {
  if (pid === 0) return 'A prepared transaction';
  const who = [user, application && `(${application})`].filter(Boolean).join(' ');
  const since = forMs === null ? '' : ` for ${Math.round(forMs / 1000)} s`;
  return `Process ${pid}${who ? `, ${who}` : ''}${state === null ? '' : `, ${state}${since},`}`;
}
