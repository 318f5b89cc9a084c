import { plural } from '../components/format.ts';
import type { ConnectionEvent } from './connection-events.ts';

/** What became of each environment over a few events: only the last of each counts. */
export interface ConnectionGroups {
  lost: string[];
  back: string[];
  ended: string[];
}

/** Gathers events by what they came to. What was lost and is back already counts as back. */
export function grouped(events: readonly ConnectionEvent[]): ConnectionGroups {
  const last = new Map(events.map(({ environment, kind }) => [environment, kind]));
  const of = (kind: ConnectionEvent['kind']): string[] =>
    [...last].filter(([, each]) => each === kind).map(([environment]) => environment);
  return { lost: of('lost'), back: of('back'), ended: of('ended') };
}

/** Names that are told before the rest is only counted. */
const named = 3;

/** `4 environments lost their connection: a, b, c and 1 more`. */
export function groupWords(kind: 'lost' | 'back', names: readonly string[]): string {
  const what = kind === 'lost' ? 'lost their connection' : 'are connected again';
  const more = names.length - named;
  const list =
    more > 0
      ? `${names.slice(0, named).join(', ')} and ${more} more`
      : [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
  return `${plural(names.length, 'environment')} ${what}: ${list}`;
}
