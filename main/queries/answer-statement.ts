import type { Explanation } from '../../preload/contract/common.ts';
import type { StatementDetail } from '../../preload/contract/queries.ts';
import { fail } from '../lib/fail.ts';
import type { ServerPool } from '../servers/index.ts';
import { readLive, rowAt } from './answer-top.ts';
import { figuresOf } from './counters.ts';
import { limitsOf } from './limits.ts';
import { isReadable, readFacts, readTexts, type ServerFacts } from './read-server.ts';
import type { Snapshot } from './snapshot.ts';
import { trendOf } from './statement.ts';
import { named, type Statements } from './statements.ts';
import { partsOf } from './top.ts';

/** The longest text that is fetched whole, characters. */
const longest = 1_000_000;

/**
 * All that is known of one statement, over a window.
 *
 * @throws INVALID when neither the store nor the server knows it
 */
export async function detailOf(
  statements: Statements,
  id: string,
  key: string,
  { from, to }: { from: number; to: number },
): Promise<StatementDetail> {
  const { needs, steps, texts, applications, watch } = statements;
  const pool = needs.poolIfAny(id);
  const keeps = needs.keepsHistory(id);
  const environment = keeps ? steps.keyOf(id) : undefined;
  const known = environment === undefined ? undefined : texts.find(environment, key);
  const packed = environment === undefined ? [] : steps.reading(environment, from, to, needs.now());
  const { row, known: bits, ...trend } = await trendOf(packed, from, to, known?.id);
  const live = keeps || !pool ? undefined : (await readLive(statements, pool)).live;
  const snapshot = environment === undefined ? live?.snapshot : steps.lastSnapshot(environment);
  const entry = snapshot?.keys.indexOf(key) ?? -1;
  if (!known && entry < 0) throw unknown(key);
  const names =
    live?.names ?? (environment === undefined ? new Map<string, string>() : texts.names(environment));
  const { user, database } = named(key, row, names);
  const { queryId, topLevel } = partsOf(key);
  const whole = await wholeText(pool, key);
  const kept = environment === undefined ? undefined : texts.text(environment, key);
  const text = whole.text ?? kept;
  const facts = whole.facts ?? watch.facts(id);
  statements.flush();
  const runs =
    environment === undefined || queryId === null ? [] : applications.of(environment, queryId, from);
  const limits: Explanation[] = facts ? limitsOf(facts, watch.hidden(id), whole.problem) : [];
  return {
    key,
    queryId,
    user,
    database,
    topLevel,
    text: text?.text ?? null,
    textCut: text?.cut ?? false,
    textBytes: text?.bytes ?? null,
    firstSeen: known?.firstAt ?? null,
    lastSeen: known?.lastAt ?? null,
    figures: figuresOf(row, bits),
    sinceReset: figuresIn(snapshot, entry),
    ...trend,
    events: needs.events(id, from, to),
    applications: runs.length > 0 || tellsQueryIds(facts) ? runs : null,
    limits,
  };
}

function figuresIn(snapshot: Snapshot | undefined, entry: number): StatementDetail['sinceReset'] {
  return snapshot && entry >= 0 ? figuresOf(rowAt(snapshot, entry), snapshot.known) : null;
}

/** Whether a running session's query id can be seen: pg_stat_activity has it from 14 on, where they are computed. */
function tellsQueryIds(facts: ServerFacts | undefined): boolean {
  const setting = facts?.settings.compute_query_id;
  return setting !== undefined && setting !== 'off';
}

interface WholeText {
  facts?: ServerFacts;
  text?: { text: string; bytes: number; cut: boolean };
  problem?: unknown;
}

/** The text as the server has it, whole. What goes wrong is told, and the store's text does. */
export async function wholeText(pool: ServerPool | undefined, key: string): Promise<WholeText> {
  const { queryId } = partsOf(key);
  if (!pool) return {};
  let facts: ServerFacts | undefined;
  try {
    facts = await readFacts(pool);
    if (queryId === null || !isReadable(facts)) return { facts };
    const found = (await readTexts(pool, facts, [queryId], longest)).get(key.slice(0, -2));
    return found
      ? { facts, text: { ...found, cut: Buffer.byteLength(found.text) < found.bytes } }
      : { facts };
  } catch (problem) {
    return { ...(facts ? { facts } : {}), problem };
  }
}

function unknown(key: string) {
  return fail('INVALID', {
    field: 'key',
    cause: 'statement-unknown',
    what: `No statement ${key} is known here.`,
    why: 'The server does not list it, and no kept interval speaks of it: it may be older than what is kept, or of another server.',
    next: 'Choose one from the list.',
  });
}
