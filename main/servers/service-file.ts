import { join } from 'node:path';
import type { Connection } from '../../preload/contract/connection.ts';
import {
  connectionOf,
  type Given,
  give,
  givenOf,
  type ParsedUrl,
} from '../../preload/contract/connection-given.ts';
import { isLibpqParameter, parameterProblem } from '../../preload/contract/connection-parts.ts';
import { fieldOf, UrlProblem } from '../../preload/contract/connection-problem.ts';
import { WayProblem } from '../lib/way-problem.ts';
import {
  type Account,
  expandHome,
  FileProblem,
  readSmallFile,
  textOf,
  thisAccount,
  windowsFolder,
} from './small-file.ts';

/** Where distributions' libpq looks when `PGSYSCONFDIR` says nothing: Debian's, Red Hat's, PostgreSQL's own. */
const systemFolders = ['/etc/postgresql-common', '/etc/sysconfig/pgsql', '/etc', '/usr/local/pgsql/etc'];

/**
 * The connection with what its service says filled in (PostgreSQL manual, "The Connection Service File";
 * `parseServiceInfo` in fe-connect.c): the fields in `fromService` and every parameter that was not given. Neither
 * `service` nor `fromService` is left in it. Without a service, the connection as it is.
 *
 * Looked for in `PGSERVICEFILE`, or else in `~/.pg_service.conf`, then in `pg_service.conf` of `PGSYSCONFDIR` or the
 * system's folders. The first section of that name counts, and in it the first line of a parameter.
 *
 * @throws {WayProblem} `service-not-found`, with the files looked at, or `service-file-malformed`, with file and
 * line. No line is ever quoted, for it may hold a password.
 */
export async function resolveService(
  connection: Connection,
  account: Account = thisAccount(),
): Promise<ParsedUrl> {
  const { service, servicefile } = connection.parameters;
  if (service === undefined) return { connection };
  const looked: string[] = [];
  for (const { path, must } of placesOf(account, servicefile)) {
    let text: string;
    try {
      text = textOf((await readSmallFile(path)).bytes);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      looked.push(`${path} (${error.message})`);
      if (must || !error.missing) break;
      continue;
    }
    const section = sectionOf(text, service, path);
    if (section) return apply(connection, section, path);
    looked.push(path);
  }
  throw new WayProblem({
    cause: 'service-not-found',
    what: `The service "${service}" is not defined.`,
    why: `It was looked for in ${looked.join(', ')}.`,
    next: `Add a section [${service}] to one of these files, or correct the name of the service.`,
    command: `grep -n '^\\[' ${looked.join(' ')}`,
  });
}

/** The files in their order; `must`: one that was named, past which nothing is looked for when it can't be read. */
function placesOf(account: Account, named: string | undefined): { path: string; must: boolean }[] {
  const { home, env } = account;
  const own = named || env.PGSERVICEFILE;
  const windows = windowsFolder(account);
  const folders = env.PGSYSCONFDIR ? [env.PGSYSCONFDIR] : windows ? [] : systemFolders;
  return [
    own
      ? { path: expandHome(own, home), must: true }
      : { path: join(windows ?? home, '.pg_service.conf'), must: false },
    ...folders.map((folder) => ({ path: join(folder, 'pg_service.conf'), must: false })),
  ];
}

interface Section {
  /** Line of its heading, from 1. */
  line: number;
  entries: Map<string, { value: string; line: number }>;
}

/** The section of a name; undefined when there is none. Lines of other sections are not looked at, as in libpq. */
function sectionOf(text: string, service: string, path: string): Section | undefined {
  let section: Section | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    if (content.startsWith('[')) {
      if (section) return section;
      if (content.startsWith(`[${service}]`)) section = { line, entries: new Map() };
      continue;
    }
    if (!section) continue;
    const equals = content.indexOf('=');
    const key = content.slice(0, Math.max(equals, 0));
    const value = content.slice(equals + 1);
    const problem = lineProblem(content, key, value);
    if (problem) throw malformed(path, line, problem);
    if (!section.entries.has(key)) section.entries.set(key, { value, line });
  }
  return section;
}

function lineProblem(content: string, key: string, value: string): string | undefined {
  if (/^ldap/i.test(content)) return 'It asks an LDAP server, which Howdah does not do.';
  if (key === '') return 'It does not read name=value.';
  if (/\s$/.test(key)) return 'There is a blank before "=", where libpq takes none.';
  if (key === 'service' || key === 'servicefile') return 'A service can not name another one.';
  if (!isLibpqParameter(key) || key === 'requiressl')
    return 'The name before "=" is no parameter that libpq knows.';
  // Fields are checked with the whole connection.
  return fieldOf(key) === 'url' ? parameterProblem(key, value) : undefined;
}

function apply(connection: Connection, section: Section, path: string): ParsedUrl {
  const given: Given = givenOf(connection);
  given.delete('service');
  given.delete('servicefile');
  try {
    for (const [key, { value, line }] of section.entries) {
      if (given.has(key)) continue;
      try {
        give(given, key, value);
      } catch (error) {
        if (error instanceof UrlProblem) throw malformed(path, line, error.message);
        throw error;
      }
    }
    const resolved = connectionOf(given);
    const { tunnel, companion } = connection;
    return {
      ...resolved,
      connection: {
        ...resolved.connection,
        ...(tunnel ? { tunnel } : {}),
        ...(companion ? { companion } : {}),
      },
    };
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    const entry = [...section.entries].find(([key]) => fieldOf(key) === error.field && error.field !== 'url');
    throw malformed(path, entry?.[1].line ?? section.line, error.message);
  }
}

function malformed(path: string, line: number, problem: string): WayProblem {
  return new WayProblem({
    cause: 'service-file-malformed',
    what: `Line ${line} of ${path} can't be used.`,
    why: problem,
    next: 'Correct the line; within a section each one reads name=value, with the names of connection parameters.',
  });
}
