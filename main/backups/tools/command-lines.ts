import { isAbsolute } from 'node:path';
import type { ToolSet } from '../../../preload/contract/backups.ts';
import type { Programs } from '../types.ts';
import { fileOf, type Machine } from './places.ts';

type Kind = ToolSet['kind'];
type CommandOf = Programs['commandOf'];

/** A place that has programs, as somebody named it. */
export interface AddedTools {
  kind: Kind;
  /**
   * The folder; the container's name; `<folder or compose file>:<service>`; `[user@]host[:port]` or a name of
   * `~/.ssh/config`.
   */
  where: string;
}

/** What is wrong with the way a place is named; undefined: nothing. */
export function faultIn({ kind, where }: AddedTools): string | undefined {
  if (/[\0\r\n]/.test(where)) return 'The name holds a line’s end.';
  // Nothing may be taken for an option of docker's or ssh's.
  if (where.startsWith('-')) return 'The name begins with a hyphen.';
  switch (kind) {
    case 'local':
      return isAbsolute(where) ? undefined : 'The folder has to be given from the root on.';
    case 'docker':
      return /^[\w.-]+$/.test(where) ? undefined : 'That is no name of a container.';
    case 'compose':
      return splitCompose(where)
        ? undefined
        : 'Name the folder of the compose file, a colon and the service, such as /srv/shop:db.';
    case 'ssh':
      return splitHost(where) ? undefined : 'Name the host as user@host or user@host:port.';
  }
}

/** How the programs of a place are run. */
export function commandLines({ kind, where }: AddedTools, machine: Machine): CommandOf {
  switch (kind) {
    case 'local':
      return (program, args) => [fileOf(where, program, machine), ...args];
    case 'docker':
      // Without a terminal: one would mix errors into the output and change its bytes.
      return (program, args, variables) => [
        'docker',
        'exec',
        '-i',
        ...variables.flatMap((name) => ['-e', name]),
        where,
        program,
        ...args,
      ];
    case 'compose': {
      const { project, service } = splitCompose(where) ?? { project: '.', service: where };
      const at = /\.ya?ml$/i.test(project) ? ['-f', project] : ['--project-directory', project];
      return (program, args, variables) => [
        'docker',
        'compose',
        ...at,
        'exec',
        '-T',
        ...variables.flatMap((name) => ['-e', name]),
        service,
        program,
        ...args,
      ];
    }
    case 'ssh':
      return throughSsh(where, machine);
  }
}

function splitCompose(where: string): { project: string; service: string } | undefined {
  const [, project, service] = /^(.+):([A-Za-z0-9][\w.-]*)$/s.exec(where) ?? [];
  return project && service && isAbsolute(project) ? { project, service } : undefined;
}

function splitHost(where: string): { host: string; port: string | undefined } | undefined {
  const [, host, port] = /^((?:[^\s@:]+@)?(?:[\w.-]+|\[[\da-fA-F:.%]+\]))(?::(\d+))?$/.exec(where) ?? [];
  return host ? { host: host.replace(/[[\]]/g, ''), port } : undefined;
}

/**
 * By the system's ssh with its own configuration, keys and agent. It never asks. Values of variables go over as its first
 * input, one line of octal each: a server takes hardly any variable (AcceptEnv), and arguments are seen by everybody
 * there.
 */
function throughSsh(where: string, { platform }: Machine): CommandOf {
  const { host, port } = splitHost(where) ?? { host: where, port: undefined };
  const options = ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', ...(port ? ['-p', port] : [])];
  return (program, args, variables) => {
    const command = [program, ...args].map(quoted).join(' ');
    const take = variables.map(
      (name) =>
        `IFS= read -r o; ${name}=$(printf "$(printf %s "$o" | sed 's/ *$//;s/  */\\\\/g')"); export ${name}; `,
    );
    // Whatever shell the account has over there.
    const there = (script: string): string => `exec sh -c ${quoted(script)}`;
    if (variables.length === 0) return ['ssh', ...options, host, there(`exec ${command}`)];
    // There is no shell here to feed it: the server has to take them.
    if (platform === 'win32')
      return ['ssh', ...options, ...variables.flatMap((name) => ['-o', `SendEnv=${name}`]), host, command];
    const give = variables.map((name) => `printf %s "$${name}" | od -An -v -to1 | tr -d '\\n'; echo; `);
    const ssh = ['ssh', ...options, host, there(`${take.join('')}exec ${command}`)].map(quoted).join(' ');
    return ['/bin/sh', '-c', `{ ${give.join('')}exec cat; } | ${ssh}`];
  };
}

/** For a POSIX shell. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
