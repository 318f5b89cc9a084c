import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** The folder of OpenSSH's system-wide files. */
export function systemFolder(): string {
  return process.platform === 'win32'
    ? join(process.env.ProgramData ?? 'C:\\ProgramData', 'ssh')
    : '/etc/ssh';
}

/** A path with `~` as the account's home. */
export function expandHome(path: string, home = homedir()): string {
  if (path === '~') return home;
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
}

/** This account's name, as OpenSSH takes it when none is given. */
export function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry, as in some containers.
    return process.env.USER ?? process.env.USERNAME ?? 'root';
  }
}

/** Where the agent listens when nothing else is said; undefined when there is none. */
export function standardAgent(): string | undefined {
  if (process.env.SSH_AUTH_SOCK) return process.env.SSH_AUTH_SOCK;
  return process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined;
}
