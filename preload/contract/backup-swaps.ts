import { z } from 'zod';
import {
  changeConsole,
  destroyOnServer,
  EnvironmentRef,
  Explanation,
  Instant,
  onGuardedEnvironment,
  read,
} from './common.ts';

/** A database that a swap keeps under a dated name, so that the swap can be undone. */
export const KeptDatabase = z.object({
  /** Of Howdah's notes; null: nobody noted it here, and its name alone tells what it is. */
  id: z.string().nullable(),
  /** The id of the environment it is seen through; null: it was removed, or the swap was done by a URL. */
  environment: z.string().nullable(),
  /** Whose place was taken. */
  database: z.string(),
  /** The dated name. */
  kept: z.string(),
  /** When the swap was done; for one that was not noted, as its name says. */
  at: Instant,
  /** `former`: what was there before a restore. `restored`: what a restore had put there, until it was swapped back. */
  holds: z.enum(['former', 'restored', 'unknown']),
  /** The backup that was restored: of the catalogue, and its path; null where nothing tells. */
  backup: z.string().nullable(),
  path: z.string().nullable(),
  /**
   * `kept`: it is there. `renamed`: somebody gave it another name. `replaced`: another database bears its name.
   * `gone`: somebody dropped it. `unknown`: the server could not be asked, or is another one now.
   */
  state: z.enum(['kept', 'renamed', 'replaced', 'gone', 'unknown']),
  /** The name it has now, where it was renamed. */
  name: z.string().nullable(),
  /** Whether there is a database of the name whose place was taken; null: not known. */
  isDatabaseThere: z.boolean().nullable(),
  /** bytes; null where it may not be seen or takes too long. */
  bytes: z.number().nullable(),
  /** What the state means, a sentence. */
  said: z.string(),
});
export type KeptDatabase = z.infer<typeof KeptDatabase>;

/** What swaps keep, and what becomes of it. To give one its name back is `backups.swapBack`. */
export const backupSwaps = {
  /** Newest first; of one environment's server, or of all that were noted. */
  list: read
    .input(z.object({ environment: EnvironmentRef.optional() }))
    .output(z.object({ swaps: z.array(KeptDatabase), limits: z.array(Explanation) })),
  /** Drops a kept database for good. Only one that was noted, and that is still the same. */
  drop: destroyOnServer
    .input(onGuardedEnvironment.extend({ id: z.string() }))
    .output(z.object({ dropped: z.string() })),
  /** Takes it off the list; nothing is done on a server. */
  forget: changeConsole.input(z.object({ id: z.string() })).output(z.boolean()),
};
