import type { Connection } from '../../preload/contract/connection.ts';

/** Passwords that are tried first, in lower case: of images' manuals, templates and lists of leaks. */
const everybodyKnows = new Set(
  (
    'postgres postgresql password passw0rd password1 password123 passwort pass pwd admin admin123 administrator root ' +
    'changeme change_me change-me changeit secret example test test123 default guest letmein welcome qwerty 1234 12345 ' +
    '123456 1234567 12345678 123456789 1234567890 mysecretpassword postgrespassword yourpassword your_password ' +
    'your-password your-secure-password your_secure_password supersecret dev development local localhost db database ' +
    'user pgpassword'
  ).split(' '),
);

/** Why everybody knows a password: it is the role's or the database's name (`own`), or a usual one. */
export function knownPassword(
  password: string | undefined,
  { user, database }: Pick<Connection, 'user' | 'database'>,
): 'own' | 'usual' | undefined {
  if (!password) return undefined;
  const lower = password.toLowerCase();
  if (lower === user.toLowerCase() || lower === database.toLowerCase()) return 'own';
  return everybodyKnows.has(lower) ? 'usual' : undefined;
}
