import { serverWords } from '../../../servers/index.ts';
import type { PlanSession } from './session.ts';

/** How long a statement that is run waits for a lock, ms: not long, for what it holds already blocks others. */
export const lockTimeoutMs = 2000;

/**
 * Runs a statement and gives its plan. The transaction around it is rolled back by whoever opened the session.
 *
 * @throws the server's error
 */
export async function analyzeText(session: PlanSession, text: string): Promise<string> {
  await endWithConnection(session);
  const options = ['ANALYZE', 'BUFFERS', 'VERBOSE', 'SETTINGS', 'FORMAT JSON'];
  await session.own('SAVEPOINT measured');
  try {
    return await session.plan(`EXPLAIN (${[...options, 'WAL'].join(', ')}) ${text}`);
  } catch (error) {
    // Before 13. The option is looked at before anything is run.
    const server = serverWords(error);
    if (!(server?.sqlstate === '42601' && /unrecognized EXPLAIN option "wal"/i.test(server.message)))
      throw error;
    await session.own('ROLLBACK TO SAVEPOINT measured');
    return session.plan(`EXPLAIN (${options.join(', ')}) ${text}`);
  }
}

/** If this console dies meanwhile the server notices within a second, where it can (14 and later, not on every system). */
async function endWithConnection(session: PlanSession): Promise<void> {
  await session.own('SAVEPOINT watch');
  try {
    await session.one(
      "SELECT pg_catalog.set_config(name, '1s', true) FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval'",
    );
  } catch (error) {
    if (serverWords(error)?.sqlstate === undefined) throw error;
    await session.own('ROLLBACK TO SAVEPOINT watch');
  }
}
