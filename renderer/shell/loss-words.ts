import type { Explanation } from '../../preload/contract/common.ts';
import type { EnvironmentStatus } from '../../preload/contract/environments.ts';
import { brokenStation } from '../environments/way-words.ts';

type Known = Pick<EnvironmentStatus, 'state' | 'problem' | 'ask' | 'tunnel' | 'companion'>;

/** What a person is told of a connection that was lost: what broke, why, and whether it is tried again. */
export function lossWords(status: Known): Explanation {
  const { state, problem, ask, tunnel } = status;
  const hop = tunnel?.hops.at(-1);
  const station = brokenStation(status);
  const what = {
    companion: 'The companion command failed.',
    tunnel: `The SSH tunnel${hop ? ` ${hop}` : ''} was lost.`,
    server: 'The connection was lost.',
  }[station];
  // A problem that only says that it was lost says it with the address.
  const isAll = station === 'server' && problem?.cause === 'connection-lost';
  return {
    what: isAll ? problem.what : what,
    why: ask === undefined && !isAll ? (problem?.what ?? '') : '',
    next: nextWords(state, ask !== undefined),
    cause: 'connection-lost',
  };
}

function nextWords(state: Known['state'], asks: boolean): string {
  if (asks) return 'A question waits for an answer.';
  return state === 'disconnected' ? 'It is not tried again by itself.' : 'Howdah tries again by itself.';
}

/** What several lost connections have in common, as far as it can be seen. */
export function sharedLoss(statuses: readonly Known[]): string {
  const hops = new Set(
    statuses.map((status) => (brokenStation(status) === 'tunnel' ? (status.tunnel?.hops.at(-1) ?? '') : '')),
  );
  const [only] = hops;
  if (hops.size === 1 && only) return `All of them go through the SSH tunnel to ${only}.`;
  return 'Several at once often means one server, the network or a tunnel.';
}
