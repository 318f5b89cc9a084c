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

type Keychain = Pick<Secrets, 'getSecret' | 'setSecret' | 'state'>;

/** All keys of the keychain, the one that is used for new backups first. */
export async function keptKeys(secrets: Keychain): Promise<BackupKey[]> {
  const kept = await secrets.getSecret(owner, kind as SecretKind, of);
  const identities = kept?.split('\n').filter(Boolean) ?? [];
  return await Promise.all(
    identities.map(async (identity) => ({ identity, recipient: await identityToRecipient(identity) })),
  );
}

/**
 * The key of the keychain; made when there is none.
 *
 * @throws BackupFailure when there is no keychain that keeps it: without it the backups could never be opened again.
 */
export async function backupKey(secrets: Keychain): Promise<BackupKey> {
  const [known] = await keptKeys(secrets);
  if (known) return known;
  return await keep(secrets, await generateX25519Identity(), []);
}

/**
 * The key that opens what was closed for a recipient.
 *
 * @param recipient null where no manifest tells: the one that is used now
 * @throws BackupFailure when it is not kept here
 */
export async function keyFor(secrets: Keychain, recipient: string | null): Promise<BackupKey> {
  const kept = await keptKeys(secrets);
  const found = recipient === null ? kept[0] : kept.find((key) => key.recipient === recipient);
  if (found) return found;
  const { state, detail } = secrets.state();
  throw new BackupFailure({
    cause: 'key-missing',
    what: 'The key of this backup is not in the keychain.',
    why: state === 'open' ? `It was closed for ${recipient ?? 'a key that is not named'}.` : detail,
    next: 'Take in the copy of the key that was kept elsewhere, or open it on the machine that made it.',
    command: 'howdah backups key take',
  });
}

/**
 * Takes a key in, for new backups too; those that were there go on opening what they closed.
 *
 * @throws BackupFailure when it is no key, or there is no keychain that keeps it
 */
export async function takeKey(secrets: Keychain, identity: string): Promise<BackupKey> {
  try {
    await identityToRecipient(identity);
  } catch {
    throw new BackupFailure({
      cause: 'key-malformed',
      what: 'This is no key of the age format.',
      why: 'A key is one line that begins with AGE-SECRET-KEY-1.',
      next: 'Give the line of the copy that begins so.',
    });
  }
  return await keep(secrets, identity, await keptKeys(secrets));
}

async function keep(secrets: Keychain, identity: string, others: readonly BackupKey[]): Promise<BackupKey> {
  const { state, detail } = secrets.state();
  if (state !== 'open') throw noKeychain(detail);
  const lines = [identity, ...others.map((key) => key.identity).filter((one) => one !== identity)];
  const place = await secrets.setSecret(owner, {
    kind: kind as SecretKind,
    of,
    value: lines.join('\n'),
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
