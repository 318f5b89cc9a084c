import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import { sleep } from '../../lib/sleep.ts';
import lockHoldersSql from '../lock-holders.sql?raw';
import { type Holder, personOf } from '../lock-holders.ts';
import { lockKeysOf } from '../lock-keys.ts';
import { refuse } from './refusal.ts';
import type { RunSession } from './session.ts';
import tryLockSql from './sql/try-lock.sql?raw';
import unlockSql from './sql/unlock.sql?raw';
import type { RunTarget, StatePlace } from './state-place.ts';

export interface LockOptions {
  /** How long somebody else's run is waited for. ms. */
  waitMs: number;
  signal: AbortSignal;
  tell(progress: RunProgress): void;
}

export interface HeldLock {
  release(): Promise<void>;
}

const pollMs = 250;
const tellEveryMs = 1000;

/**
 * Takes the tool's own lock, in every variant that callers of the tool use, and for tools without one a lock of Howdah's
 * own against a second run from here. It is asked for again and again instead of waited for: a session that waits for an
 * advisory lock and a CREATE INDEX CONCURRENTLY of its holder's wait for each other.
 *
 * @throws {Refusal} when another has held it for too long, named; undefined is returned when cancelled meanwhile
 */
export async function takeLock(
  session: RunSession,
  { tool, table }: RunTarget,
  place: StatePlace,
  { waitMs, signal, tell }: LockOptions,
): Promise<HeldLock | undefined> {
  const keys = lockKeysOf(tool, place.database, table ?? place.table, place.schema)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map(String);
  const taken: string[] = [];
  const release = async (): Promise<void> => {
    for (const key of taken.splice(0)) await session.query(unlockSql, [key]);
  };
  const from = performance.now();
  let toldAt = Number.NEGATIVE_INFINITY;
  for (const key of new Set(keys)) {
    for (;;) {
      const [row] = await session.query<{ taken: boolean }>(tryLockSql, [key]);
      if (row?.taken) {
        taken.push(key);
        break;
      }
      const now = performance.now();
      if (now - toldAt >= tellEveryMs || now - from >= waitMs) {
        const holder = await holderOf(session, key);
        if (now - from >= waitMs) {
          await release();
          refuse(heldTooLong(tool.title, holder, waitMs));
        }
        tell({ kind: 'waiting', holder, sinceMs: Math.round(now - from) });
        toldAt = now;
      }
      await sleep(pollMs, signal);
      if (signal.aborted) {
        await release();
        return undefined;
      }
    }
  }
  return { release };
}

async function holderOf(session: RunSession, key: string): Promise<string> {
  const holders = await session.query<Holder>(lockHoldersSql, [[key]]);
  const one = holders.find(({ granted, pid }) => granted && pid !== session.pid);
  return one ? personOf(one) : 'somebody who has just gone';
}

const heldTooLong = (title: string, holder: string, waitMs: number) => ({
  cause: 'lock-held',
  what: `Somebody else is migrating: ${holder}.`,
  why: `They have held ${title}’s lock for more than ${Math.round(waitMs / 1000)} s.`,
  next: 'Wait for them, or see on the activity screen what they do. Nothing was run.',
});
