import type pg from 'pg';

/** Process ids of the backends whose sessions this process holds, on whatever server. */
const pids = new Set<number>();

/** Remembers a connected session until it ends. */
export function rememberOwn(client: pg.ClientBase): void {
  // The server tells it at the start of each session (PostgreSQL manual, "Message Formats": BackendKeyData).
  const { processID: pid } = client as pg.ClientBase & { processID?: number | null };
  if (!pid) return;
  pids.add(pid);
  client.once('end', () => pids.delete(pid));
}

/** Whether a backend is one of Howdah's own. Behind a pooler nobody can know, and the answer is no. */
export function isOwnSession(pid: number): boolean {
  return pids.has(pid);
}
