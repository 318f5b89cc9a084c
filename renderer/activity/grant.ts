/** A name as it stands in SQL: always in double quotes, one inside it doubled (manual, "Lexical Structure"). */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What a superuser runs so that `user` sees every session (manual, "Predefined Roles"). */
export function grantMonitor(user: string): string {
  return `GRANT pg_monitor TO ${quoteIdentifier(user)};`;
}
