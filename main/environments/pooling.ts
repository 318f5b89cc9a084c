import type pg from 'pg';
import { type Address, connectClient, dropAfter, endSoon } from '../servers/index.ts';

/**
 * How the pooler in front of a server hands out sessions: `transaction` when a second client gets the very backend
 * that the first one had while the first is still connected; `session` when that was not seen.
 *
 * It is looked at a few times, because a pooler may pick another idle backend by chance.
 */
export async function poolingMode(
  first: pg.Client,
  address: Address,
  signal: AbortSignal,
): Promise<'transaction' | 'session'> {
  const { client: second } = await connectClient(address, {
    applicationName: 'howdah',
    statementTimeoutMs: 5000,
    lockTimeoutMs: 500,
    signal,
  });
  const release = dropAfter(second, 5000, signal);
  try {
    for (let round = 0; round < 3; round += 1) {
      const mine = await backendOf(first);
      await second.query('BEGIN');
      const others = await backendOf(second);
      await second.query('COMMIT');
      if (mine === others) return 'transaction';
    }
    return 'session';
  } finally {
    release();
    await endSoon(second);
  }
}

async function backendOf(client: pg.Client): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}
