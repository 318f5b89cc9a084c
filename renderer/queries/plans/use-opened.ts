import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { KeptPlan, PlanAnswer } from '../../../preload/contract/plans.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import type { PlanPlace } from './place.ts';
import { keptKey } from './use-plan-run.ts';

interface Opened {
  /** The text that the address' key stands for, as long as it is known. */
  looked: { key: string; text: string | null; refusal: Explanation | null } | undefined;
  kept: readonly KeptPlan[];
  problem: Explanation | undefined;
}

interface Needs {
  environment: string;
  connected: boolean;
  place: PlanPlace;
  /** The plan in sight. */
  shown: number | null | undefined;
  onText: (text: string) => void;
  onPlan: (answer: PlanAnswer | undefined) => void;
}

/** Looks up what the address names: a statement by its key, or a kept plan. `onText` and `onPlan` must be stable. */
export function useOpened({ environment, connected, place, shown, onText, onPlan }: Needs): Opened {
  const key = place.kind === 'statement' ? place.key : undefined;
  const id = place.kind === 'plan' ? place.id : undefined;
  const statement = useQuery({
    queryKey: ['plans', environment, 'statement', key],
    queryFn: () => client.queries.plans.statement({ environment, key: key ?? '' }),
    enabled: key !== undefined && connected,
    staleTime: 60_000,
  });
  const kept = useQuery({
    queryKey: keptKey(environment),
    queryFn: () => client.queries.plans.kept({ environment }),
  });
  const one = useQuery({
    queryKey: ['plans', environment, 'one', id],
    queryFn: () => client.queries.plans.one({ environment, id: id ?? 0 }),
    enabled: id !== undefined && shown !== id,
    staleTime: Number.POSITIVE_INFINITY,
  });

  const found = key === undefined ? undefined : statement.data;
  useEffect(() => {
    if (key !== undefined) onPlan(undefined);
  }, [key, onPlan]);
  useEffect(() => {
    if (found?.text) onText(found.text);
  }, [found, onText]);
  const plan = id === undefined ? undefined : one.data;
  useEffect(() => {
    if (!plan) return;
    onPlan(plan);
    if (plan.text) onText(plan.text);
  }, [plan, onPlan, onText]);

  const error = (key !== undefined && statement.error) || (id !== undefined && shown !== id && one.error);
  return {
    looked: key !== undefined && found ? { key, text: found.text, refusal: found.refusal } : undefined,
    kept: kept.data ?? [],
    problem: error ? explain(error) : undefined,
  };
}
