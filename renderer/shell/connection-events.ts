import type { EnvironmentStatus } from '../../preload/contract/environments.ts';

/** A connection that was lost or came back, as told to the person. */
export interface ConnectionEvent {
  environment: string;
  kind: 'lost' | 'back';
}

type Known = Pick<EnvironmentStatus, 'environment' | 'state'>;

/**
 * Follows the states of connections and tells each loss and each return once. Attempts in between (connecting,
 * lost again) are not told, nor is what a person did (connect, disconnect).
 */
export function connectionWatch(): (statuses: readonly Known[]) => ConnectionEvent[] {
  const wasConnected = new Set<string>();
  const isLost = new Set<string>();
  return (statuses) => {
    const events: ConnectionEvent[] = [];
    for (const { environment, state } of statuses) {
      if (state === 'connected') {
        wasConnected.add(environment);
        if (isLost.delete(environment)) events.push({ environment, kind: 'back' });
      } else if (state === 'lost' && wasConnected.delete(environment)) {
        isLost.add(environment);
        events.push({ environment, kind: 'lost' });
      } else if (state === 'disconnected') {
        wasConnected.delete(environment);
        isLost.delete(environment);
      }
    }
    return events;
  };
}
