import { createHash } from 'node:crypto';
import type { FolderView } from '../tool.ts';
import { chunksOf, openFolder } from '../tools/shared/folder-view.ts';

/** Larger files are for psql. Bytes. */
export const seedFileLimit = 64 * 1024 * 1024;

/** A folder of seeds: its SQL files in alphabetical order, by code points as every machine has it. */
export interface SeedFolder {
  view: FolderView;
  files: string[];
}

export const isSeed = (name: string): boolean => /\.sql$/i.test(name) && !name.startsWith('.');

/** @throws FileProblem when the folder isn't there or can't be read */
export async function readSeedFolder(folder: string): Promise<SeedFolder> {
  const view = await openFolder(folder);
  const files = (await view.list(''))
    .filter(({ kind, name }) => kind === 'file' && isSeed(name))
    .map(({ name }) => name);
  return { view, files: files.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) };
}

/** SHA-256 of a file's bytes, in hex, a piece at a time. @throws FileProblem */
export async function hashOfSeed(view: FolderView, file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(view, file, seedFileLimit)) hash.update(chunk);
  return hash.digest('hex');
}
