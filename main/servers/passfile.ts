import { join } from 'node:path';
import {
  type Account,
  expandHome,
  FileProblem,
  readSmallFile,
  thisAccount,
  windowsFolder,
} from './small-file.ts';

export interface PasswordTarget {
  /** As in the connection string: a name, an address, or a socket directory. */
  host: string;
  port: number;
  database: string;
  user: string;
  /** Of the connection, for `passfile`. */
  parameters?: Readonly<Record<string, string>>;
}

/** A password that was found, why the file was left aside, or nothing when the file or a line in it is missing. */
export interface FilePassword {
  password?: string;
  /** In words for a person; holds the file's path and nothing of what is in it. */
  ignored?: string;
}

/** Socket directories that stand for `localhost`: the default ones of Debian's and Red Hat's libpq, and PostgreSQL's own. */
const defaultSocketFolders: readonly string[] = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

/**
 * The password for a server from a password file (PostgreSQL manual, "The Password File"; `passwordFromFile` in
 * fe-connect.c): the first line `host:port:database:user:password` whose fields are each `*` or the same text.
 *
 * The file is `passfile` (the connection's parameter), else `PGPASSFILE`, else `~/.pgpass`, or
 * `%APPDATA%\postgresql\pgpass.conf` on Windows. One that the group or others may read or write is left aside,
 * except on Windows, where the folder is protected. Never throws for what is in a file.
 */
export async function passwordFromFile(
  target: PasswordTarget,
  account: Account = thisAccount(),
): Promise<FilePassword> {
  const windows = windowsFolder(account);
  // An empty passfile is the usual file, whatever PGPASSFILE says.
  const named = target.parameters?.passfile ?? account.env.PGPASSFILE;
  const path = named
    ? expandHome(named, account.home)
    : windows
      ? join(windows, 'pgpass.conf')
      : join(account.home, '.pgpass');
  let bytes: Buffer;
  try {
    const file = await readSmallFile(path);
    if (windows === undefined && process.platform !== 'win32' && (file.mode & 0o077) !== 0) {
      return {
        ignored: `The password file ${path} was left aside, because others than its owner may read or write it; chmod 600 mends that.`,
      };
    }
    bytes = file.bytes;
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    if (error.missing) return named ? { ignored: `The password file ${path} is not there.` } : {};
    return { ignored: `The password file ${path} was left aside: ${error.message}.` };
  }
  const password = findPassword(bytes.toString('utf8'), target);
  return password === undefined ? {} : { password };
}

/** The password of the first line that matches. An empty one is one: libpq goes no further then. */
export function findPassword(text: string, target: PasswordTarget): string | undefined {
  const { port, database, user } = target;
  const host = defaultSocketFolders.includes(target.host) ? 'localhost' : target.host;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\r+$/, '');
    if (line === '' || line.startsWith('#')) continue;
    let rest: string | undefined = line;
    for (const wanted of [host, String(port), database, user]) {
      rest = rest === undefined ? undefined : afterField(rest, wanted);
    }
    if (rest !== undefined) return unescaped(rest);
  }
  return undefined;
}

/** What follows the first field, when that is `*` or, its backslashes taken away, the wanted text; else undefined. */
function afterField(line: string, wanted: string): string | undefined {
  if (line.startsWith('*:')) return line.slice(2);
  let at = 0;
  let matched = 0;
  while (at < line.length) {
    const escaped = line[at] === '\\';
    if (escaped) at += 1;
    if (!escaped && line[at] === ':' && matched === wanted.length) return line.slice(at + 1);
    if (matched === wanted.length || line[at] !== wanted[matched]) return undefined;
    at += 1;
    matched += 1;
  }
  return undefined;
}

/** The password up to a colon that is not escaped, or to the end. */
function unescaped(text: string): string {
  let password = '';
  for (let at = 0; at < text.length && text[at] !== ':'; at += 1) {
    if (text[at] === '\\' && at + 1 < text.length) at += 1;
    password += text[at];
  }
  return password;
}
