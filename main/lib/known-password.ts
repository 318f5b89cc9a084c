import type { Connection } from '../../preload/contract/connection.ts';

/** Passwords that are tried first by whoever tries any: those of images, tutorials and compose files. */
const everybodys = new Set([
  'postgres',
  'password',
  'passwort',
  'admin',
  'root',
  'secret',
  'changeme',
  'change-me',
  'example',
  'test',
  'dev',
  '123456',
  '12345678',
  '1234',
  'postgrespassword',
  'mysecretpassword',
  'your-secure-password',
]);

/** Whether a password is one that everybody knows: the role's or the database's name, or a usual one. */
export function isKnownPassword(
  password: string | undefined,
  { user, database }: Pick<Connection, 'user' | 'database'>,
): boolean {
  if (!password) return false;
  const low = password.toLowerCase();
  return low === user.toLowerCase() || low === database.toLowerCase() || everybodys.has(low);
}
