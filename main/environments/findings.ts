import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Finding } from '../../preload/contract/environments.ts';
import { isClientSession } from '../sampler/index.ts';

const minute = 60_000;

const order = { bad: 0, warning: 1, notice: 2 } as const;

/** What a person should look at in this sample, worst first. */
export function findingsOf(sample: ActivitySample): Finding[] {
  return [
    ...connectionFindings(sample),
    ...waitFindings(sample),
    ...transactionFindings(sample),
    ...sightFindings(sample),
  ].sort((a, b) => order[a.severity] - order[b.severity]);
}

function connectionFindings(sample: ActivitySample): Finding[] {
  const sessions = sample.backends.filter(isClientSession).length;
  const usable = Math.max(1, sample.maxConnections - sample.reservedConnections);
  const share = sessions / usable;
  if (share < 0.8) return [];
  return [
    {
      severity: share >= 0.95 ? 'bad' : 'warning',
      id: 'connections-near-limit',
      text: `${sessions} of ${usable} usable connections are taken.`,
    },
  ];
}

function waitFindings(sample: ActivitySample): Finding[] {
  const waiters = sample.backends.filter((backend) => backend.state === 'waiting');
  if (waiters.length === 0) return [];
  const longest = Math.max(
    ...waiters.map((backend) => sample.serverNow - (backend.waitingSince ?? sample.serverNow)),
  );
  // Short waits are ordinary life; only long or many are worth a person's attention.
  if (longest < 5000 && waiters.length < 5) return [];
  const severity =
    longest >= minute || waiters.length >= 10 ? 'bad' : longest >= 15_000 ? 'warning' : 'notice';
  const who = waiters.length === 1 ? '1 session waits' : `${waiters.length} sessions wait`;
  return [{ severity, id: 'lock-waits', text: `${who} on a lock, the longest for ${seconds(longest)}.` }];
}

function transactionFindings(sample: ActivitySample): Finding[] {
  const ages = sample.backends
    .filter(({ state }) => state === 'idle in transaction' || state === 'aborted')
    .map((backend) => sample.serverNow - (backend.stateAt ?? sample.serverNow));
  const longest = Math.max(0, ...ages);
  if (longest < minute) return [];
  return [
    {
      severity: longest >= 30 * minute ? 'bad' : longest >= 5 * minute ? 'warning' : 'notice',
      id: 'idle-in-transaction',
      text: `A session has been idle in its transaction for ${seconds(longest)}.`,
    },
  ];
}

function sightFindings(sample: ActivitySample): Finding[] {
  if (sample.hidden === 0) return [];
  return [
    {
      severity: 'notice',
      id: 'limited-visibility',
      text: `Limited visibility: the state of ${sample.hidden} sessions is hidden from this role.`,
    },
  ];
}

function seconds(ms: number): string {
  const total = Math.round(ms / 1000);
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  return `${Math.floor(total / 3600)} h ${Math.floor((total % 3600) / 60)} min`;
}
