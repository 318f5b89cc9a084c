import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import { notifyProblem } from '../../components/notify.tsx';
import { dropped, moved, type Ordered } from '../../environments/groups.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';

export interface Order {
  /** The environments in the order on screen: the new one at once, before the console has answered. */
  ordered: readonly Environment[];
  move: (id: string, by: -1 | 1) => void;
  drop: (id: string, target: string, side: 'before' | 'after') => void;
}

/** Changes the order of the environments. */
export function useOrder(environments: readonly Environment[]): Order {
  const [pending, setPending] = useState<{ from: readonly Environment[]; order: Ordered[] }>();
  const ordered = pending?.from === environments ? applied(environments, pending.order) : environments;

  const save = async (order: Ordered[]): Promise<void> => {
    setPending({ from: environments, order });
    try {
      await client.environments.reorder({ order });
    } catch (error) {
      setPending(undefined);
      notifyProblem(explain(error), { id: 'reorder' });
    }
  };
  return {
    ordered,
    move: (id, by) => void save(moved(ordered, id, by)),
    drop: (id, target, side) => void save(dropped(ordered, id, target, side)),
  };
}

function applied(environments: readonly Environment[], order: readonly Ordered[]): Environment[] {
  const known = new Map(environments.map((environment) => [environment.id, environment]));
  return order.flatMap(({ environment: id, group }) => {
    const environment = known.get(id);
    return environment ? [{ ...environment, group }] : [];
  });
}
