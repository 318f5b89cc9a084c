import { userInfo } from 'node:os';
import type { EngineDraft, EngineWhere } from '../../../preload/contract/backup-engines.ts';

/** What is wrong with a draft, with the field; undefined: nothing. */
export function faultIn({
  kind,
  name,
  where,
  config,
}: EngineDraft): { field: string; why: string } | undefined {
  if (/\p{Cc}/u.test(name) || name.startsWith('-'))
    return { field: 'name', why: 'A name holds no control characters and does not begin with a hyphen.' };
  if (kind === 'pgbackrest' && !/^[\w.-]+$/.test(name))
    return { field: 'name', why: 'A stanza is named with letters, digits, hyphens and underscores.' };
  if (kind === 'barman' && /^(all|barman)$/.test(name))
    return { field: 'name', why: `Barman keeps "${name}" for itself: no server is named so.` };
  if (config !== null && (!config.startsWith('/') || /[\0\r\n]/.test(config)))
    return { field: 'config', why: 'The configuration file is given from the root on.' };
  const why = faultInWhere(where);
  return why === undefined ? undefined : { field: 'where', why };
}

/** What is wrong with the way a place is named; undefined: nothing. */
export function faultInWhere(where: EngineWhere): string | undefined {
  switch (where.kind) {
    case 'local':
      if (process.platform === 'win32') return 'pgBackRest and Barman do not run on Windows.';
      return where.as === undefined || isAccount(where.as) ? undefined : 'That is no name of an account.';
    case 'docker':
      return containerIn(where.name) ? undefined : 'Name the container as name or account@name.';
    case 'ssh':
      return hostIn(where.name) ? undefined : 'Name the host as user@host or user@host:port.';
  }
}

/** A place as a person reads it. */
export function sayWhere(where: EngineWhere): string {
  if (where.kind === 'docker') return `in the container ${where.name}`;
  if (where.kind === 'ssh') return `on ${where.name}`;
  return where.as === undefined ? 'on this machine' : `on this machine as ${where.as}`;
}

/** Whether somebody named the account to be root, and so knows. */
export function isRootByName(where: EngineWhere): boolean {
  if (where.kind === 'local') return where.as === 'root';
  return where.name.startsWith('root@');
}

const isAccount = (name: string): boolean => /^[A-Za-z_][\w.-]*$/.test(name);

function containerIn(name: string): { account: string | undefined; container: string } | undefined {
  const [, account, container] = /^(?:([A-Za-z_][\w.-]*|\d+(?::\d+)?)@)?([\w][\w.-]*)$/.exec(name) ?? [];
  return container === undefined ? undefined : { account, container };
}

function hostIn(name: string): { host: string; port: string | undefined } | undefined {
  const [, host, port] =
    /^((?:[A-Za-z_][\w.-]*@)?(?:\w[\w.-]*|\[[\da-fA-F:.%]+\]))(?::(\d{1,5}))?$/.exec(name) ?? [];
  return host === undefined ? undefined : { host: host.replace(/[[\]]/g, ''), port };
}

/**
 * The operating system's own command that runs a shell script, with arguments, where an engine is. For another account
 * of this machine: as root `runuser`, which asks nobody; else `sudo -n`, which never asks for a password. Either way
 * with that account's home, in which Barman and libpq look for their files.
 */
export function shellAt(where: EngineWhere, script: string, args: readonly string[]): [string, ...string[]] {
  const shell = ['sh', '-c', script, 'howdah', ...args] as const;
  switch (where.kind) {
    case 'local': {
      const { as } = where;
      if (as === undefined || as === userInfo().username) return [...shell];
      const at = `HOME=~${as}; export HOME; cd /; ${script}`;
      const there = ['/bin/sh', '-c', at, 'howdah', ...args];
      return process.getuid?.() === 0 && process.platform === 'linux'
        ? ['runuser', '-u', as, '--', ...there]
        : ['sudo', '-n', '-H', '-u', as, '--', ...there];
    }
    case 'docker': {
      const { account, container } = containerIn(where.name) ?? { account: undefined, container: where.name };
      // Without a terminal: one would mix errors into the output.
      return ['docker', 'exec', '-i', ...(account === undefined ? [] : ['-u', account]), container, ...shell];
    }
    case 'ssh': {
      const { host, port } = hostIn(where.name) ?? { host: where.name, port: undefined };
      // By the system's ssh with its own configuration, keys and agent. It never asks.
      const options = ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', ...(port ? ['-p', port] : [])];
      return ['ssh', ...options, '--', host, `exec ${shell.map(quoted).join(' ')}`];
    }
  }
}

/** A command as somebody would type it. */
export const asTyped = (command: readonly string[]): string => command.map(quoted).join(' ');

/** For a POSIX shell. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
