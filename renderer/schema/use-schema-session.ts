import { useEffect, useState } from 'react';
import type { EnvironmentStatus } from '../../preload/contract/environments.ts';
import { readPalette } from './canvas/palette.ts';
import { SchemaSession } from './session.ts';

/** A session for as long as the screen shows. It reads again by itself once a lost connection is back. */
export function useSchemaSession(
  environment: string,
  { state }: Pick<EnvironmentStatus, 'state'>,
): SchemaSession | undefined {
  const [session, setSession] = useState<SchemaSession>();
  useEffect(() => {
    const made = new SchemaSession(environment, readPalette(document.body));
    made.read(true);
    setSession(made);
    return () => made.close();
  }, [environment]);

  useEffect(() => {
    if (state === 'connected' && session?.state.problem) session.read(true);
  }, [session, state]);

  useAskingAgain(session);
  return session;
}

/** ms until what was locked is asked for again; doubles each time. */
const firstPause = 30_000;
const longestPause = 10 * 60_000;

/** While somebody looks: definitions that a lock kept back are filled in once it is gone. */
function useAskingAgain(session: SchemaSession | undefined): void {
  useEffect(() => {
    if (!session) return;
    let pause = firstPause;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = session.subscribe(() => {
      const { waiting, step, problem } = session.state;
      if (waiting === 0) pause = firstPause;
      if (waiting === 0 || step || problem) {
        clearTimeout(timer);
        timer = undefined;
        return;
      }
      timer ??= setTimeout(() => {
        timer = undefined;
        pause = Math.min(longestPause, pause * 2);
        if (document.visibilityState === 'visible') session.read(true);
      }, pause);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [session]);
}
