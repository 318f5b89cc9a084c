import { availableParallelism, totalmem } from 'node:os';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { Machine, MachineGiven } from '../../../preload/contract/server-tuning.ts';
import type { ServerPool } from '../../servers/index.ts';
import procSql from './proc.sql?raw';

/** Memory and cores that were found out without asking anybody. */
interface Found {
  memory: number | null;
  cores: number | null;
  source: 'this machine' | 'read from the server';
  notes: string[];
}

/**
 * What is known of the machine of a server: what somebody said goes before what the server's kernel says (where this
 * role may read it), and that before what this machine has, for a server that runs on it.
 */
export async function describeMachine(
  environment: Environment,
  pool: ServerPool | undefined,
  given: MachineGiven | undefined,
): Promise<Machine> {
  const needsMore = !given || given.memory === null || given.cores === null;
  const found = needsMore ? ((pool && (await fromKernel(pool))) ?? fromHere(environment)) : undefined;
  const fact = <T>(said: T | null | undefined, seen: T | null | undefined) =>
    said !== null && said !== undefined
      ? { value: said, source: 'given' as const }
      : seen !== null && seen !== undefined && found
        ? { value: seen, source: found.source }
        : null;
  const none = <T>(said: T | null | undefined) => (said ? { value: said, source: 'given' as const } : null);
  return {
    memory: fact(given?.memory, found?.memory),
    cores: fact(given?.cores, found?.cores),
    disk: none(given?.disk),
    workload: none(given?.workload),
    notes: found?.notes ?? [],
  };
}

/** From files of the kernel's that the server can read: for superusers on Linux. Undefined where they can't be had. */
async function fromKernel(pool: ServerPool): Promise<Found | undefined> {
  const read = async (path: string): Promise<string> => {
    const [row] = await pool.query<{ text: string | null }>(procSql, [path]);
    return row?.text ?? '';
  };
  try {
    const total = meminfoTotal(await read('/proc/meminfo'));
    if (total === null) return undefined;
    // A container may have less than its machine.
    const limit = Number((await read('/sys/fs/cgroup/memory.max').catch(() => '')).trim());
    const isLimited = limit > 0 && limit < total;
    const cores = onlineCores(await read('/sys/devices/system/cpu/online').catch(() => ''));
    return {
      memory: isLimited ? limit : total,
      cores,
      source: 'read from the server',
      notes: isLimited
        ? ['The server runs in a container whose memory is limited; that limit counts here.']
        : [],
    };
  } catch {
    return undefined;
  }
}

/** Bytes of `MemTotal: 8048564 kB`. */
export function meminfoTotal(text: string): number | null {
  const [, kilobytes] = /^MemTotal:\s+(\d+) kB/m.exec(text) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** How many processors `0-3,6` names. */
export function onlineCores(text: string): number | null {
  const parts = text.trim().split(',').filter(Boolean);
  if (parts.length === 0 || !parts.every((part) => /^\d+(-\d+)?$/.test(part))) return null;
  return parts.reduce((sum, part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return sum + to - from + 1;
  }, 0);
}

function fromHere(environment: Environment): Found | undefined {
  const { connection } = environment;
  if (connection.tunnel || connection.companion) return undefined;
  if (connection.otherHosts?.length || !isLoopback(connection.host)) return undefined;
  return {
    memory: totalmem(),
    cores: availableParallelism(),
    source: 'this machine',
    notes: [
      'The server’s address is on this machine, so its memory and cores are taken. A server in a container may have less, and other programs need some too.',
    ],
  };
}

/** A loopback address, or a socket of this machine; the sockets of a cloud's proxy lead elsewhere. */
function isLoopback(host: string): boolean {
  if (host.startsWith('/')) return !host.startsWith('/cloudsql/');
  return /^(?:localhost\.?|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host);
}
