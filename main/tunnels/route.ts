import { createHash } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { Tunnel } from '../../preload/contract/connection.ts';
import { hostPortOf, type KnownHostsPlaces } from './known-hosts.ts';
import { expandHome, localUser, standardAgent } from './places.ts';
import { configMalformed, jumpMalformed, type Place, proxyCommandNotRun, shellWord } from './problems.ts';
import { type HostSettings, openSshConfig, type Setting } from './ssh-config.ts';

/** One SSH server on the way, with everything that its fields, the configuration and the defaults say about it. */
export interface Hop extends Place {
  auth: Tunnel['auth'];
  /** A key file from the tunnel's own fields. */
  keyFile: string | undefined;
  /** From the configuration; undefined when it names none, so that the usual files are tried. */
  identityFiles: string[] | undefined;
  /** The usual files; empty when something else is named. */
  usualFiles: string[];
  /** Offer only the named keys, even when the agent holds others. */
  identitiesOnly: boolean;
  agent: string | undefined;
  /** What the host's key is known by. */
  keyName: { host: string; port: number };
  knownHosts: KnownHostsPlaces;
  /** Until its handshake is done, in ms. */
  connectTimeout: number;
  /** As the configuration asks for it, in ms. */
  aliveInterval: number | undefined;
  family: 4 | 6 | undefined;
}

export interface Route {
  /** First to last. */
  hops: Hop[];
  /** Configuration files that were read. */
  files: string[];
  /** What is in them and was left out, in words. */
  leftOut: string[];
}

export interface RouteOptions {
  home?: string | undefined;
  agentSocket?: string | undefined;
  /** The system's folder of OpenSSH, `/etc/ssh`. */
  systemFolder?: string | undefined;
}

/** Nobody goes through more. */
const MOST_HOPS = 8;
const CONNECT_TIMEOUT = 10_000;
const usualKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * The way of a tunnel: explicit fields, then `~/.ssh/config` and the system's, then OpenSSH's defaults. Connects to
 * nothing.
 *
 * @throws WayProblem (`tunnel-config-malformed`)
 */
export function routeOf(tunnel: Tunnel, options: RouteOptions = {}): Route {
  const home = options.home ?? homedir();
  const config = openSshConfig({
    home,
    ...(options.systemFolder === undefined ? {} : { systemFolder: options.systemFolder }),
  });
  const agentSocket = (options.agentSocket ?? standardAgent()) || undefined;
  const keyFile = tunnel.keyFile === undefined ? undefined : expandHome(tunnel.keyFile, home);

  const follow = (asked: Asked, jump: string | undefined, behind: string[]): Hop[] => {
    const settings = config.settingsFor(asked.host, asked.user);
    const hop = hopFrom(asked, settings, { home, agentSocket, keyFile, isJump: behind.length > 0 });
    if (behind.includes(hop.name)) {
      throw jumpMalformed(`They lead in a circle: ${[...behind, hop.name].toReversed().join(' → ')}.`);
    }
    if (behind.length >= MOST_HOPS) throw jumpMalformed(`They are more than ${MOST_HOPS}.`);
    const before = jump === undefined ? jumpOf(settings, asked, hop) : parseJump(jump);
    const last = before.pop();
    if (!last) return [hop];
    // As ssh -J a,b: a is reached as its own configuration says, b through a.
    const rest = before.length > 0 ? before.map(({ text }) => text).join(',') : undefined;
    return [...follow({ ...last, auth: 'auto' }, rest, [...behind, hop.name]), hop];
  };

  const { host, port, user, auth, jump } = tunnel;
  const hops = follow({ host, port, user, auth }, jump, []);
  return { hops: withCommands(hops), files: config.files, leftOut: config.leftOut };
}

interface Asked {
  host: string;
  port: number | undefined;
  user: string | undefined;
  auth: Tunnel['auth'];
}

interface Jump {
  host: string;
  port: number | undefined;
  user: string | undefined;
  text: string;
}

interface HopOptions {
  home: string;
  agentSocket: string | undefined;
  /** Meant for the last hop; a jump host is offered it only where the configuration names none for it. */
  keyFile: string | undefined;
  isJump: boolean;
}

function hopFrom(
  asked: Asked,
  settings: HostSettings,
  { home, agentSocket, keyFile, isJump }: HopOptions,
): Hop {
  const hostSetting = settings.first('hostname');
  const host = hostSetting
    ? expand(hostSetting, { '%': '%', h: asked.host }, home).replace(/^\[(.*)\]$/, '$1')
    : asked.host;
  if (!/^[^\s@/,-][^\s@/,]*$/.test(host)) {
    throw configMalformed(hostSetting ?? { file: 'HostName' }, `"${host.slice(0, 100)}" is no host.`);
  }
  const port = asked.port ?? numberOf(settings.first('port'), 1, 65535) ?? 22;
  const user = asked.user ?? settings.first('user')?.values[0] ?? localUser();
  const local = localUser();
  const tokens: Record<string, string> = {
    '%': '%',
    d: home,
    h: host,
    i: String(process.getuid?.() ?? ''),
    j: '',
    k: settings.first('hostkeyalias')?.values[0] ?? asked.host,
    L: hostname().split('.')[0] ?? '',
    l: hostname(),
    n: asked.host,
    p: String(port),
    r: user,
    u: local,
    C: createHash('sha1').update(`${hostname()}${host}${port}${user}`).digest('hex'),
  };
  const path = (setting: Setting, text?: string): string => expand(setting, tokens, home, text);

  const named = settings.every('identityfile');
  const alias = settings.first('hostkeyalias')?.values[0];
  const known = (keyword: string): string[] | undefined => {
    const setting = settings.first(keyword);
    return setting?.values.filter((value) => value !== 'none').map((value) => path(setting, value));
  };
  const alive = secondsOf(settings.first('serveraliveinterval'));
  const timeout = secondsOf(settings.first('connecttimeout'));
  const family = settings.first('addressfamily')?.values[0]?.toLowerCase();
  const address = hostPortOf(host, port);
  return {
    host,
    port,
    user,
    address,
    name: `${user}@${address}`,
    command: '',
    auth: asked.auth,
    keyFile: isJump && named.length > 0 ? undefined : keyFile,
    identityFiles:
      named.length > 0
        ? named.filter(({ values }) => values[0] !== 'none').map((setting) => path(setting))
        : undefined,
    usualFiles:
      named.length > 0 || (keyFile !== undefined && !isJump)
        ? []
        : usualKeys.map((file) => join(home, '.ssh', file)),
    identitiesOnly: flagOf(settings.first('identitiesonly')),
    agent: agentOf(settings.first('identityagent'), agentSocket, path),
    keyName: alias ? { host: alias, port: 22 } : { host, port },
    knownHosts: { user: known('userknownhostsfile'), global: known('globalknownhostsfile') },
    connectTimeout: timeout ? timeout * 1000 : CONNECT_TIMEOUT,
    aliveInterval: alive ? alive * 1000 : undefined,
    family: family === 'inet' ? 4 : family === 'inet6' ? 6 : undefined,
  };
}

function jumpOf(settings: HostSettings, asked: Asked, hop: Hop): Jump[] {
  const { proxy } = settings;
  if (!proxy || proxy.values[0]?.toLowerCase() === 'none') return [];
  if (proxy.keyword === 'proxycommand') throw proxyCommandNotRun(proxy, asked.host);
  const tokens = { '%': '%', h: hop.host, n: asked.host, p: String(hop.port), r: hop.user };
  return parseJump(expand(proxy, tokens, undefined), proxy);
}

/** `[user@]host[:port],…`, each part also as `ssh://[user@]host[:port]`. */
function parseJump(text: string, where?: Setting): Jump[] {
  return text.split(',').map((part) => {
    const one = part.trim();
    const found =
      /^(?:ssh:\/\/)?(?:([^\s,/]+)@)?(?:\[([^\]\s@/,]+)\]|([^\s@:/,-][^\s@:/,]*))(?::(\d{1,5}))?\/?$/.exec(
        one,
      );
    const [, user, bracketed, plain, digits] = found ?? [];
    const host = bracketed ?? plain;
    const port = digits === undefined ? undefined : Number(digits);
    if (!host || host.startsWith('-') || port === 0 || (port ?? 0) > 65535) {
      const why = `"${one.slice(0, 100)}" is no jump host.`;
      throw where ? configMalformed(where, why) : jumpMalformed(why);
    }
    return { host, port, user, text: one };
  });
}

function agentOf(
  setting: Setting | undefined,
  standard: string | undefined,
  path: (setting: Setting) => string,
): string | undefined {
  const value = setting?.values[0];
  if (!setting || value === undefined || value === 'SSH_AUTH_SOCK') return standard;
  if (value.toLowerCase() === 'none') return undefined;
  // Only the whole of a value may be a variable without braces.
  const variable = /^\$(\w+)$/.exec(value)?.[1];
  return variable ? process.env[variable] : path(setting);
}

/** Replaces `%x`, `${NAME}` and a leading `~` (ssh_config(5), "TOKENS" and "ENVIRONMENT VARIABLES"). */
function expand(
  setting: Setting,
  tokens: Record<string, string>,
  home: string | undefined,
  text = setting.values[0] ?? '',
): string {
  const filled = text
    .replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = home === undefined ? undefined : process.env[name];
      if (value === undefined) throw configMalformed(setting, `The variable ${name} is not set.`);
      return value;
    })
    .replace(/%(.?)/g, (_, token: string) => {
      const value = tokens[token];
      if (value === undefined) throw configMalformed(setting, `%${token} is not known here.`);
      return value;
    });
  return home === undefined ? filled : expandHome(filled, home);
}

function numberOf(setting: Setting | undefined, lowest: number, highest: number): number | undefined {
  if (!setting) return undefined;
  const value = setting.values[0] ?? '';
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= lowest && number <= highest)) {
    throw configMalformed(
      setting,
      `"${value.slice(0, 40)}" is not a whole number from ${lowest} to ${highest}.`,
    );
  }
  return number;
}

/** A time of sshd_config(5), "TIME FORMATS", in seconds: `30`, `1m30s`. `none` is none. */
function secondsOf(setting: Setting | undefined): number | undefined {
  const value = setting?.values[0]?.toLowerCase();
  if (!setting || value === undefined || value === 'none') return undefined;
  if (!/^(\d{1,7}[smhdw]?)+$/.test(value)) {
    throw configMalformed(setting, `"${value.slice(0, 40)}" is no time in seconds.`);
  }
  const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  let sum = 0;
  for (const [, count, unit] of value.matchAll(/(\d+)([smhdw]?)/g))
    sum += Number(count) * (units[unit || 's'] ?? 1);
  return Math.min(sum, 86_400);
}

function flagOf(setting: Setting | undefined): boolean {
  const value = setting?.values[0]?.toLowerCase();
  if (!setting || value === 'no' || value === 'false') return false;
  if (value === 'yes' || value === 'true') return true;
  throw configMalformed(setting, `"${String(value).slice(0, 40)}" is neither yes nor no.`);
}

/** Each hop with the `ssh` that goes the same way. */
function withCommands(hops: Hop[]): Hop[] {
  return hops.map((hop, index) => {
    const jumps = hops.slice(0, index).map(({ name }) => name);
    const words = ['ssh', '-v', ...(hop.port === 22 ? [] : ['-p', String(hop.port)])];
    if (hop.keyFile) words.push('-i', shellWord(hop.keyFile));
    if (jumps.length > 0) words.push('-J', shellWord(jumps.join(',')));
    return { ...hop, command: [...words, shellWord(`${hop.user}@${hop.host}`), 'true'].join(' ') };
  });
}
