import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { OwnCommand } from './order.ts';

/** How a scheduler of the system, which knows no PATH of ours, finds the command line. */
export async function ownCommand(
  env: NodeJS.ProcessEnv = process.env,
  /** Where the built command line lies, from the built console or a part of it. */
  entries: readonly string[] = ['cli.js', '../cli.js'].map((file) => join(import.meta.dirname, file)),
): Promise<OwnCommand> {
  const names = process.platform === 'win32' ? ['howdah.cmd', 'howdah.exe'] : ['howdah'];
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean))
    for (const name of names) {
      const file = join(folder, name);
      if (await isThere(file, constants.X_OK)) return { words: [file], isFound: true };
    }
  // The desktop's program runs nothing but itself.
  if (!process.versions.electron)
    for (const entry of entries)
      if (await isThere(entry, constants.R_OK)) return { words: [process.execPath, entry], isFound: true };
  return { words: ['howdah'], isFound: false };
}

const isThere = (file: string, mode: number): Promise<boolean> =>
  access(file, mode).then(
    () => true,
    () => false,
  );
