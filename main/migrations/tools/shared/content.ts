import { createHash } from 'node:crypto';
import type { FolderEntry, FolderView } from '../../tool.ts';
import { FileProblem } from './file-problem.ts';
import { joined } from './find-folders.ts';
import { chunksOf } from './folder-view.ts';

/** Larger files get no checksum: what depends on it is unknown. */
export const CHECKSUM_LIMIT = 128 * 1024 * 1024;
/** Files that are held whole. */
const WHOLE_LIMIT = 1024 * 1024;
/** Files read at once. */
const AT_ONCE = 16;

/** A file's text; empty when it can't be read as one: for looking whether it is of a tool's kind. */
export async function textOrNothing(folder: FolderView, path: string): Promise<string> {
  try {
    return (await folder.textIfAny(path)) ?? '';
  } catch (error) {
    if (error instanceof FileProblem) return '';
    throw error;
  }
}

/** Whether one of a few files of a folder (the first, the last, one in the middle) has a line of that kind. */
export async function someSay(
  folder: FolderView,
  path: string,
  files: readonly FolderEntry[],
  pattern: RegExp,
): Promise<boolean> {
  const chosen = new Set([files[0], files.at(-1), files[files.length >> 1]]);
  for (const file of chosen) {
    if (file && pattern.test(await textOrNothing(folder, joined(path, file.name)))) return true;
  }
  return false;
}

/** Runs `work` over all items, a few at a time, and keeps their order. */
export async function overAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as Item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
  return results;
}

/** Digests of a file's bytes as they are, in the order of `algorithms`; a big file is read piece by piece. */
export async function digestsOf(
  folder: FolderView,
  file: { path: string; bytes: number },
  algorithms: readonly string[],
): Promise<Buffer[]> {
  const hashes = algorithms.map((algorithm) => createHash(algorithm));
  await eachChunk(folder, file, (chunk) => {
    for (const hash of hashes) hash.update(chunk);
  });
  return hashes.map((hash) => hash.digest());
}

/** Passes a file's bytes on, in order; at once when it is small. */
export async function eachChunk(
  folder: FolderView,
  file: { path: string; bytes: number },
  take: (chunk: Buffer) => void,
): Promise<void> {
  if (file.bytes <= WHOLE_LIMIT) return take(await folder.bytes(file.path));
  for await (const chunk of chunksOf(folder, file.path, CHECKSUM_LIMIT)) take(chunk);
}
