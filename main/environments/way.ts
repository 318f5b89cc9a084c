import type { Connection, SecretKind } from '../../preload/contract/connection.ts';
import type { CompanionStatus, TunnelStatus } from '../../preload/contract/environments.ts';
import type { CompanionLease, Companions } from '../companions/index.ts';
import type { WayProblem } from '../lib/way-problem.ts';
import { type Address, passwordFromFile, placeOf, type Resolve, resolveService } from '../servers/index.ts';
import { describeTunnel, type KnownHosts, type OpenTunnel, openTunnel } from '../tunnels/index.ts';

/** What is known of an environment's connection and its secrets at the moment. */
export interface WaySource {
  connection: Connection;
  password: string | undefined;
  /** Why a password may be missing that was once stored. */
  note?: string | undefined;
  secret(kind: SecretKind, of: string): Promise<string | undefined>;
}

export interface WayNeeds {
  source(): Promise<WaySource>;
  companions: Companions;
  knownHosts: KnownHosts;
  resolve?: Resolve | undefined;
  /** Something in the status has changed. */
  onChange?: () => void;
}

/** The stretches of a way that come before the server itself, for one who wants to see each on its own. */
export interface WayWatcher {
  /** A stretch begins. */
  begin(step: 'companion' | 'tunnel'): void;
  done(step: 'companion' | 'tunnel', detail: string): void;
}

/** The way to an environment's server: its companion process, its tunnel, and the secrets it needs. */
export interface Way {
  /**
   * Makes the way passable, as far as it is not, and gives the address at its end.
   * @throws WayProblem
   */
  open(signal?: AbortSignal, watcher?: WayWatcher): Promise<Address>;
  tunnel(): TunnelStatus | undefined;
  companion(): CompanionStatus | undefined;
  /** Closes the tunnel and gives the companion back. It can be opened again. */
  close(): Promise<void>;
}

export function createWay({ source, companions, knownHosts, resolve, onChange }: WayNeeds): Way {
  let lease: { lease: CompanionLease; key: string } | undefined;
  let tunnel: { open: OpenTunnel; key: string } | undefined;
  let tunnelStatus: TunnelStatus | undefined;
  let connection: Connection | undefined;
  let broken: WayProblem | undefined;

  const enterTunnel = (state: TunnelStatus['state'], hops: string[]): void => {
    tunnelStatus = { state, hops, since: tunnelStatus?.state === state ? tunnelStatus.since : Date.now() };
    onChange?.();
  };
  const closeTunnel = (): void => {
    tunnel?.open.close();
    tunnel = undefined;
    tunnelStatus = undefined;
  };
  const releaseCompanion = async (): Promise<void> => {
    const held = lease;
    lease = undefined;
    await held?.lease.release();
  };

  const joinCompanion = async (from: WaySource, signal: AbortSignal | undefined): Promise<string> => {
    const { companion } = from.connection;
    const key = JSON.stringify(companion);
    // A new lease each time: `use` starts again what has ended, and only waits for what runs.
    const before = lease;
    if (before && before.key !== key) await releaseCompanion();
    if (!companion) return '';
    const next = await companions.use(companion, companionAddress(from.connection), {
      ...(signal ? { signal } : {}),
      secrets: from.password ? [from.password] : [],
      onLost: (problem) => {
        broken = problem;
      },
    });
    const old = lease;
    lease = { lease: next, key };
    await old?.lease.release();
    return companion.waitFor ?? `${from.connection.host}:${from.connection.port}`;
  };

  const passTunnel = async (from: WaySource, signal: AbortSignal | undefined): Promise<string> => {
    const { tunnel: wanted } = from.connection;
    const key = JSON.stringify(wanted);
    if (tunnel && (tunnel.key !== key || tunnelStatus?.state !== 'open')) closeTunnel();
    if (!wanted) return '';
    if (!tunnel) {
      enterTunnel('opening', describeHops(wanted));
      try {
        const open = await openTunnel({
          tunnel: wanted,
          secret: from.secret,
          knownHosts,
          onLost: (problem) => {
            broken = problem;
            enterTunnel('lost', tunnelStatus?.hops ?? []);
          },
          ...(signal ? { signal } : {}),
        });
        if (signal?.aborted) {
          open.close();
          signal.throwIfAborted();
        }
        tunnel = { open, key };
        enterTunnel('open', open.hops);
      } catch (error) {
        enterTunnel('lost', describeHops(wanted));
        throw error;
      }
    }
    return tunnel.open.hops.join(' → ');
  };

  return {
    open: async (signal, watcher) => {
      broken = undefined;
      const given = await source();
      const service = await resolveService(given.connection);
      const resolved = service.connection;
      connection = resolved;
      const from: WaySource = {
        ...given,
        connection: resolved,
        password: given.password ?? service.password,
      };
      if (resolved.companion) watcher?.begin('companion');
      const waited = await joinCompanion(from, signal);
      if (resolved.companion) watcher?.done('companion', `${waited} accepts connections.`);
      if (resolved.tunnel) watcher?.begin('tunnel');
      const hops = await passTunnel(from, signal);
      if (resolved.tunnel) watcher?.done('tunnel', hops);
      // Behind a tunnel `localhost` is another machine's, and the file's lines are about this one's.
      const filed =
        from.password === undefined && !resolved.tunnel ? await filedPasswords(resolved) : undefined;
      const clientKey = resolved.parameters.sslkey || '~/.postgresql/postgresql.key';
      return {
        connection: resolved,
        password: from.password ?? filed?.password,
        passwordAt: filed?.passwordAt,
        passwordNote: given.note ?? filed?.note,
        clientKeyPassphrase:
          (await given.secret('client-key-passphrase', clientKey)) ?? service.clientKeyPassphrase,
        dial: tunnel?.open.dial,
        resolve,
        brokenBecause: () => broken,
      };
    },
    tunnel: () => tunnelStatus,
    companion: () => (connection?.companion && lease ? companions.status(connection.companion) : undefined),
    close: async () => {
      closeTunnel();
      await releaseCompanion();
      onChange?.();
    },
  };
}

/** What the password file has for each of the hosts: it may be another password for each. */
async function filedPasswords(connection: Connection) {
  const targets = [{ host: connection.host, port: connection.port }, ...(connection.otherHosts ?? [])];
  const passwordAt = new Map<string, string>();
  let note: string | undefined;
  for (const target of targets) {
    const { password, ignored } = await passwordFromFile({ ...connection, ...target });
    if (password !== undefined) passwordAt.set(placeOf(target), password);
    note ??= ignored;
  }
  return { password: passwordAt.values().next().value, passwordAt, note };
}

/** Behind a tunnel the companion serves the tunnel, so the address to wait for is the SSH server's. */
function companionAddress({ host, port, tunnel }: Connection): { host: string; port: number } {
  return tunnel ? { host: tunnel.host, port: tunnel.port ?? 22 } : { host, port };
}

function describeHops(wanted: NonNullable<Connection['tunnel']>): string[] {
  try {
    return describeTunnel(wanted).hops;
  } catch {
    return [wanted.host];
  }
}
