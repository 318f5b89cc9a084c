import type pg from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { sleep } from '../../lib/sleep.ts';
import { endSoon } from '../../servers/index.ts';
import endSessionsSql from './sql/end-sessions.sql?raw';
import type { TargetServer } from './target-server.ts';

/** How long somebody else's lock on a database's row is waited for, ms. */
const lockMs = 10_000;
const attempts = 3;
const endEveryMs = 100;

/**
 * Renames databases and does what else is given, in one transaction, whatever happens: all of it or nothing.
 *
 * The first RENAME locks the database: who wants to enter waits until the end, and who is in is ended meanwhile. So
 * ALLOW_CONNECTIONS need not be taken away, which a console that dies in between would leave so.
 *
 * @throws the server's error; then nothing has changed, unless it was lost at the COMMIT
 */
export async function renameAll(
  server: TargetServer,
  renames: readonly { from: string; to: string }[],
  more: readonly string[],
): Promise<void> {
  const { session } = server;
  const ender = await server.connect(server.maintenance);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await session.query(`BEGIN; SET LOCAL lock_timeout = ${lockMs}`);
        for (const { from, to } of renames) {
          const rename = `ALTER DATABASE ${escapeIdentifier(from)} RENAME TO ${escapeIdentifier(to)}`;
          await whileEnding(ender, from, session.query(rename));
        }
        for (const sql of more) await session.query(sql);
        await session.query('COMMIT');
        return;
      } catch (error) {
        await session.query('ROLLBACK').catch(() => undefined);
        if ((error as { code?: string }).code !== '55006' || attempt === attempts) throw error;
      }
    }
  } finally {
    await endSoon(ender);
  }
}

/** Ends whoever is in a database until the work on it is done. RENAME itself waits five seconds for them. */
async function whileEnding(ender: pg.Client, database: string, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const done = work.finally(() => over.abort());
  done.catch(() => undefined);
  while (!over.signal.aborted) {
    await ender.query(endSessionsSql, [[database]]).catch(() => undefined);
    await sleep(endEveryMs, over.signal);
  }
  await done;
}

/** What a kept database is called: `<name>_before_<yyyymmdd_hhmmss>` in UTC, cut to what a name may be long. */
function keptName(database: string, at: Date): string {
  const stamp = at.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
  const suffix = `_before_${stamp}`;
  const kept = [...database];
  while (Buffer.byteLength(kept.join('')) + suffix.length > 63) kept.pop();
  return kept.join('') + suffix;
}

/** The same of now, or of the first second from now on whose name is not taken. */
export async function freeKeptName(session: pg.Client, database: string): Promise<string> {
  for (let at = Date.now(); ; at += 1000) {
    const name = keptName(database, new Date(at));
    const { rowCount } = await session.query('SELECT FROM pg_catalog.pg_database WHERE datname = $1', [name]);
    if (!rowCount) return name;
  }
}

/** Whether a name is one that `keptName` gives. */
export const isKeptName = (database: string, name: string): boolean => {
  const found = /^(.*)_before_\d{8}_\d{6}$/s.exec(name);
  return (
    found !== null &&
    (found[1] === database || (Buffer.byteLength(name) > 59 && database.startsWith(found[1] ?? '')))
  );
};

export const commentOn = (database: string, text: string): string =>
  `COMMENT ON DATABASE ${escapeIdentifier(database)} IS ${escapeLiteral(text).trim()}`;
