import type { EnvironmentStatus } from '../../../preload/contract/environments.ts';
import { sleep } from '../../lib/sleep.ts';

export interface ReachNeeds {
  /** Connects an environment, where it is not, and comes back with the first outcome. */
  connect(id: string): Promise<EnvironmentStatus>;
  /** @throws NOT_CONNECTED */
  pool(id: string): unknown;
}

/** Between two tries, ms. */
const restMs = 2000;

/**
 * Connects an environment for a job. A server that is away is tried again for a while: a machine that has just woken has
 * no network yet. What somebody has to mend first, such as a password, ends it at once.
 *
 * @throws NOT_CONNECTED with the reason; the signal's reason
 */
export async function reach(
  { connect, pool }: ReachNeeds,
  id: string,
  { signal, patienceMs }: { signal: AbortSignal; patienceMs: number },
): Promise<void> {
  for (const last = Date.now() + patienceMs; ; await sleep(restMs, signal)) {
    const { state } = await unlessAborted(connect(id), signal);
    if (state !== 'lost' || Date.now() >= last) break;
  }
  pool(id);
}

/** Waits for something that can't be stopped, no longer than the signal lets it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
