/**
 * A database's name as an argument of PostgreSQL's programs, which take one with `=` in it, or that begins like a URL,
 * for a whole connection string (libpq, `recognized_connection_string`).
 */
export function databaseArgument(name: string): string {
  if (!name.includes('=') && !/^postgres(ql)?:\/\//.test(name)) return name;
  return `dbname='${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
