import { replaceEqualDeep } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo, useRef } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type {
  Environment,
  EnvironmentStatus,
  EnvironmentsView,
} from '../../preload/contract/environments.ts';
import { client } from '../lib/client.ts';
import { useLive } from '../lib/use-live.ts';

export interface Environments {
  /** In the person's order; undefined until the first view has come. */
  environments: readonly Environment[] | undefined;
  /** The status of an environment; a disconnected one where none has been told. */
  statusOf: (id: string) => EnvironmentStatus;
  /** Why no new view comes at present. */
  problem: Explanation | undefined;
}

const Context = createContext<Environments | undefined>(undefined);

/** Follows all environments once for the whole window. Parts that did not change stay the same objects. */
export function EnvironmentsProvider({ children }: { children: ReactNode }) {
  const { value, problem } = useLive('environments', (options) =>
    client.environments.watch(undefined, options),
  );
  const last = useRef<EnvironmentsView>(undefined);
  if (value) last.current = shareByStatus(last.current, value);
  const view = last.current;

  const environments = useMemo<Environments>(() => {
    const statuses = new Map(view?.statuses.map((status) => [status.environment, status]));
    return {
      environments: view?.environments,
      statusOf: (id) => statuses.get(id) ?? unknownStatus(id),
      problem,
    };
  }, [view, problem]);

  return <Context.Provider value={environments}>{children}</Context.Provider>;
}

export function useEnvironments(): Environments {
  const environments = useContext(Context);
  if (!environments) throw new Error('useEnvironments stands outside of EnvironmentsProvider.');
  return environments;
}

/** Keeps the identity of what is equal, matching statuses by environment and not by place. */
function shareByStatus(before: EnvironmentsView | undefined, after: EnvironmentsView): EnvironmentsView {
  if (!before) return after;
  const known = new Map(before.statuses.map((status) => [status.environment, status]));
  const statuses = after.statuses.map((status) => replaceEqualDeep(known.get(status.environment), status));
  return {
    environments: replaceEqualDeep(before.environments, after.environments) as Environment[],
    statuses: replaceEqualDeep(before.statuses, statuses) as EnvironmentStatus[],
  };
}

function unknownStatus(id: string): EnvironmentStatus {
  return { environment: id, state: 'disconnected', since: 0, findings: [], trend: [] };
}
