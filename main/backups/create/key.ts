import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { SecretKind } from '../../../preload/contract/connection.ts';
import type { Secrets } from '../../secrets/index.ts';
import { BackupFailure } from './failure.ts';

/** The pair of keys that backups are encrypted with. */
export interface BackupKey {
  /** Public: `age1…` */
  recipient: string;
  /** Secret: `AGE-SECRET-KEY-1…` It opens every backup that was made with it. */
  identity: string;
}

/*
 * An account of no environment, and of a kind that the clean-up of environments' secrets does not know and so lets be:
 * the key has to outlive them all.
 */
const owner = 'backups';
const kind: string = 'backup-key';
const of = 'age';

/**
 * The key of the keychain; made when there is none.
 *
 * @throws BackupFailure when there is no keychain that keeps it: without it the backups could never be opened again.
 */
export async function backupKey(
  secrets: Pick<Secrets, 'getSecret' | 'setSecret' | 'state'>,
): Promise<BackupKey> {
  const known = await secrets.getSecret(owner, kind as SecretKind, of);
  if (known) return { identity: known, recipient: await identityToRecipient(known) };
  const { state, detail } = secrets.state();
  if (state !== 'open') throw noKeychain(detail);
  const identity = await generateX25519Identity();
  const place = await secrets.setSecret(owner, {
    kind: kind as SecretKind,
    of,
    value: identity,
    remember: true,
  });
  if (place !== 'keychain') throw noKeychain(secrets.state().detail);
  return { identity, recipient: await identityToRecipient(identity) };
}

const noKeychain = (detail: string): BackupFailure =>
  new BackupFailure({
    cause: 'keychain-missing',
    what: 'The key for backups can’t be kept.',
    why: detail,
    next: 'Unlock the keychain, or encrypt with a passphrase.',
  });
