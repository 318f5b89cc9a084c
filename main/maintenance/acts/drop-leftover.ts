import type { RelationName } from '../../../preload/contract/maintenance.ts';
import { fail } from '../../lib/fail.ts';
import type { ServerPool } from '../../servers/index.ts';
import { shown } from '../names.ts';
import { openWorkSession } from '../session.ts';
import { readLeftovers } from '../status/status.ts';

/** Longest wait for transactions that may use it, ms. */
const patienceMs = 60_000;

/** Drops an index that REINDEX CONCURRENTLY left. @throws INVALID for any other; what the server answers */
export async function dropLeftover(
  pool: ServerPool,
  index: RelationName,
  signal = new AbortController().signal,
): Promise<void> {
  const found = (await readLeftovers(pool)).find(
    ({ schema, name }) => schema === index.schema && name === index.name,
  );
  if (!found)
    throw fail('INVALID', {
      cause: 'no-leftover',
      field: 'index',
      what: `${shown(index)} is not left behind by REINDEX CONCURRENTLY.`,
      why: 'Only indexes that are not valid and bear its names (_ccnew, _ccold) are dropped from here, and only while nobody builds one on their table.',
      next: 'Look at the list again.',
    });
  const session = await openWorkSession(pool, { lockTimeoutMs: patienceMs }, signal);
  try {
    await session.cancellable(found.statement, signal);
  } finally {
    await session.end();
  }
}
