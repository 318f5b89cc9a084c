import type { Dirent, Stats } from 'node:fs';
import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import type { FolderEntry, FolderView } from '../../tool.ts';
import { decodeText } from './decode-text.ts';
import { FileProblem } from './file-problem.ts';

/** Entries of all folders that one view lists. */
const ENTRY_LIMIT = 50_000;
/** Bytes of all files that one view reads whole. */
const TOTAL_LIMIT = 512 * 1024 * 1024;
const TEXT_LIMIT = 1024 * 1024;

/**
 * A look into a folder of this machine. A folder that was listed once is not listed again: open another view to see what
 * has changed. Symbolic links are followed, out of the root too; one that leads back to a folder it lies in is left out.
 * What is neither file nor folder (a pipe, a device) is left out.
 *
 * @throws FileProblem when `root` isn't there, isn't a folder, or can't be read
 */
export async function openFolder(root: string, limits = { entries: ENTRY_LIMIT }): Promise<FolderView> {
  if (!isAbsolute(root)) throw new TypeError(`A project’s folder is absolute, not ${root}`);
  let facts: Stats;
  try {
    facts = await stat(root);
  } catch (error) {
    throw unreadable(root, error, 'folder');
  }
  if (!facts.isDirectory()) {
    throw new FileProblem(root, {
      what: `${root} is not a folder.`,
      why: 'A project is linked by its folder, and this is a file.',
      next: 'Link the folder that the file lies in.',
      cause: 'folder-is-file',
    });
  }
  return new RealFolder(root, limits.entries);
}

/**
 * A file's bytes piece by piece, for checksums of files that are too big to hold.
 *
 * @throws FileProblem when it isn't there or is above `limit` bytes
 */
export async function* chunksOf(folder: FolderView, path: string, limit: number): AsyncGenerator<Buffer> {
  const { handle } = await openFile(within(folder.root, path), path, limit);
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(256 * 1024));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

class RealFolder implements FolderView {
  readonly root: string;
  readonly #lists = new Map<string, Promise<FolderEntry[]>>();
  /** Where each listed folder really lies, for finding links that go round in circles. */
  readonly #realPlaces = new Map<string, Promise<string>>();
  #entries = 0;
  #bytes = 0;

  readonly #entryLimit: number;

  constructor(root: string, entryLimit: number) {
    this.root = root;
    this.#entryLimit = entryLimit;
  }

  list(folder: string): Promise<FolderEntry[]> {
    const key = tidy(folder);
    let list = this.#lists.get(key);
    if (!list) {
      list = this.#read(key);
      this.#lists.set(key, list);
    }
    return list;
  }

  async exists(path: string): Promise<boolean> {
    const key = tidy(path);
    if (leavesRoot(key)) return false;
    try {
      const facts = await stat(join(this.root, key));
      return facts.isFile() || facts.isDirectory();
    } catch {
      return false;
    }
  }

  async text(path: string, limit = TEXT_LIMIT): Promise<string> {
    return decodeText(await this.bytes(path, limit), path);
  }

  async textIfAny(path: string, limit = TEXT_LIMIT): Promise<string | undefined> {
    return (await this.exists(path)) ? await this.text(path, limit) : undefined;
  }

  async bytes(path: string, limit = TEXT_LIMIT): Promise<Buffer> {
    const { handle, size } = await openFile(within(this.root, path), path, limit);
    try {
      this.#bytes += size;
      if (this.#bytes > TOTAL_LIMIT) throw tooMuch(this.root, `${TOTAL_LIMIT / 1024 ** 2} MB of files`);
      const content = Buffer.allocUnsafe(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await handle.read(content, filled, size - filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return content.subarray(0, filled);
    } finally {
      await handle.close();
    }
  }

  async #read(folder: string): Promise<FolderEntry[]> {
    if (leavesRoot(folder)) return [];
    const place = join(this.root, folder);
    let found: Dirent[];
    try {
      found = await readdir(place, { withFileTypes: true });
    } catch (error) {
      if (isMissing(error)) return [];
      throw unreadable(folder || this.root, error, 'folder');
    }
    this.#entries += found.length;
    if (this.#entries > this.#entryLimit) throw tooMuch(this.root, `${this.#entryLimit} entries`);
    const entries = await Promise.all(found.map((entry) => this.#entry(folder, entry)));
    return entries
      .filter((entry) => entry !== undefined)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  async #entry(folder: string, entry: Dirent): Promise<FolderEntry | undefined> {
    const path = join(this.root, folder, entry.name);
    let facts: Stats;
    try {
      facts = await stat(path);
    } catch {
      // A link that leads nowhere, or a file that went away just now.
      return undefined;
    }
    const modifiedAt = facts.mtimeMs;
    if (facts.isFile()) return { name: entry.name, kind: 'file', bytes: facts.size, modifiedAt };
    if (!facts.isDirectory()) return undefined;
    if (entry.isSymbolicLink() && (await this.#leadsBack(folder, path))) return undefined;
    return { name: entry.name, kind: 'folder', bytes: 0, modifiedAt };
  }

  /** Whether a link within `folder` leads to that folder itself or to one on the way to it. */
  async #leadsBack(folder: string, link: string): Promise<boolean> {
    const target = await realpath(link);
    const parts = folder === '' ? [] : folder.split('/');
    for (let length = 0; length <= parts.length; length++) {
      if ((await this.#realPlace(parts.slice(0, length).join('/'))) === target) return true;
    }
    return false;
  }

  #realPlace(folder: string): Promise<string> {
    let place = this.#realPlaces.get(folder);
    if (!place) {
      place = realpath(join(this.root, folder));
      this.#realPlaces.set(folder, place);
    }
    return place;
  }
}

/** Without blocking on a pipe that stands where a file is looked for. */
async function openFile(place: string, path: string, limit: number) {
  const handle = await open(place, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: unknown) => {
      throw unreadable(path, error, 'file');
    },
  );
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) {
      throw new FileProblem(path, {
        what: `${path} is not a file.`,
        why: 'A folder, pipe or device stands in its place.',
        next: 'Put the file there, or take the entry away.',
        cause: 'file-unreadable',
      });
    }
    if (facts.size > limit) {
      throw new FileProblem(path, {
        what: `${path} was not read.`,
        why: `It has ${megabytes(facts.size)}, and more than ${megabytes(limit)} are not read at once.`,
        next: 'Look at it with an editor; what depends on its content is shown as unknown.',
        cause: 'file-too-big',
      });
    }
    return { handle, size: facts.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function within(root: string, path: string): string {
  const tidied = tidy(path);
  if (leavesRoot(tidied)) {
    throw new FileProblem(path, {
      what: `${path} was not read.`,
      why: 'It lies outside of the linked project.',
      next: 'Link the folder that holds both, or put a symbolic link into the project.',
      cause: 'file-outside-project',
    });
  }
  return join(root, tidied);
}

/** `./a//b/` as `a/b`; the root itself is empty. */
function tidy(path: string): string {
  const tidied = normalize(path).replaceAll('\\', '/').replace(/\/+$/, '');
  return tidied === '.' ? '' : tidied;
}

const leavesRoot = (tidied: string): boolean =>
  tidied === '..' || tidied.startsWith('../') || isAbsolute(tidied) || tidied.includes('\0');

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

function unreadable(path: string, error: unknown, kind: 'file' | 'folder'): FileProblem {
  if (isMissing(error)) {
    return new FileProblem(path, {
      what: `There is no ${kind} ${path}.`,
      why: 'It was moved, renamed or deleted, or its drive is not there.',
      next:
        kind === 'folder'
          ? 'Link the folder where the project lies now.'
          : 'Bring it back, or read the folder again.',
      cause: `${kind}-missing`,
    });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new FileProblem(path, {
    what: `The ${kind} ${path} can’t be read.`,
    why: code === 'EACCES' || code === 'EPERM' ? 'This account may not read it.' : `The system says ${code}.`,
    next: `See that the account Howdah runs as may read it.`,
    cause: `${kind}-unreadable`,
  });
}

const tooMuch = (root: string, bound: string): FileProblem =>
  new FileProblem(root, {
    what: `${root} was not read to its end.`,
    why: `It holds more than ${bound}.`,
    next: 'Link the folder that holds the migrations, not one far above it.',
    cause: 'folder-too-big',
  });

const megabytes = (bytes: number): string =>
  bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} kB` : `${Math.round(bytes / 1024 ** 2)} MB`;
