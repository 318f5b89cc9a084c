import type { Keychain } from '../../preload/contract/secrets.ts';
import { fail } from '../lib/fail.ts';
import type { Implementer } from '../rpc.ts';
import { whatIs } from './accounts.ts';
import { KeychainLocked } from './gate.ts';
import type { Secrets } from './secrets.ts';

export interface SecretsNeeds {
  secrets: Secrets;
  /** All environments of this data folder; those of the sample server have nothing in the keychain. */
  environments(): { id: string; name: string; sample?: string | undefined }[];
}

export function secretsRouter(os: Implementer, { secrets, environments }: SecretsNeeds) {
  const show = async (): Promise<Keychain> => {
    const known = new Map(environments().map((one) => [one.id, one]));
    const stored = await secrets.entries();
    const entries = stored
      .filter(({ environment }) => known.get(environment)?.sample === undefined)
      .map((entry) => ({
        account: entry.account,
        what: whatIs(entry),
        environment: known.get(entry.environment)?.name ?? null,
      }))
      .sort((a, b) => order(a).localeCompare(order(b)));
    // After the entries were asked for, because only that tells whether it is locked.
    const { state, detail } = secrets.state();
    const strangers = entries.filter(({ environment }) => environment === null).length;
    return { state, detail: strangers === 0 ? detail : `${detail} ${ofStrangers(strangers)}`, entries };
  };

  return os.secrets.router({
    show: os.secrets.show.handler(show),
    unlock: os.secrets.unlock.handler(async () => {
      await secrets.unlock();
      return show();
    }),
    cleanUp: os.secrets.cleanUp.handler(async () => {
      try {
        return { removed: await secrets.cleanUp(environments().map(({ id }) => id)) };
      } catch (error) {
        if (!(error instanceof KeychainLocked)) throw error;
        throw fail('INVALID', {
          cause: 'keychain-locked',
          field: 'keychain',
          what: 'The keychain is locked.',
          why: error.message,
          next: 'Unlock it, then clean up again.',
        });
      }
    }),
  });
}

/** By environment, those without one last. */
function order({ environment, what }: Keychain['entries'][number]): string {
  return environment === null ? `\uffff${what}` : `${environment} ${what}`;
}

/** A keychain serves every data folder of an account: what one does not know, another may. */
function ofStrangers(count: number): string {
  return count === 1
    ? '1 entry is of an environment that was removed, or that belongs to another data folder.'
    : `${count} entries are of environments that were removed, or that belong to another data folder.`;
}
