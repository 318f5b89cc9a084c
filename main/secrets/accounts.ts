import { SecretKind } from '../../preload/contract/connection.ts';

/** A secret other than the role's password: its kind, and what it opens. */
export interface OtherSecret {
  kind: SecretKind;
  of: string;
}

/** What an account of the keychain is for. Without `other` it is the role's password. */
export interface AccountMeaning {
  environment: string;
  other?: OtherSecret;
}

/** The account that only tells whether the keychain answers, and makes it ask to be unlocked. */
export const probeAccount = 'probe';

/** The keychain's account of a secret: `<environment id>`, or `<environment id> <kind> <of>`. */
export function accountOf(environment: string, other?: OtherSecret): string {
  return other ? `${environment} ${other.kind} ${other.of}` : environment;
}

/** Whether an account holds a secret of an environment, be it of a kind that only a later version knows. */
export function belongsTo(account: string, environment: string): boolean {
  return account === environment || account.startsWith(`${environment} `);
}

/** Undefined for what is not an environment's, or of a kind that only a later version knows. */
export function readAccount(account: string): AccountMeaning | undefined {
  if (account === probeAccount) return undefined;
  const [environment = '', kind, ...rest] = account.split(' ');
  if (environment === '') return undefined;
  if (kind === undefined) return { environment };
  const known = SecretKind.safeParse(kind);
  const of = rest.join(' ');
  return known.success && of !== '' ? { environment, other: { kind: known.data, of } } : undefined;
}

/** In words, for a person. */
export function whatIs({ other }: AccountMeaning): string {
  if (!other) return 'Password';
  const words: Record<SecretKind, string> = {
    'ssh-password': 'SSH password of',
    'key-passphrase': 'Passphrase of',
    'client-key-passphrase': 'Passphrase of the client key',
  };
  return `${words[other.kind]} ${other.of}`;
}
