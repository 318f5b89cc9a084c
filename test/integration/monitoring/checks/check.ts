import type { Monitored, Watcher } from '../../../support/monitored.ts';
import type { Major } from '../../../support/server-versions.ts';

/** What a room's queries are held to on every version, as each sort of role. */
export interface VersionCheck {
  /** Reads on from the role's name: `sees the top statements`. */
  name: string;
  /** Run once as each of the three roles; `as` is the environment's name, too. */
  run(at: Monitored & { major: Major; as: Watcher }): Promise<void>;
}
