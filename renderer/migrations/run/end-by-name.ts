import { client } from '../../lib/client.ts';
import type { RunState } from './run-job.ts';
import type { Work } from './work.ts';
import type { WorkStore } from './work-store.ts';

/** ms that the last words of what is over already may be under way. */
const lastWords = 2000;

/**
 * Asks the console to end a run or seeds by its name, so that what it comes to is still heard. Where it has no name yet,
 * or can't be asked, listening is stopped, which ends it too.
 */
export function endByName<State extends RunState & Work>(
  store: WorkStore<State>,
  environment: string,
  key: string,
): void {
  const work = store.get(key);
  if (work?.phase !== 'running' || work.isCancelled) return;
  const { run } = work;
  store.change(key, { isCancelled: true });
  if (run === undefined) {
    store.stop(key);
    return;
  }
  const stopThis = (): void => {
    if (store.get(key)?.run === run) store.stop(key);
  };
  client.migrations.cancelRun({ environment, run }).then(
    (isHeard) => {
      if (!isHeard) setTimeout(stopThis, lastWords);
    },
    () => stopThis(),
  );
}
