import { useEffect, useRef, useState } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Environment, TestResult } from '../../preload/contract/environments.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { connectionOf } from './form-state.ts';
import type { EnvironmentFormModel } from './use-environment-form.ts';

export interface ConnectionTest {
  run: () => void;
  cancel: () => void;
  /** When the test under way began. */
  running: { since: number } | undefined;
  result: TestResult | undefined;
  /** Why the test itself could not be made. */
  problem: Explanation | undefined;
}

/** Tests the connection as the form has it, without saving anything. */
export function useTest(form: EnvironmentFormModel, environment: Environment | undefined): ConnectionTest {
  const [running, setRunning] = useState<{ since: number }>();
  const [result, setResult] = useState<TestResult>();
  const [problem, setProblem] = useState<Explanation>();
  const stop = useRef<AbortController>(undefined);

  useEffect(() => () => stop.current?.abort(), []);

  const run = async (): Promise<void> => {
    const connection = connectionOf(form.state);
    if (!form.checkConnection() || !connection) return;
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    setRunning({ since: Date.now() });
    setResult(undefined);
    setProblem(undefined);
    const password = form.typedPassword();
    try {
      const outcome = await client.environments.test(
        {
          connection,
          ...(environment ? { environment: environment.id } : {}),
          ...(password ? { password } : {}),
        },
        { signal: mine.signal },
      );
      if (!mine.signal.aborted) setResult(outcome);
    } catch (error) {
      if (!mine.signal.aborted) setProblem(explain(error));
    } finally {
      if (stop.current === mine) setRunning(undefined);
    }
  };
  return {
    run: () => void run(),
    cancel: () => {
      stop.current?.abort();
      setRunning(undefined);
    },
    running,
    result,
    problem,
  };
}
