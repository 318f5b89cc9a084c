import type { Ask } from '../../preload/contract/connection.ts';

type SecretAsk = Extract<Ask, { kind: 'secret' }>;

/** The question in the middle of a sentence: `SSH password of …`, `passphrase of …`. */
export function askedSecret(ask: Pick<SecretAsk, 'secret' | 'of'>): string {
  return ask.secret === 'ssh-password' ? secretWords(ask) : secretWords(ask).replace('P', 'p');
}

/** What is asked for: `SSH password of ada@bastion:22`, `Passphrase of /home/ada/.ssh/id_ed25519`. */
export function secretWords({ secret, of }: Pick<SecretAsk, 'secret' | 'of'>): string {
  if (secret === 'ssh-password') return `SSH password of ${of}`;
  if (secret === 'client-key-passphrase') return `Passphrase of the client key ${of}`;
  return `Passphrase of ${of}`;
}

/** What a key's type is called by those who make keys. */
const keyNames: Record<string, string> = {
  'ssh-ed25519': 'ED25519',
  'ssh-rsa': 'RSA',
  'rsa-sha2-256': 'RSA',
  'rsa-sha2-512': 'RSA',
  'ecdsa-sha2-nistp256': 'ECDSA',
  'ecdsa-sha2-nistp384': 'ECDSA',
  'ecdsa-sha2-nistp521': 'ECDSA',
};

export function keyName(type: string): string {
  return keyNames[type] ?? type;
}

/** The command that prints a server's fingerprint, run on that server (ssh-keygen(1)). */
export function fingerprintCommand(type: string): string {
  const name = keyNames[type];
  return `ssh-keygen -lf /etc/ssh/ssh_host_${name ? name.toLowerCase() : 'ed25519'}_key.pub`;
}
