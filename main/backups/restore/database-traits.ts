import type pg from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';
import databaseSql from './sql/database.sql?raw';
import privilegesSql from './sql/database-privileges.sql?raw';
import settingsSql from './sql/database-settings.sql?raw';

/** A database as its server's list has it. */
export interface DatabaseRow {
  oid: number;
  owner: string;
  encoding: string;
  collate: string;
  ctype: string;
  provider: string | null;
  locale: string | null;
  connection_limit: number;
  is_template: boolean;
  allows_connections: boolean;
  tablespace: string | null;
  comment: string | null;
  has_standard_acl: boolean;
  is_ours: boolean;
  bytes: string | null;
}

export async function readDatabase(session: pg.Client, name: string): Promise<DatabaseRow | undefined> {
  const { rows } = await session.query<DatabaseRow>(databaseSql, [name]);
  return rows[0];
}

/**
 * Statements that give a new database what an old one has besides its contents: owner, privileges, settings, comment,
 * limits. No dump without `-C` has these.
 */
export async function traitsOf(session: pg.Client, old: DatabaseRow, name: string): Promise<string[]> {
  const to = escapeIdentifier(name);
  const { rows: settings } = await session.query<{ role: string | null; setting: string }>(settingsSql, [
    old.oid,
  ]);
  const { rows: privileges } = await session.query<{
    role: string | null;
    privilege: string;
    grantable: boolean;
  }>(privilegesSql, [old.oid]);
  return [
    `ALTER DATABASE ${to} OWNER TO ${escapeIdentifier(old.owner)}`,
    `REVOKE ALL ON DATABASE ${to} FROM PUBLIC`,
    ...privileges.map(
      ({ role, privilege, grantable }) =>
        `GRANT ${privilege} ON DATABASE ${to} TO ${role === null ? 'PUBLIC' : escapeIdentifier(role)}${
          grantable && role !== null ? ' WITH GRANT OPTION' : ''
        }`,
    ),
    ...settings.map(({ role, setting }) => {
      const who = role === null ? `DATABASE ${to}` : `ROLE ${escapeIdentifier(role)} IN DATABASE ${to}`;
      return `ALTER ${who} SET ${setTo(setting)}`;
    }),
    `COMMENT ON DATABASE ${to} IS ${old.comment === null ? 'NULL' : literal(old.comment)}`,
    ...(old.connection_limit === -1 ? [] : [`ALTER DATABASE ${to} CONNECTION LIMIT ${old.connection_limit}`]),
    ...(old.is_template ? [`ALTER DATABASE ${to} IS_TEMPLATE true`] : []),
    ...(old.allows_connections ? [] : [`ALTER DATABASE ${to} ALLOW_CONNECTIONS false`]),
  ];
}

/** Settings that are lists of names: their value is written in parts, each quoted (pg_dump, `variable_is_guc_list_quote`). */
const lists = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

function setTo(setting: string): string {
  const at = setting.indexOf('=');
  const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
  const written = lists.has(name.toLowerCase())
    ? partsOf(value).map(literal).join(', ') || "''"
    : literal(value);
  return `${name
    .split('.')
    .map((part) => escapeIdentifier(part))
    .join('.')} TO ${written}`;
}

/** `"$user", public` in its parts. */
function partsOf(list: string): string[] {
  return (list.match(/"(?:[^"]|"")*"|[^\s,]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part,
  );
}

const literal = (text: string): string => escapeLiteral(text).trim();

/** The encoding and locale that a new database is made with. */
export interface Locale {
  encoding: string;
  /** The rest of CREATE DATABASE's options, as SQL; empty: the server's own. */
  options: string;
}

/** Those of a database that is there. */
export function localeOf(row: DatabaseRow): Locale {
  const parts = [`LC_COLLATE ${literal(row.collate)} LC_CTYPE ${literal(row.ctype)}`];
  if (row.provider === 'i') parts.push(`LOCALE_PROVIDER icu ICU_LOCALE ${literal(row.locale ?? '')}`);
  if (row.provider === 'b') parts.push(`LOCALE_PROVIDER builtin BUILTIN_LOCALE ${literal(row.locale ?? '')}`);
  return { encoding: row.encoding, options: parts.join(' ') };
}

/** What a dump's own CREATE DATABASE says, and the names of locales that the server has to know for it. */
export function localeIn(text: string): { locale: Locale; needs: string[] } | undefined {
  const option = (name: string): string | undefined =>
    new RegExp(String.raw`\b${name} = ('(?:[^']|'')*'|\w+)`).exec(text)?.[1];
  const encoding = option('ENCODING');
  if (encoding === undefined) return undefined;
  const names = [
    'LOCALE_PROVIDER',
    'LOCALE',
    'LC_COLLATE',
    'LC_CTYPE',
    'ICU_LOCALE',
    'ICU_RULES',
    'BUILTIN_LOCALE',
  ];
  const given = names.flatMap((name) => {
    const value = option(`(?<![A-Z_])${name}`);
    return value === undefined ? [] : [{ name, value }];
  });
  return {
    locale: {
      encoding: plain(encoding),
      options: given.map(({ name, value }) => `${name} ${value}`).join(' '),
    },
    needs: given
      .filter(({ name }) => /^(LOCALE|LC_COLLATE|LC_CTYPE)$/.test(name))
      .map(({ value }) => plain(value)),
  };
}

const plain = (written: string): string =>
  written.startsWith("'") ? written.slice(1, -1).replaceAll("''", "'") : written;
