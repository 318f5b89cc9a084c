import { spawn } from 'node:child_process';

/**
 * Opens an address in the person's browser, where there is a screen to show it on. Answers whether it was tried.
 *
 * For a moment the address stands among the arguments of a process, where others on this machine may read it.
 * It opens the console once: whoever comes second is told so, and so is the person.
 */
export function openBrowser(
  address: string,
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const opener = openerOf(platform, environment);
  if (!opener) return false;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  // There may be no such program; the address has been printed.
  child.on('error', () => {});
  child.unref();
  return true;
}

/** The command that opens an address; undefined where there is no screen. */
export function openerOf(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): readonly [command: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  // `start` is the shell's own; explorer takes an address too and needs no quoting of it.
  if (platform === 'win32') return ['explorer.exe'];
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
