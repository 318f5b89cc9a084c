import type { Environment } from '../../preload/contract/environments.ts';

export interface EnvironmentGroup<T extends Pick<Environment, 'group'> = Environment> {
  /** Empty for those without a group. */
  name: string;
  environments: T[];
}

/** Environments by group: groups in the order of their first member, members in the person's order. */
export function byGroup<T extends Pick<Environment, 'group'>>(
  environments: readonly T[],
): EnvironmentGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const environment of environments) {
    const members = groups.get(environment.group);
    if (members) members.push(environment);
    else groups.set(environment.group, [environment]);
  }
  return [...groups].map(([name, members]) => ({ name, environments: members }));
}

/** An environment in the order, as the contract takes it. */
export interface Ordered {
  environment: string;
  group: string;
}

type Orderable = Pick<Environment, 'id' | 'group'>;

/**
 * The whole order after `moved` was dropped before or after `target`, whose group it joins.
 * The order is the one on screen: group by group.
 */
export function dropped(
  environments: readonly Orderable[],
  moved: string,
  target: string,
  side: 'before' | 'after',
): Ordered[] {
  const order = onScreen(environments);
  const group = order.find(({ environment }) => environment === target)?.group;
  if (moved === target || group === undefined) return order;
  const rest = order.filter(({ environment }) => environment !== moved);
  const at = rest.findIndex(({ environment }) => environment === target) + (side === 'after' ? 1 : 0);
  return rest.toSpliced(at, 0, { environment: moved, group });
}

/**
 * The whole order after an environment went one place up (−1) or down (1). At the edge of its group it goes
 * over into the next group; at the very end it stays.
 */
export function moved(environments: readonly Orderable[], id: string, by: -1 | 1): Ordered[] {
  const order = onScreen(environments);
  const at = order.findIndex(({ environment }) => environment === id);
  const self = order[at];
  const neighbour = order[at + by];
  if (!self || !neighbour) return order;
  if (neighbour.group !== self.group) return order.with(at, { ...self, group: neighbour.group });
  return order.with(at, neighbour).with(at + by, self);
}

function onScreen(environments: readonly Orderable[]): Ordered[] {
  return byGroup(environments).flatMap(({ environments: members }) =>
    members.map(({ id, group }) => ({ environment: id, group })),
  );
}
