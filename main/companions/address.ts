import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import type { HostPort } from '../../preload/contract/connection.ts';

/** What a companion must make reachable: a TCP port or a Unix socket. */
export type Target = { host: string; port: number } | { path: string };

/** How long one look may take, in ms. */
const lookLimit = 1000;

/**
 * Reads `host:port`, `[::1]:5432`, a bare port of this machine, or the path of a socket.
 * Undefined when the text is none of these.
 */
export function parseTarget(text: string): Target | undefined {
  if (/^[/~]|^[A-Za-z]:\\|^\\\\/.test(text)) return { path: expandHome(text) };
  const [, bracketed, plain, digits] = /^(?:(?:\[([^\]]+)\]|([^\s:/@[\]]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return { host: bracketed || plain || 'localhost', port };
}

/** A server's address as a target; a socket directory stands for PostgreSQL's socket in it. */
export function targetOf({ host, port }: HostPort): Target {
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}

export function describeTarget(target: Target): string {
  if ('path' in target) return target.path;
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

/** Whether something accepts a connection there now. Never throws; takes at most a second. */
export async function accepts(target: Target): Promise<boolean> {
  if ('path' in target && (await isFolder(target.path))) return false;
  return await new Promise<boolean>((resolve) => {
    const socket = connect(target);
    const answer = (good: boolean): void => {
      socket.destroy();
      resolve(good);
    };
    socket.setTimeout(lookLimit, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.on('error', () => answer(false));
  });
}

/** A path that begins with `~/` is in this account's home. */
export function expandHome(path: string): string {
  return path === '~' || /^~[/\\]/.test(path) ? homedir() + path.slice(1) : path;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
