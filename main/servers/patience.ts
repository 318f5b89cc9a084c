import type { ClientBase } from 'pg';

/** How long a session may take to say goodbye, ms. */
const goodbyeMs = 1000;

/** Drops a connection at once, without a word to the server; what waits for an answer fails with `why`. */
export function dropSession(client: ClientBase, why?: Error): void {
  // pg has no public way to drop a connection that does not answer.
  (
    client as unknown as { connection: { stream: { destroy(error?: Error): void } } }
  ).connection.stream.destroy(why);
}

/** Ends a session in good order; one that does not answer is dropped. Never throws. */
export async function endSoon(client: ClientBase & { end(): Promise<void> }): Promise<void> {
  const dropped = setTimeout(() => dropSession(client), goodbyeMs);
  await client.end().catch(() => undefined);
  clearTimeout(dropped);
}

/**
 * Drops the connection after `ms`, or with the signal, unless it is released before. A server that says nothing any
 * more must not hold anybody up: `pg` itself would wait for it for ever.
 *
 * @returns the release
 */
export function dropAfter(client: ClientBase, ms: number, signal?: AbortSignal): () => void {
  const stop = (): void => dropSession(client, new Error('Stopped.'));
  const timer = setTimeout(
    () => dropSession(client, Object.assign(new Error('timeout expired'), { code: 'ETIMEDOUT' })),
    ms,
  );
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  };
}
