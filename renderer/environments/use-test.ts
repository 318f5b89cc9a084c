import { useEffect, useRef, useState } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Connection, TypedSecret } from '../../preload/contract/connection.ts';
import { sameConnection } from '../../preload/contract/connection-place.ts';
import type { Environment, TestResult } from '../../preload/contract/environments.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { connectionOf, withSecret } from './form-connection.ts';
import type { EnvironmentFormModel } from './use-environment-form.ts';

export interface ConnectionTest {
  /** Comes back when the test has ended. */
  run: () => Promise<void>;
  cancel: () => void;
  /** Goes on with a secret that was asked for. */
  answer: (secret: TypedSecret) => Promise<void>;
  /** Leaves the question unanswered. */
  decline: () => void;
  /** When the test under way began. */
  running: { since: number } | undefined;
  /** As far as the walk has come. */
  result: TestResult | undefined;
  cancelled: boolean;
  /** The form says another connection by now than the one that was tested. */
  isStale: boolean;
  /** Why the test itself could not be made. */
  problem: Explanation | undefined;
}

/** Walks the connection as the form has it, without saving anything; each step is there as soon as it is known. */
export function useTest(form: EnvironmentFormModel, environment: Environment | undefined): ConnectionTest {
  const [running, setRunning] = useState<{ since: number }>();
  const [result, setResult] = useState<TestResult>();
  const [cancelled, setCancelled] = useState(false);
  const [problem, setProblem] = useState<Explanation>();
  const [tested, setTested] = useState<Connection>();
  const stop = useRef<AbortController>(undefined);

  useEffect(() => () => stop.current?.abort(), []);

  const run = async (typed: readonly TypedSecret[]): Promise<void> => {
    const connection = connectionOf(form.state);
    if (!form.checkConnection() || !connection) return;
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    setRunning({ since: Date.now() });
    setTested(connection);
    setResult(undefined);
    setCancelled(false);
    setProblem(undefined);
    const password = form.typedPassword();
    const secrets = form.secretsFor(connection, typed);
    try {
      const walk = await client.environments.walk(
        {
          connection,
          ...(environment ? { environment: environment.id } : {}),
          ...(password ? { password } : {}),
          ...(secrets.length > 0 ? { secrets } : {}),
        },
        { signal: mine.signal },
      );
      let done = false;
      for await (const soFar of walk) {
        if (mine.signal.aborted) return;
        done = soFar.done;
        setResult(soFar);
      }
      if (!done && !mine.signal.aborted) setProblem(brokenOff);
    } catch (error) {
      if (!mine.signal.aborted) setProblem(explain(error));
    } finally {
      if (stop.current === mine) setRunning(undefined);
    }
  };
  const now = connectionOf(form.state);
  return {
    run: () => run(form.state.secrets),
    cancel: () => {
      stop.current?.abort();
      setCancelled(true);
      setRunning(undefined);
    },
    answer: (secret) => {
      const secrets = withSecret(form.state.secrets, secret);
      form.set({ secrets });
      return run(secrets);
    },
    decline: () =>
      setResult((before) => {
        if (!before) return before;
        const { ask: _, ...rest } = before;
        return rest;
      }),
    running,
    result,
    cancelled,
    isStale: tested !== undefined && !(now && sameConnection(now, tested)),
    problem,
  };
}

const brokenOff: Explanation = {
  what: 'The test broke off.',
  why: 'The console ended it before the last step.',
  next: 'Test again.',
  cause: 'test-broken-off',
};
