import { useEffect, useRef } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { notifyDone, notifyProblem, takeBack } from '../components/notify.tsx';
import { type ConnectionEvent, connectionWatch } from './connection-events.ts';
import { grouped, groupWords } from './connection-groups.ts';
import { useEnvironments } from './environments-provider.tsx';

/** ms in which losses and returns are gathered, so that a broken network is one notice and not sixty. */
const gatherTime = 1500;

/** Says when a connection is lost and when it is back. Renders nothing. */
export function ConnectionNotices(): null {
  const { environments, statusOf } = useEnvironments();
  const watch = useRef<ReturnType<typeof connectionWatch>>(undefined);
  const gathered = useRef<ConnectionEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef<readonly Environment[]>([]);
  latest.current = environments ?? [];

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

/** Those that the notice of several losses still speaks of. */
const lostTogether = new Set<string>();

function tell(events: readonly ConnectionEvent[], environments: readonly Environment[]): void {
  const groups = grouped(events);
  const existing = (ids: readonly string[]) => environments.filter(({ id }) => ids.includes(id));
  const back = existing(groups.back);

  tellLost(existing(groups.lost), environments);
  for (const { id } of back) {
    takeBack(`lost-${id}`);
    lostTogether.delete(id);
  }
  if (lostTogether.size === 0) takeBack(severalLost);
  const [only] = back;
  if (only && back.length === 1) {
    notifyDone('The connection is back.', { id: `back-${only.id}`, environment: only });
  } else if (only) {
    notifyDone(`${groupWords('back', namesOf(back))}.`, { id: 'back-many' });
  }
}

const severalLost = 'lost-many';

function tellLost(lost: readonly Environment[], environments: readonly Environment[]): void {
  const [only] = lost;
  if (!only) return;
  if (lost.length === 1) {
    notifyProblem(
      {
        what: 'The connection was lost.',
        why: 'Howdah tries again by itself.',
        next: '',
        cause: 'connection-lost',
      },
      { id: `lost-${only.id}`, environment: only },
    );
    return;
  }
  for (const { id } of lost) lostTogether.add(id);
  // One notice speaks of all that are still away.
  const away = environments.filter(({ id }) => lostTogether.has(id));
  notifyProblem(
    {
      what: `${groupWords('lost', namesOf(away))}.`,
      why: 'Howdah tries again by itself.',
      next: 'Several at once often means one server, the network or a tunnel.',
      cause: 'connections-lost',
    },
    { id: severalLost },
  );
}

function namesOf(environments: readonly Environment[]): string[] {
  return environments.map(({ name }) => name);
}
