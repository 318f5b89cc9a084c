import { useEffect, useRef } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { plural } from '../components/format.ts';
import { notifyDone, notifyProblem, takeBack } from '../components/notify.tsx';
import { type ConnectionEvent, connectionWatch } from './connection-events.ts';
import { useEnvironments } from './environments-provider.tsx';

/** ms in which losses are gathered, so that a broken network is one notice and not sixty. */
const gatherTime = 800;
/** From so many on, they are told together. */
const together = 4;

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
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(gathered.current.splice(0), latest.current), gatherTime);
  }, [environments, statusOf]);

  return null;
}

function tell(events: readonly ConnectionEvent[], environments: readonly Environment[]): void {
  const last = new Map(events.map((event) => [event.environment, event.kind]));
  const named = (kind: ConnectionEvent['kind']) =>
    environments.filter((environment) => last.get(environment.id) === kind);
  const lost = named('lost');
  const back = named('back');

  if (lost.length >= together) {
    notifyProblem(
      {
        what: `The connection to ${plural(lost.length, 'environment')} was lost.`,
        why: listed(lost),
        next: 'Howdah tries again by itself. Several at once often means the network or a tunnel.',
        cause: 'connections-lost',
      },
      { id: 'lost-many' },
    );
  } else {
    for (const environment of lost) {
      notifyProblem(
        {
          what: 'The connection was lost.',
          why: 'Howdah tries again by itself.',
          next: '',
          cause: 'connection-lost',
        },
        { id: `lost-${environment.id}`, environment },
      );
    }
  }
  for (const environment of back) takeBack(`lost-${environment.id}`);
  if (back.length > 0) takeBack('lost-many');
  if (back.length >= together) {
    notifyDone(`The connection to ${plural(back.length, 'environment')} is back: ${listed(back)}`, {
      id: 'back-many',
    });
  } else {
    for (const environment of back) {
      notifyDone('The connection is back.', { id: `back-${environment.id}`, environment });
    }
  }
}

function listed(environments: readonly Environment[]): string {
  const names = environments.slice(0, 5).map(({ name }) => name);
  const more = environments.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
