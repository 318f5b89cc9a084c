import {
  closeSync,
  type Dirent,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, join, sep } from 'node:path';
import { type Convention, conventionNames, type FolderPlan, planFolder } from '../sql-text/index.ts';

/** What is wrong with a path, for a person. */
export class SqlPathProblem extends Error {
  override name = 'SqlPathProblem';
}

export interface SqlFiles {
  convention: Convention;
  /** Of one file its name, of a folder's the paths within it. */
  files: { name: string; path: string }[];
  ignored: FolderPlan['ignored'];
}

/** Beyond these it is no folder of migrations; a person has taken the wrong one. */
const deepest = 5;
const mostEntries = 50_000;
/** All files together, bytes: a dump with rows may be larger, but rows say nothing about structure. */
const largestBytes = 512 * 1024 * 1024;

/**
 * The SQL files at a path, a file or a folder, in the order in which they are to be run.
 *
 * @throws SqlPathProblem
 */
export function findSqlFiles(path: string): SqlFiles {
  const kind = kindOf(path);
  const found = kind === 'folder' ? filesOfFolder(path) : filesOfOne(path);
  const bytes = found.files.reduce((sum, file) => sum + statSync(file.path).size, 0);
  if (bytes > largestBytes) {
    throw new SqlPathProblem(
      `it has ${Math.round(bytes / 1024 / 1024)} MB, more than the ${largestBytes / 1024 / 1024} MB that are read; leave the rows out, with pg_dump: --schema-only`,
    );
  }
  return found;
}

function kindOf(path: string): 'file' | 'folder' {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return 'folder';
    if (stat.isFile()) return 'file';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new SqlPathProblem('there is no such file or folder');
    throw new SqlPathProblem(`it can’t be read (${code ?? String(error)})`);
  }
  throw new SqlPathProblem('it is neither a file nor a folder');
}

/** One file may be of a tool too: its way back must not be run. */
function filesOfOne(path: string): SqlFiles {
  const start = beginning(path);
  if (start.startsWith('PGDMP')) {
    throw new SqlPathProblem(
      'it is an archive of pg_dump; pg_restore --schema-only -f FILE.sql makes SQL of it',
    );
  }
  const convention = /^--\s*\+goose\s+up\b/im.test(start)
    ? 'goose'
    : /^--\s*migrate:up\b/im.test(start)
      ? 'dbmate'
      : 'plain';
  return { convention, files: [{ name: basename(path), path }], ignored: [] };
}

function filesOfFolder(folder: string): SqlFiles {
  const paths = listed(folder);
  const answer = planFolder({
    paths,
    read: (path) =>
      path === 'sqitch.plan' ? readFileSync(join(folder, path), 'utf8') : beginning(join(folder, path)),
  });
  if ('problem' in answer) throw new SqlPathProblem(answer.problem);
  const { convention, files, ignored } = answer.plan;
  if (files.length === 0) {
    throw new SqlPathProblem(
      `it looks like a folder of ${conventionNames[convention]}, but holds nothing to run`,
    );
  }
  return { convention, files: files.map((name) => ({ name, path: join(folder, name) })), ignored };
}

/**
 * Paths of files within a folder, `/` between parts. Hidden folders and packages are not looked into. Links are followed
 * as long as they stay within: a folder that somebody else made must not have this machine's other files read, and
 * quoted in errors.
 */
function listed(folder: string): string[] {
  const found: string[] = [];
  const real = realpathSync(folder);
  let entries = 0;
  const look = (within: string, depth: number): void => {
    const all = readdirSync(join(folder, within), { withFileTypes: true });
    for (const entry of all.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const { name } = entry;
      if (name.startsWith('.') || name === 'node_modules') continue;
      entries += 1;
      if (entries > mostEntries) {
        throw new SqlPathProblem(
          `it holds more than ${mostEntries} files; name the folder of the SQL itself`,
        );
      }
      const path = within === '' ? name : `${within}/${name}`;
      const kind = kindWithin(entry, join(folder, path), real);
      if (kind === 'outside' && /\.(?:sql|plan)$/i.test(name)) {
        throw new SqlPathProblem(
          `${path} is a link that leads out of the folder; put the file itself there, or name the folder it leads to`,
        );
      }
      if (kind === 'file') found.push(path);
      else if (kind === 'folder' && depth < deepest) look(path, depth + 1);
    }
  };
  look('', 1);
  return found;
}

function kindWithin(entry: Dirent, path: string, real: string): 'file' | 'folder' | 'outside' | undefined {
  if (!entry.isSymbolicLink()) return entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : undefined;
  const target = statSync(path, { throwIfNoEntry: false });
  if (!target) return undefined;
  if (!realpathSync(path).startsWith(real.endsWith(sep) ? real : real + sep)) return 'outside';
  return target.isFile() ? 'file' : target.isDirectory() ? 'folder' : undefined;
}

function beginning(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(64 * 1024);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}
