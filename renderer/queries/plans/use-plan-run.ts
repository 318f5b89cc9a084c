import { useCallback, useEffect, useRef, useState } from 'react';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { ParametersAsked, PlanAnswer, PlanOutcome } from '../../../preload/contract/plans.ts';
import { explain } from '../../lib/errors.ts';
import { queryClient } from '../../lib/query-client.ts';

/** What the screen shows of the last plan that was asked for. */
export interface PlanRun {
  /** What is under way, in words; undefined when nothing is. */
  busy: string | undefined;
  answer: PlanAnswer | undefined;
  problem: Explanation | undefined;
  asked: ParametersAsked | undefined;
  /** Asks for a plan; what was under way is cancelled. */
  begin: (words: string, work: (signal: AbortSignal) => Promise<PlanOutcome | PlanAnswer>) => void;
  cancel: () => void;
  show: (answer: PlanAnswer | undefined) => void;
}

type Shown = Pick<PlanRun, 'busy' | 'answer' | 'problem' | 'asked'>;

const nothing: Shown = { busy: undefined, answer: undefined, problem: undefined, asked: undefined };

/** One plan at a time. When the screen goes away, what runs on the server is cancelled there. */
export function usePlanRun(environment: string, onAnswer: (answer: PlanAnswer) => void): PlanRun {
  const [shown, setShown] = useState<Shown>(nothing);
  const told = useRef(onAnswer);
  told.current = onAnswer;
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const begin = useCallback<PlanRun['begin']>(
    (words, work) => {
      running.current?.abort();
      const stop = new AbortController();
      running.current = stop;
      setShown((before) => ({ ...before, busy: words, problem: undefined, asked: undefined }));
      const settle = (next: Partial<Shown>): void => {
        if (running.current === stop) setShown((before) => ({ ...before, busy: undefined, ...next }));
      };
      work(stop.signal).then(
        (outcome) => {
          if ('kind' in outcome && outcome.kind === 'asked') return settle({ asked: outcome.asked });
          const answer = 'kind' in outcome ? outcome.answer : outcome;
          if (running.current === stop) told.current(answer);
          settle({ answer });
          void queryClient.invalidateQueries({ queryKey: keptKey(environment) });
        },
        (error: unknown) => settle(stop.signal.aborted ? {} : { problem: explain(error) }),
      );
    },
    [environment],
  );
  const cancel = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
    setShown((before) => ({ ...before, busy: undefined }));
  }, []);
  const show = useCallback(
    (answer: PlanAnswer | undefined) =>
      setShown((before) => ({ ...before, answer, problem: undefined, asked: undefined })),
    [],
  );
  return { ...shown, begin, cancel, show };
}

export const keptKey = (environment: string) => ['plans', environment, 'kept'];
