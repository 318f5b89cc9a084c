import { accessSync, constants, statfsSync } from 'node:fs';

/** Room that several servers at a time are sure to have enough of, in bytes. */
const enough = 2 * 1024 ** 3;

/**
 * The folder for what many tests write and throw away a moment later: in memory where there is room, because a disk
 * that has to write hundreds of megabytes holds up everybody; else /tmp. Every account can reach it.
 */
export const shortLived = isRoomy('/dev/shm') ? '/dev/shm' : '/tmp';

function isRoomy(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > enough;
  } catch {
    return false;
  }
}
