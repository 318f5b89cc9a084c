import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import { joined } from '../tools/shared/find-folders.ts';
import { newFiles } from './names.ts';
import { refuse } from './refusal.ts';

export interface CreatePlace {
  tool: MigrationToolId;
  /** Absolute. */
  project: string;
  /** Relative to it. */
  folder: string;
}

/**
 * Makes the files of a new migration, all or none, and never in the place of one that is there. Gives their paths,
 * relative to the project.
 *
 * @throws {Refusal}
 */
export async function createMigration(
  { tool, project, folder }: CreatePlace,
  name: string,
  now = new Date(),
): Promise<string[]> {
  const place = join(project, folder);
  const made: string[] = [];
  const aside = join(place, `.howdah-${randomUUID()}.tmp`);
  try {
    await mkdir(place, { recursive: true });
    const files = newFiles(tool, await readdir(place), name, now);
    for (const { name: file, content } of files) {
      await writeFile(aside, content, { flag: 'wx' });
      await put(aside, join(place, file), content);
      made.push(file);
      await rm(aside);
    }
  } catch (error) {
    for (const file of [aside, ...made.map((one) => join(place, one))])
      await rm(file, { force: true }).catch(() => undefined);
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    refuse(
      error.code === 'EEXIST' && error.syscall !== 'mkdir'
        ? taken(folder)
        : unwritable(place, String(error.code)),
    );
  }
  return made.map((file) => joined(folder, file));
}

/** A link takes the name only if it is free, which a rename does not ask; some file systems have no links. */
async function put(aside: string, path: string, content: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    await writeFile(path, content, { flag: 'wx' });
  }
}

const taken = (folder: string) => ({
  cause: 'migration-file-there',
  what: 'There is a file of that name already.',
  why: `Somebody has made it in ${folder || 'the project'} just now.`,
  next: 'Try again: it gets the next number.',
});

const unwritable = (place: string, code: string) => ({
  cause: 'folder-unwritable',
  what: `No file can be made in ${place}.`,
  why:
    code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
      ? 'The account that Howdah runs as may not write there.'
      : `The system says ${code}.`,
  next: 'Give it the right to write there, or make the file yourself.',
});
