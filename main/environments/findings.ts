import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Connection } from '../../preload/contract/connection.ts';
import { isOnThisMachine } from '../../preload/contract/connection-url.ts';
import type { Finding, ServerFacts } from '../../preload/contract/environments.ts';
import { isClientSession, limits } from '../sampler/index.ts';

const minute = 60_000;

const order = { bad: 0, warning: 1, notice: 2 } as const;

/** What a person should look at in this sample, worst first. */
export function findingsOf(sample: ActivitySample | undefined, standing: Finding[]): Finding[] {
  const seen = sample
    ? [
        ...slotFindings(sample),
        ...waitFindings(sample),
        ...transactionFindings(sample),
        ...sightFindings(sample),
      ]
    : [];
  return [...seen, ...standing].sort((a, b) => order[a.severity] - order[b.severity]);
}

/** What the way to a server gives reason to say, as long as it stays connected. */
export function connectionFindings(
  server: ServerFacts,
  connection: Connection,
  { passwordKnown }: { passwordKnown: boolean },
): Finding[] {
  const findings: Finding[] = [];
  if (passwordKnown && !isOnThisMachine(connection)) {
    findings.push({
      severity: 'warning',
      id: 'password-known',
      text: `The password of "${connection.user}" is one that everybody guesses first. Give the role another one.`,
    });
  }
  if (server.pooled) {
    findings.push({
      severity: 'notice',
      id: 'behind-pooler',
      text:
        'A pooler stands in between. In transaction mode session settings, advisory locks, LISTEN, temporary tables and ' +
        'prepared statements do not work behind it; give migrations, dumps and the console a direct address where there is one.',
    });
  }
  const { requirepeer, require_auth: requireAuth, gssencmode } = connection.parameters;
  const unheard = [
    ...(requirepeer ? ['requirepeer'] : []),
    ...(requireAuth ? ['require_auth'] : []),
    ...(gssencmode === 'require' ? ['gssencmode'] : []),
  ];
  if (unheard.length > 0) {
    findings.push({
      severity: 'warning',
      id: 'parameter-not-honoured',
      text: `${unheard.join(' and ')} can't be honoured by Howdah; what it asks for is not checked.`,
    });
  }
  return findings;
}

function slotFindings(sample: ActivitySample): Finding[] {
  const sessions = sample.backends.filter(isClientSession).length;
  const usable = Math.max(1, sample.maxConnections - sample.reservedConnections);
  const share = sessions / usable;
  if (share < limits.connections.warning) return [];
  return [
    {
      severity: share >= limits.connections.bad ? 'bad' : 'warning',
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
  const { notice, warning, bad } = limits.idleInTransaction;
  if (longest < notice) return [];
  return [
    {
      severity: longest >= bad ? 'bad' : longest >= warning ? 'warning' : 'notice',
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
