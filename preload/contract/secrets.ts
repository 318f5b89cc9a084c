import { z } from 'zod';
import { adjustConsole, changeConsole, read } from './common.ts';

/** A secret in the keychain, without its value. */
export const SecretEntry = z.object({
  account: z.string(),
  /** In words: `Password`, `SSH password of ada@bastion:22`. */
  what: z.string(),
  /** Name of the environment it is for; null when that is gone. */
  environment: z.string().nullable(),
});
export type SecretEntry = z.infer<typeof SecretEntry>;

export const Keychain = z.object({
  /** `locked`: it was asked to unlock once and was not; nothing is asked of it until `unlock`. */
  state: z.enum(['open', 'locked', 'none']),
  detail: z.string(),
  entries: z.array(SecretEntry),
});
export type Keychain = z.infer<typeof Keychain>;

export const secrets = {
  show: read.output(Keychain),
  /** Asks a locked keychain once more. */
  unlock: adjustConsole.output(Keychain),
  /** Removes the entries whose environment is gone. */
  cleanUp: changeConsole.output(z.object({ removed: z.number() })),
};
