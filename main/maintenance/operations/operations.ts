import type { Operation } from '../../../preload/contract/maintenance.ts';
import { knownColumns } from '../../monitoring/index.ts';
import type { ServerPool } from '../../servers/index.ts';
import { type Phase, phaseOf, views } from './phases.ts';
import progressSql from './progress.sql?raw';
import viewSql from './view.sql?raw';

interface ProgressRow extends Record<string, unknown> {
  view: string;
  pid: number;
  raw: Record<string, string | number | null>;
  database: string | null;
  user: string | null;
  type: string | null;
  query: string | null;
  since: number | null;
  waitType: string | null;
  wait: string | null;
  blockedBy: number[] | null;
  schema: string | null;
  name: string | null;
}

const statements = new WeakMap<ServerPool, Promise<string>>();

/** One statement over the views that there are, asked for once a connection. */
async function statementFor(pool: ServerPool): Promise<string> {
  const known = await knownColumns(pool, Object.keys(views));
  const there = Object.keys(views).filter((view) => known.has(view));
  const parts = there.map((view) => withoutComment(viewSql).replaceAll('{{view}}', view));
  return withoutComment(progressSql).replace('{{views}}', parts.join('UNION ALL\n  '));
}

const withoutComment = (sql: string): string => sql.replace(/^--.*\n/, '');

/** @throws what the server answers; NOT_CONNECTED */
export async function readOperations(pool: ServerPool): Promise<Operation[]> {
  const asked = statements.get(pool) ?? statementFor(pool);
  statements.set(pool, asked);
  let sql: string;
  try {
    sql = await asked;
  } catch (error) {
    statements.delete(pool);
    throw error;
  }
  return (await pool.query<ProgressRow>(sql)).map(operationOf);
}

export function operationOf(row: ProgressRow): Operation {
  const { view, pid, raw, database, user, type, since, waitType, wait } = row;
  const { kind = 'vacuum', command = '' } = views[view] ?? {};
  const phase = phaseIn(row);
  const { meaning, done, total, unit } = phase === null ? hidden : phaseOf(view, phase);
  const much = total === undefined ? null : amount(raw[total]);
  return {
    kind,
    pid,
    command: commandIn(row, command),
    auto: type === null ? null : type === 'autovacuum worker',
    database: database ?? textOf(raw.datname),
    relation: row.schema === null ? null : `${row.schema}.${row.name}`,
    user,
    since,
    phase,
    meaning,
    done: done === undefined ? null : amount(raw[done]),
    total: much === 0 ? null : much,
    unit: (done !== undefined && amount(raw[done]) !== null && unit) || null,
    // A session that sends or writes waits all the time.
    waits: waitType && waitType !== 'IO' && waitType !== 'Client' ? `${waitType}: ${wait}` : null,
    blockedBy: [...new Set([...(row.blockedBy ?? []), ...locker(raw)])],
  };
}

const hidden: Phase = { meaning: 'How far it is is hidden from this role.' };

/** What a concurrent build waits for, where it says so. */
const locker = ({ current_locker_pid: pid }: ProgressRow['raw']): number[] =>
  typeof pid === 'number' && pid > 0 ? [pid] : [];

function phaseIn({ view, raw }: ProgressRow): string | null {
  const phase = textOf(raw.phase);
  if (phase !== null) return phase;
  return view === 'pg_stat_progress_copy' && textOf(raw.type) !== null ? `${raw.type}`.toLowerCase() : null;
}

function commandIn({ raw, query, type }: ProgressRow, without: string): string {
  const said = textOf(raw.command);
  const way = textOf(raw.type);
  if (said !== null) return without === 'COPY' && way !== null ? `${said} ${way}` : said;
  const auto = type === 'autovacuum worker' ? /^autovacuum: (.*?) [^ ]+(?= |$)(.*)$/.exec(query ?? '') : null;
  return auto?.[2]?.includes('wraparound') ? `${without} (to prevent wraparound)` : without;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const amount = (value: unknown): number | null => (typeof value === 'number' ? value : null);
