import { useEffect, useRef } from 'react';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { notifyDone, notifyProblem, takeBack } from '../components/notify.tsx';
import { type ConnectionEvent, connectionWatch } from './connection-events.ts';
import { grouped, groupWords } from './connection-groups.ts';
import { useEnvironments } from './environments-provider.tsx';
import { lossWords, sharedLoss } from './loss-words.ts';

/** ms in which losses and returns are gathered, so that a broken network is one notice and not sixty. */
const gatherTime = 1500;

/** Says when a connection is lost and when it is back. Renders nothing. */
export function ConnectionNotices(): null {
  const { environments, statusOf } = useEnvironments();
  const watch = useRef<ReturnType<typeof connectionWatch>>(undefined);
  const gathered = useRef<ConnectionEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef<Latest>({ environments: [], statusOf });
  latest.current = { environments: environments ?? [], statusOf };

  useEffect(() => {
    if (!environments) return;
    watch.current ??= connectionWatch();
    const events = watch.current(environments.map(({ id }) => statusOf(id)));
    if (events.length === 0) return;
    gathered.current.push(...events);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      tell(gathered.current.splice(0), latest.current);
    }, gatherTime);
  }, [environments, statusOf]);

  return null;
}

/** Those of which a loss was told and no return yet. */
const lossTold = new Set<string>();

/** Those that the notice of several losses still speaks of. */
const lostTogether = new Set<string>();

/** How things stand when it is told, which is a little later than it was seen. */
interface Latest {
  environments: readonly Environment[];
  statusOf: (id: string) => EnvironmentStatus;
}

function tell(events: readonly ConnectionEvent[], latest: Latest): void {
  const groups = grouped(events);
  const existing = (ids: readonly string[]) => latest.environments.filter(({ id }) => ids.includes(id));
  const back = existing(groups.back);

  const wasTold = back.some(({ id }) => lossTold.delete(id));
  tellLost(existing(groups.lost), latest);
  for (const { id } of [...back, ...existing(groups.ended)]) {
    takeBack(`lost-${id}`);
    lostTogether.delete(id);
  }
  if (lostTogether.size === 0) takeBack(severalLost);
  for (const environment of existing(groups.ended)) tellEnded(environment, latest.statusOf(environment.id));
  const [only] = back;
  if (only && back.length === 1) {
    notifyDone(wasTold ? 'The connection is back.' : 'The connection was lost for a moment and is back.', {
      id: `back-${only.id}`,
      environment: only,
    });
  } else if (only) {
    notifyDone(`${groupWords('back', namesOf(back))}.`, { id: 'back-many' });
  }
}

const severalLost = 'lost-many';

function tellLost(lost: readonly Environment[], { environments, statusOf }: Latest): void {
  const [only] = lost;
  if (!only) return;
  for (const { id } of lost) lossTold.add(id);
  if (lost.length === 1) {
    notifyProblem(lossWords(statusOf(only.id)), { id: `lost-${only.id}`, environment: only });
    return;
  }
  for (const { id } of lost) lostTogether.add(id);
  // One notice speaks of all that are still away.
  const away = environments.filter(({ id }) => lostTogether.has(id));
  notifyProblem(
    {
      what: `${groupWords('lost', namesOf(away))}.`,
      why: sharedLoss(away.map(({ id }) => statusOf(id))),
      next: 'Howdah tries again by itself.',
      cause: 'connections-lost',
    },
    { id: severalLost },
  );
}

/** A lost connection that trying again can't mend; a person who stopped the attempts knows it already. */
function tellEnded(environment: Environment, status: EnvironmentStatus): void {
  if (!status.problem && !status.ask) return;
  notifyProblem(lossWords(status), { id: `lost-${environment.id}`, environment });
}

function namesOf(environments: readonly Environment[]): string[] {
  return environments.map(({ name }) => name);
}
