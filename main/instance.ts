import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What a running console tells about itself to those who find its data folder taken. */
export interface InstanceInfo {
  pid: number;
  face: string;
  /** Address of the local socket on which it answers. */
  socket: string;
}

/** The data folder is in use by another Howdah. `info` is missing while that one is still starting. */
export class AlreadyRunning extends Error {
  override name = 'AlreadyRunning';
  readonly info: InstanceInfo | undefined;
  constructor(folder: string, info: InstanceInfo | undefined) {
    super(
      info
        ? `Howdah already runs on ${folder} (process ${info.pid}, ${info.face}).`
        : `Another Howdah is using ${folder}.`,
    );
    this.info = info;
  }
}

export interface Hold {
  /** Tells others how to reach this console. */
  announce(info: InstanceInfo): void;
  release(): void;
}

/**
 * Takes the data folder for this process alone.
 *
 * The hold is an exclusive lock of SQLite on a file of its own: the operating system drops it when the
 * process ends, however it ends, so that a crash leaves nothing behind that has to be cleaned.
 *
 * @throws {AlreadyRunning} when another process has it.
 */
export function holdDataFolder(folder: string): Hold {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const infoFile = join(folder, 'console.json');
  const lock = new DatabaseSync(join(folder, 'console.lock'));
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new AlreadyRunning(folder, readInfo(infoFile));
  }
  rmSync(infoFile, { force: true });
  return {
    announce: (info) => writeFileSync(infoFile, JSON.stringify(info), { mode: 0o600 }),
    release: () => {
      rmSync(infoFile, { force: true });
      lock.close();
    },
  };
}

function readInfo(file: string): InstanceInfo | undefined {
  try {
    const info = JSON.parse(readFileSync(file, 'utf8')) as Partial<InstanceInfo>;
    const { pid, face, socket } = info;
    if (typeof pid === 'number' && typeof face === 'string' && typeof socket === 'string')
      return { pid, face, socket };
  } catch {
    // Not announced yet, or just being written.
  }
  return undefined;
}
