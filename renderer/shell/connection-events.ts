import type { EnvironmentStatus } from '../../preload/contract/environments.ts';

/** A connection that was lost, came back, or is no longer tried for after it was lost. */
export interface ConnectionEvent {
  environment: string;
  kind: 'lost' | 'back' | 'ended';
}

type Known = Pick<EnvironmentStatus, 'environment' | 'state' | 'problem' | 'ask'>;

/**
 * Follows the states of connections and tells each loss, each return and each end of the attempts once. Attempts in
 * between (connecting, lost again) are not told, nor is what a person did (connect, disconnect).
 */
export function connectionWatch(): (statuses: readonly Known[]) => ConnectionEvent[] {
  const wasConnected = new Set<string>();
  const lost = new Map<string, 'tried' | 'given-up'>();

  const kindOf = ({ environment, state, problem, ask }: Known): ConnectionEvent['kind'] | undefined => {
    if (state === 'connected') {
      wasConnected.add(environment);
      return lost.delete(environment) ? 'back' : undefined;
    }
    if (state === 'lost' && wasConnected.delete(environment)) {
      lost.set(environment, 'tried');
      return 'lost';
    }
    if (state !== 'disconnected') return undefined;
    // A person who disconnects leaves no reason; between two looks it may be lost and given up at once.
    const gaveUp = problem !== undefined || ask !== undefined;
    const isNew = wasConnected.delete(environment) && gaveUp;
    const before = lost.get(environment);
    if (gaveUp && (isNew || before)) lost.set(environment, 'given-up');
    else lost.delete(environment);
    if (isNew) return 'lost';
    return before !== undefined && before !== lost.get(environment) ? 'ended' : undefined;
  };
  return (statuses) =>
    statuses.flatMap((status) => {
      const kind = kindOf(status);
      return kind ? [{ environment: status.environment, kind }] : [];
    });
}
